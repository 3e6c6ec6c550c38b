"""Correcting, withdrawing and taking back: what an author does with the code, one row at a time."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Stage
from app.core import audit
from app.core.access import Actor, System
from app.submissions.afterwards import errors
from app.submissions.afterwards.applying import locked, said_values
from app.submissions.attachments.queries import answered_by
from app.submissions.models import Channel, Draft, Submission, SubmissionState
from app.submissions.operations import DRAFT_LIFE
from app.submissions.steps import Way

#: Who acts when someone uses a code: nobody's name is known.
AUTHOR = System("author")

#: How long a withdrawn submission is kept for its author before everything in it is erased.
WITHDRAWN_KEPT = timedelta(days=30)


def may_correct(submission: Submission, *, now: datetime) -> bool:
    """Tell whether its author may correct it by the code at this instant."""
    return (
        submission.is_standing
        and not is_shared(submission)
        and submission.consultation.stage_at(now) is Stage.OPEN
    )


def is_shared(submission: Submission) -> bool:
    """Tell whether several people settled its words together."""
    return submission.is_official or submission.channel == Channel.MEETING


def begin_correction(session: Session, submission: Submission, *, now: datetime) -> Draft:
    """Return the draft that corrects a submission, filled with what was sent, flushed.

    One that was begun and not sent yet is taken up again, on whatever device.

    :raises ErasedError, WithdrawnError: if it does not stand any more.
    :raises CorrectionClosedError: once the consultation takes no answers.
    :raises NotYoursAloneError: for official positions and points of minutes.
    """
    row = locked(session, submission.id)
    if not row.is_standing:
        raise errors.WithdrawnError
    if is_shared(row):
        raise errors.NotYoursAloneError
    if row.consultation.stage_at(now) is not Stage.OPEN:
        raise errors.CorrectionClosedError
    under_way = find_correction(session, row, now=now)
    if under_way is not None:
        return under_way
    files = answered_by(session, row.id)
    values = said_values(row) | {
        key: {"file": one.file.token, "name": one.file.name} for key, one in files.items()
    }
    sections = [section.position for section in row.questionnaire.sections]
    draft = Draft(
        token=secrets.token_urlsafe(32),
        consultation_id=row.consultation_id,
        questionnaire_id=row.questionnaire_id,
        corrects_id=row.id,
        values=values,
        done_sections=[step.position for step in Way(row.questionnaire, values, sections).steps],
        lang=row.lang if row.lang in {"fr", "ar", "en"} else "fr",
        created_at=now,
        updated_at=now,
        expires_at=now + DRAFT_LIFE,
    )
    session.add(draft)
    session.flush()
    return draft


def find_correction(session: Session, submission: Submission, *, now: datetime) -> Draft | None:
    """Return the correction of a submission that was begun and not sent yet."""
    return session.scalars(
        select(Draft)
        .where(Draft.corrects_id == submission.id, Draft.expires_at > now)
        .order_by(Draft.id)
        .limit(1)
    ).first()


def withdraw(
    session: Session, submission: Submission, *, actor: Actor = AUTHOR, now: datetime
) -> None:
    """Take a submission out of every count and page, flushed; doing it twice changes nothing.

    :raises ErasedError: if nothing is left of it.
    """
    row = locked(session, submission.id)
    if row.state == SubmissionState.WITHDRAWN:
        return
    row.state, row.changed_at = SubmissionState.WITHDRAWN, now
    session.execute(delete(Draft).where(Draft.corrects_id == row.id))
    audit.record(session, actor, "submissions.withdraw", at=now, target=row)


def take_back(session: Session, submission: Submission, *, now: datetime) -> None:
    """Undo a withdrawal, flushed; one that stands stays as it is.

    :raises ErasedError: if nothing is left of it.
    :raises RestoreClosedError: once the consultation takes no answers.
    :raises PositionTakenError: if the organisation has signed another position.
    """
    row = locked(session, submission.id)
    if row.is_standing:
        return
    if row.consultation.stage_at(now) is not Stage.OPEN:
        raise errors.RestoreClosedError
    try:
        with session.begin_nested():
            row.state, row.changed_at = SubmissionState.RECEIVED, now
    except IntegrityError:
        raise errors.PositionTakenError from None
    audit.record(session, AUTHOR, "submissions.take_back", at=now, target=row)


def erased_at(submission: Submission) -> datetime | None:
    """Return when the purge will erase a withdrawn submission, None for one that stands."""
    if submission.state != SubmissionState.WITHDRAWN or submission.changed_at is None:
        return None
    return submission.changed_at + WITHDRAWN_KEPT
