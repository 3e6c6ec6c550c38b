"""Selections of print runs and of their copies."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from app.submissions.models import EntryRecord, PaperEntry, PaperForm, PaperRun


def runs_of(consultation_id: int) -> Select[PaperRun]:
    """Select the runs of a consultation, the newest first."""
    return (
        select(PaperRun)
        .where(PaperRun.consultation_id == consultation_id)
        .order_by(PaperRun.id.desc())
    )


def typed_in(consultation_id: int) -> Select[int, int]:
    """Select how many copies of each run have come back and been typed."""
    return (
        select(PaperForm.run_id, func.count(func.distinct(PaperEntry.form_id)))
        .join(PaperEntry, PaperEntry.form_id == PaperForm.id)
        .join(PaperRun, PaperRun.id == PaperForm.run_id)
        .where(PaperRun.consultation_id == consultation_id)
        .group_by(PaperForm.run_id)
    )


def with_copies(run_id: int) -> Select[PaperRun]:
    """Select a run with its copies and what was typed of them."""
    return (
        select(PaperRun)
        .where(PaperRun.id == run_id)
        .options(selectinload(PaperRun.copies).selectinload(PaperForm.entries))
    )


def copies_with(codes: list[str]) -> Select[PaperForm]:
    """Select the copies with one of these codes."""
    return select(PaperForm).where(PaperForm.code.in_(codes))


def record_of(session: Session, submission_id: int) -> EntryRecord | None:
    """Return where a submission that its author did not type comes from."""
    return session.scalars(
        select(EntryRecord).where(EntryRecord.submission_id == submission_id)
    ).one_or_none()
