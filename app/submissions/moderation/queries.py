"""Selections of moderation: the queue, one case, the masks of a submission."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, select, true
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.core.errors import NotFoundError
from app.submissions.models import Answer, ModerationCase, Redaction, Submission
from app.submissions.models.care import CaseState
from app.submissions.queries import Scope


@dataclass(frozen=True)
class CaseFilter:
    """What the queue is narrowed to; empty strings narrow nothing."""

    state: str = CaseState.OPEN
    reason: str = ""
    source: str = ""

    @property
    def condition(self) -> ColumnElement[bool]:
        """The cases that pass."""
        columns = {
            ModerationCase.state: self.state,
            ModerationCase.reason: self.reason,
            ModerationCase.source: self.source,
        }
        return and_(true(), *(column == value for column, value in columns.items() if value))


#: What people say comes before what the machine found.
_URGENCY = ModerationCase.source.desc()


def cases(scope: Scope, narrowed: CaseFilter) -> Select[ModerationCase]:
    """Select the cases of a scope, those of readers and staff first, the oldest first."""
    return (
        select(ModerationCase)
        .join(ModerationCase.submission)
        .where(scope.condition, narrowed.condition)
        .order_by(_URGENCY, ModerationCase.opened_at, ModerationCase.id)
        .options(
            contains_eager(ModerationCase.submission)
            .selectinload(Submission.answers)
            .joinedload(Answer.question)
        )
    )


def n_cases(scope: Scope, narrowed: CaseFilter) -> Select[int]:
    """Select how many cases there are."""
    return (
        select(func.count(ModerationCase.id))
        .join(ModerationCase.submission)
        .where(scope.condition, narrowed.condition)
    )


def get_case(session: Session, identity: int) -> ModerationCase:
    """Return a case.

    :raises NotFoundError: if there is none of that number.
    """
    case = session.get(ModerationCase, identity)
    if case is None:
        raise NotFoundError
    return case


def cases_of(submission_id: int) -> Select[ModerationCase]:
    """Select the cases of a submission, the newest first."""
    return (
        select(ModerationCase)
        .where(ModerationCase.submission_id == submission_id)
        .order_by(ModerationCase.id.desc())
    )


def told_of(submission_id: int) -> Select[ModerationCase]:
    """Select the decisions that concern what is shown of a submission, the newest first."""
    return cases_of(submission_id).where(
        ModerationCase.state.in_([CaseState.MASKED, CaseState.HIDDEN])
    )


def masks_in(submission_id: int) -> Select[Redaction]:
    """Select the masks of a submission's answers, lifted ones too, in their order."""
    return (
        select(Redaction)
        .join(Answer, Answer.id == Redaction.answer_id)
        .where(Answer.submission_id == submission_id)
        .order_by(Redaction.answer_id, Redaction.start)
        .options(selectinload(Redaction.answer))
    )
