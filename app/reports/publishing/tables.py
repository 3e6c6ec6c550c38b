"""The tables of the open data: their columns, as rows of text from a dataset and back.

What each column says is told in three languages by ``data/dictionary.json``, which is the order of
the columns too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.reports.claims.dataset import Dataset, Said
from app.reports.export import figure_columns, figure_rows
from app.reports.publishing.delimited import Row

#: A region or an actor type that the open data do not tell, and one that nobody stated.
WITHHELD, NOT_STATED = "withheld", "not-stated"

Place = tuple[str, str, int, int]
Tables = dict[str, list[Row]]


@cache
def dictionary() -> dict[str, Any]:
    """Return the data dictionary: tables with their columns, and lists of codes."""
    path = Path(__file__).parent / "data" / "dictionary.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def columns_of(table: str) -> list[str]:
    """Return the names of a table's columns."""
    return [column["name"] for column in dictionary()["tables"][table]["columns"]]


@dataclass(frozen=True)
class Frozen:
    """All that the open data of a version are made of.

    :ivar data: as far as it may be published (:mod:`app.reports.claims.reducing`).
    :ivar words: passages that are published whole, by where they are.
    :ivar questions: rows of ``questions``; ``answers``: rows of ``answers``.
    """

    body: dict[str, Any]
    data: Dataset
    words: Mapping[Place, str]
    questions: list[Row]
    answers: list[Row]


def place_of(said: Said) -> Place:
    """Return where a passage is."""
    return said.number, said.question, said.start, said.end


def code(value: str | None) -> str:
    """Write a region or an actor type."""
    if value is None:
        return WITHHELD
    return value or NOT_STATED


def uncoded(value: str) -> str | None:
    """Read a region or an actor type."""
    return None if value == WITHHELD else "" if value == NOT_STATED else value


def text(value: Any) -> str:
    """Write a value."""
    return "" if value is None else str(value)


def tables(frozen: Frozen) -> Tables:
    """Return every table."""
    body, data = frozen.body, frozen.data
    participation = body["participation"]
    return {
        "contributions": _contributions(data),
        "passages": [_passage(said, frozen.words.get(place_of(said), "")) for said in data.said],
        "themes": [
            {
                "theme": str(theme["id"]),
                "rank": str(theme["rank"]),
                "name_fr": theme["name"].get("fr", ""),
                "name_ar": theme["name"].get("ar", ""),
                "merged": " ".join(map(str, theme["merged"])),
            }
            for theme in body["themes"]
        ],
        "figures": [
            dict(zip(figure_columns(), map(text, row), strict=True)) for row in figure_rows(body)
        ],
        "regions": [
            {
                "region": row["code"],
                "name_fr": row["names"].get("fr", ""),
                "name_ar": row["names"].get("ar", ""),
            }
            | {
                name: text(row[name])
                for name in ("count", "share", "population", "population_share", "per_100k")
            }
            for row in participation["by_region"]
        ],
        "weeks": [
            {"monday": row["monday"], "count": str(row["count"])}
            for row in participation["by_week"]
        ],
        "residuals": _residuals(data.residuals),
        "questions": frozen.questions,
        "answers": frozen.answers,
    }


def _contributions(data: Dataset) -> list[Row]:
    """Return a row for each submission that stands."""
    languages: dict[str, set[str]] = {}
    for said in data.said:
        languages.setdefault(said.number, set()).add(said.language)
    return [
        {
            "number": person.number,
            "region": code(person.region),
            "actor_type": code(person.actor_type),
            "languages": " ".join(sorted(languages.get(person.number, ()))),
        }
        for person in sorted(data.people.values(), key=lambda one: one.number)
    ]


def _passage(said: Said, words: str) -> Row:
    """Return the row of a passage."""
    return {
        "number": said.number,
        "question": said.question,
        "start": str(said.start),
        "end": str(said.end),
        "language": said.language,
        "state": said.state,
        "theme": text(said.theme),
        "nature": text(said.nature),
        "stance": text(said.stance),
        "copy_of": said.copy_of,
        "sha256": said.sha256,
        "text": words,
    }


def _residuals(found: Mapping[tuple[str, int, str, str], int]) -> list[Row]:
    """Return what the rows do not show, in a fixed order."""
    return [
        {
            "measure": measure,
            "theme": str(theme),
            "dimension": dimension,
            "code": code(group),
            "count": str(n),
        }
        for (measure, theme, dimension, group), n in sorted(found.items())
    ]
