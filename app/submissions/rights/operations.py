"""Making a request about one's data, and answering it in time.

Law 09-08 (Official Bulletin 5714 of 5 March 2009) gives four rights: access (article 7: free of
charge, without delay), correction, erasure or blocking (article 8: the controller makes the
necessary corrections free of charge within ten clear days) and objection (article 9: for legitimate
reasons). Only article 8 sets a number of days; the same delay is kept here for all four. Clear days
count neither the day of the request nor, strictly, the day on which they end: the answer is due
here by the end of the tenth day after the request, which is never later than the law allows.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, Role, ensure
from app.core.clock import CIVIL_ZONE
from app.submissions.afterwards.applying import locked
from app.submissions.afterwards.forgetting import erase_everything
from app.submissions.afterwards.operations import withdraw
from app.submissions.models import DataRequest, Submission, SubmissionState
from app.submissions.rights.errors import (
    RequestDecidedError,
    RequestNotFoundError,
    RequestOpenError,
)

#: Days within which an answer is owed: see above.
DAYS = 10

#: Who answers requests.
ANSWERERS = (Role.ADMINISTRATOR, Role.MODERATOR)


class Right(StrEnum):
    """What can be asked for."""

    ACCESS = "access"
    CORRECTION = "correction"
    ERASURE = "erasure"
    OBJECTION = "objection"


def due_after(instant: datetime) -> datetime:
    """Return when a request made at ``instant`` must be answered: midnight ends the tenth day."""
    day = instant.astimezone(CIVIL_ZONE).date() + timedelta(days=DAYS + 1)
    return datetime.combine(day, time.min, CIVIL_ZONE).astimezone(UTC)


def ask(
    session: Session, submission: Submission, right: Right, message: str, *, now: datetime
) -> DataRequest:
    """Make a request, flushed.

    :raises ErasedError: if nothing is left to ask about.
    :raises RequestOpenError: if the same one waits for its answer.
    """
    row = locked(session, submission.id)
    request = DataRequest(
        submission_id=row.id, kind=right, message=message, made_at=now, due_at=due_after(now)
    )
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError:
        raise RequestOpenError from None
    return request


def answer(
    session: Session,
    actor: Actor,
    request_id: int,
    *,
    is_granted: bool,
    words: str,
    now: datetime,
) -> DataRequest:
    """Grant or refuse a request, flushed.

    A granted erasure erases everything; a granted objection withdraws the submission, so that it is
    analysed, counted and shown no more. Access and correction are done by whoever grants them.

    :raises ForbiddenError: unless ``actor`` answers requests where the submission is from.
    :raises RequestDecidedError: if somebody answered it before.
    """
    request = session.scalars(
        select(DataRequest)
        .where(DataRequest.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if request is None:
        raise RequestNotFoundError
    row = request.submission
    ensure(actor, *ANSWERERS, region=row.region_code, consultation=row.consultation_id)
    if request.state != "open":
        raise RequestDecidedError
    request.state = "granted" if is_granted else "refused"
    request.decided_at, request.decided_by_id, request.answer = now, actor.id, words
    session.flush()
    if is_granted and row.state != SubmissionState.ERASED:
        _carry_out(session, actor, request, now=now)
    audit.record(
        session,
        actor,
        "submissions.answer_request",
        at=now,
        target=request,
        detail={"kind": request.kind, "state": request.state},
    )
    return request


def _carry_out(session: Session, actor: Actor, request: DataRequest, *, now: datetime) -> None:
    """Do what was granted, where a machine can."""
    if request.kind == Right.ERASURE:
        words = request.answer
        erase_everything(session, request.submission, actor=actor, now=now)
        # The author is told what was decided; nothing of what they wrote is in it.
        request.answer = words
    elif request.kind == Right.OBJECTION:
        withdraw(session, request.submission, actor=actor, now=now)
