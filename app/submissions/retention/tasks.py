"""The purge as a durable job that comes back every day."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from app.core import clock
from app.core.access import System
from app.core.db import db, reading_only
from app.core.jobs import Job, JobControl, JobOpenError, enqueue, handler
from app.core.jobs.queue import on_sweep
from app.submissions.retention.operations import purge_some

KIND = "submissions.purge"

#: Time from the beginning of a purge to the next.
EVERY = timedelta(days=1)


@handler(KIND)
def purge_everything(control: JobControl) -> None:
    """Purge in small transactions until nothing is left to; each proves that the job is ours."""
    session = db.session()
    while True:
        control.secure(session)
        done = purge_some(session, System("worker"), now=clock.now())
        session.commit()
        control.report("purge", 0.5)
        if not done:
            return


def enqueue_daily() -> None:
    """Add the job if the last one was begun a day ago, and none waits or runs."""
    now = clock.now()
    with reading_only():
        last = db.session.scalar(select(func.max(Job.created_at)).where(Job.kind == KIND))
        db.session.remove()
    if last is not None and last > now - EVERY:
        return
    try:
        enqueue(db.session(), KIND, {}, actor=System("worker"), now=now, exclusive=KIND)
        db.session.commit()
    except JobOpenError:
        db.session.rollback()
    finally:
        db.session.remove()


def init_app(app: Flask) -> None:
    """Let workers look for the time of the next purge."""
    on_sweep(app, enqueue_daily)
