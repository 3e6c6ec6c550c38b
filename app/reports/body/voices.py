"""What is told of a theme's voices besides how many they are: weight, position, nature, time."""

from __future__ import annotations

from collections import Counter
from typing import Any

from app.reports.claims import weighting
from app.reports.claims.dataset import Dataset
from app.reports.figures import SMALLEST_GROUP


def deepen(themes: list[dict[str, Any]], data: Dataset) -> None:
    """Add to each theme its weighted share, positions, natures and trend."""
    for theme in themes:
        identity = theme["id"]
        theme["weighted"] = weighting.weighted(data, identity)
        theme["stance"] = stance(data, identity)
        theme["natures"] = natures(data, identity)
        theme["trend"] = trend(data, identity)


def stance(data: Dataset, theme: int) -> dict[str, int] | None:
    """Return the voices by position; None where fewer than five take one."""
    asked = {"measure": "positions", "theme": [theme]}
    if data.ask(asked) < SMALLEST_GROUP:
        return None
    return {
        name: data.ask(asked | {"stance": name}) for name in ("for", "against", "mixed", "silent")
    }


def natures(data: Dataset, theme: int) -> list[dict[str, Any]]:
    """Return the passages by what they do, most first; those whose words do not tell left out."""
    counts = Counter(said.nature for said in data.passages({"theme": [theme]}) if said.nature)
    rows = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
    return [{"code": code, "passages": n} for code, n in rows]


def trend(data: Dataset, theme: int) -> dict[str, Any] | None:
    """Return how often the theme is raised in each half of the collection."""
    told = data.told["trend"]
    if told is None:
        return None
    half = {"measure": "trend", "theme": [theme]}
    return {
        "before": data.ask(half | {"value": "before"}),
        "before_of": told["everyone"][0],
        "after": data.ask(half | {"value": "after"}),
        "after_of": told["everyone"][1],
        "differs": data.ask(half | {"value": "differs"}),
        "until": told["until"],
    }
