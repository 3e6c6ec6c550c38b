"""Marks of a scale of shares."""

from __future__ import annotations

from math import ceil

from app.reports.charts import words

#: Steps between two marks.
STEPS = (0.02, 0.05, 0.1, 0.2, 0.25)


def marks(most: float) -> list[tuple[float, str]]:
    """Return marks from 0 to just beyond a value, five of them at most, and their words."""
    step = next((s for s in STEPS if s * 5 >= most), STEPS[-1])
    n = max(1, ceil(round(most / step, 6)))
    return [(round(step * i, 2), words.share(step * i, 0)) for i in range(n + 1)]
