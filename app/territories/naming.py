"""Territories as files name them: by official code, or by a name in French or Arabic."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.text import fold
from app.territories import errors
from app.territories.models import Commune, Province, Region

LEVELS = ("region", "province", "commune")

#: Words that say what kind of territory follows, folded.
_KINDS = re.compile(
    r"^(?:region|wilaya|province|prefecture|commune(?: urbaine| rurale)?|municipalite|ville|"
    r"arrondissement|جهه|ولايه|اقليم|عماله|جماعه(?: حضريه| قرويه| ترابيه)?|بلديه|مدينه|مقاطعه)\s+"
)
_SEPARATORS = re.compile(r"[^\w]+|_")
_ARTICLES = frozenset(
    ("al", "el", "es", "ed", "ad", "l", "la", "le", "les", "de", "d", "du", "des")
)


@dataclass(frozen=True)
class Place:
    """A territory with those it lies in."""

    region: str
    province: str | None = None
    commune: str | None = None

    @property
    def code(self) -> str:
        """Its own code."""
        return self.commune or self.province or self.region

    @property
    def level(self) -> str:
        """Its own level."""
        return "commune" if self.commune else "province" if self.province else "region"

    def contains(self, other: Place) -> bool:
        """Tell whether ``other`` is this territory or lies in it."""
        return (
            self.region == other.region
            and self.province in {None, other.province}
            and self.commune in {None, other.commune}
        )

    def as_value(self) -> dict[str, str | None]:
        """Return the value of an answer."""
        return {"region": self.region, "province": self.province, "commune": self.commune}


def _exact(name: str) -> str:
    """Fold a name and what kind of territory it says it is."""
    return _KINDS.sub("", " ".join(_SEPARATORS.sub(" ", fold(name)).split()))


def _loose(name: str) -> str:
    """Fold a name without its articles."""
    words = [word for word in _exact(name).split() if word not in _ARTICLES]
    bare = [word[2:] if word.startswith("ال") and len(word) > 4 else word for word in words]
    return " ".join(bare) or _exact(name)


def _code(text: str) -> str:
    """Give back the noughts that a spreadsheet takes: ``8`` is ``08``, ``8.51`` is ``08.510``."""
    text = fold(text).removeprefix("ma-")
    parts = text.split(".")
    if not parts[0].isdecimal() or len(parts[0]) > 2:
        return text
    parts[0] = parts[0].zfill(2)
    if len(parts) == 2 and parts[1].isdecimal():
        parts[1] = parts[1].ljust(3, "0")
    return ".".join(parts)


class PlaceIndex:
    """Every territory by code and by name, to be asked once a row."""

    def __init__(self, places: Iterable[tuple[Place, Iterable[str]]]) -> None:
        self._codes: dict[str, Place] = {}
        self._names: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._loose: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for place, names in places:
            self._codes[place.code] = place
            for table, key in ((self._names, _exact), (self._loose, _loose)):
                for name in {key(name) for name in names}:
                    table[place.level, name].append(place)
        self._found: dict[tuple[str, str], list[Place]] = {}

    @classmethod
    def load(cls, session: Session) -> PlaceIndex:
        """Read the territories."""
        places: list[tuple[Place, Iterable[str]]] = []
        province_of: dict[str, Place] = {}
        for region in session.scalars(select(Region)):
            names = (region.name_fr, region.name_ar, region.name_zgh)
            places.append((Place(region.code), names))
        for province in session.scalars(select(Province)):
            place = Place(province.region_code, province.code)
            province_of[province.code] = place
            places.append((place, (province.name_fr, province.name_ar)))
        rows = session.execute(
            select(Commune.code, Commune.province_code, Commune.name_fr, Commune.name_ar)
        )
        for code, province_code, name_fr, name_ar in rows:
            around = province_of[province_code]
            places.append((Place(around.region, around.province, code), (name_fr, name_ar)))
        return cls(places)

    def narrow(self, within: Place | None, field: str, text: str) -> Place:
        """Return the territory that ``text`` names, inside the one known so far.

        :param field: a level, or ``territory`` for any of them, the largest first.
        :raises RowRefusedError: if there is none, several, or one elsewhere.
        """
        found = self._find(field, text)
        if not found:
            raise errors.PlaceUnknownError(value=text)
        if within is not None:
            if any(place.contains(within) for place in found):
                return within
            found = [place for place in found if within.contains(place)]
            if not found:
                raise errors.PlaceElsewhereError(value=text)
        if len(found) > 1:
            codes = ", ".join(place.code for place in found[:5])
            raise errors.PlaceAmbiguousError(value=text, codes=codes)
        return found[0]

    def _find(self, field: str, text: str) -> list[Place]:
        """Return every territory of the field's levels that ``text`` may name."""
        if (field, text) not in self._found:
            self._found[field, text] = self._look_up(field, text)
        return self._found[field, text]

    def _look_up(self, field: str, text: str) -> list[Place]:
        """Try the code, then the name as written, then the name without articles."""
        levels = LEVELS if field == "territory" else (field,)
        coded = self._codes.get(_code(text))
        if coded is not None:
            return [coded] if coded.level in levels else []
        for table, name in ((self._names, _exact(text)), (self._loose, _loose(text))):
            for level in levels:
                if name and (level, name) in table:
                    return table[level, name]
        return []
