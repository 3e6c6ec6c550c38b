"""The pages of coding rounds: drawn, coded blind, closed and applied, all through the browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.access import Role
from app.core.audit import AuditEntry
from app.themes.models import Coding, CodingItem, CodingRound, Placement, Theme, ThemeEvent
from app.themes.reliability.coding import Part

Find = Callable[[str], Theme]


@pytest.fixture
def browse(client: Any) -> Callable[[User], Any]:
    """Use the browser as somebody."""

    def browse(user: User) -> Any:
        """Sign them in."""
        with client.session_transaction() as cookie:
            cookie["_user_id"], cookie["_fresh"] = user.fs_uniquifier, True
        return client

    return browse


def coded_as(
    session: Session, browser: Any, round_id: int, choose: Callable[[CodingItem], str]
) -> int:
    """Code all there is through the pages; return how many."""
    done = 0
    path = f"/en/staff/coding/{round_id}"
    while found := re.search(
        r'name="item" value="(\d+)"', browser.get(path).get_data(as_text=True)
    ):
        item = session.get_one(CodingItem, int(found[1]))
        answer = browser.post(path, data={"item": item.id, "to": choose(item)})
        assert answer.status_code == 302
        done += 1
    return done


def test_from_the_draw_to_the_decisions_through_the_pages(
    session: Session, consultation: Any, run: Any, coders: Any, browse: Any, theme_called: Find
) -> None:
    """The worked example: forty passages, the two differ on ten, alpha is 0.51."""
    road, school = theme_called("Routes et pistes"), theme_called("École")
    people = {part.value: coders[part].id for part in Part}
    browser = browse(coders[Part.FIRST])
    path = f"/en/staff/consultations/{consultation.slug}/reliability"
    sent = {"size": "40", "seed": "9"} | people
    answer = browser.post(path, data=sent)
    round_ = session.query(CodingRound).one()
    assert answer.location.endswith(f"/en/staff/coding/{round_.id}/results")

    def said(first: int, last: int) -> Callable[[CodingItem], str]:
        return lambda item: f"t{school.id if first <= item.position <= last else road.id}"

    assert coded_as(session, browser, round_.id, said(1, 20)) == 40
    assert "You have finished" in browser.get(f"/en/staff/coding/{round_.id}").get_data(
        as_text=True
    )
    browse(coders[Part.SECOND])
    assert coded_as(session, browser, round_.id, said(6, 25)) == 40
    browse(coders[Part.THIRD])
    assert coded_as(session, browser, round_.id, said(1, 20)) == 10
    browser.post(f"/en/staff/coding/{round_.id}/close")
    page = browser.get(f"/en/staff/coding/{round_.id}/results").get_data(as_text=True)

    assert ">0.51</bdi>" in page
    assert ">75%</bdi>" in page
    assert ">10</bdi> of which a third person settled" in page
    assert "École" in page
    listed = browser.get(path).get_data(as_text=True)
    assert ">0.51</bdi>" in listed
    seen = re.search(r'name="seen" value="(\d+)"', page)
    browser.post(f"/en/staff/coding/{round_.id}/apply", data={"seen": seen[1]})
    session.expire_all()
    places = {row.passage_id: row.theme_id for row in session.query(Placement)}
    assert sum(number == school.id for number in places.values()) == 20
    number = session.query(ThemeEvent).count()
    browser.post(f"/en/staff/coding/{round_.id}/apply", data={"seen": seen[1]})
    assert session.query(ThemeEvent).count() == number
    assert {event.reason for event in session.query(ThemeEvent)} != {""}
    actions = {entry.action for entry in session.query(AuditEntry)}
    assert {"themes.round_new", "themes.round_close"} <= actions


def test_what_a_coder_is_shown_holds_no_guess_and_no_other_s_answer(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, browse: Any, theme_called: Find
) -> None:
    """Byte for byte the same page, whatever the machine said and whatever the other coder said."""
    browser = browse(coders[Part.FIRST])
    path = f"/en/staff/coding/{drawn.id}"

    def page() -> str:
        found = str(browser.get(path).get_data(as_text=True))
        return re.sub(r'name="csrf_token" value="[^"]*"', "", found)

    before = page()
    codes(drawn, Part.SECOND, lambda _item: ("off_topic", None))
    assert page() == before
    other = theme_called("Soins")
    for item in session.query(CodingItem):
        item.machine_state, item.machine_theme_id = "in_theme", other.id
    for row in session.query(Placement):
        row.state, row.theme_id, row.margin = "in_theme", other.id, 0.0123
    session.commit()
    assert page() == before
    assert "checked" not in before
    assert "Margin" not in before


def test_the_third_person_sees_nothing_of_what_the_two_said(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, browse: Any
) -> None:
    browser = browse(coders[Part.THIRD])
    path = f"/en/staff/coding/{drawn.id}"
    assert "Your turn has not come yet" in browser.get(path).get_data(as_text=True)
    codes(
        drawn, Part.FIRST, lambda i: ("off_topic", None) if i.position < 4 else ("unreadable", None)
    )
    codes(drawn, Part.SECOND, lambda _item: ("unreadable", None))

    page = browser.get(path).get_data(as_text=True)

    assert "of 3 passages" in re.sub(r"<[^>]+>", "", page)
    assert coders[Part.FIRST].name not in page
    assert coders[Part.SECOND].name not in page
    assert "checked" not in page


def test_nobody_reads_the_codes_before_both_are_done(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, browse: Any
) -> None:
    codes(drawn, Part.FIRST, lambda _item: ("off_topic", None))
    browser = browse(coders[Part.SECOND])
    page = browser.get(f"/en/staff/coding/{drawn.id}/results").get_data(as_text=True)

    assert "Nobody sees the answers before both coders have finished" in page
    assert "Off topic" not in page
    assert "/close" not in page
    assert browser.post(f"/en/staff/coding/{drawn.id}/close").status_code == 409
    assert browser.post(f"/en/staff/coding/{drawn.id}/apply").status_code == 409


def test_whoever_is_no_coder_of_a_round_sees_no_passage_of_it(
    session: Session, drawn: CodingRound, person: Any, browse: Any
) -> None:
    browser = browse(person("Hind"))
    path = f"/en/staff/coding/{drawn.id}"

    assert browser.get(path).status_code == 404
    sent = {"item": drawn.items[0].id, "to": "off_topic"}
    assert browser.post(path, data=sent).status_code == 404
    assert browser.get("/en/staff/coding/99999999999").status_code == 404
    assert session.query(Coding).count() == 0


def test_an_answer_that_is_missing_is_asked_for_again(
    session: Session, drawn: CodingRound, coders: Any, browse: Any
) -> None:
    browser = browse(coders[Part.FIRST])
    path = f"/en/staff/coding/{drawn.id}"
    item = re.search(r'name="item" value="(\d+)"', browser.get(path).get_data(as_text=True))

    refused = browser.post(path, data={"item": item[1]})

    assert refused.status_code == 422
    assert 'id="to-error"' in refused.get_data(as_text=True)
    assert browser.post(path, data={"to": "off_topic"}).status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"size": "3"}, "Give a number from 20 to 1000."),
        ({"size": "many"}, "Give a"),
        ({"second": "first"}, "Choose different people"),
        ({"first": "0"}, "Choose different people"),
    ],
)
def test_a_wrong_round_is_refused_beside_its_field(
    session: Session,
    consultation: Any,
    run: Any,
    coders: Any,
    browse: Any,
    changed: dict[str, str],
    said: str,
) -> None:
    people = {part.value: str(coders[part].id) for part in Part}
    sent = {"size": "40", "seed": "9"} | people | changed
    sent["second"] = people["first"] if sent["second"] == "first" else sent["second"]

    answer = browse(coders[Part.FIRST]).post(
        f"/en/staff/consultations/{consultation.slug}/reliability", data=sent
    )

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert session.query(CodingRound).count() == 0


def test_observers_read_results_and_draw_nothing(
    session: Session,
    consultation: Any,
    drawn: CodingRound,
    client: Any,
    coders: Any,
    codes: Any,
    browse: Any,
    sign_in: Any,
) -> None:
    for part in (Part.FIRST, Part.SECOND):
        codes(drawn, part, lambda _item: ("off_topic", None))
    browse(coders[Part.FIRST]).post(f"/en/staff/coding/{drawn.id}/close")
    sign_in(client, Role.OBSERVER)

    page = client.get(f"/en/staff/coding/{drawn.id}/results").get_data(as_text=True)
    listed = client.get(f"/en/staff/consultations/{consultation.slug}/reliability")

    assert "one answer only" in page
    assert "Decide as settled" not in page
    assert "Draw the sample" not in listed.get_data(as_text=True)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_of_a_round_answers_in_each_language(
    session: Session,
    consultation: Any,
    drawn: CodingRound,
    coders: Any,
    codes: Any,
    browse: Any,
    lang: str,
) -> None:
    browser = browse(coders[Part.FIRST])
    paths = [
        f"/{lang}/staff/consultations/{consultation.slug}/reliability",
        f"/{lang}/staff/coding/{drawn.id}",
        f"/{lang}/staff/coding/{drawn.id}/results",
    ]
    for path in paths:
        assert browser.get(path).status_code == 200
    codes(drawn, Part.FIRST, lambda _item: ("off_topic", None))
    codes(drawn, Part.SECOND, lambda i: ("to_arbitrate" if i.position < 9 else "off_topic", None))
    assert browser.get(paths[2]).status_code == 200
    browser.post(f"{paths[1]}/close")
    for path in paths:
        assert browser.get(path).status_code == 200
