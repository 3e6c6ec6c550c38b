"""Commands of the consultations."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.consultations.building.queries import find_version
from app.consultations.files import read
from app.consultations.operations import load_consultation
from app.consultations.queries import all_consultations, get_consultation
from app.consultations.xlsform.operations import export_form, import_form
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db
from app.core.errors import NotFoundError

group = AppGroup("consultations", help="Consultations and their questionnaires.")


@group.command("load")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check the file, change nothing.")
@reporting_errors
def load(path: Path, *, dry_run: bool) -> None:
    """Create the consultation that a JSON file describes, or bring its texts up to date."""
    consultation, is_new = load_consultation(
        db.session(), System("command line"), read(path), now=clock.now()
    )
    slug, n_questions = consultation.slug, len(consultation.questionnaire.questions)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"{slug}: {'created' if is_new else 'up to date'}, {n_questions} questions.")


@group.group("xlsform")
def xlsform() -> None:
    """Take forms of KoboToolbox and ODK in, give versions out."""


@xlsform.command("import")
@click.argument("slug")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would have no effect, change nothing.")
@reporting_errors
def xlsform_import(slug: str, path: Path, *, dry_run: bool) -> None:
    """Put a form in the place of the version of SLUG that is being written."""
    consultation = get_consultation(db.session(), slug)
    draft, form = import_form(
        db.session(),
        System("command line"),
        consultation,
        path.read_bytes(),
        file_name=path.name,
        now=clock.now(),
    )
    version = draft.version
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    for remark in form.remarks:
        click.echo(f"{remark.sheet} {remark.row} {remark.column}: {remark.text()}")
    click.echo(f"{slug}: version {version}, {len(form.questions)} questions.")


@xlsform.command("export")
@click.argument("slug")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--version", type=int, help="Number of the version; the newest without it.")
@reporting_errors
def xlsform_export(slug: str, path: Path, *, version: int | None) -> None:
    """Write a version of the questionnaire of SLUG to PATH, as an XLSForm."""
    consultation = get_consultation(db.session(), slug)
    number = version or consultation.questionnaires[-1].version
    found = find_version(db.session(), consultation, number)
    if found is None:
        raise NotFoundError
    path.write_bytes(export_form(db.session(), consultation, found))
    click.echo(f"{path}: version {number}, {len(found.questions)} questions.")


@group.command("list")
def list_consultations() -> None:
    """List the consultations."""
    for consultation in db.session.scalars(all_consultations()):
        closes = clock.today_on(consultation.closes_at)
        click.echo(f"{consultation.slug}\tcloses {closes}\t{consultation.title.best('fr')[0]}")
