"""Selections for drafts."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, defer

from app.reports.models import DraftState, ReportDraft


def find_open(session: Session, consultation_id: int) -> ReportDraft | None:
    """Return the open draft of a consultation."""
    return session.scalars(
        select(ReportDraft).where(
            ReportDraft.consultation_id == consultation_id, ReportDraft.state == DraftState.OPEN
        )
    ).one_or_none()


def find_draft(session: Session, consultation_id: int, draft_id: int) -> ReportDraft | None:
    """Return one of a consultation's drafts, whatever became of it."""
    return session.scalars(
        select(ReportDraft).where(
            ReportDraft.consultation_id == consultation_id, ReportDraft.id == draft_id
        )
    ).one_or_none()


def discarded(consultation_id: int) -> Select[ReportDraft]:
    """Select the drafts that were given up, the newest first."""
    return (
        select(ReportDraft)
        .where(
            ReportDraft.consultation_id == consultation_id,
            ReportDraft.state == DraftState.DISCARDED,
        )
        .options(defer(ReportDraft.body), defer(ReportDraft.cells))
        .order_by(ReportDraft.updated_at.desc())
    )
