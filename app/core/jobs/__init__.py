"""Durable jobs: a row says what is to be done and how far it is; a worker holds it by a lease."""

from app.core.jobs.models import Job, JobState
from app.core.jobs.operations import JobControl, JobLostError, enqueue, handler, run

__all__ = ["Job", "JobControl", "JobLostError", "JobState", "enqueue", "handler", "run"]
