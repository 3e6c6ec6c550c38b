"""A theme's page: every decision from its form, and two people who decide at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.consultations.models import StrategyAxis, TargetPopulation
from app.core.access import Role, System
from app.core.db import Texts
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.themes import deciding, engine
from app.themes.models import AnalysisRun, Placement, Proposal, Theme, ThemeEvent
from tests.themes.deciding import divided_in_two, passages_in

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


@pytest.fixture
def road(run: AnalysisRun, theme_called: Find) -> int:
    """Four passages of three people, and a copy."""
    return theme_called("Routes et pistes").id


def test_a_theme_is_described_attached_and_validated(
    session: Session,
    analyst: Any,
    consultation: Any,
    road: int,
    theme_called: Find,
) -> None:
    axis = StrategyAxis(
        consultation_id=consultation.id, code="a", position=1, title=Texts(fr="Axe", ar="محور")
    )
    group = TargetPopulation(
        consultation_id=consultation.id, code="w", position=1, title=Texts(fr="Femmes", ar="نساء")
    )
    session.add_all([axis, group])
    session.commit()
    axis_id, group_id, parent_id = axis.id, group.id, theme_called("École").id
    texts = {"definition_fr": "Ce qui relie.", "inclusion_ar": "الطرق كلها"}
    to = {"axis_id": axis_id, "population_id": group_id, "parent_id": parent_id}

    for verb, sent in (("describe", texts), ("attach", to), ("validate", {"is_validated": "1"})):
        answer = analyst.post(f"/fr/staff/themes/{road}/{verb}", data=sent)
        assert answer.status_code == 302, verb
    session.expire_all()

    theme = session.get_one(Theme, road)
    assert (theme.axis_id, theme.population_id, theme.parent_id) == tuple(to.values())
    assert theme.definition == {"fr": "Ce qui relie."}
    assert theme.inclusion == {"ar": "الطرق كلها"}
    assert theme.is_validated
    page = analyst.get(f"/fr/staff/themes/{road}").get_data(as_text=True)
    assert "Ce qui relie." in page
    assert "Femmes" in page


def test_chosen_passages_become_a_theme_and_examples(
    session: Session, analyst: Any, road: int, run: AnalysisRun
) -> None:
    first, second, *_rest = passages_in(session, run, road)
    pinned = analyst.post(f"/en/staff/themes/{road}/examples", data={"passage": second})

    made = analyst.post(
        f"/en/staff/themes/{road}/split",
        data={"passage": first, "part-name_fr": "Bus", "part-name_ar": "الحافلة"},
    )

    assert (pinned.status_code, made.status_code) == (302, 302)
    session.expire_all()
    [new] = [theme for theme in session.query(Theme) if theme.name["fr"] == "Bus"]
    assert passages_in(session, run, new.id) == [first]
    page = analyst.get(f"/en/staff/themes/{road}").get_data(as_text=True)
    assert 'id="examples"' in page
    analyst.post(f"/en/staff/themes/{road}/examples/remove", data={"passage": second})
    session.expire_all()
    assert session.query(Placement).filter_by(is_pinned=True).count() == 0


def test_all_passages_that_hold_a_word_become_a_theme(
    session: Session, analyst: Any, road: int, run: AnalysisRun
) -> None:
    page = analyst.get(f"/en/staff/themes/{road}?q=BUS").get_data(as_text=True)
    sent = {"all": "1", "q": "BUS", "part-name_fr": "Bus", "part-name_ar": "الحافلة"}

    answer = analyst.post(f"/en/staff/themes/{road}/split", data=sent)

    assert page.count('name="passage"') == 1
    assert answer.status_code == 302
    session.expire_all()
    [new] = [theme for theme in session.query(Theme) if theme.name["fr"] == "Bus"]
    assert len(passages_in(session, run, new.id)) == 1


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"part-name_fr": "A", "part-name_ar": "B"}, "Choose passages of this theme"),
        ({"all": "1", "part-name_fr": "A", "part-name_ar": "B"}, "Choose passages of this theme"),
        ({"passage": "first", "part-name_fr": "A"}, "in French and in Arabic"),
        ({"passage": "first", "part-name_fr": "École", "part-name_ar": "B"}, "already has"),
    ],
)
def test_a_refused_split_keeps_what_was_chosen_and_typed(
    session: Session,
    analyst: Any,
    road: int,
    run: AnalysisRun,
    sent: dict[str, str],
    message: str,
) -> None:
    first = passages_in(session, run, road)[0]
    sent = {key: str(first) if value == "first" else value for key, value in sent.items()}

    answer = analyst.post(f"/en/staff/themes/{road}/split", data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert f'value="{sent["part-name_fr"]}"' in page
    if "passage" in sent:
        assert re.search(rf'value="{first}"[^>]* checked', page)
    assert session.query(ThemeEvent).count() == 0


def test_who_did_not_see_a_change_is_told_of_it_and_keeps_what_was_typed(
    session: Session, analyst: Any, road: int, now: Any
) -> None:
    theme = session.get_one(Theme, road)
    deciding.rename(session, System("Salma"), theme, name_fr="Pistes", name_ar="مسالك", now=now)
    session.commit()
    sent = {
        "seen": "0",
        "name_fr": "Chemins",
        "name_ar": "سبل",
        "was-name_fr": "Routes et pistes",
        "was-name_ar": "الطرق والمسالك",
    }

    refused = analyst.post(f"/en/staff/themes/{road}/rename", data=sent)

    page = refused.get_data(as_text=True)
    assert refused.status_code == 409
    assert "Salma changed" in page
    assert 'value="Chemins"' in page
    assert "became “<span" in page
    assert "It now says: Pistes" in page
    session.expire_all()
    assert session.get_one(Theme, road).name["fr"] == "Pistes"
    again = re.search(r'action="[^"]*/rename"[^>]*>.*?name="seen" value="(\d+)"', page, re.DOTALL)
    assert again
    answer = analyst.post(f"/en/staff/themes/{road}/rename", data=sent | {"seen": again[1]})
    assert answer.status_code == 302
    session.expire_all()
    assert session.get_one(Theme, road).name["fr"] == "Chemins"


def test_fields_left_alone_take_over_what_somebody_else_wrote(
    session: Session, analyst: Any, road: int, now: Any
) -> None:
    theme = session.get_one(Theme, road)
    texts = {"definition": {"fr": "Celle de Salma"}}
    deciding.describe(session, System("Salma"), theme, texts=texts, now=now)
    session.commit()
    columns = [
        f"{column}_{code}"
        for column in ("definition", "inclusion", "exclusion")
        for code in ("fr", "ar")
    ]
    sent = dict.fromkeys(columns, "") | {f"was-{column}": "" for column in columns}
    sent |= {"seen": "0", "inclusion_fr": "La mienne"}

    page = analyst.post(f"/en/staff/themes/{road}/describe", data=sent).get_data(as_text=True)

    assert re.search(r'name="definition_fr"[^>]*>\s*Celle de Salma</textarea>', page)
    assert re.search(r'name="inclusion_fr"[^>]*>\s*La mienne</textarea>', page)


def test_what_was_typed_for_a_theme_that_was_excluded_meanwhile_is_shown(
    session: Session, analyst: Any, road: int, now: Any
) -> None:
    deciding.exclude(
        session, System("Salma"), session.get_one(Theme, road), reason="Ailleurs", now=now
    )
    session.commit()
    sent = {"seen": "0", "definition_fr": "Une longue définition"}

    answer = analyst.post(f"/en/staff/themes/{road}/describe", data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "What you had typed:" in page
    assert "Une longue définition" in page
    assert "Ailleurs" in page


def test_passages_that_somebody_moved_meanwhile_are_not_split_away(
    session: Session, analyst: Any, road: int, run: AnalysisRun, theme_called: Find, now: Any
) -> None:
    first = passages_in(session, run, road)[0]
    deciding.move(session, System("Salma"), theme_called("École"), [first], now=now)
    session.commit()
    sent = {"part-seen": "0", "passage": first, "part-name_fr": "Bus", "part-name_ar": "ح"}

    answer = analyst.post(f"/en/staff/themes/{road}/split", data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Salma decided on some of these passages" in page
    assert 'value="Bus"' in page
    assert session.query(ThemeEvent).count() == 1


def test_a_theme_is_made_by_hand_from_the_list(
    session: Session, analyst: Any, consultation: Any, run: AnalysisRun
) -> None:
    path = f"/en/staff/consultations/{consultation.slug}/themes"

    refused = analyst.post(path, data={"name_fr": "Bus", "name_ar": ""})
    made = analyst.post(path, data={"name_fr": "Bus", "name_ar": "الحافلة"})

    assert refused.status_code == 422
    assert 'value="Bus"' in refused.get_data(as_text=True)
    session.expire_all()
    [new] = [theme for theme in session.query(Theme) if theme.name["fr"] == "Bus"]
    assert made.location.endswith(f"/en/staff/themes/{new.id}")
    assert new.is_made_by_hand


def test_a_division_that_is_asked_for_becomes_a_proposal(
    app: Flask,
    session: Session,
    analyst: Any,
    road: int,
    run: AnalysisRun,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "divide", divided_in_two)
    before = passages_in(session, run, road)
    session.rollback()

    asked = analyst.post(f"/en/staff/themes/{road}/divide", data={"seen": "0"})
    second = analyst.post(f"/en/staff/themes/{road}/divide")

    job = session.query(Job).filter_by(kind="themes.divide").one()
    assert asked.location == second.location
    waiting = analyst.get(asked.location)
    assert waiting.headers["Refresh"] == "5"
    assert analyst.get(f"{asked.location}/progress").get_json()["is_over"] is False
    session.rollback()
    assert run_job(app, job.id)
    assert analyst.get(asked.location).location.endswith("/proposals#split")
    session.expire_all()
    proposal = session.query(Proposal).one()
    assert (proposal.kind, proposal.state) == ("split", "open")
    assert set(proposal.payload["passages"]) < set(before)
    page = analyst.get(f"/en/staff/themes/{road}").get_data(as_text=True)
    assert f"#p{proposal.id}" in page


def test_a_theme_that_holds_together_is_said_so(
    app: Flask, session: Session, analyst: Any, road: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "divide", lambda _texts, _languages: None)
    asked = analyst.post(f"/en/staff/themes/{road}/divide")
    session.rollback()
    assert run_job(app, session.query(Job).filter_by(kind="themes.divide").one().id)

    page = analyst.get(asked.location).get_data(as_text=True)

    assert "The theme holds together" in page
    assert session.query(Proposal).count() == 0


def test_the_library_does_not_divide_a_theme_of_a_few_passages() -> None:
    assert engine.divide(["La route est coupée.", "L’école manque de tables."], ["fr"] * 2) is None
