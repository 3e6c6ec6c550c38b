"""Commands of the consultations."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.consultations.files import read
from app.consultations.operations import load_consultation
from app.consultations.queries import all_consultations
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db

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


@group.command("list")
def list_consultations() -> None:
    """List the consultations."""
    for consultation in db.session.scalars(all_consultations()):
        closes = clock.today_on(consultation.closes_at)
        click.echo(f"{consultation.slug}\tcloses {closes}\t{consultation.title.best('fr')[0]}")
