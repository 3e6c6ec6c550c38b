"""Figures that the public pages and the staff's first page show across features."""

from __future__ import annotations

from sqlalchemy import Select, func, select

from app.consultations.models import Consultation
from app.reports.models import Report
from app.submissions.models import Submission


def submissions_by_region(consultation_id: int) -> Select[str | None, int]:
    """Select how many submissions came from each region (None: it is not stated)."""
    return (
        select(Submission.region_code, func.count())
        .where(Submission.consultation_id == consultation_id, Submission.is_standing)
        .group_by(Submission.region_code)
    )


def submissions_by_consultation() -> Select[int, int]:
    """Select how many submissions each consultation received."""
    return (
        select(Submission.consultation_id, func.count())
        .where(Submission.is_standing)
        .group_by(Submission.consultation_id)
    )


def last_published() -> Select[Consultation]:
    """Select the consultations that have a report, the last published first."""
    newest = (
        select(Report.consultation_id, func.max(Report.published_at).label("at"))
        .group_by(Report.consultation_id)
        .subquery()
    )
    return (
        select(Consultation)
        .join(newest, newest.c.consultation_id == Consultation.id)
        .order_by(newest.c.at.desc(), Consultation.id.desc())
    )


def has_report(consultation_id: int) -> Select[int]:
    """Select whether a consultation has a published report (a row if so)."""
    return select(Report.id).where(Report.consultation_id == consultation_id).limit(1)
