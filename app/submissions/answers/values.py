"""Reading an answer of any kind, and telling what it lacks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.consultations.models import QuestionKind
from app.core.text import clean_text
from app.submissions import errors
from app.submissions.answers import choices, plain
from app.submissions.answers.kinds import Asked, is_answerable, is_empty, items_of


def validate_value(question: Asked, value: Any) -> Any:
    """Return ``value`` in the form in which it is stored, or None if it answers nothing.

    Strings are accepted wherever a file or a form can only give strings.

    :raises AnswerRefusedError: if the question does not take it.
    """
    if isinstance(value, str):
        value = clean_text(value)
    if is_empty(value):
        return None
    return _READERS[QuestionKind(question.kind)](question, value)


def missing(question: Asked, value: Any) -> list[errors.AnswerMissingError]:
    """Return what a validated value lacks for a required question: nothing if it is enough."""
    if not question.is_required or not is_answerable(question):
        return []
    if question.kind in _BY_LINE:
        return [
            _BY_LINE[QuestionKind(question.kind)](item=item["code"], label=item["label"])
            for item in items_of(question)
            if (value or {}).get(item["code"]) is None
        ]
    if is_empty(value):
        return [_MISSING.get(QuestionKind(question.kind), errors.AnswerMissingError)()]
    return []


#: Kinds of which every line has to be answered.
_BY_LINE: dict[QuestionKind, type[errors.LineMissingError]] = {
    QuestionKind.SCALE: errors.RatingMissingError,
    QuestionKind.MATRIX: errors.LineMissingError,
}
_MISSING: dict[QuestionKind, type[errors.AnswerMissingError]] = {
    QuestionKind.SINGLE_CHOICE: errors.ChoiceMissingError,
    QuestionKind.MULTIPLE_CHOICE: errors.ChoiceMissingError,
    QuestionKind.RANKING: errors.RankingMissingError,
    QuestionKind.BUDGET: errors.BudgetMissingError,
    QuestionKind.DATE: errors.DateMissingError,
    QuestionKind.TERRITORY: errors.RegionMissingError,
    QuestionKind.ORGANISATION: errors.OrganisationMissingError,
    QuestionKind.CONSENT: errors.TickMissingError,
    QuestionKind.FILE: errors.FileMissingError,
}

_READERS: dict[QuestionKind, Callable[[Asked, Any], Any]] = {
    QuestionKind.SINGLE_CHOICE: choices.single_choice,
    QuestionKind.MULTIPLE_CHOICE: choices.multiple_choice,
    QuestionKind.SCALE: choices.scale,
    QuestionKind.MATRIX: choices.matrix,
    QuestionKind.RANKING: choices.ranking,
    QuestionKind.BUDGET: choices.budget,
    QuestionKind.NUMBER: plain.number,
    QuestionKind.DATE: plain.day,
    QuestionKind.SHORT_TEXT: plain.text,
    QuestionKind.LONG_TEXT: plain.text,
    QuestionKind.FILE: plain.file,
    QuestionKind.TERRITORY: plain.territory,
    QuestionKind.ORGANISATION: plain.organisation,
    QuestionKind.CONSENT: plain.consent,
    QuestionKind.NOTE: plain.note,
}
