"""What is sent is one row, whatever the clicks; its receipt and consent are kept with it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.db import db
from app.submissions import errors, operations, receipts
from app.submissions.models import Answer, Consent, Draft, Submission
from tests.conftest import NOW
from tests.factories import EARLIER, submission
from tests.pages import CheckedClient
from tests.submissions.way import Visitor, rich_consultation


@pytest.fixture
def visitor(session: Session, client: CheckedClient) -> Visitor:
    """Someone who has answered everything and not sent it yet."""
    visitor = Visitor(client, rich_consultation().slug)
    visitor.answer_all("  J’attends un centre.  \r\nVraiment.  ")
    return visitor


def count(session: Session, model: type[Any]) -> int:
    """Count rows as another transaction sees them."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def receipt_code(page: str) -> str:
    """Read the code on a receipt."""
    found = re.search(r'class="code".*<span>(.{4})</span><i>-</i><span>(.{4})</span>', page)
    assert found
    return found[1] + found[2]


def test_sending_keeps_the_answers_who_answers_and_where(
    visitor: Visitor, session: Session
) -> None:
    visitor.send()
    sent = session.scalars(select(Submission)).one()
    assert (sent.channel, sent.lang, sent.actor_type, sent.organisation) == (
        "web", "en", "citizen", ""
    )
    assert (sent.region_code, sent.province_code, sent.commune_code) == ("08", "08.401", None)
    kept = {a.question.key: a.value if a.text is None else a.text for a in sent.answers}
    assert kept == {
        "place": {"region": "08", "province": "08.401", "commune": None},
        "story": "J’attends un centre.  \nVraiment.", "many": ["a"], "ease": {"x": 5, "y": 0},
    }
    assert sent.submitted_at == NOW


def test_the_draft_is_gone_once_it_is_sent(visitor: Visitor, session: Session) -> None:
    visitor.send()
    assert count(session, Draft) == 0


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_consent_is_kept_with_the_notice_and_the_language_it_was_read_in(
    session: Session, client: CheckedClient, lang: str
) -> None:
    consultation = rich_consultation()
    visitor = Visitor(client, consultation.slug, lang)
    visitor.answer_all()
    visitor.send()
    consent = session.scalars(select(Consent)).one()
    kept = (consent.lang, consent.notice_id, consent.given_at)
    assert kept == (lang, consultation.notice.id, NOW)


def test_a_notice_without_the_page_s_language_is_agreed_to_in_the_one_shown(
    session: Session, client: CheckedClient
) -> None:
    consultation = rich_consultation()
    consultation.notice.body = type(consultation.notice.body)(fr="Notice en français")
    session.commit()
    visitor = Visitor(client, consultation.slug, "ar")
    visitor.answer_all()
    assert '<div lang="fr" dir="ltr"><p>Notice en français' in visitor.get("/check").text
    visitor.send()
    assert session.scalars(select(Consent)).one().lang == "fr"


def test_the_receipt_shows_the_code_as_large_as_life_and_as_a_picture(visitor: Visitor) -> None:
    page = visitor.client.get(visitor.send().location)
    code = receipt_code(page.text)
    assert f"/my-contribution/{code}" in page.text
    picture = visitor.client.get(f"{visitor.base}/receipt/qr.svg")
    assert picture.mimetype == "image/svg+xml"
    assert "style" not in picture.text
    assert page.headers["Cache-Control"] == picture.headers["Cache-Control"] == "no-store"


def test_a_device_that_sent_nothing_has_no_receipt(visitor: Visitor, app: Flask) -> None:
    visitor.send()
    stranger = app.test_client()
    assert stranger.get(f"{visitor.base}/receipt").location.endswith("/my-contribution")
    assert stranger.get(f"{visitor.base}/receipt/qr.svg").status_code == 404


def test_the_key_of_an_imported_row_opens_no_receipt(
    visitor: Visitor, session: Session, app: Flask
) -> None:
    consultation = session.scalars(select(Draft)).one().consultation
    submission(consultation, "ligne", channel="import", idempotency_key="f" * 64)
    cookie = f"draft-{consultation.id}"
    session.commit()
    stranger = app.test_client()
    stranger.set_cookie(cookie, "f" * 64)
    assert stranger.get(f"{visitor.base}/receipt").location.endswith("/my-contribution")


def test_a_second_click_returns_the_first_receipt(visitor: Visitor, session: Session) -> None:
    notice = visitor.notice()
    first = receipt_code(visitor.client.get(visitor.send().location).text)
    again = visitor.client.post(
        f"{visitor.base}/participate/send", data={"notice": notice, "agree": "y"}
    )
    assert again.status_code == 303
    assert receipt_code(visitor.client.get(again.location).text) == first
    assert count(session, Submission) == 1


