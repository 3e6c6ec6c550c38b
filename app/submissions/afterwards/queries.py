"""Finding a submission by its code, and what changed from one version to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.consultations.models import Questionnaire
from app.organisations.models import ActorType
from app.submissions.afterwards.applying import said_values, same_answer
from app.submissions.display import Written, write
from app.submissions.models import Answer, Submission, SubmissionVersion
from app.submissions.receipts import readings


def with_codes(codes: Iterable[str]) -> Select[Submission]:
    """Select the submissions with one of these receipt codes."""
    return (
        select(Submission)
        .where(Submission.receipt_code.in_(list(codes)))
        .options(selectinload(Submission.answers).joinedload(Answer.question))
    )


def find_by_code(session: Session, typed: str) -> Submission | None:
    """Return the submission whose code somebody typed, however they typed it.

    A sign that no code contains may stand for several: if more than one code fits, none is opened.
    """
    codes = readings(typed)
    found = session.scalars(with_codes(codes)).all() if codes else []
    return found[0] if len(found) == 1 else None


def versions_of(submission_id: int) -> Select[SubmissionVersion]:
    """Select the earlier versions of a submission, the first one first."""
    return (
        select(SubmissionVersion)
        .where(SubmissionVersion.submission_id == submission_id)
        .order_by(SubmissionVersion.number)
    )


@dataclass(frozen=True)
class Change:
    """One answer that a correction changed.

    :ivar before: what was answered; empty if nothing was.
    """

    before: Written
    after: Written


@dataclass
class Version:
    """A version with what it changed in the one before.

    :ivar actors: who answered before and after, where that changed.
    """

    number: int
    at: datetime
    is_by_staff: bool = False
    changes: list[Change] = field(default_factory=list)
    actors: tuple[tuple[ActorType, str], tuple[ActorType, str]] | None = None


def load_versions(session: Session, submission: Submission) -> list[Version]:
    """Return every version of a submission, the newest first; the first one changes nothing."""
    earlier = session.scalars(versions_of(submission.id)).all()
    stood = [dict(one.values) for one in earlier] + [said_values(submission)]
    versions = [Version(1, submission.submitted_at)]
    for place, one in enumerate(earlier):
        questionnaire = session.get_one(Questionnaire, one.questionnaire_id)
        before, after = stood[place], stood[place + 1]
        versions.append(
            Version(
                one.number + 1,
                one.replaced_at,
                one.replaced_by_id is not None,
                list(_changes(session, questionnaire, before, after)),
                _actors(before, after),
            )
        )
    return versions[::-1]


def _changes(
    session: Session, questionnaire: Questionnaire, before: dict[str, Any], after: dict[str, Any]
) -> Iterable[Change]:
    """Yield the answers that differ, in the order of the questions."""
    for question in questionnaire.questions:
        old, new = before.get(question.key), after.get(question.key)
        if not same_answer(question.kind, old, new):
            yield Change(write(session, question, old), write(session, question, new))


def _actors(
    before: dict[str, Any], after: dict[str, Any]
) -> tuple[tuple[ActorType, str], tuple[ActorType, str]] | None:
    """Return who answered before and after, None if it is the same."""
    old, new = (
        (ActorType(values["actor_type"]), str(values["organisation"])) for values in (before, after)
    )
    return None if old == new else (old, new)
