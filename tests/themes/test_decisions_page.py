"""The ledger's page: every kind of decision in words, found by filter, taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.themes import deciding, labels
from app.themes.deciding.on_themes import Part
from app.themes.decisions import views
from app.themes.ledger.kinds import Kind
from app.themes.models import AnalysisRun, Theme, ThemeEvent
from tests.themes.deciding import passages_in

Find = Callable[[str], Theme]
SALMA = System("Salma")


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def analyst(client: Any, sign_in: Any) -> Any:
    """A browser in which an analyst is signed in."""
    sign_in(client, Role.ANALYST)
    return client


def words_of(answer: Any) -> str:
    """Return the page's text without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.get_data(as_text=True)))


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_kind_of_decision_is_told(
    session: Session,
    analyst: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    fake: Any,
    analysed: Any,
    now: Any,
    lang: str,
) -> None:
    road, school = theme_called("Routes et pistes"), theme_called("École")
    care = theme_called("Soins")
    passages = passages_in(session, run, road.id)
    here: dict[str, Any] = {"now": now}
    deciding.rename(session, SALMA, road, name_fr="Pistes", name_ar="مسالك", **here)
    deciding.describe(session, SALMA, road, texts={"definition": {"fr": "Ce qui relie"}}, **here)
    deciding.attach(session, SALMA, road, to={"parent_id": school.id}, **here)
    deciding.validate(session, SALMA, road, **here)
    deciding.validate(session, SALMA, road, is_validated=False, **here)
    made = deciding.create(session, SALMA, consultation, name_fr="Bus", name_ar="ح", **here)
    deciding.move(session, SALMA, made, passages[:2], reason="Trop loin", **here)
    deciding.pin(session, SALMA, consultation.id, passages[:1], **here)
    deciding.unpin(session, SALMA, consultation.id, passages[:1], **here)
    deciding.confirm(session, SALMA, consultation.id, passages[2:3], **here)
    deciding.split(
        session,
        SALMA,
        road,
        [Part("Ponts", "قناطر", passages[2:3])],
        **here,
    )
    aside = deciding.set_aside(
        session, SALMA, consultation.id, passages[:1], state="off_topic", **here
    )
    deciding.undo(session, SALMA, aside, **here)
    deciding.release(session, SALMA, consultation.id, passages[:1], **here)
    deciding.merge(session, SALMA, care, school, reason="Doublon", **here)
    deciding.restore(session, SALMA, care, **here)
    deciding.exclude(session, SALMA, care, reason="Autre ministère", **here)
    session.commit()

    answer = analyst.get(f"/{lang}/staff/consultations/{consultation.slug}/decisions")

    page = words_of(answer)
    told = {event.kind for event in session.query(ThemeEvent)}
    assert answer.status_code == 200
    assert told == set(Kind) - {Kind.ACCEPT, Kind.REFUSE, Kind.END, Kind.CARRY}
    assert set(labels.EVENTS) == set(Kind)
    part = "قناطر" if lang == "ar" else "Ponts"
    for said in ("Pistes", "Ce qui relie", "Trop loin", part, "Doublon", "Autre ministère"):
        assert said in page, said
    if lang == "en":
        assert "2 passages moved to “Bus”." in page
        assert "From “Pistes” (2)." in page
        assert "1 passage became “Ponts”" in page
        assert "Taken back: Passages set aside (Salma)" in page
    for theme in session.query(Theme):
        assert analyst.get(f"/{lang}/staff/themes/{theme.id}").status_code == 200


def test_what_a_run_does_by_itself_is_told_and_has_no_button(
    session: Session, analyst: Any, consultation: Any, run: AnalysisRun, fake: Any, analysed: Any
) -> None:
    fake.synonyms = {"care": "school"}
    analysed(consultation)

    answer = analyst.get(f"/en/staff/consultations/{consultation.slug}/decisions?kind=end")

    assert "the analysis" in words_of(answer)
    assert "The analysis did not find it again" in words_of(answer)
    assert "/undo" not in answer.get_data(as_text=True)


def test_decisions_are_found_by_person_kind_and_theme(
    session: Session,
    analyst: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    now: Any,
) -> None:
    road, school = theme_called("Routes et pistes"), theme_called("École")
    passages = passages_in(session, run, road.id)
    deciding.rename(session, SALMA, school, name_fr="Classes", name_ar="أقسام", now=now)
    pinned = deciding.pin(session, System("Nadia"), consultation.id, passages[:1], now=now)
    undone = deciding.undo(session, System("Nadia"), pinned, now=now)
    merged = deciding.merge(session, SALMA, school, road, now=now)
    session.commit()
    numbers = {"pinned": pinned.id, "undone": undone.id, "merged": merged.id}
    base = f"/en/staff/consultations/{consultation.slug}/decisions"

    def found(**asked: Any) -> set[int]:
        """Return the decisions listed."""
        page = analyst.get(base, query_string=asked).get_data(as_text=True)
        return {int(number) for number in re.findall(r'id="e(\d+)"', page)}

    everything = found()
    assert len(everything) == 4
    assert found(who="Nadia") == {numbers["pinned"], numbers["undone"]}
    assert found(kind="merge") == {numbers["merged"]}
    assert found(theme=road.id) == set(numbers.values())
    assert found(who="nobody") == set()
    assert found(kind="unknown", theme="x") == everything


