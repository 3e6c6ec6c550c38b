"""Figures of measures: how many, how much money was made public, how many are done or late."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.commitments.measures.lateness import is_late
from app.commitments.models import Measure, MeasureState


@dataclass(frozen=True)
class Figures:
    """Figures of some measures.

    :ivar n_stated: measures whose amount was made public; ``amount`` is theirs.
    """

    n: int = 0
    amount: int = 0
    n_stated: int = 0
    n_done: int = 0
    n_late: int = 0

    @property
    def n_unstated(self) -> int:
        """Measures whose amount was not made public."""
        return self.n - self.n_stated

    def with_one(self, measure: Measure, today: date) -> Figures:
        """Return the figures with one measure more."""
        return replace(
            self,
            n=self.n + 1,
            amount=self.amount + (measure.amount_mad or 0),
            n_stated=self.n_stated + (measure.amount_mad is not None),
            n_done=self.n_done + (measure.state == MeasureState.DONE),
            n_late=self.n_late + is_late(measure, today),
        )


@dataclass(frozen=True)
class Tally:
    """Figures of each part, and of all: each measure is in one part."""

    rows: list[tuple[str, Figures]]
    total: Figures


def tally(
    measures: Iterable[Measure],
    part_of: Callable[[Measure], str],
    parts: Sequence[str],
    today: date,
) -> Tally:
    """Add measures up by part, the parts in the order given and then any others."""
    found: dict[str, Figures] = {part: Figures() for part in parts}
    total = Figures()
    for measure in measures:
        part = part_of(measure)
        found[part] = found.get(part, Figures()).with_one(measure, today)
        total = total.with_one(measure, today)
    return Tally(list(found.items()), total)
