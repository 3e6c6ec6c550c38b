"""Checking a whole set of answers, and who gives them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.consultations import conditions
from app.core.text import clean_text
from app.organisations.models import ActorType
from app.submissions import errors
from app.submissions.answers.asking import Question, is_visible, said
from app.submissions.answers.kinds import Asked, is_answerable
from app.submissions.answers.values import missing, validate_value

ORGANISATION_LENGTH = 300

#: Capacities one may choose; ``unknown`` is for imports alone.
ACTOR_TYPES = tuple(kind for kind in ActorType if kind is not ActorType.UNKNOWN)


def validate_actor(actor_type: str | None, organisation: str | None) -> tuple[ActorType, str]:
    """Return who answers; people who answer for themselves have no organisation.

    :raises UnknownActorTypeError: without a capacity that may be chosen.
    :raises OrganisationMissingError: if an organisation answers without its name.
    :raises OrganisationTooLongError: if the name is over :data:`ORGANISATION_LENGTH` code points.
    """
    if actor_type not in ACTOR_TYPES:
        raise errors.UnknownActorTypeError
    actor, name = ActorType(actor_type), " ".join(clean_text(organisation).split())
    if not actor.is_organisation:
        return actor, ""
    if not name:
        raise errors.OrganisationMissingError
    if len(name) > ORGANISATION_LENGTH:
        raise errors.OrganisationTooLongError(most=ORGANISATION_LENGTH)
    return actor, name


@dataclass(frozen=True)
class Problem:
    """Why an answer is refused.

    :ivar key: the question's, or ``actor_type`` or ``organisation``.
    """

    key: str
    error: errors.AnswerRefusedError


@dataclass
class Checked:
    """Answers to the questions that are asked, and what is wrong with them."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def check_value(
    question: Asked,
    value: Any,
    values: Mapping[str, Any] | None = None,
    actor_type: str | None = None,
) -> tuple[Any, list[Problem]]:
    """Return an answer as it is stored (None if refused or empty), and what is wrong with it.

    :param values: answers given to other questions, for a question whose validity looks at them.
    """
    try:
        kept = validate_value(question, value)
        if kept is not None:
            check_validity(question, {**(values or {}), question.key: kept}, actor_type)
    except errors.AnswerRefusedError as error:
        return None, [Problem(question.key, error)]
    return kept, [Problem(question.key, error) for error in missing(question, kept)]


def check_validity(question: Asked, values: Mapping[str, Any], actor_type: str | None) -> None:
    """Check what the questionnaire's authors ask of the answer beside its kind.

    :raises NotValidError: with their message.
    """
    rule = question.validity
    if rule and not conditions.holds(rule.get("when"), values, actor_type):
        raise errors.NotValidError(message=rule.get("message") or {})


def check(
    questions: Iterable[Question], values: Mapping[str, Any], actor_type: str | None
) -> Checked:
    """Validate the answers to the questions that are asked; those to others are left out."""
    checked = Checked()
    counted: dict[str, Any] = {}
    for question in questions:
        if is_visible(question, counted, actor_type):
            given = values.get(question.key)
            value, problems = check_value(question, given, counted, actor_type)
            checked.problems += problems
            if value is not None and is_answerable(question):
                checked.values[question.key] = value
            counted[question.key] = said(question, given) if value is None else value
    return checked


def check_actor(values: Mapping[str, Any]) -> list[Problem]:
    """Return what is wrong with who answers."""
    try:
        validate_actor(values.get("actor_type"), values.get("organisation"))
    except errors.UnknownActorTypeError as error:
        return [Problem("actor_type", error)]
    except errors.AnswerRefusedError as error:
        return [Problem("organisation", error)]
    return []
