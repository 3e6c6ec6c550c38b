"""What tests of decisions share."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun, Placement
from nlp.dividing import Division, Part


def passages_in(session: Session, run: AnalysisRun, theme_id: int) -> list[int]:
    """Return the passages that are in a theme."""
    rows = session.query(Placement).filter_by(run_id=run.id, theme_id=theme_id, state="in_theme")
    return sorted(row.passage_id for row in rows)


def divided_in_two(texts: Sequence[str], _languages: Sequence[str]) -> Division:
    """Divide a theme between its last passage and the others."""
    last = len(texts) - 1

    def part(indices: range, fr: str, ar: str) -> Part:
        """Return a part."""
        return Part(tuple(indices), fr, ar, (), (), (indices[0],), 0.9, {"fr": len(indices)})

    parts = (part(range(last), "Reste", "الباقي"), part(range(last, last + 1), "Bus", "الحافلة"))
    return Division(parts, 0.9, 0.3, 0.1, 0.0, ())
