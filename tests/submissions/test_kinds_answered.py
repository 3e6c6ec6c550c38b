"""Questions of every kind answered on the pages, without a script."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Submission
from tests.pages import CheckedClient
from tests.submissions.every_kind import PRIORITIES, USE, every_kind
from tests.submissions.way import Visitor


@pytest.fixture
def visitor(session: Session, client: CheckedClient) -> Visitor:
    """Someone before the door of the consultation that asks every kind."""
    return Visitor(client, every_kind(session).slug)


def begin(visitor: Visitor, actor: str = "citizen", **more: Any) -> None:
    """Answer the first page."""
    visitor.begin()
    visitor.fill(1, actor_type=actor, q_place_region="08", q_agreed="1", **more)


def use(visitor: Visitor) -> None:
    """Answer the second page: once to open its questions, once with all that is seen."""
    visitor.fill(2, q_used=["care", "other"], q_household="3")
    visitor.fill(2, shown=["best", "since", "children"], **USE)


def test_every_kind_is_answered_kept_and_written_back(visitor: Visitor, session: Session) -> None:
    begin(visitor)
    use(visitor)
    assert visitor.fill(3, **PRIORITIES).location.endswith("/participate/check")
    check = unescape(visitor.get("/check").text)
    for words in ("Another service", "Transport scolaire", "La bibliothèque", "Every week",
                  "4 March 2021", "60 points"):  # fmt: skip
        assert words in check
    visitor.send()
    sent = session.scalars(select(Submission)).one()
    said = {answer.question.key: answer.value for answer in sent.answers if answer.text is None}
    assert said == {
        "place": {"region": "08", "province": None, "commune": None},
        "agreed": True,
        "used": ["care", {"code": "other", "other": "Transport scolaire"}],
        "best": {"code": "other", "other": "La bibliothèque"},
        "times": {"care": "weekly", "disability": "never"},
        "since": "2021-03-04",
        "household": 3,
        "children": 1,
        "order": ["youth", "care"],
        "points": {"care": 60, "listening": 0, "disability": 0, "youth": 40},
        "ease": {"care": 4},
    }


def test_what_was_typed_stands_in_the_controls_again(visitor: Visitor) -> None:
    begin(visitor)
    use(visitor)
    visitor.fill(3, **PRIORITIES)
    second, third = unescape(visitor.get("/2").text), unescape(visitor.get("/3").text)
    assert re.search(r'name="q-used-other-other" value="Transport scolaire"', second)
    assert re.search(r'name="q-times-care"[^>]*value="weekly" checked', second)
    assert re.search(r'type="text"[^>]*name="q-since" value="4/3/2021"', second)
    assert re.search(r'name="q-points-care" value="60"', third)
    assert third.count(" selected>") == 2


def test_a_count_opens_a_question_without_a_script(visitor: Visitor) -> None:
    begin(visitor)
    one = visitor.fill(2, q_used=["care"])
    assert one.location.endswith("#ask-since")  # any answer opens this one, two open the other
    two = visitor.fill(2, q_used=["care", "youth"], shown=["since"])
    assert two.location.endswith("#ask-best")
    assert re.search(r'id="ask-best"[^>]*?(hidden)?>', visitor.get("/2").text)[1] is None  # type: ignore[index]


def test_what_is_wrong_is_said_at_its_line(visitor: Visitor) -> None:
    begin(visitor)
    page = visitor.fill(3, **{"q_order-care": "1", "q_order-youth": "1", "q_points-care": "70"})
    text = unescape(page.text)
    assert page.status_code == 422
    assert "Rank 1 is given twice" in text
    assert 'href="#q-order-youth"' in text
    assert "You gave 70 points out of 100: 30 are still to be given." in text
    assert 'href="#q-points"' in text


def test_an_answer_is_refused_in_the_words_of_the_questionnaire(visitor: Visitor) -> None:
    begin(visitor)
    shown = {"shown": ["children"], "q_household": "3"}
    page = visitor.fill(2, q_children="3", **shown)
    assert page.status_code == 422
    assert "There are fewer children than people." in page.text
    assert visitor.fill(2, q_children="2", **shown).status_code == 303


def test_a_section_under_a_condition_is_a_step_for_those_it_is_for(visitor: Visitor) -> None:
    begin(visitor)
    assert "Step 2 of 3" in visitor.get("/2").text
    every = ["care", "listening", "disability", "youth"]
    visitor.fill(2, q_used=every)
    assert "Step 2 of 4" in visitor.get("/2").text
    visitor.fill(1, actor_type="association", organisation="Tafoukt", shown="organisation",
                 q_place_region="08", q_agreed="1")  # fmt: skip
    visitor.fill(2, q_used=[])
    assert "Step 4 of 4" in visitor.get("/4").text


def test_the_page_tells_the_script_what_other_pages_answered(visitor: Visitor) -> None:
    begin(visitor)
    page = visitor.get("/2").text
    conditions = [json.loads(unescape(found)) for found in re.findall(r'data-if="([^"]+)"', page)]
    assert {"question": "used", "count": ">=", "value": 2} in conditions
    known = json.loads(unescape(re.findall(r'data-known="([^"]+)"', page)[0]))
    assert known == {"actor_type": "citizen"}


def test_options_in_an_order_of_ones_own_stay_so_for_one_draft(visitor: Visitor) -> None:
    orders = set()
    for _ in range(8):
        begin(visitor)  # another draft each time
        first, again = _order(visitor), _order(visitor)
        assert first == again
        assert first[-1] == "other"
        orders.add(tuple(first))
    assert len(orders) > 1


def _order(visitor: Visitor) -> list[str]:
    """Return the options as they stand on the page."""
    return re.findall(r'name="q-used"[^>]*value="([^"]+)"', visitor.get("/2").text)


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_every_page_of_it_stands_in_french_and_in_arabic(
    session: Session, client: CheckedClient, lang: str
) -> None:
    visitor = Visitor(client, every_kind(session).slug, lang)
    begin(visitor, "association", organisation="Tafoukt", shown="organisation")
    for step in (1, 2, 3, 4):
        page = visitor.get(f"/{step}")
        assert page.status_code == 200
        assert 'lang="en"' not in page.text.split("<main")[1]
