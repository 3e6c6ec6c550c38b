"""The map of themes, as a picture's data and as tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.themes.deciding import merge
from app.themes.exploring.landscape import Points, Wanted, areas_of, load_points, payload
from app.themes.models import AnalysisRun, Placement, Theme
from app.themes.queries import EVERYTHING
from tests.factories import ConsultationFactory, submission

Find = Callable[[str], Theme]


def _points(*rows: tuple[int, int, int, int]) -> Points:
    """Return points from number, theme, x and y."""
    ids, themes, xs, ys = (list(column) for column in zip(*rows, strict=True))
    n = len(rows)
    return Points(
        ids, xs, ys, themes, ["08"] * n, ["fr"] * n, ["citizen"] * n, ["in_theme"] * n, [*range(n)]
    )


def test_areas_know_their_nearest_themes() -> None:
    points = _points((1, 1, 0, 0), (2, 2, 100, 0), (3, 3, 1000, 0), (4, 4, 4000, 0), (5, 0, 9, 9))

    areas = areas_of(points)

    assert areas[1].nearest == (2, 3, 4)
    assert areas[4].nearest == (3, 2, 1)
    assert 0 not in areas


def test_numbers_are_sent_as_steps_and_come_back_whole() -> None:
    points = _points((7, 1, 5, 6), (12, 2, 7, 8), (40, 0, 9, 9))

    told = payload(points, areas_of(points), {1: "Un", 2: "Deux"})

    assert told["ids"] == [7, 5, 28]
    assert [theme["name"] for theme in told["themes"]] == ["Un", "Deux"]
    assert told["theme"] == [1, 2, 0]
    assert told["region_values"] == ["08"]


def test_a_selection_takes_all_its_conditions_together() -> None:
    points = _points((1, 1, 0, 0), (2, 2, 1, 1), (3, 1, 2, 2))

    assert points.rows(Wanted(theme=1)) == [0, 2]
    assert points.rows(Wanted(theme=1), found={3}) == [2]
    assert points.rows(Wanted(region="01")) == []


def test_a_merged_theme_lies_in_the_area_of_the_other(
    session: Session, run: AnalysisRun, theme_called: Find, now: Any
) -> None:
    care, road = theme_called("Soins"), theme_called("Routes et pistes")
    merge(session, System(), care, road, now=now)
    session.flush()

    points = load_points(session, run, EVERYTHING)

    assert care.id not in points.themes
    assert road.id in points.themes


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_answers_in_each_language(
    analyst: Any, consultation: Any, run: AnalysisRun, theme_called: Find, lang: str
) -> None:
    here = f"/{lang}/staff/consultations/{consultation.slug}"
    theme = theme_called("Routes et pistes").id
    for path in (
        "map",
        f"map?theme={theme}&region=08&language=fr&actor_type=citizen&state=in_theme&q=road",
        "map?theme=0",
        "map?theme=%C2%B2&q=%25&page=1",
        "map/points",
        "map/found?q=road",
        "map/found?q=",
        "together",
        f"together?theme={theme}",
        "words",
        "words?q=road&order=right",
        "words?q=...",
    ):
        assert analyst.get(f"{here}/{path}").status_code == 200, path


def test_the_page_without_a_script_holds_the_same_selection(
    analyst: Any, consultation: Any, run: AnalysisRun, theme_called: Find
) -> None:
    here = f"/en/staff/consultations/{consultation.slug}/map"
    theme = theme_called("École").id

    page = analyst.get(f"{here}?theme={theme}").get_data(as_text=True)
    searched = analyst.get(f"{here}?q=TEACHER").get_data(as_text=True)

    assert "too many pupils" in page
    assert "the road is far" not in page
    assert "no teacher" in searched
    assert "too many pupils" not in searched


def test_the_script_is_told_points_and_words_within_what_one_may_read(
    client: Any, sign_in: Any, consultation: Any, run: AnalysisRun
) -> None:
    sign_in(client, Role.COORDINATOR, region="04")
    here = f"/en/staff/consultations/{consultation.slug}/map"

    told = client.get(f"{here}/points").get_json()
    everyone = ",".join(str(number) for number in range(1, 20))
    words = client.get(f"{here}/passages?ids={everyone}").get_json()["html"]
    found = client.get(f"{here}/found?q=road").get_json()["ids"]

    assert told["region_values"] == ["04"]
    assert "too many pupils" in words
    assert "the road is far" not in words
    assert found
    assert len(found) < 3


def test_personal_data_is_masked_in_what_the_script_shows(
    session: Session, analyst: Any, consultation: Any, analysed: Callable[..., AnalysisRun]
) -> None:
    submission(consultation, "road: call me on 0661234567 about the road.")
    session.commit()
    run = analysed(consultation)
    ids = ",".join(str(number) for number in load_points(session, run, EVERYTHING).ids)

    here = f"/en/staff/consultations/{consultation.slug}/map"
    words = analyst.get(f"{here}/passages?ids={ids}").get_json()["html"]

    assert "call me on" in words
    assert "0661234567" not in words


def test_a_run_without_a_map_says_so(
    session: Session, analyst: Any, consultation: Any, run: AnalysisRun
) -> None:
    session.execute(update(Placement).values(map_x=None, map_y=None))
    session.commit()

    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/map").get_data(as_text=True)

    assert "This analysis has no map" in page


def test_a_consultation_without_an_analysis_leads_to_it(analyst: Any, session: Any) -> None:
    consultation = ConsultationFactory()
    session.commit()

    answer = analyst.get(f"/en/staff/consultations/{consultation.slug}/map")

    assert answer.status_code == 200
    assert "has not been analysed yet" in answer.get_data(as_text=True)
