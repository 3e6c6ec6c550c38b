"""Jobs of the submissions: imports, files, screening, letters to coordinators, the purge."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from app.core import clock
from app.core.access import System
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.core.jobs import JobControl
from app.core.jobs.chores import chore
from app.submissions.attachments import tasks as attachments
from app.submissions.dashboard.digest import open_consultations, send_digests
from app.submissions.imports import tasks as imports
from app.submissions.moderation.screening import BATCH, screen, waiting
from app.submissions.retention.operations import purge_some

__all__ = ["attachments", "imports", "screen_submissions", "write_digests"]

SCREEN = "submissions.screen"
DIGEST = "submissions.digest"
PURGE = "submissions.purge"
#: Hour of Rabat before which no letter leaves.
EARLIEST = 7


def _has_unscreened(session: Session, _now: datetime) -> bool:
    """Tell whether something came in that nothing has screened."""
    return session.scalars(waiting(1)).first() is not None


@chore(SCREEN, every=timedelta(seconds=30), is_due=_has_unscreened)
def screen_submissions(control: JobControl) -> None:
    """Screen what waits, batch by batch; what is done is marked, so that it can begin again."""
    done = 0
    while True:
        with Session(db.engine) as session:
            control.secure(session)
            rows = session.scalars(waiting()).all()
            screen(session, rows, now=clock.now())
            session.commit()
        done += len(rows)
        control.report(f"{done}", 0.5)
        if len(rows) < BATCH:
            return


def _is_digest_day(session: Session, now: datetime) -> bool:
    """Tell whether letters are due this morning: on Mondays, or daily if it is so configured."""
    local = now.astimezone(CIVIL_ZONE)
    frequency = current_app.config.get("DIGEST", "weekly")
    is_day = frequency == "daily" or (frequency == "weekly" and local.weekday() == 0)
    if not is_day or local.hour < EARLIEST:
        return False
    return bool(open_consultations(session, now=now))


@chore(DIGEST, every=timedelta(hours=6), is_due=_is_digest_day)
def write_digests(control: JobControl) -> None:
    """Put the letters of the day into the outbox; those that are there stay the only ones."""
    with Session(db.engine) as session:
        control.secure(session)
        send_digests(session, now=clock.now())
        session.commit()


@chore(PURGE, every=timedelta(days=1))
def purge_everything(control: JobControl) -> None:
    """Purge in small transactions until nothing is left to; each proves that the job is ours."""
    while True:
        with Session(db.engine) as session:
            control.secure(session)
            done = purge_some(session, System("worker"), now=clock.now())
            session.commit()
        control.report("purge", 0.5)
        if not done:
            return
