"""What is known of a question from its kind: its options, its lines, its limits."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Protocol

from app.consultations.models import QuestionKind

#: Longest texts, in code points, where the question's rules say nothing.
SHORT_TEXT_LENGTH = 300
LONG_TEXT_LENGTH = 3000

#: Points of a budget where the question's rules say nothing.
TOTAL = 100

_CHOICES = {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE}
_ITEMS = {QuestionKind.SCALE, QuestionKind.MATRIX, QuestionKind.RANKING, QuestionKind.BUDGET}


class Asked(Protocol):
    """The part of a question that decides what it takes."""

    key: str
    kind: str
    options: Any
    rules: dict[str, Any]
    is_required: bool
    visible_if: dict[str, Any] | None
    validity: dict[str, Any] | None


def is_empty(value: Any) -> bool:
    """Tell whether a value answers nothing (``0`` is an answer)."""
    if isinstance(value, Mapping):
        return all(is_empty(part) for part in value.values())
    if isinstance(value, (list, tuple)):
        return all(is_empty(part) for part in value)
    return value is None or value == ""


def is_text(question: Asked) -> bool:
    """Tell whether the answer is a text, kept in a column of its own."""
    return question.kind in {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT}


def is_answerable(question: Asked) -> bool:
    """Tell whether it asks anything: a note does not."""
    return question.kind != QuestionKind.NOTE


def is_choice(question: Asked) -> bool:
    """Tell whether one answers by ticking one option or several."""
    return question.kind in _CHOICES


def has_items(question: Asked) -> bool:
    """Tell whether the answer has a part for each of several items."""
    return question.kind in _ITEMS


def items_of(question: Asked) -> list[dict[str, Any]]:
    """Return the options of a choice, or the items of a question that has some."""
    if isinstance(question.options, Mapping):
        return list(question.options.get("items", []))
    return list(question.options or [])


def ordered_items(question: Asked, seed: str) -> list[dict[str, Any]]:
    """Return the options as one person sees them: shuffled if the rules say so, always alike.

    Options that are said in one's own words stay at the end.
    """
    items = items_of(question)
    if not (seed and question.rules.get("randomise")):
        return items
    return sorted(items, key=lambda one: (is_open(one), _drawn(seed, question.key, one["code"])))


def _drawn(*parts: str) -> bytes:
    """Return what decides an item's place among the others."""
    return blake2b("\0".join(map(str, parts)).encode(), digest_size=8).digest()


def columns_of(question: Asked) -> list[dict[str, Any]]:
    """Return the columns of a matrix."""
    is_table = isinstance(question.options, Mapping)
    return list(question.options.get("columns", [])) if is_table else []


def is_open(option: Mapping[str, Any]) -> bool:
    """Tell whether an option is said in one's own words."""
    return bool(option.get("is_open"))


def longest(question: Asked) -> int:
    """Return the length a text may have, in code points."""
    default = LONG_TEXT_LENGTH if question.kind == QuestionKind.LONG_TEXT else SHORT_TEXT_LENGTH
    return int(question.rules.get("max_length") or default)


def total_of(question: Asked) -> int:
    """Return the points that a budget shares out."""
    return int(question.rules.get("total") or TOTAL)


def codes(options: list[dict[str, Any]]) -> list[str]:
    """Return the codes of options."""
    return [str(option["code"]) for option in options]


def digits(text: str) -> str:
    """Write any script's digits with 0 to 9."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in text)


def shown(value: Any) -> str:
    """Return what was given, short enough for a message."""
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
