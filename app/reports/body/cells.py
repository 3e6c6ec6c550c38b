"""Counts fine enough to recompute the results for any filter, frozen with the report.

A cell is ``region|actor type|languages``; its value is a number of contributors. ``all`` counts
those analysed by all the languages they wrote in, a theme's cells count its voices by the languages
they speak of it in: a filter by language is then exact, though people write in several. Regions and
actor types are those that the rows of the open data show: filters together count nobody by what is
withheld. One region or one actor type is what the report prints of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from app.reports.body.corpus import Corpus
from app.reports.claims.dataset import Person
from app.reports.claims.loading import number_of
from app.reports.figures import SMALLEST_GROUP

Cells = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Filter:
    """The part of the contributors whose results are asked for."""

    region: str = ""
    actor_type: str = ""
    language: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.region or self.actor_type or self.language)

    @property
    def alone(self) -> tuple[str, str] | None:
        """The dimension and the code, where only a region or only an actor type is asked for."""
        if self.language or bool(self.region) == bool(self.actor_type):
            return None
        return ("region", self.region) if self.region else ("actor_type", self.actor_type)

    def takes(self, cell: str) -> bool:
        """Tell whether a cell's contributors are in the part."""
        region, actor_type, languages = cell.split("|")
        return (
            self.region in {"", region}
            and self.actor_type in {"", actor_type}
            and (not self.language or self.language in languages.split("+"))
        )


def cells(corpus: Corpus, theme_ids: list[int], people: Mapping[str, Person]) -> Cells:
    """Return the cells of everyone analysed and of each theme.

    :param people: what may be shown of each contributor, by number.
    """

    def counted(spoken: Mapping[int, AbstractSet[str]]) -> dict[str, int]:
        """Count contributors by cell."""
        counts: Counter[str] = Counter()
        for i, languages in spoken.items():
            region, actor_type = people[number_of(i)].shown
            counts[f"{region or ''}|{actor_type or ''}|{'+'.join(sorted(languages))}"] += 1
        return dict(sorted(counts.items()))

    return {"all": counted(corpus.languages)} | {
        str(theme_id): counted(corpus.said[theme_id].voices) for theme_id in theme_ids
    }


def filtered(body: dict[str, Any], counts: Cells, part: Filter) -> tuple[int, list[dict[str, Any]]]:
    """Return the contributors of a part and the themes ranked within it.

    The list is empty when the part is too small to be described.
    """
    if part.alone:
        return _printed(body, *part.alone)
    of = sum(n for cell, n in counts["all"].items() if part.takes(cell))
    if of < SMALLEST_GROUP:
        return of, []
    rows = []
    for theme in body["themes"]:
        voices = sum(n for cell, n in counts[str(theme["id"])].items() if part.takes(cell))
        rows.append(theme | {"voices": voices, "share": voices / of})
    return of, sorted(rows, key=lambda row: (-row["voices"], row["rank"]))


def _printed(body: dict[str, Any], dimension: str, code: str) -> tuple[int, list[dict[str, Any]]]:
    """Return a group as the report prints it."""
    [group] = [row for row in body["groups"][dimension] if row["code"] == code]
    rows = []
    for theme in body["themes"]:
        [found] = [row for row in theme[f"by_{dimension}"] if row["code"] == code]
        if found["count"] is None:
            return group["of"], []
        rows.append(theme | {"voices": found["count"], "share": found["count"] / group["of"]})
    return group["of"], sorted(rows, key=lambda row: (-row["voices"], row["rank"]))
