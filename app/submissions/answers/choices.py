"""Reading choices, and answers that have a part for each item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.text import clean_text
from app.submissions import errors
from app.submissions.answers.kinds import (
    SHORT_TEXT_LENGTH,
    Asked,
    codes,
    columns_of,
    digits,
    is_empty,
    is_open,
    items_of,
    shown,
    total_of,
)


def single_choice(question: Asked, value: Any) -> Any:
    """Read one code, with the words said beside it if its option is open."""
    return _chosen(question, value)


def _chosen(question: Asked, value: Any) -> Any:
    """Read one option: its code, or its code and words of one's own."""
    code, words = value, ""
    if isinstance(value, Mapping):
        code, words = value.get("code"), value.get("other") or ""
    option = next((one for one in items_of(question) if one["code"] == code), None)
    if option is None or not isinstance(words, str):
        raise errors.UnknownChoiceError(value=shown(code))
    words = clean_text(words)
    if len(words) > SHORT_TEXT_LENGTH:
        raise errors.TooLongError(count=len(words), most=SHORT_TEXT_LENGTH)
    return {"code": code, "other": words} if words and is_open(option) else code


def multiple_choice(question: Asked, value: Any) -> list[Any]:
    """Read several codes, each once, in the order of the options."""
    ticked = value if isinstance(value, (list, tuple)) else [value]
    by_code: dict[str, Any] = {}
    for one in ticked:
        chosen = _chosen(question, one)
        code = chosen["code"] if isinstance(chosen, Mapping) else chosen
        by_code[code] = chosen if isinstance(chosen, Mapping) else by_code.get(code, chosen)
    _check_count(question, len(by_code))
    return [by_code[code] for code in codes(items_of(question)) if code in by_code]


def _check_count(question: Asked, count: int) -> None:
    """Check how many are chosen."""
    most, least = question.rules.get("max_choices"), question.rules.get("min_choices")
    if most is not None and count > most:
        raise errors.TooManyChoicesError(most=most, count=count)
    if least is not None and count < least:
        raise errors.TooFewChoicesError(least=least, count=count)


def _by_item(question: Asked, value: Any) -> dict[str, Any]:
    """Return what was said of each item that something was said of, in their order."""
    known = codes(items_of(question))
    for code in value:
        if code not in known:
            raise errors.UnknownChoiceError(value=shown(code))
    return {code: value[code] for code in known if not is_empty(value.get(code))}


def scale(question: Asked, value: Any) -> dict[str, int]:
    """Read a rating from 1 to 5, or 0 for "I don't know", for each item that has one."""
    if not isinstance(value, Mapping):
        raise errors.NotARatingError(value=shown(value))
    return {code: _rating(code, given) for code, given in _by_item(question, value).items()}


def _rating(item: str, value: Any) -> int:
    """Read one rating."""
    text = "" if isinstance(value, bool) else digits(str(value)).strip()
    if text not in {"0", "1", "2", "3", "4", "5"}:
        raise errors.NotARatingError(item=item, value=shown(value))
    return int(text)


def matrix(question: Asked, value: Any) -> dict[str, str]:
    """Read the column chosen on each line that has one."""
    if not isinstance(value, Mapping):
        raise errors.UnknownChoiceError(value=shown(value))
    columns = codes(columns_of(question))
    given = _by_item(question, value)
    for code, column in given.items():
        if column not in columns:
            raise errors.UnknownChoiceError(item=code, value=shown(column))
    return given


def ranking(question: Asked, value: Any) -> list[str]:
    """Read an order: codes, the first in rank first, or a rank for each item that has one."""
    if isinstance(value, Mapping):
        value = _by_rank(_by_item(question, value))
    order = list(value) if isinstance(value, (list, tuple)) else [value]
    known, seen = codes(items_of(question)), set()
    for code in order:
        if code not in known:
            raise errors.UnknownChoiceError(value=shown(code))
        if code in seen:
            raise errors.RankTwiceError(item=code, rank=order.index(code) + 1)
        seen.add(code)
    _check_count(question, len(seen))
    return order


def _by_rank(given: Mapping[str, Any]) -> list[str]:
    """Put items in the order of their ranks; each rank is given once, some may be left out."""
    at: dict[int, str] = {}
    for code, said in given.items():
        text = "" if isinstance(said, bool) else digits(str(said)).strip()
        rank = int(text) if text.isdecimal() and len(text) < 4 else 0
        if rank < 1:
            raise errors.NotARankError(item=code, value=shown(said))
        if rank in at:
            raise errors.RankTwiceError(item=code, rank=rank)
        at[rank] = code
    return [at[rank] for rank in sorted(at)]


def budget(question: Asked, value: Any) -> dict[str, int] | None:
    """Read whole points for each item, that come to the total together; blanks are none."""
    if not isinstance(value, Mapping):
        raise errors.NotPointsError(value=shown(value))
    points = {code: _points(code, given) for code, given in _by_item(question, value).items()}
    total, given = total_of(question), sum(points.values())
    if not given:
        return None
    if given < total:
        raise errors.PointsLeftError(count=total - given, given=given, total=total)
    if given > total:
        raise errors.PointsTooManyError(count=given - total, given=given, total=total)
    return {code: points.get(code, 0) for code in codes(items_of(question))}


def _points(item: str, value: Any) -> int:
    """Read the points of one item."""
    text = "" if isinstance(value, bool) else digits(str(value)).strip().removesuffix(".0")
    if not text.isdecimal() or len(text) > 9:
        raise errors.NotPointsError(item=item, value=shown(value))
    return int(text)
