"""Work that comes back by itself: letters to send, data to purge, digests to write.

A chore is a job whose row the worker's sweep makes when its time has come. The row is alone of its
name while it is open, so that several workers start it once; nothing else keeps its calendar.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.jobs.models import Job, JobState
from app.core.jobs.operations import Handler, JobOpenError, enqueue, handler

#: Tells whether there is anything to do; only read, never written.
IsDue = Callable[[Session, datetime], bool]


@dataclass(frozen=True)
class Chore:
    """A job that comes back.

    :ivar every: least time between two of them.
    :ivar is_due: asked before a row is made; None where it is always worth it.
    """

    kind: str
    every: timedelta
    is_due: IsDue | None = None


_chores: dict[str, Chore] = {}


def chore(
    kind: str, *, every: timedelta, is_due: IsDue | None = None
) -> Callable[[Handler], Handler]:
    """Register the function that does a chore, and how often."""
    _chores[kind] = Chore(kind, every, is_due)
    return handler(kind)


def due(session: Session, *, now: datetime) -> list[Chore]:
    """Return the chores whose time has come."""
    rows = session.execute(
        select(Job.kind, func.max(Job.created_at)).where(Job.kind.in_(_chores)).group_by(Job.kind)
    )
    last = {kind: instant for kind, instant in rows}  # noqa: C416  rows are no mapping
    return [
        one
        for one in _chores.values()
        if (one.kind not in last or last[one.kind] <= now - one.every)
        and (one.is_due is None or one.is_due(session, now))
    ]


def begin(session: Session, chores: list[Chore], *, now: datetime) -> list[int]:
    """Make the rows of chores, flushed, and forget those done before; return the new rows' keys."""
    made: list[int] = []
    for one in chores:
        done = (Job.kind == one.kind, Job.state == JobState.DONE)
        session.execute(delete(Job).where(*done))
        try:
            job = enqueue(
                session, one.kind, {}, actor=System("worker"), now=now, exclusive=one.kind
            )
        except JobOpenError:
            continue
        made.append(job.id)
    return made
