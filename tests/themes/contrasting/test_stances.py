"""Stances are kept beside the theme and counted by voices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.themes.contrasting.figures import STANCES, Stances, load_stances, opposite_groups
from app.themes.models import AnalysisRun, Passage, Theme
from tests.factories import submission

Find = Callable[[str], Theme]


def test_stances_count_voices_and_leave_the_silent_apart(
    session: Session, divided_run: AnalysisRun, theme_called: Find
) -> None:
    found = load_stances(session, divided_run)[theme_called("Routes et pistes").id]

    assert dict(found.counts) == {"for": 30, "against": 8, "mixed": 0}
    assert (found.n_voices, found.n_positioned, found.n_silent) == (40, 38, 2)
    assert (found.minority, found.majority) == ("against", "for")


def test_somebody_who_says_both_is_of_two_minds(
    session: Session, consultation: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    submission(consultation, "work: yes (for). work: and no (against).")
    session.commit()
    run = analysed(consultation)

    found = load_stances(session, run)[theme_called("Travail").id]

    assert dict(found.counts) == {"for": 0, "against": 0, "mixed": 1}


def test_a_stance_moves_no_passage_out_of_its_theme(
    session: Session, divided_run: AnalysisRun, theme_called: Find
) -> None:
    theme = theme_called("Routes et pistes")
    before = load_stances(session, divided_run)[theme.id].n_voices

    session.execute(update(Passage).values(stance="against"))
    session.flush()

    after = load_stances(session, divided_run)[theme.id]
    assert after.n_voices == before
    assert after.counts["against"] == before


@pytest.mark.parametrize(
    ("counts", "minority"),
    [
        ({"for": 9, "against": 1, "mixed": 0}, "against"),
        ({"for": 1, "against": 9, "mixed": 0}, "for"),
        ({"for": 5, "against": 5, "mixed": 0}, None),
        ({"for": 10, "against": 0, "mixed": 0}, None),
        ({"for": 3, "against": 1, "mixed": 0}, None),
        ({"for": 3, "against": 3, "mixed": 4}, None),
    ],
)
def test_a_minority_needs_a_majority_and_enough_people(
    counts: dict[str, int], minority: str | None
) -> None:
    assert Stances(1, 20, counts).minority == minority


def test_groups_that_say_the_opposite_are_found(
    session: Session, divided: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    for number in range(24):
        stance = "(against)" if number < 16 else "(for)"
        submission(divided, f"work: paid {number} {stance}.", actor_type="association")
    for number in range(60):
        stance = "(against)" if number < 6 else "(for)"
        submission(divided, f"work: paid {number} {stance}.", actor_type="citizen")
    session.commit()
    run = analysed(divided)

    found = opposite_groups(session, run, theme_called("Travail").id)

    [contrast] = [c for c in found if c.dimension == "actor_type"]
    assert (contrast.group, STANCES[contrast.theme]) == ("association", "against")
    assert (contrast.share, contrast.share_elsewhere) == (16 / 24, 6 / 60)


def test_a_group_of_too_few_is_not_said_to_say_the_opposite(
    session: Session, divided_run: AnalysisRun, theme_called: Find
) -> None:
    # All eight against are associations and no association is for: two of four counts are zero.
    assert opposite_groups(session, divided_run, theme_called("Routes et pistes").id) == []
