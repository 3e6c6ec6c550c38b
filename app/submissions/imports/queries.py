"""Selections of imports and of what they brought in."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.jobs import Job
from app.submissions.imports.errors import BatchNotFoundError
from app.submissions.models import ImportBatch, ImportRefusal, Submission, SubmissionState


def batches_of(consultation_id: int) -> Select[ImportBatch, str, Job]:
    """Select the imports of a consultation with their makers' names and jobs, the newest first."""
    return (
        select(ImportBatch, User.name, Job)
        .outerjoin(Job, Job.id == ImportBatch.job_id)
        .outerjoin(User, User.id == ImportBatch.created_by_id)
        .where(ImportBatch.consultation_id == consultation_id)
        .order_by(ImportBatch.created_at.desc(), ImportBatch.id.desc())
    )


def get_batch(session: Session, batch_id: int) -> ImportBatch:
    """Return an import.

    :raises BatchNotFoundError: if there is none of that number.
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise BatchNotFoundError
    return batch


def refusals_of(batch_id: int) -> Select[ImportRefusal]:
    """Select what an import left out, in the file's order."""
    return (
        select(ImportRefusal)
        .where(ImportRefusal.batch_id == batch_id)
        .order_by(ImportRefusal.row, ImportRefusal.id)
    )


def known_fingerprints(session: Session, keys: Iterable[str]) -> dict[str, str | None]:
    """Return the fingerprint of each submission that one of the keys names."""
    selection = select(Submission.idempotency_key, Submission.fingerprint)
    rows = session.execute(selection.where(Submission.idempotency_key.in_(list(keys))))
    return {key: fingerprint for key, fingerprint in rows}  # noqa: C416 (rows are not pairs to mypy)


def author_of(session: Session, batch: ImportBatch) -> str | None:
    """Return the name of the person who imported, None for a command or an account that is gone."""
    if batch.created_by_id is None:
        return None
    return session.scalar(select(User.name).where(User.id == batch.created_by_id))


def batch_of_job(session: Session, job_id: int) -> ImportBatch:
    """Return the import that a job does."""
    return session.scalars(select(ImportBatch).where(ImportBatch.job_id == job_id)).one()


def receipts_of(batch_id: int) -> Select[str | None, str | None, str]:
    """Select source, number in the source and receipt code of each row that an import added."""
    return (
        select(Submission.source, Submission.source_id, Submission.receipt_code)
        .where(Submission.batch_id == batch_id, Submission.state != SubmissionState.ERASED)
        .order_by(Submission.id)
    )
