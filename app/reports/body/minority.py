"""Minority positions: themes of few that a group carries, and positions that few voices hold.

What counts as such is said in :mod:`app.themes.contrasting.figures`, as on the pages of reviewers.
Here it is asked of the report's own dataset, so that anybody can ask it again.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.reports.claims.dataset import DIMENSIONS, Dataset
from app.reports.figures import SMALLEST_GROUP
from app.themes.contrasting.figures import CARRIED_LIFT, SMALL_THEME, STANCES, Stances


def minority(themes: list[dict[str, Any]], data: Dataset) -> list[dict[str, Any]]:
    """Return them without their quotations, carried themes first, the most distinct first."""
    carried = [row for theme in themes if (row := _carried(theme, data)) is not None]
    carried.sort(key=lambda row: (-_lift(row), row["theme"]))
    held = [row for theme in themes if (row := _held(theme, data)) is not None]
    return carried + held


def _lift(row: dict[str, Any]) -> float:
    """Return how many times more often the group raises the theme than the rest."""
    rest = row["rest"] / row["rest_of"] if row["rest_of"] else 0.0
    share: float = row["count"] / row["of"]
    return share / rest if rest else float("inf")


def _carried(theme: dict[str, Any], data: Dataset) -> dict[str, Any] | None:
    """Return the group that carries a theme of few, None if none does."""
    if theme["share"] > SMALL_THEME:
        return None
    everyone = len(data.analysed)
    found = [
        {
            "kind": "carried",
            "theme": theme["id"],
            "dimension": dimension,
            "code": group["code"],
            "count": group["count"],
            "of": group["of"],
            "rest": theme["voices"] - group["count"],
            "rest_of": everyone - group["of"],
            "stance": None,
        }
        for dimension in DIMENSIONS
        for group in theme[f"by_{dimension}"]
        if group["differs"] == "more" and group["count"] >= SMALLEST_GROUP
    ]
    found = [row for row in found if _lift(row) >= CARRIED_LIFT]
    return max(found, key=lambda row: (_lift(row), row["count"])) if found else None


def _held(theme: dict[str, Any], data: Dataset) -> dict[str, Any] | None:
    """Return the position that few hold, None if there is none, or too few to be described."""
    counts = data.positions.get(theme["id"], Counter())
    stances = Stances(theme["id"], theme["voices"], {name: counts[name] for name in STANCES})
    few = stances.minority
    if few is None or stances.counts[few] < SMALLEST_GROUP:
        return None
    other = "against" if few == "for" else "for"
    return {
        "kind": "position",
        "theme": theme["id"],
        "dimension": "",
        "code": "",
        "count": stances.counts[few],
        "of": stances.n_positioned,
        "rest": stances.counts[other],
        "rest_of": theme["voices"],
        "stance": few,
    }
