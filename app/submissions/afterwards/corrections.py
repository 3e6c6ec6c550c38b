"""Which answers corrections changed, told from the versions that they replaced."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.submissions.afterwards.applying import said_values, same_answer
from app.submissions.models import Answer, Submission, SubmissionVersion

#: By submission, then by number of a version: keys of what differs from the version before.
Corrections = dict[int, dict[int, list[str]]]


def corrections_of(session: Session, consultation_id: int) -> Corrections:
    """Return what each correction changed in the submissions that stand and were corrected.

    Who answers (``actor_type``, ``organisation``) is an answer like others.
    """
    corrected = (
        Submission.consultation_id == consultation_id,
        Submission.is_standing,
        Submission.version > 1,
    )
    earlier: dict[int, list[SubmissionVersion]] = defaultdict(list)
    versions = (
        select(SubmissionVersion)
        .join(Submission, Submission.id == SubmissionVersion.submission_id)
        .where(*corrected)
        .order_by(SubmissionVersion.submission_id, SubmissionVersion.number)
    )
    for version in session.scalars(versions):
        earlier[version.submission_id].append(version)
    rows = (
        select(Submission)
        .where(*corrected)
        .order_by(Submission.id)
        .options(selectinload(Submission.answers).joinedload(Answer.question))
    )
    return {row.id: _steps(row, earlier[row.id]) for row in session.scalars(rows)}


def _steps(row: Submission, earlier: list[SubmissionVersion]) -> dict[int, list[str]]:
    """Return what each version of a submission changed in the one before."""
    kinds = {answer.question.key: answer.question.kind for answer in row.answers}
    said: list[dict[str, Any]] = [*(version.values for version in earlier), said_values(row)]
    numbers = [*(version.number for version in earlier[1:]), row.version]
    return {
        number: sorted(
            key
            for key in before.keys() | after.keys()
            if not same_answer(kinds.get(key, ""), before.get(key), after.get(key))
        )
        for number, (before, after) in zip(numbers, pairwise(said), strict=False)
    }
