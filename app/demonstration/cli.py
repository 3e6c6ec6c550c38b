"""Commands of the demonstration."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security.utils import hash_password
from sqlalchemy import func, select

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db
from app.demonstration import serve as serving
from app.demonstration.errors import NotADemonstrationError
from app.demonstration.operations import (
    PASSWORD,
    PEOPLE,
    load_fictional_consultation,
    load_people,
    load_submissions,
)
from app.submissions.models import Submission
from app.territories.operations import load_territories

group = AppGroup("demonstration", help="A fictional consultation, ready to be tried.")


@group.command("load")
@click.option("--dry-run", is_flag=True, help="Say what would be added, add nothing.")
@reporting_errors
def load(*, dry_run: bool) -> None:
    """Load territories, accounts, the fictional consultation and its corpus."""
    _load(dry_run=dry_run)


def _load(*, dry_run: bool) -> Consultation:
    """Load everything that is not there yet and return the consultation.

    :raises NotADemonstrationError: outside a demonstration instance.
    """
    if current_app.config["PROFILE"] not in {"demo", "test"}:
        raise NotADemonstrationError()
    actor, now = System("demonstration"), clock.now()
    load_territories(db.session)
    people = load_people(db.session, actor, password_hash=hash_password(PASSWORD), now=now)
    consultation = load_fictional_consultation(db.session, actor, now=now)
    added = load_submissions(db.session, consultation)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"Demonstration: {people} accounts and {added} submissions added.")
    return consultation


@group.command("serve")
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Serve the site and its worker on 127.0.0.1 until stopped."""
    sys.exit(serving.serve(port))
