"""What a question takes and when it is asked: pure logic, shared by forms, sending and imports."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from app.consultations.models import QuestionKind
from app.core.text import clean_text
from app.organisations.models import ActorType
from app.submissions import errors

#: Longest texts, in code points, where the question's rules say nothing.
SHORT_TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 3000
ORGANISATION_LENGTH = 300

#: Capacities one may choose; ``unknown`` is for imports alone.
ACTOR_TYPES = tuple(kind for kind in ActorType if kind is not ActorType.UNKNOWN)

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


class Asked(Protocol):
    """The part of a question that decides what it takes."""

    key: str
    kind: str
    options: Any
    rules: dict[str, Any]
    is_required: bool
    visible_if: dict[str, Any] | None


Question = TypeVar("Question", bound=Asked)


def is_empty(value: Any) -> bool:
    """Tell whether a value answers nothing (``0`` is an answer)."""
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_empty(part) for part in value)
    return value is None or value == ""


# --- visibility ---------------------------------------------------------------------------------


def is_visible(question: Asked, values: Mapping[str, Any], actor_type: str | None) -> bool:
    """Tell whether a question is asked of someone who gave ``values``.

    ``values`` holds answers to earlier questions that are themselves asked: see :func:`visible`.
    """
    rule = question.visible_if
    if not rule:
        return True
    if "actor_type" in rule and actor_type not in rule["actor_type"]:
        return False
    return "question" not in rule or _says(values.get(rule["question"]), rule.get("is", []))


def _says(value: Any, codes: Iterable[Any]) -> bool:
    """Tell whether an answer contains one of the codes."""
    wanted = {str(code) for code in codes}
    if isinstance(value, Mapping):
        return any(str(part) in wanted for part in value.values() if part is not None)
    if isinstance(value, (list, tuple)):
        return any(str(part) in wanted for part in value)
    return value is not None and str(value) in wanted


def visible(
    questions: Iterable[Question], values: Mapping[str, Any], actor_type: str | None
) -> list[Question]:
    """Return the questions that are asked, in order.

    What was answered to a question that is no longer asked decides nothing any more.
    """
    asked: list[Question] = []
    counted: dict[str, Any] = {}
    for question in questions:
        if is_visible(question, counted, actor_type):
            asked.append(question)
            counted[question.key] = values.get(question.key)
    return asked


# --- values -------------------------------------------------------------------------------------


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
    if not question.is_required:
        return []
    if question.kind == QuestionKind.SCALE:
        return [
            errors.RatingMissingError(item=item["code"], label=item["label"])
            for item in question.options["items"]
            if (value or {}).get(item["code"]) is None
        ]
    if is_empty(value):
        return [_MISSING.get(QuestionKind(question.kind), errors.AnswerMissingError)()]
    return []


_MISSING: dict[QuestionKind, type[errors.AnswerMissingError]] = {
    QuestionKind.SINGLE_CHOICE: errors.ChoiceMissingError,
    QuestionKind.MULTIPLE_CHOICE: errors.ChoiceMissingError,
    QuestionKind.TERRITORY: errors.RegionMissingError,
}


def _codes(question: Asked) -> list[str]:
    """Return the codes of a choice's options."""
    return [option["code"] for option in question.options]


def _single_choice(question: Asked, value: Any) -> str:
    """Read one code."""
    if not isinstance(value, str) or value not in _codes(question):
        raise errors.UnknownChoiceError(value=_shown(value))
    return value


def _multiple_choice(question: Asked, value: Any) -> list[str]:
    """Read several codes, each once, in the order of the options."""
    ticked = value if isinstance(value, (list, tuple)) else [value]
    codes = _codes(question)
    for code in ticked:
        if code not in codes:
            raise errors.UnknownChoiceError(value=_shown(code))
    chosen = [code for code in codes if code in ticked]
    most = question.rules.get("max_choices")
    if most is not None and len(chosen) > most:
        raise errors.TooManyChoicesError(most=most, count=len(chosen))
    return chosen


def _scale(question: Asked, value: Any) -> dict[str, int]:
    """Read a rating from 1 to 5, or 0 for "I don't know", for each item that has one."""
    codes = [item["code"] for item in question.options["items"]]
    if not isinstance(value, Mapping):
        raise errors.NotARatingError(value=_shown(value))
    for code in value:
        if code not in codes:
            raise errors.UnknownChoiceError(value=_shown(code))
    return {code: _rating(code, value[code]) for code in codes if not is_empty(value.get(code))}


