"""Staff pages of the analysis and of the review, in the three languages and for each role."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.core.jobs.operations import claim
from app.themes.deciding import exclude, merge
from app.themes.models import AnalysisRun, Theme, ThemeEvent
from app.themes.operations import start_analysis
from tests.factories import ConsultationFactory

Find = Callable[[str], Theme]


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_of_the_review_answers_in_each_language(
    session: Session,
    analyst: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    now: Any,
    lang: str,
) -> None:
    merge(session, System(), theme_called("Soins"), theme_called("École"), now=now)
    exclude(session, System(), theme_called("Routes et pistes"), reason="Other ministry", now=now)
    session.commit()
    slug = consultation.slug
    themes = [f"themes/{theme.id}" for theme in session.query(Theme)]
    paths = [
        f"consultations/{slug}/analyses",
        f"analyses/{run.id}",
        f"consultations/{slug}/themes",
        f"consultations/{slug}/passages",
        f"consultations/{slug}/passages?state=excluded&language=ar&region=08",
        *themes,
        f"{themes[0]}?state=copy&region=01",
    ]

    for path in paths:
        assert analyst.get(f"/{lang}/staff/{path}").status_code == 200, path


def test_the_list_says_the_sum_and_keeps_decided_themes_apart(
    session: Session,
    analyst: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    now: Any,
) -> None:
    exclude(session, System(), theme_called("Soins"), reason="Not for this ministry", now=now)
    session.commit()

    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/themes").get_data(as_text=True)

    assert "Not for this ministry" in page
    active = page.partition('id="sum"')[0]
    assert "Routes et pistes" in active
    assert "Soins" not in active
    assert "11</bdi> passages, 100%" in page


def test_an_unanalysed_consultation_says_so(analyst: Any, session: Session) -> None:
    consultation = ConsultationFactory()
    session.commit()

    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/themes")

    assert "has not been analysed yet" in page.get_data(as_text=True)
    assert analyst.get(f"/en/staff/consultations/{consultation.slug}/passages").status_code == 409


def test_an_analysis_is_started_announced_and_shown(
    app: Flask, session: Session, analyst: Any, consultation: Any, fake: Any
) -> None:
    answer = analyst.post(
        f"/en/staff/consultations/{consultation.slug}/analyses", data={"n_themes": "3", "seed": "5"}
    )

    job = session.query(Job).one()
    run = session.query(AnalysisRun).one()
    assert answer.status_code == 302
    assert answer.location.endswith(f"/en/staff/analyses/{run.id}")
    assert run.options == {"n_themes": 3, "unit": "passage", "seed": 5}
    assert session.query(AuditEntry).filter_by(action="themes.start").count() == 1
    waiting = analyst.get(answer.location)
    assert "Waiting for a worker" in waiting.get_data(as_text=True)
    assert waiting.headers["Refresh"] == "5"
    assert "Refresh" not in analyst.get(f"{answer.location}?live=1").headers
    session.rollback()
    assert run_job(app, job.id)
    done = analyst.get(answer.location)
    assert "Review the themes" in done.get_data(as_text=True)
    assert "Refresh" not in done.headers


def test_a_second_click_leads_to_the_analysis_under_way(
    session: Session, analyst: Any, consultation: Any
) -> None:
    path = f"/en/staff/consultations/{consultation.slug}/analyses"
    first = analyst.post(path, data={"seed": "0"})

    second = analyst.post(path, data={"seed": "0"})

    assert second.location == first.location
    assert session.query(Job).count() == 1
    assert 'name="seed"' not in analyst.get(path).get_data(as_text=True)


@pytest.mark.parametrize(
    "sent", [{"n_themes": "1", "seed": "0"}, {"n_themes": "many", "seed": "0"}, {"seed": ""}]
)
def test_a_wrong_number_is_refused_and_what_was_typed_stays(
    session: Session, analyst: Any, consultation: Any, sent: dict[str, str]
) -> None:
    answer = analyst.post(f"/en/staff/consultations/{consultation.slug}/analyses", data=sent)

    assert answer.status_code == 422
    assert f'value="{sent.get("n_themes", "")}"' in answer.get_data(as_text=True)
    assert session.query(Job).count() == 0


def test_progress_is_told_as_numbers_and_words(
    session: Session, analyst: Any, consultation: Any, now: Any
) -> None:
    run = start_analysis(session, System(), consultation, now=now)
    session.commit()
    claim(session, run.job_id, owner="worker", now=now)
    run.job.stage, run.job.progress = "clusters", 0.5
    session.commit()

    told = analyst.get(f"/en/staff/analyses/{run.id}/progress").get_json()
    page = analyst.get(f"/en/staff/analyses/{run.id}").get_data(as_text=True)

    assert told["text"] == "Grouping the passages into themes"
    assert (told["state"], told["is_over"], told["progress"]) == ("running", False, 0.5)
    assert 'role="status"' in page
    assert 'value="50"' in page


def test_a_failure_is_shown_with_its_message(
    app: Flask, session: Session, analyst: Any, consultation: Any, fake: Any, now: Any
) -> None:
    def broken() -> None:
        raise ValueError("the vectors file is missing")

    fake.during = broken
    run = start_analysis(session, System(), consultation, now=now)
    session.commit()
    with pytest.raises(ValueError, match="vectors"):
        run_job(app, run.job_id)
    session.rollback()

    page = analyst.get(f"/en/staff/analyses/{run.id}")

    assert "ValueError: the vectors file is missing" in page.get_data(as_text=True)
    assert "Refresh" not in page.headers


def test_a_theme_is_renamed_merged_excluded_and_restored_from_its_page(
    session: Session, analyst: Any, run: AnalysisRun, theme_called: Find
) -> None:
    road, school = theme_called("Routes et pistes").id, theme_called("École").id

    def post(theme: int, verb: str, **sent: Any) -> None:
        assert analyst.post(f"/fr/staff/themes/{theme}/{verb}", data=sent).status_code == 302
        session.expire_all()

    post(road, "rename", name_fr="Pistes", name_ar="مسالك")
    assert session.get_one(Theme, road).name == {"fr": "Pistes", "ar": "مسالك"}
    post(school, "merge", into=road)
    assert session.get_one(Theme, school).merged_into_id == road
    post(school, "restore")
    post(road, "exclude", reason="Other ministry")
    assert session.get_one(Theme, road).state == "excluded"
    post(road, "restore")
    assert {theme.state for theme in session.query(Theme)} == {"active"}
    assert session.query(ThemeEvent).count() == 5


@pytest.mark.parametrize(
    ("verb", "sent", "field", "message"),
    [
        ("rename", {"name_fr": "École", "name_ar": "Z"}, "name_fr", "already has the name"),
        ("rename", {"name_fr": "Z", "name_ar": "المدرسة"}, "name_ar", "already has the name"),
        ("rename", {"name_fr": "Z", "name_ar": ""}, "name_ar", "in French and in Arabic"),
        ("rename", {"name_fr": "z" * 200, "name_ar": "Z"}, "name_fr", "160"),
        ("merge", {"into": "999"}, "into", "Choose an active theme"),
        ("merge", {}, "into", "Choose an active theme"),
        ("exclude", {"reason": " "}, "reason", "Give the reason"),
    ],
)
def test_a_refused_decision_shows_the_form_again_with_the_reason(
    session: Session,
    analyst: Any,
    run: AnalysisRun,
    theme_called: Find,
    verb: str,
    sent: dict[str, str],
    field: str,
    message: str,
) -> None:
    theme = theme_called("Routes et pistes").id

    answer = analyst.post(f"/en/staff/themes/{theme}/{verb}", data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert f'href="#{field}"' in page
    if "name_fr" in sent:
        assert f'value="{sent["name_fr"]}"' in page
    assert session.query(ThemeEvent).count() == 0


def test_a_decision_on_a_theme_decided_meanwhile_is_a_conflict(
    session: Session, analyst: Any, run: AnalysisRun, theme_called: Find, now: Any
) -> None:
    road = theme_called("Routes et pistes")
    exclude(session, System(), road, reason="Other ministry", now=now)
    session.commit()

    answer = analyst.post(
        f"/en/staff/themes/{road.id}/rename", data={"name_fr": "A", "name_ar": "B"}
    )

    assert answer.status_code == 409


def test_those_who_only_read_see_no_forms_and_cannot_post(
    session: Session, client: Any, sign_in: Any, run: AnalysisRun, theme_called: Find
) -> None:
    sign_in(client, Role.OBSERVER)
    theme = theme_called("Routes et pistes").id

    page = client.get(f"/en/staff/themes/{theme}").get_data(as_text=True)

    assert "name_fr" not in page
    for verb in ("rename", "merge", "exclude", "restore"):
        assert client.post(f"/en/staff/themes/{theme}/{verb}").status_code == 403


def test_an_analyst_of_another_consultation_reads_and_decides_nothing(
    session: Session,
    client: Any,
    sign_in: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
) -> None:
    other = ConsultationFactory().id
    session.commit()
    sign_in(client, Role.ANALYST, consultation=other)
    theme, slug = theme_called("Routes et pistes").id, consultation.slug
    paths = [
        f"themes/{theme}",
        f"analyses/{run.id}",
        f"analyses/{run.id}/progress",
        *(f"consultations/{slug}/{page}" for page in ("themes", "passages", "analyses")),
    ]
    session.rollback()

    for path in paths:
        assert client.get(f"/en/staff/{path}").status_code == 403, path
    for path in (f"themes/{theme}/restore", f"themes/{theme}/exclude"):
        assert client.post(f"/en/staff/{path}", data={"reason": "x"}).status_code == 403
    answer = client.post(f"/en/staff/consultations/{slug}/analyses", data={"seed": "0"})
    assert answer.status_code == 403


def test_a_regional_coordinator_reads_the_words_of_the_region_only(
    session: Session,
    client: Any,
    sign_in: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
) -> None:
    sign_in(client, Role.COORDINATOR, region="08")
    theme = theme_called("École").id

    page = client.get(f"/en/staff/themes/{theme}").get_data(as_text=True)
    listed = client.get(f"/en/staff/consultations/{consultation.slug}/passages").get_data(
        as_text=True
    )

    assert "school: no teacher." in page
    assert "school: too many pupils." not in page
    assert "You see the passages of your regions" in page
    assert "who knows" not in listed


def test_long_lists_of_passages_are_paged(
    session: Session, analyst: Any, analysed: Any, theme_called: Find
) -> None:
    from tests.factories import submission

    consultation = ConsultationFactory()
    for number in range(35):
        submission(consultation, f"road: number {number}.")
    session.commit()
    analysed(consultation)
    theme = theme_called("Routes et pistes").id

    first = analyst.get(f"/en/staff/themes/{theme}").get_data(as_text=True)
    second = analyst.get(f"/en/staff/themes/{theme}?page=2").get_data(as_text=True)

    assert 'rel="next"' in first
    assert first.count('class="psg"') == 30
    assert second.count('class="psg"') == 5


def test_what_does_not_exist_is_not_found(analyst: Any) -> None:
    for path in (
        "themes/999",
        "analyses/999",
        "analyses/999/progress",
        "consultations/none/themes",
    ):
        assert analyst.get(f"/en/staff/{path}").status_code == 404
