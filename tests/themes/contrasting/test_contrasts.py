"""Groups that differ, themes that few carry, regions side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from app.core.access import System
from app.themes.contrasting.figures import (
    carried_themes,
    compare_regions,
    load_contrasts,
    telling,
)
from app.themes.deciding import merge
from app.themes.models import AnalysisRun, Theme
from tests.factories import submission

Find = Callable[[str], Theme]


def _mix(session: Session, consultation: Any) -> None:
    """Let some people of every region speak of every theme, so that no count is small."""
    for number in range(12):
        for region in ("08", "04"):
            submission(
                consultation,
                f"road: one {number}. school: two {number}.",
                region_code=region,
                actor_type="association" if number % 2 else "citizen",
            )
            submission(consultation, f"off: hello {number}.", region_code=region)
    session.commit()


def test_a_region_that_says_more_is_told_with_its_interval(
    session: Session, divided: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    _mix(session, divided)
    run = analysed(divided)

    found = telling(load_contrasts(session, run)[theme_called("Routes et pistes").id])

    region = next(c for c in found if (c.dimension, c.group) == ("region", "08"))
    assert region.direction == "over"
    assert region.low is not None
    assert 0 < region.low < (region.difference or 0) < (region.high or 0)
    assert (region.q or 1) <= 0.05
    assert (region.lift or 0) > 1


def test_a_merged_theme_counts_with_the_one_it_was_merged_into(
    session: Session, divided_run: AnalysisRun, theme_called: Find, now: Any
) -> None:
    school, road = theme_called("École"), theme_called("Routes et pistes")
    merge(session, System(), school, road, now=now)
    session.flush()

    found = load_contrasts(session, divided_run)

    assert school.id not in found
    assert road.id in found


def test_small_cells_are_not_shown(
    session: Session, divided_run: AnalysisRun, theme_called: Find
) -> None:
    between = compare_regions(session, divided_run, [])

    care = theme_called("Soins").id
    assert between.cells[care, "08"].is_suppressed
    assert between.cells[care, "08"].share is None
    assert between.sizes == {"01": 8, "04": 40, "08": 40}


def test_chosen_regions_are_compared_with_one_another_only(
    session: Session, divided: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    _mix(session, divided)
    run = analysed(divided)

    between = compare_regions(session, run, ["08", "04"])

    road = theme_called("Routes et pistes").id
    assert between.regions == ["04", "08"]
    assert {region for _theme, region in between.cells} == {"04", "08"}
    assert not between.cells[road, "08"].is_suppressed
    assert next(c.theme for c in between.ranked("08")) == road
    assert all(contrast.is_significant for contrast in between.differing())
    assert between.n_suppressed("08") + len(between.ranked("08")) == len(
        [1 for _theme, region in between.cells if region == "08"]
    )


def test_a_theme_of_few_is_found_with_the_group_that_carries_it(
    session: Session, divided: Any, analysed: Callable[..., AnalysisRun], theme_called: Find
) -> None:
    for number in range(90):
        submission(divided, f"school: more {number}.", region_code="04")
    for number in range(6):
        submission(divided, f"care: a doctor {number}.", region_code="04")
        submission(divided, f"road: from the coast {number}.", region_code="01")
    session.commit()
    run = analysed(divided)

    found = carried_themes(session, run)

    care = next(c for c in found if c.theme_id == theme_called("Soins").id)
    assert (care.contrast.dimension, care.contrast.group) == ("region", "01")
    assert care.share <= 0.1
