"""What a chart is: one sentence, its figures as a table, its alternative in words, its drawing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Chart:
    """A chart in one language.

    :ivar title: its sentence, as plain text: that of the claim where there is one. Figures stand
        between U+2066 and U+2069, as in claims (:func:`app.reports.claims.wording.to_markup`).
    :ivar alt: what it shows, with its extremes and what is not drawn.
    :ivar head: the table's column heads.
    :ivar rows: the table's rows, written in the language; the first cell names the row.
    :ivar draw: makes the specification, which takes a moment and is not always wanted.
    """

    id: str
    title: str
    alt: str
    head: list[str]
    rows: list[list[str]]
    draw: Callable[[], dict[str, Any]] = field(repr=False, compare=False)

    @cached_property
    def spec(self) -> dict[str, Any]:
        """The Altair specification, as plain data with its figures in it."""
        return self.draw()

    @property
    def size(self) -> tuple[int, int]:
        """How wide and how high its drawing is, nearly: pages keep room for it."""
        parts = self.spec["vconcat"]
        high = sum(_extent(part, "height", max) for part in parts)
        space = self.spec["spacing"] * (len(parts) - 1) + 2 * self.spec["padding"]
        return self.spec["usermeta"]["width"] + 2 * self.spec["padding"], round(high + space)


def _extent(part: dict[str, Any], name: str, join: Callable[..., float]) -> float:
    """Return how long a part is."""
    if "hconcat" in part:
        return join(_extent(inner, name, join) for inner in part["hconcat"])
    return float(part[name])
