"""Chores and jobs of the submissions: looking for personal data, reading large files."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.core.jobs import JobControl
from app.core.jobs.chores import chore
from app.submissions.attachments import tasks as attachments
from app.submissions.moderation.screening import BATCH, screen, waiting

__all__ = ["attachments", "screen_submissions"]

SCREEN = "submissions.screen"


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
