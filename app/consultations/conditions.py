"""Conditions: whether what was answered so far opens a question, or makes an answer acceptable.

``Question`` says how they are written. ``static/js/questions.js`` decides in the same way; a test
compares the two. Answers are given as :mod:`app.submissions.answers` stores them. One that is
empty, or that was given to a question nobody asks, compares with nothing: every comparison with it
is false, and it counts as no option and no character.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from operator import ge, gt, le, lt
from typing import Any

from app.consultations import errors, patterns

#: Deepest and largest tree.
DEPTH = 12
SIZE = 200

_ORDERS: dict[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
COMPARISONS = ("=", "!=", *_ORDERS)
OPERATORS = (*COMPARISONS, "matches", "answered", "empty")

_NUMBER = re.compile(r"[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?")
_TESTS = ("is", "op", "count", "length")
_KEYS = {"all", "any", "not", "actor_type", "question", "item", "value", *_TESTS}


def holds(
    condition: Mapping[str, Any] | None, values: Mapping[str, Any], actor_type: str | None
) -> bool:
    """Tell whether a condition is fulfilled; there being none, it is.

    :param values: answers by question key; ``actor_type``: in what capacity one answers.
    """
    if not condition:
        return True
    parts = [
        all(holds(part, values, actor_type) for part in condition.get("all", ())),
        "any" not in condition or any(holds(part, values, actor_type) for part in condition["any"]),
        "not" not in condition or not holds(condition["not"], values, actor_type),
        "actor_type" not in condition or actor_type in condition["actor_type"],
        "question" not in condition or _tests(condition, values),
    ]
    return all(parts)


def _tests(condition: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Tell whether an answer passes every test that the condition puts it to."""
    value = values.get(condition["question"])
    if "item" in condition:
        value = value.get(condition["item"]) if isinstance(value, Mapping) else None
    passed = []
    if "is" in condition:
        passed.append(_any_same(scalars(value), condition["is"]))
    if "op" in condition:
        passed.append(_compares(condition["op"], scalars(value), condition.get("value"), values))
    if "count" in condition:
        n_chosen = [len(scalars(value))]
        passed.append(_compares(condition["count"], n_chosen, condition.get("value"), values))
    if "length" in condition:
        n_signs = [len(value) if isinstance(value, str) else 0]
        passed.append(_compares(condition["length"], n_signs, condition.get("value"), values))
    return bool(passed) and all(passed)


def scalars(value: Any) -> list[str | int | float]:
    """Return the plain parts of an answer: codes, numbers, words; none if it is empty."""
    if isinstance(value, Mapping):
        # An open option is what was chosen; the words said with it are not another choice.
        parts = [value["code"]] if set(value) == {"code", "other"} else list(value.values())
        return [scalar for part in parts for scalar in scalars(part)]
    if isinstance(value, (list, tuple)):
        return [scalar for part in value for scalar in scalars(part)]
    if isinstance(value, bool):
        return ["true"] if value else []
    return [] if value is None or value == "" else [value]


def _compares(op: str, left: list[Any], value: Any, values: Mapping[str, Any]) -> bool:
    """Tell whether an answer stands in a relation to a value, or to another answer."""
    if op in {"answered", "empty"}:
        return bool(left) is (op == "answered")
    is_reference = isinstance(value, Mapping)
    right = scalars(values.get(value["question"])) if is_reference else scalars(value)
    if not left or not right:
        return False
    if op == "=":
        return _any_same(left, right)
    if op == "!=":
        return not _any_same(left, right)
    if op == "matches":
        return any(patterns.matches(str(right[0]), one) for one in left if isinstance(one, str))
    return any(_in_order(_ORDERS[op], one, other) for one in left for other in right)


def _any_same(left: list[Any], right: Any) -> bool:
    """Tell whether two lists have something in common."""
    return any(_same(one, other) for one in left for other in right)


def _same(one: Any, other: Any) -> bool:
    """Tell whether two things are the same; a number is the same as the text that writes it."""
    if isinstance(one, str) and isinstance(other, str):
        return one == other
    numbers = _number(one), _number(other)
    return None not in numbers and numbers[0] == numbers[1]


def _in_order(order: Callable[[Any, Any], bool], one: Any, other: Any) -> bool:
    """Tell whether two things stand in an order: as numbers if both are, else as texts."""
    first, second = _number(one), _number(other)
    if first is not None and second is not None:
        return order(first, second)
    return isinstance(one, str) and isinstance(other, str) and order(one, other)


def _number(scalar: Any) -> float | None:
    """Return the number that a scalar is or writes."""
    if isinstance(scalar, str):
        return float(scalar) if _NUMBER.fullmatch(scalar) else None
    return None if isinstance(scalar, bool) else float(scalar)


# --- reading and checking -----------------------------------------------------------------------


