"""Enqueue, claim, keep alive and finish jobs.

A job is run by whoever wins an atomic update of its row. The holder renews the lease from a thread
of its own; when it dies, the lease runs out and any worker may take the job and go on from its
checkpoint. The queue's message only says "look at job 7": losing it, or getting it twice, is harmless.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import CursorResult, or_, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.access import Actor
from app.core.db import db
from app.core.jobs.models import Job, JobState

#: How long a worker may stay silent before another takes its job.
LEASE = timedelta(seconds=20)
HEARTBEAT_SECONDS = 5.0
MAX_ATTEMPTS = 5

Handler = Callable[["JobControl"], None]
_handlers: dict[str, Handler] = {}


class JobLostError(RuntimeError):
    """The lease went to another worker: whatever was being done must stop."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of ``kind``."""

    def register(function: Handler) -> Handler:
        """Keep it."""
        _handlers[kind] = function
        return function

    return register


def enqueue(
    session: Session, kind: str, payload: dict[str, Any], *, actor: Actor, now: datetime
) -> Job:
    """Add a job's row, flushed; the caller commits, then announces it (``announce``)."""
    if kind not in _handlers:
        raise LookupError(kind)
    job = Job(kind=kind, payload=payload, created_at=now, created_by_id=actor.id)
    session.add(job)
    session.flush()
    return job


def claimable(now: datetime) -> Any:
    """Select the jobs that wait, or whose worker has gone silent."""
    return select(Job).where(
        or_(
            Job.state == JobState.QUEUED,
            (Job.state == JobState.RUNNING) & (Job.lease_expires_at < now),
        )
    ).order_by(Job.id)


def claim(session: Session, job_id: int, *, owner: str, now: datetime) -> bool:
    """Try to take a job: true for exactly one caller. The caller commits."""
    result = session.execute(
        update(Job)
        .where(
            Job.id == job_id,
            or_(
                Job.state == JobState.QUEUED,
                (Job.state == JobState.RUNNING) & (Job.lease_expires_at < now),
            ),
        )
        .values(
            state=JobState.RUNNING, lease_owner=owner, lease_expires_at=now + LEASE,
            heartbeat_at=now, attempts=Job.attempts + 1,
        )
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


class JobControl:
    """What a handler holds while it works: its payload, its checkpoint, and the way to report.

    :ivar cancelled: set when the lease was lost; every report then raises :class:`JobLostError`.
    """

    def __init__(
        self, app: Flask, job_id: int, owner: str, *,
        on_progress: Callable[[str, float], None] | None = None,
    ) -> None:
        self.app = app
        self.job_id = job_id
        self.owner = owner
        self.cancelled = threading.Event()
        self._on_progress = on_progress
        self._stage, self._progress = "", 0.0
        self._lock = threading.Lock()

    @property
    def job(self) -> Job:
        """The row, read anew."""
        job = db.session.get(Job, self.job_id, populate_existing=True)
        if job is None:
            raise JobLostError(self.job_id)
        return job

    def report(self, stage: str, progress: float) -> None:
        """Say how far the work is; written with the next heartbeat.

        :raises JobLostError: if another worker has taken the job.
        """
        with self._lock:
            self._stage, self._progress = stage, min(max(progress, 0.0), 1.0)
        if self._on_progress:
            self._on_progress(stage, progress)
        if self.cancelled.is_set():
            raise JobLostError(self.job_id)

    def write(self, session: Session, **values: Any) -> None:
        """Update the row if it is still ours; the caller commits.

        :raises JobLostError: if it is not.
        """
        result = session.execute(
            update(Job)
            .where(Job.id == self.job_id, Job.lease_owner == self.owner)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        if not isinstance(result, CursorResult) or result.rowcount != 1:
            self.cancelled.set()
            raise JobLostError(self.job_id)

    def beat(self) -> None:
        """Renew the lease and write the progress, in a session of its own."""
        with self._lock:
            stage, progress = self._stage, self._progress
        now = clock.now()
        with Session(db.engine) as session:
            self.write(
                session, heartbeat_at=now, lease_expires_at=now + LEASE,
                stage=stage, progress=progress,
            )
            session.commit()


class _Heart(threading.Thread):
    """Beats until told to stop or until the lease is lost."""

    def __init__(self, control: JobControl) -> None:
        super().__init__(daemon=True, name=f"job-{control.job_id}-heart")
        self._control = control
        self._stop_asked = threading.Event()

    def run(self) -> None:
        """Beat."""
        with self._control.app.app_context():
            while not self._stop_asked.wait(HEARTBEAT_SECONDS):
                try:
                    self._control.beat()
                except JobLostError:
                    return
                except Exception:
                    self._control.app.logger.exception("heartbeat missed, trying again")

    def stop(self) -> None:
        """Stop and wait."""
        self._stop_asked.set()
        self.join()


def run(
    app: Flask, job_id: int, *, on_progress: Callable[[str, float], None] | None = None
) -> bool:
    """Claim the job and do it to its end, in this thread; false if another worker holds it.

    Must be called inside an application context. A failure is written on the row and raised.
    """
    owner = secrets.token_hex(16)
    taken = claim(db.session, job_id, owner=owner, now=clock.now())
    db.session.commit()
    if not taken:
        return False
    control = JobControl(app, job_id, owner, on_progress=on_progress)
    job = control.job
    kind = job.kind
    if job.started_at is None:
        control.write(db.session, started_at=clock.now())
    db.session.commit()
    heart = _Heart(control)
    heart.start()
    try:
        _handlers[kind](control)
        heart.stop()
        control.write(
            db.session, state=JobState.DONE, finished_at=clock.now(), progress=1.0,
            lease_owner=None, lease_expires_at=None, error="",
        )
        db.session.commit()
    except JobLostError:
        db.session.rollback()
        return False
    except Exception as error:
        heart.stop()
        db.session.rollback()
        _fail(control, error)
        raise
    finally:
        heart.stop()
    return True


def _fail(control: JobControl, error: Exception) -> None:
    """Write the failure on the row: the job ends there, its message is shown to staff."""
    text = f"{type(error).__name__}: {error}"[:2000]
    control.write(
        db.session, state=JobState.FAILED, finished_at=clock.now(), error=text,
        lease_owner=None, lease_expires_at=None,
    )
    db.session.commit()
