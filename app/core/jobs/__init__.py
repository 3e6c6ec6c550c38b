"""Durable jobs: a row says what is to be done and how far it is; a worker holds it by a lease."""

from app.core.jobs.control import JobControl, JobLostError
from app.core.jobs.models import Job, JobState
from app.core.jobs.operations import JobOpenError, cancel, enqueue, follow, handler, run

__all__ = [
    "Job",
    "JobControl",
    "JobLostError",
    "JobOpenError",
    "JobState",
    "cancel",
    "enqueue",
    "follow",
    "handler",
    "run",
]
