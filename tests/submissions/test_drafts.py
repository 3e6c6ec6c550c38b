"""Drafts: two devices, a code, a device erased, pages for the time without a network, attempts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.submissions import receipts
from app.submissions.models import Attempt, Draft, Submission
from app.submissions.operations import differing
from app.submissions.resuming import give_code
from tests.conftest import NOW
from tests.pages import CheckedClient
from tests.submissions.way import Visitor, rich_consultation

JSON = {"Accept": "application/json"}


@pytest.fixture
def visitor(session: Session, client: CheckedClient) -> Visitor:
    """Someone who has begun to answer."""
    visitor = Visitor(client, rich_consultation().slug)
    visitor.begin()
    return visitor


def elsewhere(visitor: Visitor, app: Flask) -> Visitor:
    """The same draft on another device, taken up by its code."""
    visitor.client.post(f"{visitor.base}/participate/device")
    code = db.session.scalars(select(Draft.code)).one()
    db.session.rollback()
    other = Visitor(app.test_client(), visitor.base.rsplit("/", maxsplit=1)[1])
    assert other.client.post(f"/en/resume/{code}").status_code == 303
    return other


def seen(visitor: Visitor, step: int) -> str:
    """Open a section and return the revision that its form says it has seen."""
    found = re.search(r'name="seen" value="(\d+)"', visitor.get(f"/{step}").text)
    assert found
    return found[1]


def kept(session: Session) -> dict[str, object]:
    """What the one draft holds."""
    session.rollback()
    return session.scalars(select(Draft)).one().values


# --- two devices --------------------------------------------------------------------------------


def test_an_answer_changed_elsewhere_is_shown_beside_one_s_own_and_not_overwritten(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="écrit là-bas", seen=seen(other, 2))

    page = visitor.fill(2, q_story="écrit ici", seen=mine)

    assert page.status_code == 409
    assert "écrit ici" in page.text
    assert "écrit là-bas" in page.text
    assert kept(session)["story"] == "écrit là-bas"


@pytest.mark.parametrize(
    ("choice", "stands"),
    [
        ({"keep": "each", "keep:story": "mine"}, "écrit ici"),
        ({"keep": "each", "keep:story": "theirs"}, "écrit là-bas"),
        ({"keep": "mine", "keep:story": "theirs"}, "écrit ici"),
        ({"keep": "theirs", "keep:story": "mine"}, "écrit là-bas"),
    ],
)
def test_one_chooses_which_answer_stands(
    visitor: Visitor, app: Flask, session: Session, choice: dict[str, str], stands: str
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="écrit là-bas", seen=seen(other, 2))
    page = visitor.fill(2, q_story="écrit ici", seen=mine)
    newest = re.search(r'name="seen" value="(\d+)"', page.text)

    chosen = visitor.fill(2, q_story="écrit ici", seen=newest[1], **choice)

    assert chosen.status_code == 303
    assert kept(session)["story"] == stands


def test_answers_that_differ_are_chosen_one_by_one(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 3)
    other.fill(3, q_many=["a"], q_people="7", q_ease_x="1", q_ease_y="1", seen=seen(other, 3))
    page = visitor.fill(3, q_many=["b"], q_people="8", q_ease_x="1", q_ease_y="1", seen=mine)
    assert page.text.count("<fieldset") == 2  # what is the same on both is not asked
    newest = re.search(r'name="seen" value="(\d+)"', page.text)

    visitor.fill(
        3,
        q_many=["b"],
        q_people="8",
        q_ease_x="1",
        q_ease_y="1",
        seen=newest[1],
        **{"keep": "each", "keep:many": "theirs", "keep:people": "mine"},
    )

    values = kept(session)
    assert (values["many"], values["people"]) == (["a"], "8")


def test_a_third_change_meanwhile_is_shown_again(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="un", seen=seen(other, 2))
    page = visitor.fill(2, q_story="à moi", seen=mine)
    newest = re.search(r'name="seen" value="(\d+)"', page.text)
    other.fill(2, q_story="deux", seen=seen(other, 2))

    again = visitor.fill(2, q_story="à moi", seen=newest[1], keep="mine")

    assert again.status_code == 409
    assert "deux" in again.text


def test_the_same_answer_twice_is_no_conflict(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="pareil", seen=seen(other, 2))
    assert visitor.fill(2, q_story="pareil", seen=mine).status_code == 303


def test_going_back_to_a_page_and_sending_it_again_is_no_conflict(visitor: Visitor) -> None:
    page_seen = seen(visitor, 2)
    visitor.fill(2, q_story="d’abord", seen=page_seen)
    assert visitor.fill(2, q_story="ensuite", seen=page_seen).status_code == 303


def test_a_refused_change_is_not_taken_for_one_s_own(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="là-bas", seen=seen(other, 2))
    assert visitor.fill(2, q_story="ici", seen=mine).status_code == 409
    assert visitor.fill(2, q_story="ici", seen=mine).status_code == 409


def test_other_sections_are_free_of_each_other(visitor: Visitor, app: Flask) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(3, q_people="7", seen=seen(other, 3))
    assert visitor.fill(2, q_story="ici", seen=mine).status_code == 303


@given(st.dictionaries(st.text(max_size=3), st.sampled_from([None, "", [], {}, {"x": ""}])))
def test_nothing_said_never_differs_from_nothing_said(typed: dict[str, object]) -> None:
    assert differing({}, typed) == []


@given(
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)),
    st.dictionaries(st.sampled_from("abc"), st.text(max_size=3)),
)
def test_what_differs_is_found_whichever_came_first(
    one: dict[str, str], other: dict[str, str]
) -> None:
    both = set(one) & set(other)
    assert set(differing(one, other)) & both == set(differing(other, one)) & both


# --- the code -----------------------------------------------------------------------------------


def test_a_code_is_given_once_and_shown_with_its_address_and_its_end(
    visitor: Visitor, session: Session
) -> None:
    assert visitor.fill(2, q_story="gardé", go="device").location.endswith("/participate/device")
    page = visitor.get("/device")
    code = session.scalars(select(Draft.code)).one()
    assert f"<span>{code[:5]}</span><i>-</i><span>{code[5:]}</span>" in page.text
    assert f"/en/resume/{code}" in page.text.replace("<wbr>", "")
    assert "30 days" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert visitor.get("/device/qr.svg").mimetype == "image/svg+xml"
    visitor.fill(2, q_story="gardé", go="device")
    session.rollback()
    assert session.scalars(select(Draft.code)).one() == code


def test_opening_the_page_alone_gives_no_code(visitor: Visitor, session: Session) -> None:
    assert "Give my draft a code" in visitor.get("/device").text
    assert session.scalars(select(Draft.code)).one() is None
    assert visitor.client.get(f"{visitor.base}/participate/device/qr.svg").status_code == 404


def test_a_code_opens_the_draft_however_it_is_typed_and_asks_before(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    visitor.fill(2, q_story="à retrouver", go="device")
    code = session.scalars(select(Draft.code)).one()
    session.rollback()
    phone = app.test_client()
    typed = f" {code[:5].lower()} {code[5:]} "
    found = phone.post("/en/resume", data={"code": typed})
    assert found.location.endswith(f"/resume/{code}")
    asked = phone.get(found.location)
    assert "à retrouver" not in asked.text
    assert asked.headers["X-Robots-Tag"] == "noindex"
    assert phone.get(f"{visitor.base}/participate/2").status_code == 303
    phone.post(found.location)
    assert "à retrouver" in phone.get(f"{visitor.base}/participate/2").text
    assert "à retrouver" in visitor.get("/2").text


@pytest.mark.parametrize("typed", ["", "ZZZZZZZZZZ", "7K4M-92QX", "<b>"])
def test_a_code_that_opens_nothing_is_refused_and_stays_to_be_corrected(
    visitor: Visitor, typed: str
) -> None:
    page = visitor.client.post("/en/resume", data={"code": typed})
    assert page.status_code == 422
    assert 'href="#code"' in page.text


def test_a_code_opens_nothing_once_the_draft_is_sent_or_expired(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    visitor.answer_all()
    visitor.client.post(f"{visitor.base}/participate/device")
    code = session.scalars(select(Draft.code)).one()
    session.rollback()
    app.extensions["clock"] = lambda: NOW + timedelta(days=30, seconds=1)
    assert app.test_client().get(f"/en/resume/{code}").status_code == 404
    app.extensions["clock"] = lambda: NOW
    visitor.send()
    assert app.test_client().get(f"/en/resume/{code}").status_code == 404
    assert app.test_client().post(f"/en/resume/{code}").status_code == 404


def test_a_draft_that_gives_way_to_another_is_kept_under_a_code(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    visitor.fill(2, q_story="commencé au bureau", go="device")
    code = session.scalars(select(Draft.code)).one()
    session.rollback()
    phone = Visitor(app.test_client(), visitor.base.rsplit("/", maxsplit=1)[1])
    phone.begin()
    phone.fill(2, q_story="commencé au téléphone")
    assert "put aside" in phone.client.get(f"/en/resume/{code}").text
    page = phone.client.post(f"/en/resume/{code}", follow_redirects=True)
    other = session.scalars(select(Draft.code).where(Draft.code != code)).one()
    assert receipts.written(other) in page.text


def test_two_devices_that_ask_at_the_same_instant_get_one_code(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    identity = session.scalars(select(Draft.id)).one()
    session.rollback()
    together = Barrier(4)

    def ask(_number: int) -> str:
        """Ask from a transaction of its own."""
        with app.app_context():
            together.wait(timeout=20)
            draft = db.session.get(Draft, identity)
            code = give_code(db.session(), draft)
            db.session.commit()
            return code

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(ask, range(4)))
    assert len(codes) == 1


def test_equal_codes_are_drawn_again(
    visitor: Visitor, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["AAAAABBBBB", "AAAAABBBBB", "CCCCCDDDDD"])
    other = Visitor(app.test_client(), visitor.base.rsplit("/", maxsplit=1)[1])
    other.begin()
    monkeypatch.setattr(receipts, "new_code", lambda _length=8: next(drawn))
    for draft in session.scalars(select(Draft).order_by(Draft.id)).all():
        give_code(session, draft)
    session.commit()
    assert set(session.scalars(select(Draft.code))) == {"AAAAABBBBB", "CCCCCDDDDD"}


@given(st.text(alphabet=receipts.ALPHABET, min_size=10, max_size=10), st.booleans())
def test_every_draft_code_is_read_back_from_how_it_is_written(code: str, lower: bool) -> None:
    written = receipts.written(code)
    typed = written.lower() if lower else written
    assert receipts.readings(typed, receipts.DRAFT_LENGTH)[:1] == [code]
    assert receipts.readings(typed) == []


# --- erasing ------------------------------------------------------------------------------------


def test_erasing_takes_the_cookies_and_leaves_the_draft_with_its_code(
    visitor: Visitor, session: Session
) -> None:
    visitor.fill(2, q_story="reste au serveur")
    page = visitor.client.post(f"{visitor.base}/participate/erase")
    code = session.scalars(select(Draft.code)).one()
    assert f"<span>{code[:5]}</span><i>-</i><span>{code[5:]}</span>" in page.text
    assert '"storage"' in page.headers["Clear-Site-Data"]
    assert page.headers["Cache-Control"] == "no-store"
    assert visitor.get("/2").location.endswith("/participate")
    session.rollback()
    visitor.client.post(f"/en/resume/{code}")
    assert "reste au serveur" in visitor.get("/2").text


def test_erasing_deletes_the_draft_where_that_is_ticked(visitor: Visitor, session: Session) -> None:
    visitor.client.post(f"{visitor.base}/participate/erase", data={"draft": "delete"})
    assert session.scalar(select(func.count(Draft.id))) == 0
    assert session.scalar(select(func.count(Attempt.id))) == 1


def test_erasing_after_sending_leaves_no_way_to_the_receipt(visitor: Visitor) -> None:
    visitor.answer_all()
    visitor.send()
    visitor.client.post(f"{visitor.base}/participate/erase")
    assert visitor.client.get(f"{visitor.base}/receipt").location.endswith("/my-contribution")


# --- without a network --------------------------------------------------------------------------


def test_the_script_is_told_what_was_kept_by_its_own_mark(visitor: Visitor) -> None:
    answer = visitor.client.post(
        f"{visitor.base}/participate/2",
        data={"q-story": "tapé", "go": "save", "seen": "0", "mark": "abc"},
        headers=JSON,
    )
    assert answer.get_json() == {"kept": "abc", "next": None, "revision": 1}
    onward = visitor.client.post(
        f"{visitor.base}/participate/2", data={"q-story": "tapé", "mark": "d"}, headers=JSON
    )
    assert onward.status_code == 200
    assert onward.get_json()["next"].endswith("/participate/3")


def test_the_script_is_told_nothing_was_kept_when_it_was_not(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    other = elsewhere(visitor, app)
    mine = seen(visitor, 2)
    other.fill(2, q_story="là-bas", seen=seen(other, 2))
    clash = visitor.client.post(
        f"{visitor.base}/participate/2",
        data={"q-story": "ici", "go": "save", "seen": mine, "mark": "abc"},
        headers=JSON,
    )
    assert (clash.status_code, clash.get_json()["kept"]) == (409, "")


def test_what_is_typed_after_the_sending_is_not_said_to_be_kept(visitor: Visitor) -> None:
    visitor.answer_all()
    visitor.send()
    late = visitor.client.post(
        f"{visitor.base}/participate/2", data={"q-story": "trop tard", "mark": "abc"}, headers=JSON
    )
    assert late.get_json()["kept"] == ""
    assert late.get_json()["next"].endswith("/receipt")


def test_a_section_that_is_not_on_the_way_yet_is_kept_all_the_same(
    visitor: Visitor, session: Session
) -> None:
    """Answers written without a network may come before the one that opens their section."""
    visitor.client.post(
        f"{visitor.base}/participate/4",
        data={"q-members": "12", "go": "save", "mark": "a"},
        headers=JSON,
    )
    assert kept(session)["members"] == "12"


def test_a_question_that_is_closed_keeps_what_it_held_when_its_page_is_sent_without_it(
    visitor: Visitor, session: Session
) -> None:
    visitor.fill(4, q_members="12", go="save")
    visitor.fill(4, go="save")
    assert kept(session)["members"] == "12"


def test_the_pages_for_a_device_are_every_section_the_last_step_and_the_door(
    visitor: Visitor,
) -> None:
    told = visitor.client.get(f"{visitor.base}/participate/pages.json").get_json()
    base = f"{visitor.base}/participate"
    assert set(told["pages"]) == {base, f"{base}/check", *(f"{base}/{n}" for n in range(1, 5))}
    fourth = told["pages"][f"{base}/4"]
    assert 'name="q-members"' in fourth  # for associations: the script opens it
    condition = re.search(r'data-if="([^"]*)"', fourth)
    assert "association" in unescape(condition[1])
    assert "data-copy" in fourth
    assert 'name="agree"' in told["pages"][f"{base}/check"]


def test_a_device_without_a_draft_gets_no_pages(visitor: Visitor, app: Flask) -> None:
    told = app.test_client().get(f"{visitor.base}/participate/pages.json").get_json()
    assert told == {"pages": {}}


def test_the_worker_stands_at_the_root_and_is_asked_for_anew(client: CheckedClient) -> None:
    with client.get("/offline.js") as answer:
        assert answer.mimetype == "text/javascript"
        assert answer.headers["Cache-Control"] == "no-cache"


@pytest.fixture
def guarded(app: Flask) -> Iterator[Flask]:
    """The application with its protection against other sites, as in production."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_page_kept_by_a_device_is_proved_by_its_draft_when_the_session_is_gone(
    visitor: Visitor, guarded: Flask, session: Session
) -> None:
    proof = re.search(r'name="proof" value="(\w+)"', visitor.get("/2").text)
    visitor.client.delete_cookie("session")
    data = {"q-story": "après des jours", "proof": proof[1]}
    address = f"{visitor.base}/participate/2"
    assert visitor.client.post(address, data=data).status_code == 303
    assert visitor.client.post(address, data={"q-story": "d’ailleurs"}).status_code == 400
    forged = {"q-story": "d’ailleurs", "proof": "0" * 40}
    assert visitor.client.post(address, data=forged).status_code == 400
    assert kept(session)["story"] == "après des jours"


