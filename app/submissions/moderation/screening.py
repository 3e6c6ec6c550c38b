"""Looking for personal data in what came in: rows that say where it is, and a case for people."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.submissions import masking
from app.submissions.models import Answer, ModerationCase, Redaction, Submission
from app.submissions.models.care import CaseReason, CaseSource, CaseState, RedactionSource

#: Submissions screened in one transaction.
BATCH = 500


def waiting(limit: int = BATCH) -> Select[Submission]:
    """Select the submissions in which nothing was looked for since they came or changed."""
    return (
        select(Submission)
        .where(Submission.screened_version < Submission.version)
        .order_by(Submission.id)
        .limit(limit)
        .options(selectinload(Submission.answers))
    )


def screen(session: Session, submissions: Iterable[Submission], *, now: datetime) -> int:
    """Note the personal data of submissions, flushed; return in how many there is any.

    Masks that people lifted or set stay as they are; screening twice adds nothing.
    """
    rows = list(submissions)
    known = _known(session, rows)
    cased = _with_open_case(session, rows)
    n_found = 0
    for row in rows:
        found = [
            (answer.id, spot)
            for answer in row.answers
            if answer.text
            for spot in masking.found_in(answer.text)
        ]
        new = [(answer, spot) for answer, spot in found if (answer, *spot[:2]) not in known]
        session.add_all(
            Redaction(
                answer_id=answer,
                start=spot.start,
                end=spot.end,
                kind=spot.kind,
                source=RedactionSource.MACHINE,
                created_at=now,
            )
            for answer, spot in new
        )
        if new and row.id not in cased:
            session.add(_case(row, now))
        n_found += bool(found)
        row.screened_version = row.version
    session.flush()
    return n_found


def _known(session: Session, rows: list[Submission]) -> set[tuple[int, int, int]]:
    """Return the stretches that are masked, or were, as ``(answer, start, end)``."""
    found = session.execute(
        select(Redaction.answer_id, Redaction.start, Redaction.end)
        .join(Answer, Answer.id == Redaction.answer_id)
        .where(Answer.submission_id.in_([row.id for row in rows]))
    )
    return {(row.answer_id, row.start, row.end) for row in found}


def _with_open_case(session: Session, rows: list[Submission]) -> set[int]:
    """Return the submissions whose personal data waits for a decision already."""
    return set(
        session.scalars(
            select(ModerationCase.submission_id).where(
                ModerationCase.submission_id.in_([row.id for row in rows]),
                ModerationCase.reason == CaseReason.PERSONAL_DATA,
                ModerationCase.state == CaseState.OPEN,
            )
        )
    )


def _case(row: Submission, now: datetime) -> ModerationCase:
    """Make the case of a submission in which personal data was found."""
    return ModerationCase(
        submission_id=row.id,
        reason=CaseReason.PERSONAL_DATA,
        source=CaseSource.MACHINE,
        opened_at=now,
    )
