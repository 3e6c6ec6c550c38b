"""Commands of the submissions."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.core.jobs import run as run_job
from app.core.jobs.folders import give_file
from app.core.tables import ReadingOptions, Table, open_table
from app.submissions.dashboard.digest import send_digests
from app.submissions.imports.bundle import find_bundle, unpack
from app.submissions.imports.guessing import suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, Progress, begin_import, check_table
from app.submissions.imports.queries import get_batch, refusals_of
from app.submissions.imports.report import Refused, as_csv, line
from app.submissions.imports.saved import get_saved_named, mapping_for
from app.submissions.imports.sources import SourceKind, guess_kind
from app.submissions.models import ImportBatch
from app.submissions.retention.cli import purge

COMMAND = System("command line")
#: Largest file that the command takes, in bytes; it is read row by row.
LIMIT = 500 * 1024 * 1024

group = AppGroup("submissions", help="What was said: importing it, and purging it in time.")
group.add_command(purge)


def _pairs(form: str, *, is_last: bool = False) -> dict[str, Any]:
    """Return an option's settings: ``left=right``, cut at the first sign or at the last one."""

    def cut(
        _ctx: click.Context, _param: click.Parameter, given: tuple[str, ...]
    ) -> list[tuple[str, str]]:
        """Cut each text in two."""
        pairs = []
        for text in given:
            left, _sign, right = text.rpartition("=") if is_last else text.partition("=")
            if not left.strip() or not right.strip():
                raise click.BadParameter(f"{text!r} does not have the form {form}")
            pairs.append((left.strip(), right.strip()))
        return pairs

    return {"multiple": True, "metavar": form, "callback": cut}