def parts_of(condition: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """Yield a condition and every condition inside it."""
    if not condition:
        return
    yield condition
    for part in (*condition.get("all", ()), *condition.get("any", ())):
        yield from parts_of(part)
    yield from parts_of(condition.get("not"))


def questions_in(condition: Mapping[str, Any] | None) -> set[str]:
    """Return the keys of the questions whose answers decide."""
    keys: set[str] = set()
    for part in parts_of(condition):
        if "question" in part:
            keys.add(part["question"])
        if isinstance(part.get("value"), Mapping):
            keys.add(part["value"]["question"])
    return keys


def asks_actor(condition: Mapping[str, Any] | None) -> bool:
    """Tell whether the capacity in which one answers decides."""
    return any("actor_type" in part for part in parts_of(condition))


def both(*conditions: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return the condition that all of these hold, None if there is none."""
    given = [dict(condition) for condition in conditions if condition]
    return {"all": given} if len(given) > 1 else (given[0] if given else None)


def check_condition(condition: Any, known: set[str] | frozenset[str], place: str = "") -> None:
    """Check that a condition is well formed and points at known questions.

    :param known: keys of the questions it may point at.
    :param place: where it stands, for the messages.
    :raises ConditionError: naming what is wrong, and where in the tree.
    """
    _check(condition, known, place, [SIZE], DEPTH)


def _check(condition: Any, known: Any, place: str, left: list[int], depth: int) -> None:
    """Check one level; ``left`` counts down what the whole tree may still hold."""
    left[0] -= 1
    if depth <= 0 or left[0] < 0:
        raise errors.ConditionTooLargeError(place=place)
    _check_words(condition, place)
    for name in ("all", "any"):
        if name in condition:
            for number, part in enumerate(_list_of(condition, name, place), 1):
                _check(part, known, f"{place}/{name}/{number}", left, depth - 1)
    if "not" in condition:
        _check(condition["not"], known, f"{place}/not", left, depth - 1)
    if "actor_type" in condition:
        _list_of(condition, "actor_type", place)
    _check_tests(condition, known, place)


def _check_words(condition: Any, place: str) -> None:
    """Check that it is made of words that mean something."""
    if not isinstance(condition, Mapping) or not condition:
        raise errors.ConditionMalformedError(place=place)
    strange = sorted(str(key) for key in set(condition) - _KEYS)
    if strange:
        raise errors.ConditionPartUnknownError(place=place, name=", ".join(strange))


def _list_of(condition: Mapping[str, Any], name: str, place: str) -> list[Any]:
    """Return a part that must be a list with something in it."""
    found = condition[name]
    if not isinstance(found, list) or not found:
        raise errors.ConditionMalformedError(place=f"{place}/{name}")
    return found


def _check_tests(condition: Mapping[str, Any], known: Any, place: str) -> None:
    """Check the tests of an answer."""
    tests = [name for name in _TESTS if name in condition]
    if "question" not in condition:
        if tests or {"item", "value"} & set(condition):
            raise errors.ConditionMalformedError(place=place)
        return
    _check_key(condition["question"], known, place)
    if not tests or not isinstance(condition.get("item", ""), str):
        raise errors.ConditionMalformedError(place=place)
    if "is" in condition and not all(_is_scalar(code) for code in _list_of(condition, "is", place)):
        raise errors.ConditionMalformedError(place=f"{place}/is")
    for name in tests:
        if name != "is":
            _check_comparison(condition, name, known, place)


def _check_comparison(condition: Mapping[str, Any], name: str, known: Any, place: str) -> None:
    """Check an operator and what it compares with."""
    op, value = condition[name], condition.get("value")
    if op not in (OPERATORS if name == "op" else COMPARISONS):
        raise errors.ConditionOperatorError(place=place, name=str(op))
    if op in {"answered", "empty"}:
        return
    if isinstance(value, Mapping):
        if set(value) != {"question"} or op == "matches":
            raise errors.ConditionMalformedError(place=f"{place}/value")
        _check_key(value["question"], known, place)
    elif not _is_scalar(value) or (name != "op" and not isinstance(value, (int, float))):
        raise errors.ConditionMalformedError(place=f"{place}/value")
    elif op == "matches":
        _check_pattern(value, place)


def _check_pattern(pattern: Any, place: str) -> None:
    """Check a pattern."""
    try:
        patterns.compiled(str(pattern))
    except patterns.PatternError as error:
        raise errors.ConditionPatternError(place=place, part=str(error)) from error


def _check_key(key: Any, known: Any, place: str) -> None:
    """Check that a question is one that may be pointed at."""
    if not isinstance(key, str) or key not in known:
        raise errors.ConditionQuestionError(place=place, key=str(key))


def _is_scalar(value: Any) -> bool:
    """Tell whether a value is a text with something in it, or a number that can be compared."""
    if isinstance(value, str):
        return value != ""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= 1e15
