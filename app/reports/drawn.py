"""What tables and maps of the printed report ask of a body."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import flask_babel

from app.reports.sectioned import Sectioned

_: Callable[..., str] = flask_babel.gettext

#: Shades of the maps, and what is written on them.
_SHADES = ("#f1f1e8", "#dde8dc", "#bcd5c2", "#92bca2", "#37785b", "#176249", "#083f2f")
_PAPER, _INK = "#fbfaf6", "#14211b"


class Drawn(Sectioned):
    """A view with what is weighted and the shades of the maps."""

    @cached_property
    def weights(self) -> dict[str, float]:
        """What each region's contributors weigh, empty where nothing was weighted."""
        given = self.body["participation"].get("weighting") or {}
        return {row["code"]: row["weight"] for row in given.get("regions", [])}

    @cached_property
    def is_weighted(self) -> bool:
        """Tell whether shares are also given weighted."""
        return any(theme.get("weighted") for theme in self.body["themes"])

    def stances(self, theme: dict[str, Any]) -> list[tuple[str, int]]:
        """Return a theme's passages for and against, none where stances were not told."""
        names = {"for": _("For"), "against": _("Against"), "mixed": _("For and against")}
        given = theme.get("stance") or {}
        return [(name, given[code]) for code, name in names.items() if given.get(code)]

    def shade(self, code: str) -> tuple[str, str]:
        """Return a region's shade on the map of contributions, and that of its number."""
        level = self.region_levels.get(code, 0)
        return _SHADES[level], _PAPER if level > 3 else _INK

    @staticmethod
    def locator(code: str) -> Callable[[str], tuple[str, str]]:
        """Return the shades of a map on which one region is dark."""
        return lambda other: (_SHADES[6] if other == code else _SHADES[3], _INK)

    @staticmethod
    def most(rows: list[dict[str, Any]], count: int = 5) -> list[dict[str, Any]]:
        """Return the rows with the highest counts."""
        return sorted(rows, key=lambda row: -(row["count"] or 0))[:count]
