"""The map of a run's passages: its points, the areas of its themes, what a selection holds."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from math import hypot
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.text import fold
from app.themes.exploring.ground import load_ground, load_places
from app.themes.exploring.kept import kept_decided
from app.themes.models import AnalysisRun, Passage, Placement
from app.themes.queries import Narrowing

#: Steps of either axis: finer than any screen, and short to send.
STEPS = 4095
#: Themes named as near to one.
_N_NEAREST = 3
#: Longest search, in characters.
_LONGEST = 100


@dataclass(frozen=True)
class Wanted:
    """What of the map is looked at; None leaves a part open.

    :ivar theme: 0 for passages that count for no theme.
    :ivar words: found in the passage, however they are written.
    """

    theme: int | None = None
    region: str | None = None
    language: str | None = None
    actor_type: str | None = None
    state: str | None = None
    words: str = ""


@dataclass(frozen=True)
class Points:
    """Passages on the map, one row each, all of one length, by number of the passage.

    :ivar themes: the theme that a passage counts for, 0 for none.
    :ivar xs: from 0 to :data:`STEPS`, as are ``ys``.
    :ivar clearest: the rows in the order of their margins, the greatest first.
    """

    ids: list[int]
    xs: list[int]
    ys: list[int]
    themes: list[int]
    regions: list[str]
    languages: list[str]
    actors: list[str]
    states: list[str]
    clearest: list[int]

    def rows(self, wanted: Wanted, found: Collection[int] | None = None) -> list[int]:
        """Return the rows of a selection, the clearest first.

        :param found: the passages that hold its words; None if none are asked for.
        """
        tests: list[tuple[list[Any], Any]] = [
            (column, value)
            for column, value in (
                (self.themes, wanted.theme),
                (self.regions, wanted.region),
                (self.languages, wanted.language),
                (self.actors, wanted.actor_type),
                (self.states, wanted.state),
            )
            if value is not None
        ]
        rows = self.clearest
        for column, value in tests:
            rows = [row for row in rows if column[row] == value]
        return rows if found is None else [row for row in rows if self.ids[row] in found]


@dataclass(frozen=True)
class Area:
    """Where a theme lies on the map, in steps, and the themes whose areas are next to it."""

    theme_id: int
    n: int
    x: float
    y: float
    nearest: tuple[int, ...] = ()


def load_points(session: Session, run: AnalysisRun, part: Narrowing) -> Points:
    """Return the passages on the map that the reader may read."""
    return kept_decided(session, run, ("points", part.regions), lambda: _points(session, run, part))


def _points(session: Session, run: AnalysisRun, part: Narrowing) -> Points:
    """Join who said what with where it is."""
    ground, places = load_ground(session, run), load_places(session, run)
    rows = [
        row
        for row, x in enumerate(ground.xs)
        if x is not None and (part.regions is None or ground.regions[row] in part.regions)
    ]
    clearest = sorted(range(len(rows)), key=lambda at: -ground.margins[rows[at]])
    return Points(
        ids=[ground.passages[row] for row in rows],
        xs=[round((ground.xs[row] or 0.0) * STEPS) for row in rows],
        ys=[round((ground.ys[row] or 0.0) * STEPS) for row in rows],
        themes=[places.themes[row] or 0 for row in rows],
        regions=[ground.regions[row] or "" for row in rows],
        languages=[ground.languages[row] for row in rows],
        actors=[ground.actors[row] for row in rows],
        states=[places.states[row] for row in rows],
        clearest=clearest,
    )


def load_areas(session: Session, run: AnalysisRun, part: Narrowing) -> dict[int, Area]:
    """Return the areas of the themes that the reader may read of."""
    return kept_decided(
        session,
        run,
        ("areas", part.regions),
        lambda: areas_of(load_points(session, run, part)),
    )


def areas_of(points: Points) -> dict[int, Area]:
    """Return the area of each theme, and which lie nearest to it."""
    xs: dict[int, list[int]] = defaultdict(list)
    ys: dict[int, list[int]] = defaultdict(list)
    for theme, x, y in zip(points.themes, points.xs, points.ys, strict=True):
        if theme:
            xs[theme].append(x)
            ys[theme].append(y)
    middles = {theme: (median(xs[theme]), median(ys[theme])) for theme in xs}
    return {
        theme: Area(theme, len(xs[theme]), x, y, _nearest(theme, middles))
        for theme, (x, y) in middles.items()
    }


def _nearest(theme: int, middles: dict[int, tuple[float, float]]) -> tuple[int, ...]:
    """Return the themes whose middles are nearest to that of one."""
    x, y = middles[theme]
    others = sorted(
        (hypot(x - other_x, y - other_y), other)
        for other, (other_x, other_y) in middles.items()
        if other != theme
    )
    return tuple(other for _distance, other in others[:_N_NEAREST])


def counted(points: Points, rows: Collection[int]) -> Counter[int]:
    """Return how many of the rows each theme has."""
    return Counter(points.themes[row] for row in rows)


def found_by_words(session: Session, run: AnalysisRun, words: str) -> set[int] | None:
    """Return the passages on the map that hold the words; None where no words are given."""
    folded = fold(words[:_LONGEST])
    if not folded:
        return None
    return set(
        session.scalars(
            select(Placement.passage_id)
            .join(Passage, Placement.passage_id == Passage.id)
            .where(
                Placement.run_id == run.id,
                Placement.map_x.is_not(None),
                Passage.folded.contains(folded, autoescape=True),
            )
        )
    )


def payload(points: Points, areas: dict[int, Area], names: dict[int, str]) -> dict[str, Any]:
    """Return the map as its script reads it: short columns of whole numbers.

    Numbers of passages are given as steps from the one before; other columns point into lists.
    """
    order = sorted(areas, key=lambda theme: (-areas[theme].n, theme))
    columns: dict[str, Any] = {
        "ids": [b - a for a, b in zip([0, *points.ids], points.ids, strict=False)],
        "x": points.xs,
        "y": points.ys,
    }
    place = {theme: number + 1 for number, theme in enumerate(order)}
    columns["theme"] = [place.get(theme, 0) for theme in points.themes]
    for name, values in (
        ("region", points.regions),
        ("language", points.languages),
        ("actor_type", points.actors),
        ("state", points.states),
    ):
        known = sorted(set(values))
        numbers = {value: number for number, value in enumerate(known)}
        columns[name] = [numbers[value] for value in values]
        columns[f"{name}_values"] = known
    columns["themes"] = [
        {
            "id": theme,
            "name": names.get(theme, ""),
            "n": areas[theme].n,
            "x": round(areas[theme].x),
            "y": round(areas[theme].y),
        }
        for theme in order
    ]
    return columns