def test_the_back_button_after_sending_leads_to_the_receipt_and_not_to_a_new_draft(
    visitor: Visitor, session: Session
) -> None:
    visitor.send()
    answer = visitor.fill(2, q_story="encore")
    assert answer.location.endswith("/receipt")
    assert count(session, Draft) == 0
    assert "See the receipt" in visitor.get().text


def test_someone_else_may_answer_from_the_same_device(visitor: Visitor, session: Session) -> None:
    visitor.send()
    visitor.answer_all("Une autre voix.")
    visitor.send()
    codes = session.scalars(select(Submission.receipt_code)).all()
    assert len(set(codes)) == 2


def test_clicks_at_the_same_instant_make_one_row_and_one_receipt(
    visitor: Visitor, app: Flask, session: Session
) -> None:
    token = session.scalars(select(Draft.token)).one()
    consultation_id = session.scalars(select(Draft.consultation_id)).one()
    notice = visitor.notice()
    session.rollback()
    n_clicks = 8
    together = Barrier(n_clicks)

    def click(_number: int) -> str:
        """Send from a browser of its own that carries the same draft."""
        browser = app.test_client()
        browser.set_cookie(f"draft-{consultation_id}", token)
        together.wait(timeout=20)
        answer = browser.post(
            f"{visitor.base}/participate/send", data={"notice": notice, "agree": "y"}
        )
        assert answer.status_code == 303, answer.text
        return receipt_code(browser.get(answer.location).text)

    with ThreadPoolExecutor(n_clicks) as pool:
        codes = list(pool.map(click, range(n_clicks)))
    assert len(set(codes)) == 1
    assert count(session, Submission) == 1
    assert count(session, Consent) == 1


def test_the_unique_key_decides_between_two_transactions(
    visitor: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check made beforehand sees nothing; the row of the other click is there all the same."""
    draft = session.scalars(select(Draft)).one()
    values = {"notice_id": draft.consultation.notice.id, "has_agreed": True, "lang": "fr"}
    first = operations.submit(session, draft, **values, now=NOW)
    looked = iter([None, first])
    monkeypatch.setattr(operations, "_find_sent", lambda *_: next(looked))
    second = operations.submit(session, draft, **values, now=NOW)
    assert second is first
    session.commit()
    assert count(session, Submission) == 1
    assert count(session, Answer) == 4


def test_equal_codes_are_drawn_again(
    visitor: Visitor, session: Session, client: CheckedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["7K4M92QX", "7K4M92QX", "7K4M92QX", "8K4M92QX"])
    monkeypatch.setattr(receipts, "new_code", lambda: next(drawn))
    visitor.send()
    visitor.answer_all()
    visitor.send()
    codes = session.scalars(select(Submission.receipt_code).order_by(Submission.id)).all()
    assert codes == ["7K4M92QX", "8K4M92QX"]


def test_a_database_that_refuses_for_another_reason_is_not_taken_for_equal_codes(
    visitor: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "new_code", lambda: "short")
    draft = session.scalars(select(Draft)).one()
    with pytest.raises(IntegrityError):
        operations.submit(
            session, draft, notice_id=draft.consultation.notice.id, has_agreed=True, lang="fr",
            now=NOW,
        )
    db.session.rollback()


def test_nothing_incomplete_is_sent_even_by_a_forged_request(
    session: Session, client: CheckedClient
) -> None:
    consultation = rich_consultation()
    visitor = Visitor(client, consultation.slug)
    visitor.begin()
    visitor.fill(1, actor_type="citizen", q_place_region="08")
    forged = client.post(
        f"{visitor.base}/participate/send", data={"notice": consultation.notice.id, "agree": "y"}
    )
    assert forged.status_code == 422
    assert count(session, Submission) == 0


def test_a_place_outside_the_consultation_is_refused_when_sending(
    visitor: Visitor, session: Session
) -> None:
    draft = session.scalars(select(Draft)).one()
    draft.consultation.regions = draft.consultation.regions[:3]
    session.flush()
    with pytest.raises(errors.AnswersIncompleteError):
        operations.submit(
            session, draft, notice_id=draft.consultation.notice.id, has_agreed=True, lang="fr",
            now=NOW,
        )
    session.rollback()


def test_answers_keep_the_version_of_the_questionnaire_they_were_given_to(
    visitor: Visitor, session: Session
) -> None:
    draft = session.scalars(select(Draft)).one()
    old = draft.questionnaire_id
    draft.consultation.questionnaires.append(
        type(draft.questionnaire)(
            version=2, sections=[], state="published", created_at=EARLIER, published_at=EARLIER
        )
    )
    session.commit()
    visitor.send()
    assert session.scalars(select(Submission)).one().questionnaire_id == old