def test_older_decisions_are_a_page_away(
    session: Session,
    analyst: Any,
    consultation: Any,
    run: AnalysisRun,
    theme_called: Find,
    now: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    road = theme_called("Routes et pistes")
    for number in range(3):
        deciding.rename(session, SALMA, road, name_fr=f"N{number}", name_ar=f"ع{number}", now=now)
    session.commit()
    base = f"/en/staff/consultations/{consultation.slug}/decisions"

    first = analyst.get(base).get_data(as_text=True)
    [older] = re.findall(r'href="([^"]*before=[^"]*)"', first)
    second = analyst.get(older.replace("&amp;", "&")).get_data(as_text=True)

    assert first.count('<li class="ev') == 2
    assert second.count('<li class="ev') == 1
    assert "The newest decisions" in second


def test_a_decision_is_taken_back_and_done_again(
    session: Session,
    analyst: Any,
    run: AnalysisRun,
    consultation: Any,
    theme_called: Find,
    now: Any,
) -> None:
    road = theme_called("Routes et pistes")
    number = road.id
    event = deciding.rename(session, SALMA, road, name_fr="Pistes", name_ar="مسالك", now=now)
    session.commit()
    base = f"/en/staff/consultations/{consultation.slug}/decisions"

    back = analyst.post(f"/en/staff/decisions/{event.id}/undo")

    assert back.status_code == 302
    session.expire_all()
    assert session.get_one(Theme, number).name["fr"] == "Routes et pistes"
    page = analyst.get(base).get_data(as_text=True)
    assert "<s><b>Renamed" in page
    assert "Taken back by" in page
    [undo] = session.query(ThemeEvent).filter_by(kind="undo")
    assert f"/decisions/{event.id}/undo" not in page
    assert page.count(f"/decisions/{undo.id}/undo") == 2
    again = analyst.post(f"/en/staff/decisions/{undo.id}/undo", data={"theme": number})
    assert again.location.endswith(f"/en/staff/themes/{number}#log")
    session.expire_all()
    assert session.get_one(Theme, number).name["fr"] == "Pistes"
    assert "<s>" not in analyst.get(f"{base}?kind=rename").get_data(as_text=True)


def test_a_decision_that_another_builds_on_names_the_one_that_must_go_first(
    session: Session,
    analyst: Any,
    run: AnalysisRun,
    consultation: Any,
    theme_called: Find,
    now: Any,
) -> None:
    passages = passages_in(session, run, theme_called("Routes et pistes").id)
    made = deciding.create(session, SALMA, consultation, name_fr="Bus", name_ar="ح", now=now)
    moved = deciding.move(session, SALMA, made, passages[:1], now=now)
    session.commit()
    first, later = made.last_event_id, moved.id

    answer = analyst.post(f"/en/staff/decisions/{first}/undo")

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Take that one back first" in page
    assert f'id="first{later}"' in page
    assert analyst.post(f"/en/staff/decisions/{later}/undo").status_code == 302
    assert analyst.post(f"/en/staff/decisions/{first}/undo").status_code == 302
    assert analyst.post(f"/en/staff/decisions/{first}/undo").status_code == 409


def test_personal_words_of_a_label_are_no_markup(
    session: Session,
    analyst: Any,
    run: AnalysisRun,
    consultation: Any,
    theme_called: Find,
    now: Any,
) -> None:
    road = theme_called("Routes et pistes")
    deciding.rename(session, SALMA, road, name_fr="<b>x", name_ar="<i>ي", now=now)
    deciding.exclude(session, SALMA, road, reason="<u>100 %s", now=now)
    session.commit()

    page = analyst.get(f"/en/staff/consultations/{consultation.slug}/decisions").get_data(
        as_text=True
    )

    assert "<b>x" not in page
    assert "&lt;b&gt;x" in page
    assert "<u>100" not in page


def test_observers_read_and_take_nothing_back(
    session: Session, client: Any, sign_in: Any, consultation: Any, run: AnalysisRun, now: Any
) -> None:
    theme = session.query(Theme).first()
    assert theme is not None
    event = deciding.validate(session, SALMA, theme, now=now)
    assert event is not None
    session.commit()
    sign_in(client, Role.OBSERVER)

    page = client.get(f"/en/staff/consultations/{consultation.slug}/decisions")

    assert "Validated" in words_of(page)
    assert "/undo" not in page.get_data(as_text=True)
    assert client.post(f"/en/staff/decisions/{event.id}/undo").status_code == 403
