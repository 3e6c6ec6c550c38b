"""Answers written for people to read: on the check, on staff pages, in "my contribution"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Question, QuestionKind
from app.core.db import Texts
from app.submissions import answers
from app.submissions.masking import Masks
from app.submissions.models import Answer, Submission
from app.submissions.places import names_of


@dataclass(frozen=True)
class Written:
    """One answer, in the parts that a page needs.

    :ivar text: what was typed, verbatim, for the two kinds of text.
    :ivar choices: the labels chosen, or the names of the territory from the smallest up.
    :ivar ratings: item and rating of a scale; 0 is "I don't know".
    """

    question: Question
    text: str | None = None
    number: float | None = None
    choices: list[Texts] = field(default_factory=list)
    ratings: list[tuple[Texts, int]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered."""
        return not (self.text or self.choices or self.ratings) and self.number is None


def write(session: Session, question: Question, value: Any) -> Written:
    """Write a validated value (or None)."""
    if value is None:
        return Written(question)
    if answers.is_text(question):
        return Written(question, text=value)
    if question.kind == QuestionKind.NUMBER:
        return Written(question, number=value)
    if question.kind == QuestionKind.TERRITORY:
        return Written(question, choices=names_of(session, value))
    if question.kind == QuestionKind.SCALE:
        return Written(question, ratings=_ratings(question, value))
    chosen = [value] if isinstance(value, str) else value
    labels = {option["code"]: Texts(option["label"]) for option in question.options}
    return Written(question, choices=[labels.get(code, Texts(fr=code)) for code in chosen])


def _ratings(question: Question, value: Mapping[str, int]) -> list[tuple[Texts, int]]:
    """Put each item's label before its rating."""
    return [
        (Texts(item["label"]), value[item["code"]])
        for item in question.options["items"]
        if item["code"] in value
    ]


def write_submission(
    session: Session, submission: Submission, masks: Masks | None = None
) -> list[Written]:
    """Write a submission's answers in the order of its questionnaire.

    :param masks: covers what is personal in the texts; None for their author, or for staff that
        asked for the original.
    """
    given = {
        answer.question_id: answer.value if answer.text is None else _shown(answer, masks)
        for answer in submission.answers
    }
    return [
        write(session, question, given[question.id])
        for question in submission.questionnaire.questions
        if question.id in given
    ]


def _shown(answer: Answer, masks: Masks | None) -> str:
    """Return a text, its personal data masked if there are masks."""
    words = answer.text or ""
    return masks.words(answer.id, words) if masks else words
