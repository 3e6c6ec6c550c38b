"""Enqueue, claim and finish jobs.

A job is run by whoever wins an atomic update of its row. The holder renews the lease from a thread
of its own; when it dies, the lease runs out and any worker may take the job and go on from its
checkpoint. The queue's message only says "look at job 7": losing it, or getting it twice, does no
harm.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import ColumnElement, CursorResult, Select, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import clock
from app.core.access import Actor
from app.core.db import db, reading_only
from app.core.errors import DomainError
from app.core.jobs.control import LEASE, Heart, JobControl, JobLostError
from app.core.jobs.models import Job, JobState

#: How many workers may die on a job before it is given up: it is likely the job that kills them.
MAX_ATTEMPTS = 5

Handler = Callable[[JobControl], None]
_handlers: dict[str, Handler] = {}


class JobOpenError(DomainError):
    """A job that must be alone of its name already waits or runs."""


class WorkersLostError(RuntimeError):
    """Written on a job on which too many workers died."""


class StoppedError(RuntimeError):
    """Written on a job that its operator stopped from the keyboard."""


class CancelledError(RuntimeError):
    """Written on a job that somebody stopped from a page."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of ``kind``.

    It may be called again for the same job after a worker died, so it must begin by looking at what
    is done, and write its results in one transaction that begins with ``control.secure(session)``.
    It must leave no transaction open while it computes: on SQLite that would stop every writer.
    """

    def register(function: Handler) -> Handler:
        """Keep it."""
        _handlers[kind] = function
        return function

    return register


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
    exclusive: str | None = None,
) -> Job:
    """Add a job's row, flushed; the caller commits, then announces it (``announce``).

    :param exclusive: name that open jobs may bear only once.
    :raises JobOpenError: if another job of that name waits or runs.
    """
    if kind not in _handlers:
        raise LookupError(kind)
    job = Job(
        kind=kind, payload=payload, created_at=now, created_by_id=actor.id, exclusive=exclusive
    )
    # Two clicks can both find nothing under way, so the unique index decides.
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError as error:
        if exclusive is None:
            raise
        raise JobOpenError from error
    return job


def _is_free(now: datetime) -> ColumnElement[bool]:
    """Say that a job waits, or that its worker has gone silent."""
    silent = and_(Job.state == JobState.RUNNING, Job.lease_expires_at < now)
    return or_(Job.state == JobState.QUEUED, silent)


def claimable(now: datetime) -> Select[int]:
    """Select the ids of the jobs that wait, or whose worker has gone silent."""
    return select(Job.id).where(_is_free(now)).order_by(Job.id)


def _change(session: Session, job_id: int, *conditions: Any, **values: Any) -> bool:
    """Update one job if the conditions hold; true if they did."""
    result = session.execute(
        update(Job)
        .where(Job.id == job_id, *conditions)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def claim(session: Session, job_id: int, *, owner: str, now: datetime) -> bool:
    """Try to take a job: true for exactly one caller. The caller commits."""
    return _change(
        session,
        job_id,
        _is_free(now),
        Job.attempts < MAX_ATTEMPTS,
        state=JobState.RUNNING,
        lease_owner=owner,
        lease_expires_at=now + LEASE,
        heartbeat_at=now,
        attempts=Job.attempts + 1,
    )


def give_up(session: Session, job_id: int, *, now: datetime) -> bool:
    """Fail a job on which too many workers died; true if it was one. The caller commits."""
    return _change(
        session,
        job_id,
        _is_free(now),
        Job.attempts >= MAX_ATTEMPTS,
        **_failure(WorkersLostError(f"{MAX_ATTEMPTS} workers died while doing it"), now),
    )


def cancel(session: Session, job_id: int, *, now: datetime) -> bool:
    """Stop a job that waits or runs; true if it was one. The caller commits.

    Its lease is taken away: nobody begins it any more, and the worker that holds it finds out with
    the next thing it would write.
    """
    return _change(
        session,
        job_id,
        Job.state.in_((JobState.QUEUED, JobState.RUNNING)),
        **_failure(CancelledError("stopped on request"), now),
    )


def _failure(error: BaseException, now: datetime) -> dict[str, Any]:
    """Return what a failed job's row says."""
    return {
        "state": JobState.FAILED,
        "finished_at": now,
        "error": f"{type(error).__name__}: {error}"[:2000],
        "lease_owner": None,
        "lease_expires_at": None,
    }


def run(
    app: Flask, job_id: int, *, on_progress: Callable[[str, float], None] | None = None
) -> bool:
    """Claim the job and do it to its end, in this thread; false if it was not ours to finish.

    Must be called inside an application context. A failure is written on the row and raised.
    """
    owner = secrets.token_hex(16)
    now = clock.now()
    taken = claim(db.session(), job_id, owner=owner, now=now)
    if not taken and give_up(db.session(), job_id, now=now):
        app.logger.error("job %s given up after %s attempts", job_id, MAX_ATTEMPTS)
    if taken:
        _change(db.session(), job_id, Job.started_at.is_(None), started_at=now)
    kind = db.session.scalar(select(Job.kind).where(Job.id == job_id))
    db.session.commit()
    if not taken or kind is None:
        return False
    return _hold(JobControl(app, job_id, owner, on_progress=on_progress), kind)


def _hold(control: JobControl, kind: str) -> bool:
    """Run the handler with the heart beating, then write how it ended."""
    heart = Heart(control)
    heart.start()
    try:
        _handlers[kind](control)
        _finish(control)
    except JobLostError:
        db.session.rollback()
        control.app.logger.warning("job %s went to another worker", control.job_id)
        return False
    except KeyboardInterrupt:
        _fail(control, StoppedError("stopped from the keyboard"))
        raise
    except Exception as error:
        _fail(control, error)
        raise
    finally:
        # Last, for a beat may be waiting for the very transaction that ends the job.
        heart.stop()
    return True


def _finish(control: JobControl) -> None:
    """Write on the row that the work is done."""
    control.write(
        db.session(),
        state=JobState.DONE,
        finished_at=clock.now(),
        progress=1.0,
        lease_owner=None,
        lease_expires_at=None,
        error="",
    )
    db.session.commit()


def _fail(control: JobControl, error: BaseException) -> None:
    """Write the failure on the row: the job ends there, its message is shown to staff."""
    db.session.rollback()
    try:
        control.write(db.session(), **_failure(error, clock.now()))
        db.session.commit()
    except JobLostError:
        # Another worker has it: what went wrong here is no longer the job's failure.
        db.session.rollback()


def follow(job_id: int, *, every: float = 1.0) -> Iterator[Job]:
    """Yield the row again and again until the job is over; each one detached and up to date."""
    while True:
        with reading_only(), Session(db.engine) as session:
            job = session.get_one(Job, job_id)
            session.expunge(job)
        yield job
        if job.is_over:
            return
        time.sleep(every)
