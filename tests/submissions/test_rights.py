"""Requests about one's data: made by the code, answered by staff in time, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.mail import Letter
from app.submissions.models import Contact, DataRequest, Submission
from app.submissions.rights.errors import RequestDecidedError
from app.submissions.rights.operations import Right, answer, ask, due_after
from tests.conftest import NOW
from tests.factories import ConsultationFactory, submission
from tests.pages import CheckedClient
from tests.submissions.after import Author


@pytest.fixture
def sent(session: Session) -> Submission:
    """A contribution."""
    row = submission(ConsultationFactory(), "Le centre est loin.")
    session.commit()
    return row


@pytest.fixture
def author(client: CheckedClient, sent: Submission) -> Author:
    """Who holds its code."""
    return Author(client, sent)


def test_an_answer_is_due_at_the_end_of_the_tenth_day_in_rabat() -> None:
    # Late in the evening of the 20th in Rabat (UTC+1): the tenth day after is the 30th.
    made = datetime(2022, 1, 20, 22, 59, tzinfo=UTC)
    assert due_after(made) == datetime(2022, 1, 30, 23, 0, tzinfo=UTC)
    assert due_after(made + timedelta(minutes=2)) == datetime(2022, 1, 31, 23, 0, tzinfo=UTC)


def test_a_request_is_recorded_with_its_due_date_and_shown_by_the_code(
    author: Author, session: Session
) -> None:
    author.post("/request", right="correction", message="La commune est fausse.")
    row = session.scalars(select(DataRequest)).one()
    page = unescape(author.get("/data").text)

    assert (row.kind, row.state, row.made_at, row.due_at) == (
        "correction", "open", NOW, due_after(NOW),
    )
    assert "La commune est fausse." in page
    assert "An answer is due by 30 January 2022 at the latest." in page


def test_the_same_request_waits_once_and_what_was_typed_stays(
    author: Author, session: Session
) -> None:
    author.post("/request", right="access", message="Une fois.")
    again = author.post("/request", right="access", message="Deux fois.")
    other = author.post("/request", right="objection", message="Autre droit.")

    assert again.status_code == 409
    assert "Deux fois." in again.text
    assert other.status_code == 303
    assert len(session.scalars(select(DataRequest)).all()) == 2


def test_a_request_without_words_is_refused(author: Author) -> None:
    assert author.post("/request", right="access", message="  ").status_code == 422


def test_staff_answer_and_the_author_reads_it_by_the_code(
    author: Author, client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    session.add(Contact(submission_id=sent.id, email="a@example.org", lang="ar", given_at=NOW))
    request = ask(session, sent, Right.ACCESS, "Qui m’a lu ?", now=NOW)
    session.commit()
    identity, slug = request.id, sent.consultation.slug
    who = sign_in(client, Role.MODERATOR)
    listed = client.get(f"/en/staff/consultations/{slug}/requests")
    shown = client.get(f"/en/staff/requests/{identity}")
    refused = client.post(f"/en/staff/requests/{identity}", data={"words": "Trois personnes."})
    client.post(
        f"/en/staff/requests/{identity}",
        data={"words": "Trois personnes.", "decision": "granted"},
    )
    session.expire_all()
    row = session.get_one(DataRequest, identity)
    letter = session.scalars(select(Letter)).one()
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "submissions.answer_request")
    ).one()

    assert f"/staff/requests/{identity}" in listed.text
    assert "Qui m’a lu" in shown.text
    assert (refused.status_code, "Trois personnes." in refused.text) == (422, True)
    assert (row.state, row.decided_by_id, row.answer) == ("granted", who, "Trois personnes.")
    assert (letter.lang, letter.recipient) == ("ar", "a@example.org")
    assert "Trois personnes." not in letter.body
    assert entry.detail == {"kind": "access", "state": "granted"}
    assert "Trois personnes." in author.get("/data").text


def test_a_second_answer_is_told_that_it_comes_too_late(
    session: Session, sent: Submission
) -> None:
    request = ask(session, sent, Right.ACCESS, "?", now=NOW)
    answer(session, System(), request.id, is_granted=False, words="Non.", now=NOW)
    with pytest.raises(RequestDecidedError):
        answer(session, System(), request.id, is_granted=True, words="Oui.", now=NOW)
    assert request.answer == "Non."


def test_a_granted_objection_withdraws_and_a_refused_one_does_not(
    session: Session, sent: Submission
) -> None:
    first = ask(session, sent, Right.OBJECTION, "?", now=NOW)
    answer(session, System(), first.id, is_granted=False, words="Non.", now=NOW)
    assert sent.is_standing
    second = ask(session, sent, Right.OBJECTION, "?", now=NOW)
    answer(session, System(), second.id, is_granted=True, words="Oui.", now=NOW)
    assert sent.state == "withdrawn"


def test_a_granted_erasure_erases_and_its_answer_stays_for_the_code(
    author: Author, session: Session, sent: Submission
) -> None:
    request = ask(session, sent, Right.ERASURE, "Mon nom Zqx est dedans.", now=NOW)
    answer(session, System(), request.id, is_granted=True, words="C’est fait.", now=NOW)
    session.commit()
    session.expire_all()

    assert session.get_one(Submission, sent.id).state == "erased"
    assert session.scalars(select(DataRequest)).one().message == ""
    assert "C’est fait." in unescape(author.get().text)


def test_requests_are_answered_only_where_one_has_the_role(
    client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    request = ask(session, sent, Right.ACCESS, "?", now=NOW)
    session.commit()
    identity, slug = request.id, sent.consultation.slug
    sign_in(client, Role.MODERATOR, region="06")
    data = {"words": "x", "decision": "granted"}
    assert client.get(f"/en/staff/requests/{identity}").status_code == 403
    assert client.post(f"/en/staff/requests/{identity}", data=data).status_code == 403
    assert f"/staff/requests/{identity}" not in client.get(
        f"/en/staff/consultations/{slug}/requests"
    ).text
    session.expire_all()
    assert session.get_one(DataRequest, identity).state == "open"


# --- notices ------------------------------------------------------------------------------------


def test_a_new_notice_holds_for_new_contributions_and_old_consents_keep_theirs(
    author: Author, client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    slug = sent.consultation.slug
    sign_in(client, Role.ADMINISTRATOR)
    address = f"/en/staff/consultations/{slug}/notice"
    texts = {"body_fr": "Neuf", "body_ar": "جديد", "statement_fr": "Oui", "statement_ar": "نعم"}
    first = client.post(address, data=texts)
    again = client.post(address, data=texts)
    half = client.post(address, data={**texts, "body_ar": ""})
    session.expire_all()
    row = session.get_one(Submission, sent.id)
    page = author.get("/data").text

    assert (first.status_code, again.status_code, half.status_code) == (303, 422, 422)
    assert [notice.version for notice in row.consultation.notices] == [1, 2]
    assert row.consent
    assert row.consent.notice.version == 1
    assert "A newer version has been published since" in page
    assert "Notice (fr)" in page
    assert "Neuf" not in page


def test_the_staff_pages_are_whole_in_both_languages(
    client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    request = ask(session, sent, Right.ACCESS, "?", now=NOW - timedelta(days=20))
    session.commit()
    identity, number, slug = request.id, sent.id, sent.consultation.slug
    sign_in(client, Role.ADMINISTRATOR)
    for lang in ("fr", "ar"):
        for path in (
            f"consultations/{slug}/requests", f"consultations/{slug}/notice",
            f"requests/{identity}", f"submissions/{number}/versions",
        ):
            assert client.get(f"/{lang}/staff/{path}").status_code == 200, path
