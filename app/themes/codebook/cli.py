"""Commands of the codebook: give it out, bring it in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from tqdm import tqdm

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import RefusedError, reporting_errors
from app.core.db import db, reading_only
from app.core.i18n import in_language
from app.themes.codebook.applying import apply_plan
from app.themes.codebook.exporting import FORMATS, Export, get_run, note_export
from app.themes.codebook.plans import Plan, Problem
from app.themes.codebook.tasks import look_at
from app.themes.queries import EVERYTHING

codebook = AppGroup("codebook", help="The codebook and the coded passages, out and in.")
_COMMAND = System("command line")
_BAR = "{desc}: {bar} {n:.0f} % [{elapsed}]"


@codebook.command("export")
@click.argument("slug")
@click.argument("path", type=click.Path(dir_okay=False, writable=True, path_type=Path))
@click.option(
    "--kind",
    type=click.Choice(list(FORMATS)),
    default="themes.xlsx",
    show_default=True,
    help="What to write.",
)
@click.option("--lang", type=click.Choice(["fr", "ar"]), default="fr", show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what would be written, write nothing.")
@reporting_errors
def export(slug: str, path: Path, kind: str, lang: Any, *, dry_run: bool) -> None:
    """Write the codebook, or the passages with their codes, to a file."""
    with (
        reading_only(),
        in_language(lang),
        tqdm(total=100, bar_format=_BAR, desc=kind, disable=dry_run) as bar,
    ):
        consultation = get_consultation(db.session(), slug)
        made = Export(
            db.session(),
            consultation,
            EVERYTHING,
            lang,
            on_progress=lambda share: bar.update(share * 100 - bar.n),
        )
        n_themes, n_passages = len(made.book.entries), made.n_passages
        remarks = () if dry_run else _write(made, kind, path)
        db.session.rollback()
    of_passages = f", {n_passages} passages" if FORMATS[kind].is_of_passages else ""
    for remark in remarks:
        click.echo(remark.text(), err=True)
    click.echo(f"{'Would be written' if dry_run else path}: {n_themes} themes{of_passages}.")
    if FORMATS[kind].is_of_passages and not dry_run:
        note_export(db.session(), _COMMAND, consultation, kind, now=clock.now())
        db.session.commit()


def _write(made: Export, kind: str, path: Path) -> tuple[Any, ...]:
    """Write a file whole, or not at all."""
    waiting = path.with_name(f".{path.name}.part")
    try:
        with waiting.open("wb") as out:
            remarks = made.write(kind, out)
        waiting.replace(path)
    finally:
        waiting.unlink(missing_ok=True)
    return remarks


@codebook.command("import")
@click.argument("slug")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--also-changed",
    is_flag=True,
    help="Also write over what was decided after the file was written.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, change nothing.")
@reporting_errors
def import_file(slug: str, path: Path, *, also_changed: bool, dry_run: bool) -> None:
    """Take a codebook, or coded passages, from a file: what changed becomes decisions."""
    with reading_only():
        consultation_id = get_consultation(db.session(), slug).id
        db.session.rollback()
    plan = look_at(_COMMAND, consultation_id, path, name=path.name, lang="fr")
    _tell(plan)
    if plan.kind == "refused":
        raise RefusedError(plan.refusal)
    if dry_run:
        return
    consultation = get_consultation(db.session(), slug)
    outcome = apply_plan(
        db.session(),
        _COMMAND,
        consultation,
        get_run(db.session(), consultation),
        plan,
        also_changed=also_changed,
        now=clock.now(),
    )
    db.session.commit()
    _tell_problems(outcome.problems)
    click.echo(f"Done: {outcome.n_changed} changed, {outcome.n_events} decisions.")


def _tell(plan: Plan) -> None:
    """Print what would change."""
    for change in plan.changes:
        head = "new" if change.theme_id is None else change.theme_id
        mark = f" (decided on meanwhile: {change.who})" if change.who else ""
        click.echo(f"{head}\t{change.names['fr']} / {change.names['ar']}{mark}")
        for line in change.lines:
            click.echo(f"  {line.field}: {line.before!r} -> {line.after!r}")
    for move in plan.moves:
        mark = f" (decided on meanwhile: {move.who})" if move.who else ""
        click.echo(f"{move.submission}\t{move.before} -> {move.after}{mark}")
    _tell_problems(plan.problems)
    for text in plan.missing:
        click.echo(f"Not found: {text}", err=True)
    for text in plan.remarks:
        click.echo(text, err=True)
    click.echo(
        f"{plan.n_changes} to change, {plan.n_same} the same, {plan.n_problems} left out, "
        f"{plan.n_missing} not found."
    )


def _tell_problems(problems: list[Problem]) -> None:
    """Print what is left out."""
    for one in problems:
        place = f"row {one.row}" if one.row is not None else ""
        words = filter(None, [place, one.sheet, one.where or one.column])
        click.echo(f"{', '.join(words)}: {one.text}", err=True)
