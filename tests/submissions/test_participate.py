"""Answering without an account and without a script, section by section."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.submissions.models import Draft, Submission
from app.territories.models import Commune, Province
from tests.conftest import NOW
from tests.factories import ConsultationFactory, PrivacyNotice, texts
from tests.pages import CheckedClient
from tests.submissions.way import Visitor, rich_consultation

VERBATIM = (
    "لا مركز هنا.  <b>Rien</b> & « rien »\n\n\tJ’attends depuis 2019 😔 – chi 7aja khassha tbeddel"
)


@pytest.fixture
def visitor(session: Session, client: CheckedClient) -> Visitor:
    """Someone before the door of a consultation that asks everything."""
    return Visitor(client, rich_consultation().slug)


def test_each_section_is_a_step_and_the_last_leads_to_the_check(visitor: Visitor) -> None:
    assert visitor.begin().location.endswith("/participate/1")
    first = visitor.fill(1, actor_type="citizen", q_place_region="08")
    assert first.location.endswith("/participate/2")
    assert "Step 2 of 3" in visitor.get("/2").text  # the fourth section is for associations
    assert visitor.fill(2, q_story="").location.endswith("/participate/3")
    assert visitor.fill(3, q_ease_x="1", q_ease_y="1").location.endswith("/participate/check")


def test_a_section_for_others_is_neither_counted_nor_opened(visitor: Visitor) -> None:
    visitor.begin()
    visitor.fill(1, actor_type="citizen", q_place_region="08")
    assert visitor.get("/4").location.endswith("/participate/check")
    visitor.fill(
        1,
        actor_type="association",
        organisation="Tafoukt",
        shown="organisation",
        q_place_region="08",
    )
    assert "Step 4 of 4" in visitor.get("/4").text


def test_errors_are_summed_up_linked_to_their_fields_and_keep_all_that_was_typed(
    visitor: Visitor,
) -> None:
    visitor.begin()
    page = visitor.fill(3, q_many=["a", "b", "c"], q_ease_x="4", q_people="beaucoup")
    text = unescape(page.text)
    assert page.status_code == 422
    for anchor in ("q-many", "q-ease-y", "q-people"):
        assert f'href="#{anchor}"' in text
        assert f'id="{anchor}"' in text
    assert text.count(" checked") == 4
    assert 'value="beaucoup"' in text


def test_a_text_that_is_too_long_is_shown_whole_and_kept_in_the_draft(
    visitor: Visitor, session: Session
) -> None:
    visitor.begin()
    story = "é" * 3001
    page = visitor.fill(2, q_story=story)
    assert page.status_code == 422
    assert story in page.text
    assert story in visitor.get("/2").text


def test_what_was_typed_comes_back_letter_for_letter(visitor: Visitor) -> None:
    visitor.begin()
    visitor.fill(2, q_story=VERBATIM)
    assert VERBATIM in unescape(visitor.get("/2").text)


@pytest.mark.parametrize("button", ["previous", "save", "step:1", "check", "communes:place"])
def test_every_way_out_of_a_section_keeps_what_was_typed(visitor: Visitor, button: str) -> None:
    visitor.begin()
    answer = visitor.fill(2, q_story=VERBATIM, go=button)
    assert answer.status_code in {204, 303}
    assert VERBATIM in unescape(visitor.get("/2").text)


def test_going_back_never_asks_for_corrections(visitor: Visitor) -> None:
    visitor.begin()
    assert visitor.fill(2, q_story="x" * 4000, go="previous").location.endswith("/participate/1")
    assert visitor.fill(1, go="previous").location.endswith("/participate")


def test_a_question_opened_by_an_answer_is_shown_before_it_is_required(visitor: Visitor) -> None:
    visitor.begin()
    rest = {"q_many": ["other"], "q_ease_x": "1", "q_ease_y": "1"}
    opened = visitor.fill(3, **rest)
    assert opened.status_code == 303
    assert opened.location.endswith("/participate/3#ask-other")
    page = visitor.fill(3, shown="other", **rest)
    assert page.status_code == 422
    assert 'href="#q-other"' in page.text
    assert visitor.fill(3, shown="other", q_other="La route", **rest).status_code == 303


def test_a_closed_question_is_hidden_and_what_it_held_is_not_sent(
    visitor: Visitor, session: Session
) -> None:
    visitor.answer_all()
    visitor.fill(3, q_many=["a"], q_ease_x="1", q_ease_y="1", q_other="écrit puis refermé")
    assert 'id="ask-other"' in visitor.get("/3").text
    visitor.send()
    sent = session.scalars(select(Submission)).one()
    assert "other" not in {answer.question.key for answer in sent.answers}


def test_the_name_of_an_organisation_is_asked_of_organisations(visitor: Visitor) -> None:
    visitor.begin()
    opened = visitor.fill(1, actor_type="association", q_place_region="08")
    assert opened.location.endswith("#ask-organisation")
    page = visitor.fill(1, actor_type="association", q_place_region="08", shown="organisation")
    assert page.status_code == 422
    assert 'href="#organisation"' in page.text


def test_communes_are_offered_without_a_script(visitor: Visitor, session: Session) -> None:
    province = session.scalars(select(Province).where(Province.region_code == "08")).first()
    commune = session.scalars(select(Commune).where(Commune.province_code == province.code)).first()
    visitor.begin()
    assert f'value="{commune.code}"' not in visitor.get("/1").text
    shown = visitor.fill(1, q_place_province=province.code, go="communes:place")
    assert shown.location.endswith("#q-place-commune")
    assert f'value="{commune.code}"' in visitor.get("/1").text


def test_a_commune_of_a_province_given_up_is_dropped(visitor: Visitor, session: Session) -> None:
    visitor.begin()
    visitor.fill(
        1,
        actor_type="citizen",
        q_place_region="01",
        q_place_province="01.511",
        q_place_commune="08.401.01.01",
    )
    draft = session.scalars(select(Draft)).one()
    assert draft.values["place"] == {"region": "01", "province": "01.511"}


@pytest.mark.parametrize(
    "place",
    [
        {"q_place_region": "99"},
        {"q_place_region": "08", "q_place_province": "08.999"},
        {"q_place_region": "08", "q_place_province": "01.511"},
    ],
)
def test_a_territory_that_is_not_offered_is_refused(
    visitor: Visitor, place: dict[str, str]
) -> None:
    visitor.begin()
    page = visitor.fill(1, actor_type="citizen", **place)
    assert page.status_code == 422
    assert 'href="#q-place-region"' in page.text


def test_the_script_gets_a_province_s_communes_in_the_page_s_language(
    client: CheckedClient,
) -> None:
    french = client.get("/fr/communes/01.051.json").get_json()
    arabic = client.get("/ar/communes/01.051.json").get_json()
    assert ["01.051.01.01", "Al Hoceima"] in french
    assert [code for code, _ in french] == [code for code, _ in arabic]
    assert ["01.051.01.01", "الحسيمة"] in arabic
    assert client.get("/fr/communes/00.000.json", unchecked=True).status_code == 404


def test_a_draft_lives_thirty_days_from_the_last_touch(
    session: Session, client: CheckedClient, app: Flask
) -> None:
    visitor = Visitor(client, rich_consultation(closes_at=NOW + timedelta(days=90)).slug)
    visitor.begin()
    visitor.fill(2, q_story="gardé")
    app.extensions["clock"] = lambda: NOW + timedelta(days=29)
    visitor.fill(2, q_story="gardé encore")
    app.extensions["clock"] = lambda: NOW + timedelta(days=58)
    assert "gardé encore" in visitor.get("/2").text


def test_an_expired_draft_is_gone_and_deleted_when_another_begins(
    session: Session, client: CheckedClient, app: Flask
) -> None:
    visitor = Visitor(client, rich_consultation(closes_at=NOW + timedelta(days=90)).slug)
    visitor.begin()
    app.extensions["clock"] = lambda: NOW + timedelta(days=30, seconds=1)
    assert visitor.get("/2").location.endswith("/participate")
    visitor.begin()
    assert session.scalar(select(func.count(Draft.id))) == 1


def test_what_is_typed_after_the_draft_is_gone_is_kept_in_a_new_one(
    visitor: Visitor, session: Session
) -> None:
    answer = visitor.fill(2, q_story="écrit sans brouillon")
    assert answer.status_code == 303
    assert "écrit sans brouillon" in visitor.get("/2").text


def test_beginning_again_deletes_the_former_draft(visitor: Visitor, session: Session) -> None:
    visitor.begin()
    visitor.fill(2, q_story="à oublier")
    assert "Continue my answers" in visitor.get().text
    visitor.begin()
    assert "à oublier" not in visitor.get("/2").text
    assert session.scalar(select(func.count(Draft.id))) == 1


def test_a_device_opens_its_own_draft_only(visitor: Visitor, app: Flask) -> None:
    visitor.begin()
    visitor.fill(2, q_story="à moi")
    other = Visitor(app.test_client(), visitor.base.rsplit("/", maxsplit=1)[1])
    assert other.get("/2").status_code == 303
    other.begin()
    assert "à moi" not in other.get("/2").text


def test_opening_pages_writes_nothing(visitor: Visitor, session: Session) -> None:
    for path in ("", "/1", "/2", "/check"):
        visitor.get(path)
    assert session.scalar(select(func.count(Draft.id))) == 0


@pytest.mark.parametrize("days", [-1, 60])
def test_outside_its_dates_a_consultation_says_so_and_takes_nothing(
    session: Session, client: CheckedClient, app: Flask, days: int
) -> None:
    opens, closes = NOW - timedelta(days=10), NOW + timedelta(days=30)
    consultation = rich_consultation(opens_at=opens, closes_at=closes)
    visitor = Visitor(client, consultation.slug)
    visitor.answer_all()
    notice = visitor.notice()
    app.extensions["clock"] = lambda: (opens if days < 0 else NOW) + timedelta(days=days)
    refused = [
        visitor.get(),
        visitor.get("/1"),
        visitor.get("/check"),
        visitor.begin(),
        visitor.fill(2, q_story="trop tard"),
        client.post(f"{visitor.base}/participate/send", data={"notice": notice, "agree": "y"}),
    ]
    wanted = "is not open yet" if days < 0 else "is closed"
    assert [(page.status_code, wanted in page.text) for page in refused] == [(409, True)] * 6
    assert session.scalar(select(func.count(Submission.id))) == 0


def test_the_instant_of_closing_is_the_first_that_refuses(
    session: Session, client: CheckedClient, app: Flask
) -> None:
    closes = NOW + timedelta(days=1)
    visitor = Visitor(client, rich_consultation(closes_at=closes).slug)
    app.extensions["clock"] = lambda: closes - timedelta(microseconds=1)
    assert visitor.begin().status_code == 303
    app.extensions["clock"] = lambda: closes
    assert visitor.begin().status_code == 409


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_questions_are_in_the_page_s_language(
    session: Session, client: CheckedClient, lang: str
) -> None:
    visitor = Visitor(client, rich_consultation().slug, lang)
    visitor.begin()
    page = visitor.get("/3").text
    assert f"many ({lang})" in page
    assert f"option a ({lang})" in page
    assert f"item x ({lang})" in page


def test_the_check_lists_what_is_missing_with_the_way_to_it_and_offers_nothing_to_send(
    visitor: Visitor,
) -> None:
    visitor.begin()
    page = visitor.get("/check").text
    for anchor in ("1#ask-actor_type", "1#ask-place", "3#ask-ease"):
        assert f'/participate/{anchor}"' in page
    assert "/participate/send" not in page


def test_the_check_shows_every_answer_in_words(visitor: Visitor) -> None:
    visitor.answer_all(VERBATIM)
    page = unescape(re.sub(r'</?span(?: lang="ar")?>', "", visitor.get("/check").text))
    assert VERBATIM in page
    assert "option a (en)" in page
    assert "5</bdi> out of 5" in page
    assert "I don’t know" in page
    assert "Drâa-Tafilalet" in page


def test_consent_is_never_ticked_beforehand(visitor: Visitor) -> None:
    visitor.answer_all()
    page = visitor.get("/check").text
    box = page[page.index('id="agree"') - 60 : page.index('id="agree"') + 60]
    assert "checked" not in box


def test_without_consent_nothing_is_sent(visitor: Visitor, session: Session) -> None:
    visitor.answer_all()
    page = visitor.send(agree="")
    assert page.status_code == 422
    assert 'href="#agree"' in page.text
    assert session.scalar(select(func.count(Submission.id))) == 0
    again = visitor.client.get(f"{visitor.base}/participate/send")  # reloaded
    assert again.location.endswith("/participate/check")


def test_a_notice_published_meanwhile_has_to_be_read(visitor: Visitor, session: Session) -> None:
    visitor.answer_all()
    old = visitor.notice()
    consultation = session.scalars(select(Draft)).one().consultation
    consultation.notices.append(
        PrivacyNotice(version=2, body=texts("Newer"), statement=texts("I agree"), published_at=NOW)
    )
    session.commit()
    assert visitor.send(notice=old).status_code == 422
    assert visitor.send().status_code == 303
    assert session.scalars(select(Submission)).one().consent.notice.version == 2


def test_an_unknown_consultation_is_not_found(client: CheckedClient, session: Session) -> None:
    ConsultationFactory()
    assert client.get("/fr/consultations/none/participate", unchecked=True).status_code == 404
