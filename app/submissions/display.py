"""Answers written for people to read: on the check, on staff pages, in "my contribution"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
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

    :ivar text: what was typed, verbatim: a text, an organisation's name, a file's name.
    :ivar on: a date.
    :ivar choices: the labels chosen, or the names of the territory from the smallest up.
    :ivar words: what was said beside a choice, by its place among ``choices``.
    :ivar ratings: item and rating of a scale (0 is "I don't know"), or item and points of a budget.
    :ivar pairs: line and column of a matrix.
    """

    question: Question
    text: str | None = None
    number: float | None = None
    on: date | None = None
    choices: list[Texts] = field(default_factory=list)
    words: dict[int, str] = field(default_factory=dict)
    ratings: list[tuple[Texts, int]] = field(default_factory=list)
    pairs: list[tuple[Texts, Texts]] = field(default_factory=list)
    is_agreed: bool = False

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered."""
        said = (self.text, self.on, self.choices, self.ratings, self.pairs, self.is_agreed)
        return not any(said) and self.number is None


def write(session: Session, question: Question, value: Any) -> Written:
    """Write a validated value (or None)."""
    if value is None:
        return Written(question)
    if question.kind == QuestionKind.TERRITORY:
        return Written(question, choices=names_of(session, value))
    return _WRITERS.get(QuestionKind(question.kind), _write_choice)(question, value)


def _write_text(question: Question, value: Any) -> Written:
    """Write a text as it is, an organisation or a file by its name."""
    text = value if isinstance(value, str) else value.get("name") or value.get("file") or ""
    return Written(question, text=text)


def _write_date(question: Question, value: str) -> Written:
    """Write a date; one that does not read as such stays as it is."""
    try:
        return Written(question, on=date.fromisoformat(value))
    except ValueError:
        return Written(question, text=value)


def _write_choice(question: Question, value: Any) -> Written:
    """Write the labels of what was chosen, or ranked, with the words said beside it."""
    codes, words = answers.codes_of(value), answers.other_words(value)
    return Written(
        question,
        choices=_labels(answers.items_of(question), codes),
        words={place: words[code] for place, code in enumerate(codes) if code in words},
    )


def _write_ratings(question: Question, value: Mapping[str, int]) -> Written:
    """Put each item's label before its rating, or its points."""
    items = [item for item in answers.items_of(question) if item["code"] in value]
    return Written(
        question, ratings=[(Texts(item["label"]), value[item["code"]]) for item in items]
    )


def _write_matrix(question: Question, value: Mapping[str, str]) -> Written:
    """Put each line's label before that of its column."""
    items = [item for item in answers.items_of(question) if item["code"] in value]
    columns = _labels(answers.columns_of(question), [value[item["code"]] for item in items])
    lines = [Texts(item["label"]) for item in items]
    return Written(question, pairs=list(zip(lines, columns, strict=True)))


def _labels(options: list[dict[str, Any]], codes: list[str]) -> list[Texts]:
    """Return the label of each code; one that has none stands for itself."""
    labels = {option["code"]: Texts(option["label"]) for option in options}
    return [labels.get(code) or Texts(fr=code) for code in codes]


_WRITERS: dict[QuestionKind, Callable[[Question, Any], Written]] = {
    QuestionKind.SHORT_TEXT: _write_text,
    QuestionKind.LONG_TEXT: _write_text,
    QuestionKind.ORGANISATION: _write_text,
    QuestionKind.FILE: _write_text,
    QuestionKind.DATE: _write_date,
    QuestionKind.NUMBER: lambda question, value: Written(question, number=value),
    QuestionKind.CONSENT: lambda question, value: Written(question, is_agreed=bool(value)),
    QuestionKind.SCALE: _write_ratings,
    QuestionKind.BUDGET: _write_ratings,
    QuestionKind.MATRIX: _write_matrix,
}


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