def test_the_proof_of_one_draft_does_not_open_another(
    visitor: Visitor, guarded: Flask, app: Flask
) -> None:
    proof = re.search(r'name="proof" value="(\w+)"', visitor.get("/2").text)
    guarded.config["WTF_CSRF_ENABLED"] = False
    other = Visitor(app.test_client(), visitor.base.rsplit("/", maxsplit=1)[1])
    other.begin()
    guarded.config["WTF_CSRF_ENABLED"] = True
    answer = other.fill(2, q_story="forcé", proof=proof[1])
    assert answer.status_code == 400


# --- attempts -----------------------------------------------------------------------------------


def attempt(session: Session) -> tuple[int, bool, bool]:
    """How far the one attempt got."""
    session.rollback()
    row = session.scalars(select(Attempt)).one()
    return row.furthest_position, row.has_checked, row.is_sent


def test_an_attempt_says_how_far_somebody_got_and_outlives_the_draft(
    visitor: Visitor, session: Session
) -> None:
    assert attempt(session) == (1, False, False)
    visitor.fill(1, actor_type="citizen", q_place_region="08")
    assert attempt(session) == (2, False, False)
    visitor.fill(2, go="previous")
    assert attempt(session) == (2, False, False)
    visitor.fill(2, q_story="x")
    visitor.fill(3, q_ease_x="1", q_ease_y="1")
    assert attempt(session)[1:] == (True, False)
    visitor.send()
    assert attempt(session)[1:] == (True, True)
    assert session.scalar(select(func.count(Draft.id))) == 0
    assert session.scalar(select(func.count(Submission.id))) == 1


def test_beginning_again_is_another_attempt(visitor: Visitor, session: Session) -> None:
    visitor.begin()
    assert session.scalar(select(func.count(Attempt.id))) == 2


# --- words on the pages -------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/1", "/check", "/device", "/erase"])
def test_every_page_says_until_when_the_draft_is_kept(visitor: Visitor, path: str) -> None:
    assert "19 February 2022" in unescape(visitor.get(path).text)


def test_a_done_step_is_a_button_of_the_form_and_enter_still_means_continue(
    visitor: Visitor,
) -> None:
    visitor.fill(1, actor_type="citizen", q_place_region="08")
    page = visitor.get("/2").text
    assert 'form="answers" name="go" value="step:1"' in page
    first = re.search(r'<button[^>]*name="go" value="(\w+)', page)
    assert first[1] == "next"
