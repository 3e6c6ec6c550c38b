"""Selections of requests."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from app.submissions.models import DataRequest, Submission
from app.submissions.queries import Scope
from app.submissions.rights.errors import RequestNotFoundError


def requests_of(submission_id: int) -> Select[DataRequest]:
    """Select the requests about one submission, the newest first."""
    return (
        select(DataRequest)
        .where(DataRequest.submission_id == submission_id)
        .order_by(DataRequest.id.desc())
    )


def requests_in(scope: Scope, *, is_open: bool) -> Select[DataRequest]:
    """Select the requests within a scope: those that wait, the most urgent first, or the others."""
    rows = (
        select(DataRequest)
        .join(DataRequest.submission)
        .where(scope.whole, (DataRequest.state == "open") == is_open)
        .options(contains_eager(DataRequest.submission))
    )
    if is_open:
        return rows.order_by(DataRequest.due_at, DataRequest.id)
    return rows.order_by(DataRequest.decided_at.desc(), DataRequest.id.desc())


def get_request(session: Session, request_id: int) -> DataRequest:
    """Return a request with its submission.

    :raises RequestNotFoundError: if there is none of that number.
    """
    row = session.scalars(
        select(DataRequest)
        .join(Submission, Submission.id == DataRequest.submission_id)
        .where(DataRequest.id == request_id)
    ).one_or_none()
    if row is None:
        raise RequestNotFoundError
    return row
