"""The table of jobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.db import Instant, Key, Model


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


_OPEN = "state IN ('queued', 'running')"


class Job(Model):
    """One piece of long work, resumable after its worker died."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("progress >= 0 AND progress <= 1", name="progress_is_a_share"),
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name="state_is_known"),
        CheckConstraint(
            "(state = 'running') = (lease_owner IS NOT NULL)", name="only_a_running_job_is_held"
        ),
        Index("ix_jobs_state_lease", "state", "lease_expires_at"),
        # Of the jobs that share a name here, one at most waits or runs.
        Index(
            "uq_jobs_exclusive",
            "exclusive",
            unique=True,
            sqlite_where=text(_OPEN),
            postgresql_where=text(_OPEN),
        ),
    )

    id: Mapped[Key]
    #: Name of the registered handler, ``themes.analyse``.
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: What no two open jobs may do at once, ``themes.analyse:4``; None if it disturbs none.
    exclusive: Mapped[str | None] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(16), default=JobState.QUEUED)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]
    #: Random name of the worker run that holds the job.
    lease_owner: Mapped[str | None] = mapped_column(String(64))
    lease_expires_at: Mapped[Instant | None]
    heartbeat_at: Mapped[Instant | None]
    #: Share of the work done, in [0, 1].
    progress: Mapped[float] = mapped_column(default=0.0)
    stage: Mapped[str] = mapped_column(String(60), default="")
    #: What the handler needs to go on after an interruption; may be large: read on demand.
    checkpoint: Mapped[dict[str, Any]] = deferred(mapped_column(JSON, default=dict))
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_over(self) -> bool:
        """Tell whether nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED}

    @property
    def was_cancelled(self) -> bool:
        """Tell whether somebody stopped it."""
        return self.state == JobState.FAILED and self.error.startswith("CancelledError:")

    def is_held_at(self, instant: datetime) -> bool:
        """Tell whether a live worker holds the job."""
        return self.lease_expires_at is not None and self.lease_expires_at > instant
