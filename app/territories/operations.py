"""Loading the territories from the files that ship with the product."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.territories.models import Commune, Province, Region

Fields = dict[str, tuple[str, Callable[[str], Any]]]

_NAMES: Fields = {
    "code": ("code", str),
    "name_fr": ("name_fr", str),
    "name_ar": ("name_ar", str),
}

#: For each table, its file and where each column comes from.
_FILES: tuple[tuple[type[Any], str, Fields], ...] = (
    (
        Region,
        "regions.csv",
        _NAMES
        | {
            "iso": ("iso", str),
            "name_zgh": ("name_zgh", str),
            "population": ("population_2024", int),
            "households": ("households_2024", int),
        },
    ),
    (
        Province,
        "provinces.csv",
        _NAMES
        | {
            "kind": ("type", str),
            "region_code": ("region_code", str),
            "population": ("population_2024", int),
        },
    ),
    (
        Commune,
        "communes.csv",
        _NAMES
        | {
            "kind": ("kind", str),
            "province_code": ("province_code", str),
        },
    ),
)


@dataclass(frozen=True)
class LoadedTerritories:
    """How many of each there are after loading, and how many rows were new or changed."""

    regions: int
    provinces: int
    communes: int
    changed: int


def _rows(name: str) -> Iterator[dict[str, str]]:
    """Read one of the files."""
    text = files("app.territories").joinpath("data", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


def load_territories(session: Session) -> LoadedTerritories:
    """Insert or bring up to date every territory, flushed; loading twice changes nothing."""
    changed = 0
    sizes: list[int] = []
    for model, name, fields in _FILES:
        rows = list(_rows(name))
        known = {territory.code: territory for territory in session.scalars(select(model))}
        for row in rows:
            values = {column: convert(row[source]) for column, (source, convert) in fields.items()}
            changed += _put(session, model, known.get(row["code"]), values)
        session.flush()
        sizes.append(len(rows))
    regions, provinces, communes = sizes
    return LoadedTerritories(regions, provinces, communes, changed)


def _put(session: Session, model: type[Any], known: Any, values: dict[str, Any]) -> bool:
    """Add a territory, or change what differs; tell whether anything did."""
    if known is None:
        session.add(model(**values))
        return True
    different = {
        column: value for column, value in values.items() if getattr(known, column) != value
    }
    for column, value in different.items():
        setattr(known, column, value)
    return bool(different)
