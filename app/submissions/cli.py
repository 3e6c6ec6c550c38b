"""Commands of the submissions."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import ngettext

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db, reading_only
from app.core.tables import ReadingOptions, Table, open_table
from app.submissions.imports.fields import suggest
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, Progress, check_table, import_table
from app.submissions.imports.report import as_csv, line

#: Largest file that the command takes, in bytes; it is read row by row.
LIMIT = 500 * 1024 * 1024

group = AppGroup("submissions", help="What was said: importing it.")


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
    sheet: str | None,
    encoding: str | None,
    delimiter: str | None,
    accept_valid: bool,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Import the rows of a CSV or XLSX FILE into the consultation SLUG.

    Nothing is written when a row is refused, unless --accept-valid is given. The same file again
    adds nothing. Exit status: 1 if rows are refused, 2 if the file or the options are not right.
    """
    mapping = ColumnMapping(
        columns=_unique(columns, "--map"),
        constants=_unique(constants, "--set"),
        defaults=_unique(defaults, "--default"),
        values=_replacements(values),
        identity=tuple(identity),
    )
    table = open_table(path, ReadingOptions(encoding, delimiter, sheet), limit=LIMIT)
    with reading_only():
        outcome = _check(slug, table, mapping)
    _report(outcome, report)
    if outcome.n_refused and not accept_valid:
        click.echo(_("Nothing was written."))
        raise click.exceptions.Exit(1)
    if dry_run:
        click.echo(_("Dry run: nothing was written."))
    elif outcome.n_added:
        added = _import(slug, table, mapping, path.name, accept_valid=accept_valid)
        click.echo(
            ngettext("%(num)s submission was added.", "%(num)s submissions were added.", added)
        )


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


def _check(slug: str, table: Table, mapping: ColumnMapping) -> Outcome:
    """Read the whole file, writing nothing."""
    try:
        consultation = get_consultation(db.session(), slug)
        if not mapping.columns:
            suggested = suggest(table.header, consultation.questionnaire.questions)
            options = " ".join(f"--map {shlex.quote(f'{a}={b}')}" for a, b in suggested.items())
            raise click.UsageError(f"No column is mapped. Going by their names: {options or '-'}")
        with _progress(_("Checking")) as show:
            return check_table(
                db.session(),
                System("command line"),
                consultation,
                table,
                mapping,
                now=clock.now(),
                on_progress=show,
            )
    finally:
        db.session.rollback()


def _import(
    slug: str, table: Table, mapping: ColumnMapping, file_name: str, *, accept_valid: bool
) -> int:
    """Write, in one transaction, and return how many rows were new."""
    try:
        with _progress(_("Importing")) as show:
            outcome = import_table(
                db.session(),
                System("command line"),
                get_consultation(db.session(), slug),
                table,
                mapping,
                now=clock.now(),
                file_name=file_name,
                accept_valid=accept_valid,
                on_progress=show,
            )
        db.session.commit()
    finally:
        db.session.rollback()
    return outcome.n_added


def _report(outcome: Outcome, path: Path | None) -> None:
    """Say every refused row, in a file or on the terminal, then the counts."""
    if path is not None:
        try:
            path.write_text(as_csv(outcome.refusals), encoding="utf-8", newline="")
        except OSError as error:
            reason = error.strerror or str(error)
            raise click.BadParameter(reason, param_hint="--report") from error
    else:
        for refusal in outcome.refusals:
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
