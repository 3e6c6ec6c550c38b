"""Lists of choices, and what a line says of how one chooses."""

from __future__ import annotations

import re
from typing import Any

from app.consultations.models import QuestionKind as Kind
from app.consultations.xlsform.columns import Columns, text_of
from app.consultations.xlsform.form import QuestionSpec
from app.consultations.xlsform.sheets import Sheet
from app.consultations.xlsform.types import Type

Option = dict[str, Any]

#: How the option is called that ``or_other`` adds.
OTHER: Option = {
    "code": "other",
    "label": {"fr": "Autre", "ar": "غير ذلك", "en": "Other"},
    "is_open": True,
}
_RANGE = {"start": "0", "end": "10", "step": "1"}


def read_lists(sheet: Sheet | None, default: str) -> dict[str, list[Option]]:
    """Return the options of each list."""
    lists: dict[str, list[Option]] = {}
    if sheet is None:
        return lists
    columns = Columns(sheet.columns, default)
    for row in sheet.rows:
        name, code = columns.text(row, "list_name"), columns.text(row, "name")
        if name and code:
            label = columns.texts(row, "label") or dict.fromkeys(("fr", "ar"), code)
            lists.setdefault(name, []).append({"code": code, "label": label})
    return lists


def read_options(spec: QuestionSpec, kind: Type, lists: dict[str, list[Option]]) -> None:
    """Give a choice its options, its own copy of the list."""
    if not kind.list_name:
        return
    seen: dict[str, Option] = {}
    for option in lists[kind.list_name]:
        seen.setdefault(option["code"], dict(option))
    spec.options = list(seen.values())
    if kind.has_other and "other" not in seen:
        spec.options.append(dict(OTHER))


def parameters(text: str) -> list[tuple[str, str]]:
    """Return what is written as ``name=value``, apart by spaces, commas or semicolons."""
    pairs = re.findall(r"([\w-]+)\s*=\s*('[^']*'|\"[^\"]*\"|[^\s,;]+)", text)
    return [(name.lower(), value.strip("'\"")) for name, value in pairs]


def read_parameter(spec: QuestionSpec, kind: Type, name: str, value: str) -> bool:
    """Read a parameter; tell whether it has an effect."""
    if name == "randomize" and kind.list_name:
        if value.lower() in {"true", "true()"}:
            spec.rules["randomise"] = True
        return True
    if kind.word == "range" and name in _RANGE:
        return _read_range(spec, name, value)
    return False


def _read_range(spec: QuestionSpec, name: str, value: str) -> bool:
    """Read an end of a range, or its step."""
    number = number_of(value)
    if number is None:
        return False
    if name != "step":
        spec.rules["min" if name == "start" else "max"] = number
        return True
    if isinstance(number, int):
        spec.rules["whole"] = True
    return number == 1


def number_of(text: Any) -> int | float | None:
    """Return the number that a text writes."""
    try:
        number = float(text_of(text))
    except ValueError:
        return None
    if number != number or abs(number) > 1e15:  # noqa: PLR0124  (not a number)
        return None
    return int(number) if number.is_integer() else number


def is_rating(options: list[Option]) -> bool:
    """Tell whether a list is the five steps of a scale, whose middle ones have no name."""
    codes = [option["code"] for option in options]
    if [code for code in codes if code != "0"] != ["1", "2", "3", "4", "5"]:
        return False
    middle = [option for option in options if option["code"] in {"2", "3", "4"}]
    return all(set(option["label"].values()) == {option["code"]} for option in middle)


def scale_of(items: list[Option], options: list[Option]) -> dict[str, Any]:
    """Return the options of a scale."""
    ends = {option["code"]: option["label"] for option in options}
    return {"items": items, "low": ends["1"], "high": ends["5"]}


#: Kinds whose options are one list.
LISTED = {Kind.SINGLE_CHOICE, Kind.MULTIPLE_CHOICE, Kind.RANKING}
