"""Themes that the same submissions speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from app.themes.contrasting.facts import load_facts
from app.themes.exploring.kept import kept_decided
from app.themes.models import AnalysisRun

if TYPE_CHECKING:
    from nlp.cooccurrence import Pair


def load_pairs(session: Session, run: AnalysisRun) -> list[Pair]:
    """Return every pair of themes, those of small counts without figures."""
    return kept_decided(session, run, "pairs", lambda: _pairs(session, run))


def _pairs(session: Session, run: AnalysisRun) -> list[Pair]:
    """Work them out."""
    from nlp.cooccurrence import cooccurrence

    facts = load_facts(session, run)
    return cooccurrence(facts.themes, facts.authors)


def telling(pairs: list[Pair]) -> list[Pair]:
    """Return the pairs that are statistically there: said together first, the strongest first."""
    found = [pair for pair in pairs if pair.is_significant]
    return sorted(
        found,
        key=lambda p: (p.direction != "together", -abs((p.lift or 1.0) - 1), p.first, p.second),
    )
