"""Two analyses side by side: sums, fates of themes, moves with reasons, and decisions that hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.submissions.models import Submission
from app.themes import deciding
from app.themes.comparing import Comparison, compare_runs, place_of_key
from app.themes.holding import holding_of
from app.themes.models import AnalysisRun, Placement, Theme
from tests.factories import submission
from tests.themes.deciding import passages_in

Find = Callable[[str], Theme]
SALMA = System("Salma")


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


def fates(comparison: Comparison) -> dict[str, tuple[str, int, int]]:
    """Return what became of each theme."""
    return {
        fate.theme.name["fr"]: (fate.status, fate.n_before, fate.n_after)
        for fate in comparison.fates
    }


def whys(comparison: Comparison) -> dict[tuple[str, str], dict[str, int]]:
    """Return the moves with their reasons, themes by name."""

    def name(place: Any) -> str:
        """Return a place by name."""
        return comparison.themes[place.theme_id].name["fr"] if place.theme_id else place.state

    return {(name(cell.before), name(cell.after)): cell.whys for cell in comparison.cells}


def test_the_same_texts_again_move_nothing(
    session: Session, consultation: Any, analysed: Any
) -> None:
    first, second = analysed(consultation), analysed(consultation)
    first = session.get_one(AnalysisRun, first.id)

    comparison = compare_runs(session, first, second)

    assert comparison.cells == []
    assert comparison.n_stayed == 11
    assert {status for status, _before, _after in fates(comparison).values()} == {"matched"}
    assert {fate.overlap for fate in comparison.fates} == {1.0}
    assert all(before == after for before, after in comparison.states.values())


def test_new_texts_decisions_and_ended_themes_are_told_apart(
    session: Session,
    consultation: Any,
    analysed: Any,
    fake: Any,
    theme_called: Find,
    now: Any,
) -> None:
    first = analysed(consultation)
    road, school = theme_called("Routes et pistes"), theme_called("École")
    passages = passages_in(session, first, road.id)
    deciding.validate(session, SALMA, school, now=now)
    second = analysed(consultation)
    deciding.move(session, SALMA, school, passages[:1], now=now)
    submission(consultation, "work: no job. work: no pay. work: far. work: hard.")
    gone = session.query(Submission).order_by(Submission.id).all()[2]
    for answer in gone.answers:
        answer.text = "school: too many pupils. ?: who knows. care: no doctor. care: more."
    session.commit()
    third = analysed(consultation)

    comparison = compare_runs(session, session.get_one(AnalysisRun, second.id), third)

    found = whys(comparison)
    assert found["none", "to_arbitrate"] == {"new": 4}
    assert found["none", "Soins"] == {"cut": 1}
    assert sum(after for _before, after in comparison.states.values()) == 16
    assert fates(comparison)["Travail"][0] == "proposed"
    backwards = compare_runs(session, session.get_one(AnalysisRun, first.id), third)
    assert whys(backwards)["Routes et pistes", "École"] == {"person": 1}


def test_a_theme_that_nobody_touched_ends_with_its_heir(
    session: Session, consultation: Any, analysed: Any, fake: Any, theme_called: Find, now: Any
) -> None:
    first = analysed(consultation)
    deciding.validate(session, SALMA, theme_called("Routes et pistes"), now=now)
    session.commit()
    fake.synonyms = {"care": "school"}
    second = analysed(consultation)

    comparison = compare_runs(session, session.get_one(AnalysisRun, first.id), second)

    [ended] = [fate for fate in comparison.fates if fate.status == "ended"]
    assert ended.theme.name["fr"] == "Soins"
    assert ended.heir is not None
    assert ended.heir.name["fr"] == "École"
    assert whys(comparison)["Soins", "École"] == {"ended": 1}


def test_every_decision_is_looked_up_and_counted(
    session: Session, consultation: Any, analysed: Any, theme_called: Find, now: Any
) -> None:
    run = analysed(consultation)
    road, school = theme_called("Routes et pistes"), theme_called("École")
    passages = passages_in(session, run, road.id)
    deciding.rename(session, SALMA, road, name_fr="Pistes", name_ar="مسالك", now=now)
    deciding.move(session, SALMA, school, passages[:1], now=now)
    deciding.pin(session, SALMA, consultation.id, passages[1:2], now=now)
    undone = deciding.validate(session, SALMA, school, now=now)
    assert undone is not None
    deciding.undo(session, SALMA, undone, now=now)
    session.commit()
    second = analysed(consultation)

    holding = holding_of(session, second)

    assert (holding.n_decisions, holding.n_kept, holding.n_waiting) == (3, 3, 0)
    assert (holding.share, holding.n_broken) == (1.0, 0)
    row = session.query(Placement).filter_by(run_id=second.id, passage_id=passages[0]).one()
    row.theme_id, row.decided_id = road.id, None
    session.flush()
    assert holding_of(session, second).n_broken == 1


def test_a_decision_on_a_text_that_is_gone_waits(
    session: Session, consultation: Any, analysed: Any, theme_called: Find, now: Any
) -> None:
    run = analysed(consultation)
    care, school = theme_called("Soins"), theme_called("École")
    [passage] = passages_in(session, run, care.id)
    deciding.move(session, SALMA, school, [passage], now=now)
    said = session.query(Placement).filter_by(passage_id=passage).one().passage.submission
    said.state = "withdrawn"
    session.commit()
    second = analysed(consultation)

    holding = holding_of(session, second)

    assert (holding.n_decisions, holding.n_kept, holding.n_waiting) == (1, 0, 1)


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_page_compares_with_the_analysis_before(
    session: Session,
    analyst: Any,
    consultation: Any,
    analysed: Any,
    theme_called: Find,
    now: Any,
    lang: str,
) -> None:
    first = analysed(consultation).id
    school, road = theme_called("École"), theme_called("Routes et pistes")
    passages = passages_in(session, session.get_one(AnalysisRun, first), road.id)
    second = analysed(consultation).id
    deciding.move(session, SALMA, school, passages[:1], now=now)
    session.commit()
    cell = f"from=in_theme-{road.id}&to=in_theme-{school.id}"
    session.rollback()
    path = f"/{lang}/staff/analyses/{second}/compare"

    page = analyst.get(path).get_data(as_text=True)
    listed = analyst.get(f"{path}?with={first}&{cell}").get_data(as_text=True)

    assert f"from=in_theme-{road.id}&amp;to=in_theme-{school.id}" in page
    assert listed.count('<li class="psg">') == 1
    if lang == "en":
        assert "decision is in force" in page
        assert "a person decided" in listed
    assert analyst.get(f"/{lang}/staff/analyses/{first}/compare").status_code == 200
    assert analyst.get(f"{path}?with={second}").status_code == 404
    assert analyst.get(f"{path}?from=x&to=in_theme").status_code == 200


@pytest.mark.parametrize("key", ["", "x", "in_theme-x", "none-"])
def test_a_place_that_is_none_is_read_as_none_or_as_nowhere(key: str) -> None:
    place = place_of_key(key)

    assert place is None or place.theme_id is None