@group.command("import")
@click.argument("slug")
@click.argument(
    "path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--map",
    "columns",
    **_pairs("COLUMN=FIELD", is_last=True),
    help="Where a column goes: a question's key, or actor_type, organisation, territory, region, "
    "province, commune, submitted_at, language, source, source_id. Others are kept as they are.",
)
@click.option("--set", "constants", **_pairs("FIELD=VALUE"), help="One value for every row.")
@click.option(
    "--default",
    "defaults",
    **_pairs("FIELD=VALUE"),
    help="Value where the cell is empty (for actor_type: or not recognised).",
)
@click.option(
    "--value",
    "values",
    **_pairs("FIELD:OLD=NEW", is_last=True),
    help="What to read instead of a cell's words.",
)
@click.option(
    "--id",
    "identity",
    multiple=True,
    metavar="COLUMN",
    help="Column that names a row, alone or with others; without any, the row's content does.",
)
@click.option(
    "--mapping",
    "saved_name",
    metavar="NAME",
    help="A mapping saved on the page of imports; the options above add to it.",
)
@click.option(
    "--source-kind",
    "kind",
    type=click.Choice([kind.value for kind in SourceKind]),
    help="Program that wrote the file (recognised by its columns if left out).",
)
@click.option("--sheet", default=None, help="Name of the sheet (the first one if left out).")
@click.option("--encoding", default=None, help="Encoding of a CSV file that is not in UTF-8.")
@click.option("--delimiter", default=None, help="comma, semicolon, tab or bar.")
@click.option("--accept-valid", is_flag=True, help="Import the other rows when some are refused.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write the refused rows to this CSV file.",
)
@click.option("--dry-run", is_flag=True, help="Check every row, write nothing.")
@reporting_errors
def import_file(
    slug: str,
    path: Path,
    *,
    columns: list[tuple[str, str]],
    constants: list[tuple[str, str]],
    defaults: list[tuple[str, str]],
    values: list[tuple[str, str]],
    identity: tuple[str, ...],
    saved_name: str | None,
    kind: str | None,
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    accept_valid: bool,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Import the rows of a CSV or XLSX FILE, or of an ODK export (ZIP), into the consultation SLUG.

    Nothing is written when a row is refused, unless --accept-valid is given. The same file again
    adds nothing. Exit status: 1 if rows are refused, 2 if the file or the options are not right.
    """
    _ensure_writable(report)
    given = ColumnMapping(
        columns=_unique(columns, "--map"),
        constants=_unique(constants, "--set"),
        defaults=_unique(defaults, "--default"),
        values=_replacements(values),
        identity=tuple(identity),
    )
    options = ReadingOptions(encoding, delimiter, sheet)
    with TemporaryDirectory() as folder:
        readable = _readable(path, Path(folder))
        table = open_table(readable, options, limit=LIMIT)
        with reading_only():
            mapping = _mapping(slug, table, given, saved_name, kind)
        if dry_run:
            outcome = _checked(slug, table, mapping)
            _report(outcome, outcome.refusals, report)
            if outcome.n_refused and not accept_valid:
                click.echo(_("Nothing was written."))
                raise click.exceptions.Exit(1)
            click.echo(_("Dry run: nothing was written."))
        else:
            batch = _import(
                slug,
                readable,
                table,
                mapping,
                options,
                file_name=path.name,
                accept_valid=accept_valid,
            )
            refusals = db.session.scalars(refusals_of(batch.id)).all()
            _report(batch, refusals, report)
            if batch.n_refused and not accept_valid:
                click.echo(_("Nothing was written."))
                raise click.exceptions.Exit(1)
            if batch.n_added:
                click.echo(
                    ngettext(
                        "%(num)s submission was added.",
                        "%(num)s submissions were added.",
                        batch.n_added,
                    )
                )


def _ensure_writable(path: Path | None) -> None:
    """Check that the report can be written, before anything else is."""
    try:
        if path is not None:
            path.touch()
    except OSError as error:
        reason = error.strerror or str(error)
        raise click.BadParameter(reason, param_hint="--report") from error


def _readable(path: Path, folder: Path) -> Path:
    """Return a file that can be read as a table: that of the answers, out of an archive."""
    bundle = find_bundle(path)
    if bundle is None:
        return path
    for name in bundle.others:
        click.echo(_("Not read: %(name)s", name=name), err=True)
    unpack(path, bundle, folder / "rows")
    return folder / "rows"


def _mapping(
    slug: str, table: Table, given: ColumnMapping, saved_name: str | None, kind: str | None
) -> ColumnMapping:
    """Return what was saved, with what the options add."""
    found = SourceKind(kind) if kind else guess_kind(table.header)
    try:
        consultation = get_consultation(db.session(), slug)
        base = ColumnMapping(kind=found)
        if saved_name is not None:
            kept = get_saved_named(db.session(), consultation, saved_name)
            base = mapping_for(kept, table.header)
        mapping = replace(
            base,
            columns={**base.columns, **given.columns},
            constants={**base.constants, **given.constants},
            defaults={**base.defaults, **given.defaults},
            values={**base.values, **given.values},
            identity=given.identity or base.identity,
        )
        if not mapping.columns:
            suggested = suggest(table.header, consultation.questionnaire.questions, found)
            options = " ".join(f"--map {shlex.quote(f'{a}={b}')}" for a, b in suggested.items())
            raise click.UsageError(f"No column is mapped. Going by their names: {options or '-'}")
        return mapping
    finally:
        db.session.rollback()


def _unique(pairs: list[tuple[str, str]], option: str) -> dict[str, str]:
    """Return pairs as a dictionary, each key given once."""
    keys = [key for key, _value in pairs]
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise click.BadParameter(f"{twice!r} is given twice", param_hint=option)
    return dict(pairs)


def _replacements(pairs: list[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return ``field:old=new`` as values by field."""
    values: dict[str, dict[str, str]] = {}
    for left, new in pairs:
        key, sign, old = left.partition(":")
        if not sign or not old.strip():
            raise click.BadParameter(
                f"'{left}={new}' does not have the form FIELD:OLD=NEW", param_hint="--value"
            )
        values.setdefault(key.strip(), {})[old.strip()] = new
    return values


@contextmanager
def _progress(label: str) -> Iterator[Progress]:
    """Show how much of the file was read, on the terminal alone."""
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(length=1000, label=label, file=sys.stderr, hidden=is_hidden) as bar:

        def show(share: float) -> None:
            """Move the bar."""
            bar.update(int(share * 1000) - bar.pos)

        yield show


def _checked(slug: str, table: Table, mapping: ColumnMapping) -> Outcome:
    """Read the whole file, writing nothing."""
    with (
        reading_only(),
        Session(db.engine, expire_on_commit=False) as session,
        _progress(_("Checking")) as show,
    ):
        return check_table(
            session,
            COMMAND,
            get_consultation(session, slug),
            table,
            mapping,
            now=clock.now(),
            on_progress=show,
        )


def _import(
    slug: str,
    path: Path,
    table: Table,
    mapping: ColumnMapping,
    options: ReadingOptions,
    *,
    file_name: str,
    accept_valid: bool,
) -> ImportBatch:
    """Import as a job that is done here, and return its record."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        batch = begin_import(
            db.session(),
            COMMAND,
            get_consultation(db.session(), slug),
            table,
            mapping,
            options=options,
            file_name=file_name,
            accept_valid=accept_valid,
            now=clock.now(),
        )
        batch_id, job_id = batch.id, batch.job_id or 0
        give_file(app, job_id, path, "rows")
        db.session.commit()
    finally:
        db.session.rollback()
    db.session.remove()
    with _progress(_("Importing")) as show:
        run_job(app, job_id, on_progress=lambda _stage, share: show(share))
    return get_batch(db.session(), batch_id)


def _report(outcome: Outcome | ImportBatch, refusals: Sequence[Refused], path: Path | None) -> None:
    """Say every refused row, in a file or on the terminal, then the counts."""
    if path is not None:
        path.write_text(as_csv(refusals), encoding="utf-8", newline="")
    else:
        for refusal in refusals:
            click.echo(line(refusal))
    click.echo(
        _(
            "Rows: %(rows)s; new: %(added)s; already known: %(known)s; refused: %(refused)s.",
            rows=outcome.n_rows,
            added=outcome.n_added,
            known=outcome.n_known,
            refused=outcome.n_refused,
        )
    )


@group.command("digest")
@click.option("--dry-run", is_flag=True, help="Say how many letters there would be, write none.")
@reporting_errors
def digest(*, dry_run: bool) -> None:
    """Write today's letters to the coordinators of open consultations."""
    written = send_digests(db.session(), now=clock.now())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"{written} letters {'would be ' if dry_run else ''}written.")
