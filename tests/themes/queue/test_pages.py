"""The pages of the review queue."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.themes.deciding import confirm
from app.themes.models import AnalysisRun, Placement, ReviewLook, Theme, ThemeEvent
from app.themes.queue import drawing
from app.themes.queue.drawing import Draw
from tests.factories import ConsultationFactory

Find = Callable[[str], Theme]


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> Callable[[Draw], None]:
    """Make every turn one of a kind."""

    def turn(kind: Draw) -> None:
        monkeypatch.setattr(drawing, "turn_of", lambda *_of: kind)

    turn(Draw.WORTH)
    return turn


@pytest.fixture
def analyst(client: Any, sign_in: Any, run: AnalysisRun, turn: Any) -> Any:
    """A browser in which an analyst is signed in."""
    client.user_id = sign_in(client, Role.ANALYST)
    return client


@pytest.fixture
def path(consultation: Any) -> str:
    """The address of the queue."""
    return f"/en/staff/consultations/{consultation.slug}/queue"


def hidden(page: str) -> dict[str, str]:
    """Return what the form carries."""
    found = re.findall(r'<input type="hidden" name="(sign|seen)" value="([^"]*)"', page)
    return dict(found)


def text(client: Any, path: str) -> str:
    """Return a page."""
    return str(client.get(path).get_data(as_text=True))


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
@pytest.mark.parametrize("kind", list(Draw))
def test_the_queue_answers_in_each_language(
    session: Session, analyst: Any, consultation: Any, turn: Any, now: Any, lang: str, kind: Draw
) -> None:
    turn(kind)
    number = session.query(Placement).first().passage_id
    confirm(session, System(), consultation.id, [number], now=now)
    session.commit()

    for part in ("queue", "queue/gain"):
        answer = analyst.get(f"/{lang}/staff/consultations/{consultation.slug}/{part}")
        assert answer.status_code == 200


def test_the_page_shows_the_passage_its_question_its_actor_and_why(
    session: Session, analyst: Any, path: str
) -> None:
    row = session.query(Placement).order_by(Placement.worth.desc()).first()
    page = text(analyst, path)

    assert row.passage.text in page
    assert "story (en)" in page
    assert "The machine is in doubt: margin" in page
    assert "The machine says:" in page
    assert "In its answer" in page
    assert 'value="confirm"' in page


def test_an_answer_is_a_look_and_leads_to_the_next_passage(
    session: Session, analyst: Any, path: str, theme_called: Find
) -> None:
    first = text(analyst, path)
    school = theme_called("École")

    answer = analyst.post(path, data=hidden(first) | {"to": f"t{school.id}", "verb": "answer"})

    assert answer.status_code == 302
    look = session.query(ReviewLook).one()
    assert (look.chosen_theme_id, look.actor_id, look.is_blind) == (
        school.id,
        analyst.user_id,
        False,
    )
    following = text(analyst, path)
    assert hidden(following)["sign"] != hidden(first)["sign"]
    assert "Your last answer:" in following


def test_a_click_sent_twice_is_one_look(session: Session, analyst: Any, path: str) -> None:
    sent = hidden(text(analyst, path)) | {"verb": "confirm"}

    answers = [analyst.post(path, data=sent).status_code for _again in range(2)]

    assert answers == [302, 302]
    assert session.query(ReviewLook).count() == 1
    assert session.query(ThemeEvent).filter_by(kind="confirm").count() == 1


def test_nothing_chosen_and_an_exclusion_without_reason_are_refused_beside_the_field(
    session: Session, analyst: Any, path: str
) -> None:
    sent = hidden(text(analyst, path))

    nothing = analyst.post(path, data=sent | {"verb": "answer"})
    no_reason = analyst.post(path, data=sent | {"verb": "answer", "to": "excluded"})

    assert (nothing.status_code, no_reason.status_code) == (422, 422)
    assert 'id="to-error"' in nothing.get_data(as_text=True)
    page = no_reason.get_data(as_text=True)
    assert "Give the reason" in page
    assert re.search(r'value="excluded"[^>]* checked', page)
    done = analyst.post(path, data=sent | {"to": "excluded", "reason": "Insults"})
    assert done.status_code == 302
    assert session.query(Placement).filter_by(state="excluded").one().reason == "Insults"


def test_a_passage_left_for_later_gives_way_to_another(analyst: Any, path: str) -> None:
    first = hidden(text(analyst, path))

    analyst.post(path, data=first | {"verb": "skip"})

    assert hidden(text(analyst, path))["sign"] != first["sign"]


def test_the_guess_can_be_hidden_and_is_then_nowhere_in_the_page(
    session: Session, analyst: Any, path: str
) -> None:
    row = session.query(Placement).order_by(Placement.worth.desc()).first()
    analyst.post(f"{path}/guess", data={"guess": "hidden"})
    page = text(analyst, path)

    assert "The machine says" not in page
    assert 'value="confirm"' not in page
    assert "Margin" not in page
    # Only in the list of all themes to choose from.
    assert page.count(row.theme.name["fr"]) <= 1
    refused = analyst.post(path, data=hidden(page) | {"verb": "confirm"})
    assert refused.status_code == 422
    analyst.post(path, data=hidden(page) | {"to": f"t{row.theme_id}"})
    assert session.query(ReviewLook).one().is_blind
    analyst.post(f"{path}/guess", data={"guess": "shown"})
    assert "The machine says" in text(analyst, path)


@pytest.mark.parametrize("kind", [Draw.CHANCE, Draw.REPEAT])
def test_draws_by_chance_and_repeats_are_blind_and_look_alike(
    session: Session, analyst: Any, consultation: Any, path: str, turn: Any, kind: Draw, now: Any
) -> None:
    number = session.query(Placement).first().passage_id
    confirm(session, System(), consultation.id, [number], now=now)
    session.commit()
    turn(kind)

    page = text(analyst, path)

    assert "The machine says" not in page
    assert 'value="confirm"' not in page
    assert "Drawn by chance, or shown a second time" in page
    sent = hidden(page) | {"to": "off_topic"}
    assert analyst.post(path, data=sent).status_code == 302
    look = session.query(ReviewLook).one()
    assert look.is_blind
    assert look.kind == ("repeat" if kind is Draw.REPEAT else "queue")


def test_a_form_that_was_tampered_with_does_nothing(
    session: Session, analyst: Any, path: str
) -> None:
    sent = hidden(text(analyst, path))

    for sign in ("", "x", sent["sign"][:-3] + "abc"):
        assert analyst.post(path, data=sent | {"sign": sign, "verb": "confirm"}).status_code == 302

    assert session.query(ReviewLook).count() == 0


def test_a_conflict_is_said_and_the_next_passage_shown(
    session: Session, analyst: Any, consultation: Any, path: str, now: Any
) -> None:
    sent = hidden(text(analyst, path))
    row = session.query(Placement).order_by(Placement.worth.desc()).first()
    confirm(session, System("Omar"), consultation.id, [row.passage_id], now=now)
    session.commit()

    answer = analyst.post(path, data=sent | {"to": "off_topic"})

    assert answer.status_code == 302
    assert "Omar decided on some of these passages" in text(analyst, path)
    assert row.state == "in_theme"
    assert session.query(ReviewLook).count() == 0


def test_the_last_answer_is_taken_back_and_its_passage_shown_again(
    session: Session, analyst: Any, path: str
) -> None:
    row = session.query(Placement).order_by(Placement.worth.desc()).first()
    analyst.post(path, data=hidden(text(analyst, path)) | {"to": "off_topic"})
    look = session.query(ReviewLook).one()

    answer = analyst.post(f"{path}/back", data={"look": look.id})

    assert answer.location.endswith(f"?again={row.passage_id}")
    session.expire_all()
    assert (row.state, row.decided_id) == ("in_theme", None)
    again = text(analyst, answer.location)
    assert row.passage.text in again
    analyst.post(path, data=hidden(again) | {"verb": "confirm"})
    session.expire_all()
    assert row.decided_id is not None
    assert session.query(ReviewLook).count() == 1


def test_no_look_of_elsewhere_is_taken_back(session: Session, analyst: Any, path: str) -> None:
    assert analyst.post(f"{path}/back", data={"look": 10**6}).status_code == 404
    assert analyst.post(f"{path}/back", data={}).status_code == 404


def test_a_differing_repeat_is_listed_and_settled_in_one_click(
    session: Session, analyst: Any, consultation: Any, path: str, turn: Any, now: Any
) -> None:
    row = session.query(Placement).first()
    confirm(session, System("Omar"), consultation.id, [row.passage_id], now=now)
    session.commit()
    turn(Draw.REPEAT)
    analyst.post(path, data=hidden(text(analyst, path)) | {"to": "off_topic"})

    page = text(analyst, f"{path}/gain")

    assert row.passage.text in page
    assert "Take the later answer" in page
    look = session.query(ReviewLook).one()
    analyst.post(f"{path}/settle", data={"look": look.id, "verb": "take"})
    session.expire_all()
    assert row.state == "off_topic"
    assert "Nothing is to settle" in text(analyst, f"{path}/gain")
    assert analyst.post(f"{path}/settle", data={"look": 10**6}).status_code == 404


def test_the_gain_has_a_curve_with_its_table(
    session: Session, analyst: Any, path: str, turn: Any
) -> None:
    turn(Draw.CHANCE)
    for _look in range(6):
        page = text(analyst, path)
        analyst.post(path, data=hidden(page) | {"to": "off_topic"})

    page = text(analyst, f"{path}/gain")

    assert page.count("<circle") == 6
    assert "The same in figures" in page
    assert "of the machine’s placements are right" in page
    assert "Go on" in page or "You may stop" in page


def test_observers_read_the_gain_but_no_words(
    session: Session, client: Any, sign_in: Any, consultation: Any, run: AnalysisRun, path: str
) -> None:
    sign_in(client, Role.OBSERVER)

    page = text(client, f"{path}/gain")

    assert "Accuracy" in page
    assert "To settle" not in page
    assert client.get(path).status_code == 403


def test_an_unanalysed_consultation_says_so(client: Any, sign_in: Any, session: Session) -> None:
    consultation = ConsultationFactory()
    session.commit()
    sign_in(client, Role.ANALYST)
    path = f"/en/staff/consultations/{consultation.slug}/queue"

    assert "has not been analysed yet" in text(client, path)
    assert "has not been analysed yet" in text(client, f"{path}/gain")
    assert client.post(path, data={"verb": "confirm"}).status_code == 409


def test_when_all_is_decided_the_queue_says_so(
    session: Session, analyst: Any, consultation: Any, path: str, now: Any
) -> None:
    for row in session.query(Placement).all():
        confirm(session, System(), consultation.id, [row.passage_id], now=now)
    session.commit()

    assert "Nothing waits for you" in text(analyst, path)
