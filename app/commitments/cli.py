"""Commands of the commitments."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.commitments.measures import exporting
from app.commitments.measures.importing import LIMIT, import_measures
from app.commitments.measures.lateness import civil_day
from app.commitments.measures.queries import measures_of
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db
from app.core.tables import open_table

group = AppGroup("commitments", help="Measures and conventions, in and out of files.")


@group.command("import")
@click.argument("slug")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what every row would do, write nothing.")
@reporting_errors
def bring_in(slug: str, file: Path, *, dry_run: bool) -> None:
    """Bring the measures of FILE (CSV or XLSX) into the consultation SLUG."""
    session = db.session()
    consultation = get_consultation(session, slug)
    outcome = import_measures(
        session,
        System("command line"),
        consultation,
        open_table(file, limit=LIMIT),
        now=clock.now(),
        is_dry_run=dry_run,
    )
    for one in outcome.refused:
        click.echo(f"row {one.row}: {one.error.text()}", err=True)
    if dry_run:
        session.rollback()
    else:
        session.commit()
    click.echo(
        f"Rows: {outcome.n_rows}. Added: {outcome.n_added}. Changed: {outcome.n_changed}. "
        f"The same: {outcome.n_same}. Refused: {outcome.n_refused}."
    )


@group.command("export")
@click.argument("slug")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--public", "public_only", is_flag=True, help="Leave out what the public is not shown."
)
@click.option("--dry-run", is_flag=True, help="Say how many would be written, write nothing.")
@reporting_errors
def give_out(slug: str, file: Path, *, public_only: bool, dry_run: bool) -> None:
    """Write the measures of the consultation SLUG into FILE (.csv or .xlsx)."""
    session = db.session()
    consultation = get_consultation(session, slug)
    today = civil_day(clock.now())
    found = session.scalars(measures_of(consultation.id, public_only=public_only)).unique()
    rows = [exporting.row_of(one, today=today) for one in found]
    if not dry_run:
        is_workbook = file.suffix.lower() == ".xlsx"
        file.write_bytes(exporting.xlsx_of(rows) if is_workbook else exporting.csv_of(rows))
    session.rollback()
    click.echo(f"Measures: {len(rows)}.")
