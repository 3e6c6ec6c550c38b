"""Commands of the demonstration."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security.utils import hash_password
from sqlalchemy import select

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db
from app.demonstration import serve as serving
from app.demonstration.answers import load_answers
from app.demonstration.commitments import load_commitments
from app.demonstration.errors import NotADemonstrationError
from app.demonstration.operations import (
    HOLDERS,
    PASSWORD,
    PEOPLE,
    SOURCE,
    load_fictional_consultation,
    load_organisations,
    load_people,
    load_plan,
    load_submissions,
)
from app.reports.cli import publish
from app.reports.drafting.operations import WRITERS
from app.reports.queries import newest_report
from app.submissions.models import Submission
from app.territories.operations import load_territories
from app.themes.cli import analyse
from app.themes.queries import newest_run

#: Submission of the corpus whose code is printed: it speaks of several things.
FOLLOWED = "F-0001"

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
        raise NotADemonstrationError
    actor, now = System("demonstration"), clock.now()
    load_territories(db.session())
    known_to_all = hash_password(PASSWORD)
    people = load_people(db.session(), actor, password_hash=known_to_all, now=now)
    load_organisations(db.session(), actor, password_hash=known_to_all, now=now)
    consultation = load_fictional_consultation(db.session(), actor, now=now)
    load_plan(db.session(), actor, consultation, now=now)
    added = load_submissions(db.session(), consultation)
    load_commitments(db.session(), actor, consultation, now=now)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(f"Demonstration: {people} accounts and {added} submissions added.")
    return consultation


@group.command("prepare")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("out"),
    show_default=True,
    help="Folder that the reports are written to.",
)
@click.pass_context
@reporting_errors
def prepare(context: click.Context, out: Path) -> None:
    """Load the demonstration, analyse, publish, answer; what is done is not done again."""
    consultation = _load(dry_run=False)
    slug, identity = consultation.slug, consultation.id
    is_analysed = db.session.scalars(newest_run(identity)).first() is not None
    is_published = newest_report(db.session(), identity) is not None
    db.session.rollback()
    if not is_analysed:
        context.invoke(analyse, slug=slug)
        _tie_commitments(slug)
    if not is_published:
        approvers = tuple(email for email, _name, role, _region in PEOPLE if role in WRITERS)
        context.invoke(publish, slug=slug, approvers=approvers, out=out, dry_run=False)
    _answer(identity)


def _answer(consultation_id: int) -> None:
    """Publish the fictional answers of the ministry that are not there yet."""
    consultation = db.session.get_one(Consultation, consultation_id)
    made = load_answers(db.session(), System("demonstration"), consultation, now=clock.now())
    db.session.commit()
    if made:
        click.echo(f"Demonstration: {made} themes answered.")


def _tie_commitments(slug: str) -> None:
    """Tie measures to the themes that were just found."""
    consultation = get_consultation(db.session(), slug)
    load_commitments(db.session(), System("demonstration"), consultation, now=clock.now())
    db.session.commit()


@group.command("serve")
@click.option("--port", default=8000, show_default=True)
def serve(port: int) -> None:
    """Serve the site and its worker on 127.0.0.1 until stopped."""
    _introduce(port)
    sys.exit(serving.serve(port))


def _introduce(port: int) -> None:
    """Print the address, the accounts and a receipt code to follow."""
    code = db.session.scalars(
        select(Submission)
        .where(Submission.source == SOURCE, Submission.source_id == FOLLOWED)
        .limit(1)
    ).first()
    lines = [
        "",
        f"  Tachawor, the demonstration:  http://127.0.0.1:{port}/",
        "",
        f"  Staff sign in at /fr/sign-in, password for all: {PASSWORD}",
        *(
            f"    {email:<28}{role.value}{f', region {region}' if region else ''}"
            for email, _name, role, region in PEOPLE
        ),
        "  and the people of a fictional association:",
        *(f"    {email:<28}{role.value}" for email, _name, role, _title in HOLDERS),
    ]
    if code is not None:
        lines += ["", f"  A receipt code to follow at /fr/my-contribution: {code.receipt}"]
    click.echo("\n".join([*lines, "", "  Ctrl+C stops it.", ""]))
    db.session.rollback()