def _rating(item: str, value: Any) -> int:
    """Read one rating."""
    text = "" if isinstance(value, bool) else _digits(str(value)).strip()
    if text not in {"0", "1", "2", "3", "4", "5"}:
        raise errors.NotARatingError(item=item, value=_shown(value))
    return int(text)


def _digits(text: str) -> str:
    """Write any script's digits with 0 to 9."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def _number(question: Asked, value: Any) -> int | float:
    """Read a number, written with a decimal comma or point, thousands apart or not."""
    text = "" if isinstance(value, (bool, Mapping, list)) else _digits(str(value))
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    text = text.replace("٫", ".").replace(",", ".").replace("\u2212", "-")
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number) or abs(number) > 1e15:
        raise errors.NotANumberError(value=_shown(value))
    least, most = question.rules.get("min"), question.rules.get("max")
    if least is not None and number < least:
        raise errors.TooSmallError(least=least)
    if most is not None and number > most:
        raise errors.TooLargeError(most=most)
    return int(number) if number.is_integer() else number


def longest(question: Asked) -> int:
    """Return the length a text may have, in code points."""
    default = LONG_TEXT_LENGTH if question.kind == QuestionKind.LONG_TEXT else SHORT_TEXT_LENGTH
    return int(question.rules.get("max_length") or default)


def _text(question: Asked, value: Any) -> str:
    """Read a text: verbatim, never cut."""
    if not isinstance(value, str):
        raise errors.NotATextError
    if len(value) > longest(question):
        raise errors.TooLongError(count=len(value), most=longest(question))
    return value


def _territory(_question: Asked, value: Any) -> dict[str, str | None]:
    """Read a territory: codes nest, so a province tells its region and a commune both.

    Whether a well-formed code is that of a territory, the database says.
    """
    if not isinstance(value, Mapping):
        raise errors.UnknownTerritoryError
    levels = ("region", "province", "commune")
    if not all(isinstance(value.get(level) or "", str) for level in levels):
        raise errors.UnknownTerritoryError
    region, province, commune = (value.get(level) or None for level in levels)
    if commune:
        province = province or ".".join(commune.split(".")[:2])
        if not commune.startswith(f"{province}."):
            raise errors.CommuneElsewhereError
    if province:
        region = region or province.split(".", maxsplit=1)[0]
        if not province.startswith(f"{region}."):
            raise errors.ProvinceElsewhereError
    if region is None:
        raise errors.UnknownTerritoryError
    return {"region": region, "province": province, "commune": commune}


def _shown(value: Any) -> str:
    """Return what was given, short enough for a message."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


_READERS: dict[QuestionKind, Callable[[Asked, Any], Any]] = {
    QuestionKind.SINGLE_CHOICE: _single_choice,
    QuestionKind.MULTIPLE_CHOICE: _multiple_choice,
    QuestionKind.SCALE: _scale,
    QuestionKind.NUMBER: _number,
    QuestionKind.SHORT_TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.TERRITORY: _territory,
}


def is_text(question: Asked) -> bool:
    """Tell whether the answer is a text, kept in a column of its own."""
    return question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}


# --- who answers --------------------------------------------------------------------------------


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


# --- a whole set of answers ---------------------------------------------------------------------


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


def check_value(question: Asked, value: Any) -> tuple[Any, list[Problem]]:
    """Return an answer as it is stored (None if refused or empty), and what is wrong with it."""
    try:
        kept = validate_value(question, value)
    except errors.AnswerRefusedError as error:
        return None, [Problem(question.key, error)]
    return kept, [Problem(question.key, error) for error in missing(question, kept)]


def check(
    questions: Iterable[Question], values: Mapping[str, Any], actor_type: str | None
) -> Checked:
    """Validate the answers to the questions that are asked; those to others are left out."""
    checked = Checked()
    for question in questions:
        if is_visible(question, checked.values, actor_type):
            value, problems = check_value(question, values.get(question.key))
            checked.problems += problems
            if value is not None:
                checked.values[question.key] = value
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
