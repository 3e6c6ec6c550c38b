"""Reading numbers, dates, texts, places, and what stands for itself."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.text import clean_text
from app.submissions import errors
from app.submissions.answers.kinds import SHORT_TEXT_LENGTH, Asked, digits, longest, shown

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
#: Direction marks that people copy along with dates.
_MARKS = re.compile("[\u200e\u200f\u061c\\s]")
_YES = {"true", "1", "y", "yes", "on", "oui", "نعم"}
_NO = {"false", "0", "n", "no", "off", "non", "لا"}


def number(question: Asked, value: Any) -> int | float:
    """Read a number, written with a decimal comma or point, thousands apart or not."""
    text = "" if isinstance(value, (bool, Mapping, list)) else digits(str(value))
    text = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    text = text.replace("٫", ".").replace(",", ".").replace("\u2212", "-")
    found = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(found) or abs(found) > 1e15:
        raise errors.NotANumberError(value=shown(value))
    if question.rules.get("whole") and not found.is_integer():
        raise errors.NotWholeError
    least, most = question.rules.get("min"), question.rules.get("max")
    if least is not None and found < least:
        raise errors.TooSmallError(least=least)
    if most is not None and found > most:
        raise errors.TooLargeError(most=most)
    return int(found) if found.is_integer() else found


def text(question: Asked, value: Any) -> str:
    """Read a text: verbatim, never cut."""
    if not isinstance(value, str):
        raise errors.NotATextError
    if len(value) > longest(question):
        raise errors.TooLongError(count=len(value), most=longest(question))
    least = question.rules.get("min_length")
    if least is not None and len(value) < least:
        raise errors.TooShortError(count=len(value), least=least)
    return value


def territory(_question: Asked, value: Any) -> dict[str, str | None]:
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


def day(question: Asked, value: Any) -> str:
    """Read a date, ISO or with the day first, and write it ``2022-02-18``."""
    written = _MARKS.sub("", digits(value)) if isinstance(value, str) else ""
    if found := _ISO.fullmatch(written):
        year, month, number = map(int, found.groups())
    elif found := _DAY_FIRST.fullmatch(written):
        number, month, year = map(int, found.groups())
    else:
        raise errors.NotADateError(value=shown(value))
    try:
        read = date(year, month, number).isoformat()
    except ValueError as error:
        raise errors.NotADateError(value=shown(value)) from error
    least, most = question.rules.get("min"), question.rules.get("max")
    if least is not None and read < least:
        raise errors.TooEarlyError(day=date.fromisoformat(least))
    if most is not None and read > most:
        raise errors.TooLateError(day=date.fromisoformat(most))
    return read


def organisation(_question: Asked, value: Any) -> dict[str, Any] | None:
    """Read an organisation: its name, and its number in the register if it is known there."""
    number, name = (value.get("id"), value.get("name")) if _is_pair(value) else (None, value)
    if not isinstance(name, str) or isinstance(number, (bool, float)):
        raise errors.NotATextError
    name = " ".join(clean_text(name).split())
    if len(name) > SHORT_TEXT_LENGTH:
        raise errors.OrganisationTooLongError(most=SHORT_TEXT_LENGTH)
    known = str(number) if number else ""
    is_number = known.isascii() and known.isdecimal() and len(known) < 16
    if known and not is_number:
        raise errors.NotATextError
    return {"id": int(known) if known else None, "name": name} if name else None


def _is_pair(value: Any) -> bool:
    """Tell whether a value is an object."""
    return isinstance(value, Mapping)


def consent(_question: Asked, value: Any) -> bool | None:
    """Read a tick; one that is not there is no answer."""
    said = str(value).strip().casefold()
    if said not in _YES | _NO:
        raise errors.UnknownChoiceError(value=shown(value))
    return True if said in _YES else None


def file(_question: Asked, value: Any) -> dict[str, str]:
    """Read a file kept beforehand: the token under which it is kept, and its name.

    One that was never sent here, in an import, is known by its name alone: ``{"file": name}``.
    """
    found = value if isinstance(value, Mapping) else {}
    token, name = found.get("file"), found.get("name") or ""
    if not isinstance(token, str) or not token or not isinstance(name, str):
        raise errors.NotAFileError
    if max(len(token), len(name)) > SHORT_TEXT_LENGTH:
        raise errors.NotAFileError
    return {"file": token, "name": clean_text(name)} if name else {"file": clean_text(token)}


def note(_question: Asked, _value: Any) -> None:
    """Read nothing: words to read are not answered."""
