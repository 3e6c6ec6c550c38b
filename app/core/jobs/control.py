"""What a handler holds while it works, and the heart that keeps its lease alive."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db, reading_only
from app.core.jobs.models import Job

#: How long a worker may stay silent before another takes its job.
LEASE = timedelta(seconds=20)
HEARTBEAT_SECONDS = 2.0


class JobLostError(RuntimeError):
    """The lease went to another worker: whatever was being done must stop."""


class JobControl:
    """A held job: its payload, its checkpoint, and the way to report.

    :ivar cancelled: set when the lease was lost; every report then raises :class:`JobLostError`.
    """

    def __init__(
        self,
        app: Flask,
        job_id: int,
        owner: str,
        *,
        on_progress: Callable[[str, float], None] | None = None,
    ) -> None:
        self.app = app
        self.job_id = job_id
        self.owner = owner
        self.cancelled = threading.Event()
        self._on_progress = on_progress
        self._stage, self._progress = "", 0.0
        self._lock = threading.Lock()

    def _read(self, column: Any) -> Any:
        """Return one column of the row, in a session that is closed at once."""
        with reading_only(), Session(db.engine) as session:
            row = session.execute(select(column).where(Job.id == self.job_id)).one_or_none()
        if row is None:
            raise JobLostError(self.job_id)
        return row[0]

    @property
    def payload(self) -> dict[str, Any]:
        """What the job was asked to do."""
        return dict(self._read(Job.payload))

    @property
    def checkpoint(self) -> dict[str, Any]:
        """What the job, or the worker that held it before, has noted for going on."""
        return dict(self._read(Job.checkpoint))

    def note(self, **values: Any) -> None:
        """Keep values in the checkpoint, committed at once.

        :raises JobLostError: if another worker has taken the job.
        """
        kept = self.checkpoint | values
        with Session(db.engine) as session:
            self.write(session, checkpoint=kept)
            session.commit()

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

    def secure(self, session: Session) -> None:
        """Renew the lease as the first statement of a transaction that writes the job's results.

        Until that transaction ends nobody else can take the job: the row (PostgreSQL) or the
        database (SQLite) is locked, and whoever waited for it then finds a lease that holds.

        :raises JobLostError: if another worker has taken the job; nothing must be written then.
        """
        now = clock.now()
        self.write(session, heartbeat_at=now, lease_expires_at=self._lease_from(now))

    @staticmethod
    def _lease_from(now: datetime) -> datetime:
        """Return when a lease renewed now runs out."""
        return now + LEASE

    def beat(self) -> None:
        """Renew the lease and write the progress, in a session of its own."""
        with self._lock:
            stage, progress = self._stage, self._progress
        now = clock.now()
        with Session(db.engine) as session:
            self.write(
                session,
                heartbeat_at=now,
                lease_expires_at=self._lease_from(now),
                stage=stage,
                progress=progress,
            )
            session.commit()


class Heart(threading.Thread):
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
                    self._control.app.logger.warning(
                        "heartbeat missed, trying again", exc_info=True
                    )

    def stop(self) -> None:
        """Stop and wait."""
        self._stop_asked.set()
        if self.is_alive():
            self.join()
