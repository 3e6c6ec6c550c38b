"""Themes said together by the same submissions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.themes.exploring.together import load_pairs, telling
from app.themes.models import AnalysisRun, Theme
from tests.factories import submission

Find = Callable[[str], Theme]


def _speak(session: Session, consultation: Any) -> None:
    """Let roads and schools go together, and care with neither."""
    for number in range(30):
        submission(consultation, f"road: far {number}. school: far too {number}.")
        submission(consultation, f"care: a doctor {number}.")
    for number in range(6):
        submission(consultation, f"road: and {number}. care: both {number}.")
        submission(consultation, f"school: only {number}.")
    session.commit()


def test_pairs_beyond_chance_come_first(
    session: Session, consultation: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    _speak(session, consultation)
    run = analysed(consultation)

    found = telling(load_pairs(session, run))

    first = found[0]
    road, school = theme_called("Routes et pistes").id, theme_called("École").id
    assert {first.first, first.second} == {road, school}
    assert (first.direction, first.n_both) == ("together", 31)
    assert (first.lift or 0) > 1


def test_pairs_of_few_have_no_figures(
    session: Session, run: AnalysisRun, theme_called: Find
) -> None:
    pairs = load_pairs(session, run)

    assert pairs
    assert all(pair.is_suppressed and pair.n_both is None for pair in pairs)


def test_the_page_lists_pairs_and_hides_small_ones(
    session: Session, analyst: Any, consultation: Any, analysed: Callable[..., AnalysisRun]
) -> None:
    _speak(session, consultation)
    analysed(consultation)

    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/together").get_data(
        as_text=True
    )

    assert "Routes et pistes" in page
    assert "not shown" in page
    assert "together" in page
