"""Which questions are asked of someone, given what was answered so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from app.consultations import conditions
from app.consultations.models import QuestionKind
from app.submissions import errors
from app.submissions.answers.kinds import Asked, digits, is_empty
from app.submissions.answers.values import validate_value

Question = TypeVar("Question", bound=Asked)


class _Lenient:
    """A question that sets no limit."""

    def __init__(self, question: Asked) -> None:
        self.key, self.kind, self.options = question.key, question.kind, question.options
        self.rules: dict[str, Any] = {}
        self.is_required = False
        self.visible_if: dict[str, Any] | None = None
        self.validity: dict[str, Any] | None = None


def asked_if(question: Asked) -> dict[str, Any] | None:
    """Return the condition under which a question is asked, its section's included."""
    section = getattr(question, "section", None)
    return conditions.both(section.visible_if if section else None, question.visible_if)


def is_visible(question: Asked, values: Mapping[str, Any], actor_type: str | None) -> bool:
    """Tell whether a question is asked of someone who gave ``values``.

    ``values`` holds answers to earlier questions that are themselves asked: see :func:`visible`.
    """
    return conditions.holds(asked_if(question), values, actor_type)


def said(question: Asked, value: Any) -> Any:
    """Return what an answer says, be it acceptable or not: what conditions look at.

    An answer that has still to be corrected opens questions just as it will when it is right.
    """
    for judged in (question, _Lenient(question)):
        with suppress(errors.AnswerRefusedError):
            return validate_value(judged, value)
    if question.kind == QuestionKind.RANKING and isinstance(value, Mapping):
        ranks = {code: digits(str(rank)) for code, rank in value.items() if not is_empty(rank)}
        return sorted(ranks, key=lambda code: (len(ranks[code]), ranks[code]))
    return value


def visible(
    questions: Iterable[Question],
    values: Mapping[str, Any],
    actor_type: str | None,
    *,
    said_so_far: dict[str, Any] | None = None,
) -> list[Question]:
    """Return the questions that are asked, in order.

    What was answered to a question that is no longer asked decides nothing any more.

    :param said_so_far: is given what the questions asked were answered, as conditions see it.
    """
    asked: list[Question] = []
    counted = {} if said_so_far is None else said_so_far
    for question in questions:
        if is_visible(question, counted, actor_type):
            asked.append(question)
            counted[question.key] = said(question, values.get(question.key))
    return asked
