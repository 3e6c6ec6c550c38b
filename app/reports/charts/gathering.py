"""What the charts of a body are made from, in one language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.reports.charts.canvas import Sheet
from app.reports.claims import wording


@dataclass(frozen=True)
class Gathered:
    """A body, its names and its claims."""

    body: dict[str, Any]
    sheet: Sheet

    @property
    def lang(self) -> str:
        """The charts' language."""
        return self.sheet.lang

    @cached_property
    def names(self) -> wording.Names:
        """The names of what the body speaks of."""
        return wording.Names(self.body)

    @cached_property
    def claims(self) -> dict[str, dict[str, Any]]:
        """The claims by their identifiers."""
        return {claim["id"]: claim for claim in self.body["claims"] if "id" in claim}
