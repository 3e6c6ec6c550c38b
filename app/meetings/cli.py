"""Commands of the meetings."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import System
from app.core.cli import reporting_errors
from app.core.db import db
from app.meetings.operations.preparing import create_regional
from app.meetings.queries import counts, meetings_of

group = AppGroup("meetings", help="Meetings of a consultation.")


@group.command("create-regional")
@click.argument("slug")
@click.option(
    "--first-on",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="Day of the first meeting that the consultation's calendar does not announce.",
)
@click.option("--every-days", default=2, show_default=True, help="Days from one to the next.")
@click.option("--begins", type=click.DateTime(["%H:%M"]), default="09:30", show_default=True)
@click.option("--ends", type=click.DateTime(["%H:%M"]), default="16:00", show_default=True)
@click.option("--capacity", type=click.IntRange(1), default=None, help="Seats, no limit if none.")
@click.option("--by-invitation", is_flag=True, help="Only those invited come.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, make nothing.")
@reporting_errors
def create_all(
    slug: str,
    first_on: datetime,
    every_days: int,
    begins: datetime,
    ends: datetime,
    capacity: int | None,
    *,
    by_invitation: bool,
    dry_run: bool,
) -> None:
    """Make a meeting in each region of a consultation that has none."""
    made = create_regional(
        db.session(),
        System("command line"),
        get_consultation(db.session(), slug),
        first_on=first_on.date(),
        every_days=every_days,
        begins=begins.time(),
        ends=ends.time(),
        capacity=capacity,
        is_open=not by_invitation,
        now=clock.now(),
    )
    for one in made:
        click.echo(f"{clock.today_on(one.starts_at)}  {one.title.best('fr')[0]}")
    if dry_run:
        db.session.rollback()
        click.echo(f"{len(made)} would be made.")
        return
    db.session.commit()
    click.echo(f"{len(made)} made.")


@group.command("list")
@click.argument("slug")
@reporting_errors
def list_meetings(slug: str) -> None:
    """List the meetings of a consultation with their figures."""
    consultation = get_consultation(db.session(), slug)
    found = list(db.session.scalars(meetings_of(consultation.id)))
    figures = counts(db.session(), [one.id for one in found])
    for one in found:
        told = " ".join(f"{name}={count}" for name, count in figures[one.id].items())
        state = "cancelled" if one.cancelled_at else one.minutes_state
        day = clock.today_on(one.starts_at)
        click.echo(f"{one.id}\t{day}\t{one.title.best('fr')[0]}\t{state}\t{told}")
    db.session.rollback()
