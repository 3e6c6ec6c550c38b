"""After sending, by the code: correct until closing, withdraw, take back, erase, take away."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.audit import AuditEntry
from app.submissions.afterwards import operations
from app.submissions.afterwards.errors import (
    CorrectionClosedError,
    NotYoursAloneError,
    RestoreClosedError,
    WithdrawnError,
)
from app.submissions.afterwards.forgetting import erase_everything, erase_personal
from app.submissions.afterwards.queries import load_versions
from app.submissions.models import Answer, Contact, Draft, Submission, SubmissionVersion
from app.submissions.operations import keep_section, submit
from tests.conftest import NOW
from tests.factories import LATER, ConsultationFactory, submission
from tests.pages import CheckedClient
from tests.submissions.after import Author
from tests.submissions.way import Visitor, rich_consultation


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation that asks everything."""
    return rich_consultation()


PLACE = {"region": "08", "province": None, "commune": None}


@pytest.fixture
def sent(session: Session, consultation: Consultation) -> Submission:
    """A contribution with a text, choices and a rating."""
    row = submission(
        consultation,
        "Le centre est loin.",
        values={"place": PLACE, "many": ["b", "a"], "ease": {"x": 5, "y": 0}},
    )
    session.commit()
    return row


@pytest.fixture
def author(client: CheckedClient, sent: Submission) -> Author:
    """Who holds its code."""
    return Author(client, sent)


def send(session: Session, draft: Draft, **changes: Any) -> Submission:
    """Change a correction's answers and send it as its page would."""
    keep_section(session, draft, 2, changes, is_done=True, lang="fr", now=NOW)
    row = submit(session, draft, notice_id=None, has_agreed=False, lang="fr", now=NOW)
    session.commit()
    return row


def count(session: Session, model: type[Any]) -> int:
    """Count rows."""
    return session.scalar(select(func.count()).select_from(model)) or 0


# --- correcting ---------------------------------------------------------------------------------


def test_a_correction_opens_with_what_was_sent_and_changes_nothing_before_it_is_sent(
    author: Author, client: CheckedClient, session: Session, sent: Submission
) -> None:
    begun = author.post("/correct")
    page = client.get(begun.location)
    story = client.get(begun.location.replace("/participate/1", "/participate/2"))

    assert page.status_code == 200
    assert f"correcting the contribution <bdi dir=\"ltr\">{sent.receipt}" in page.text
    assert "Le centre est loin." in story.text
    assert session.get_one(Submission, sent.id).version == 1


def test_a_sent_correction_keeps_the_code_and_the_version_before(
    author: Author, client: CheckedClient, session: Session, sent: Submission,
    consultation: Consultation,
) -> None:
    code = sent.receipt_code
    author.post("/correct")
    visitor = Visitor(client, consultation.slug)
    visitor.fill(2, q_story="Le centre est ouvert.")
    check = visitor.get("/check")
    answer = client.post(f"{visitor.base}/participate/send", data={"notice": "1"})
    session.expire_all()
    row = session.scalars(select(Submission)).one()
    kept = session.scalars(select(SubmissionVersion)).one()

    assert "You agreed to this version" in check.text
    assert answer.location.endswith(f"/my-contribution/{code}")
    assert (row.receipt_code, row.version, row.changed_at) == (code, 2, NOW)
    assert [a.text for a in row.answers if a.text] == ["Le centre est ouvert."]
    assert (kept.number, kept.values["story"], kept.replaced_at) == (1, "Le centre est loin.", NOW)
    assert kept.values["actor_type"] == "citizen"
    assert count(session, Draft) == 0


def test_unchanged_answers_keep_their_rows_and_a_changed_text_gets_a_new_one(
    session: Session, sent: Submission
) -> None:
    before = {a.question.key: a.id for a in sent.answers}
    row = send(session, operations.begin_correction(session, sent, now=NOW), story="Autre chose.")
    after = {a.question.key: a.id for a in row.answers}

    assert before["story"] != after["story"]
    assert {k: v for k, v in before.items() if k != "story"} == {
        k: v for k, v in after.items() if k != "story"
    }


def test_sending_a_correction_that_changes_nothing_makes_no_version(
    session: Session, sent: Submission
) -> None:
    row = send(session, operations.begin_correction(session, sent, now=NOW))
    assert (row.version, count(session, SubmissionVersion), count(session, Draft)) == (1, 0, 0)


def test_the_same_choices_in_another_order_are_no_change(
    session: Session, sent: Submission
) -> None:
    draft = operations.begin_correction(session, sent, now=NOW)
    row = send(session, draft, many=["a", "b"])
    assert row.version == 1


def test_two_devices_take_up_the_same_correction(session: Session, sent: Submission) -> None:
    first = operations.begin_correction(session, sent, now=NOW)
    assert operations.begin_correction(session, sent, now=NOW) is first


def test_versions_say_what_each_changed_and_since_when_they_stood(
    session: Session, sent: Submission
) -> None:
    send(session, operations.begin_correction(session, sent, now=NOW), story="Deux.")
    send(session, operations.begin_correction(session, sent, now=NOW), story="")
    found = load_versions(session, sent)
    kept = session.scalars(select(SubmissionVersion).order_by(SubmissionVersion.number)).all()

    assert [version.number for version in found] == [3, 2, 1]
    assert [(c.before.text, c.after.text) for c in found[1].changes] == [
        ("Le centre est loin.", "Deux.")
    ]
    assert found[0].changes[0].after.is_empty
    assert kept[0].stood_from == sent.submitted_at
    assert kept[1].stood_from == kept[0].replaced_at


def test_a_correction_moves_a_contribution_to_another_region(
    session: Session, sent: Submission
) -> None:
    place = {"region": "06", "province": "06.141", "commune": None}
    row = send(session, operations.begin_correction(session, sent, now=NOW), place=place)
    assert (row.region_code, row.province_code) == ("06", "06.141")


def test_nothing_is_corrected_after_closing_nor_once_withdrawn(
    session: Session, sent: Submission
) -> None:
    with pytest.raises(CorrectionClosedError):
        operations.begin_correction(session, sent, now=LATER)
    draft = operations.begin_correction(session, sent, now=NOW)
    operations.withdraw(session, sent, now=NOW)
    session.flush()
    assert session.scalar(select(func.count()).where(Draft.id == draft.id)) == 0
    with pytest.raises(WithdrawnError):
        operations.begin_correction(session, sent, now=NOW)


def test_a_correction_begun_before_closing_is_not_sent_after(
    app: Flask, author: Author, client: CheckedClient, session: Session, sent: Submission,
    consultation: Consultation,
) -> None:
    author.post("/correct")
    app.extensions["clock"] = lambda: LATER + timedelta(seconds=1)
    answer = client.post(f"/en/consultations/{consultation.slug}/participate/send")

    assert answer.status_code == 409
    session.expire_all()
    assert session.get_one(Submission, sent.id).version == 1


def test_what_a_meeting_settled_is_not_corrected_by_one_person(
    session: Session, consultation: Consultation
) -> None:
    row = submission(consultation, "Point", channel="meeting")
    with pytest.raises(NotYoursAloneError):
        operations.begin_correction(session, row, now=NOW)


def test_a_correction_does_not_push_aside_other_answers_of_the_device(
    client: CheckedClient, session: Session, author: Author, consultation: Consultation
) -> None:
    visitor = Visitor(client, consultation.slug)
    visitor.begin()
    refused = author.post("/correct")

    assert refused.status_code == 409
    assert "Other answers are being written" in author.get("/correct").text
    assert visitor.get("/1").status_code == 200
    assert session.scalars(select(Draft)).one().corrects_id is None


def test_staff_of_the_region_see_the_versions(
    client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    send(session, operations.begin_correction(session, sent, now=NOW), story="Deux.")
    identity = sent.id
    sign_in(client, Role.COORDINATOR, region="08")
    page = client.get(f"/en/staff/submissions/{identity}/versions")
    assert "Le centre est loin." in page.text
    assert "Deux." in page.text
    sign_in(client, Role.COORDINATOR, region="06")
    assert client.get(f"/en/staff/submissions/{identity}/versions").status_code == 403


# --- withdrawing --------------------------------------------------------------------------------


def test_withdrawing_asks_first_then_tells_until_when_it_is_kept(
    author: Author, session: Session, sent: Submission
) -> None:
    asked = author.get("/withdraw")
    assert session.get_one(Submission, sent.id).state == "received"
    author.post("/withdraw")
    author.post("/withdraw")
    page = author.get()

    assert "After 30 days everything in it is erased" in asked.text
    assert "Your contribution is withdrawn." in page.text
    assert "19 February 2022" in page.text
    assert "Le centre est loin." in page.text
    logged = session.scalars(select(AuditEntry.action)).all()
    assert logged.count("submissions.withdraw") == 1


def test_a_withdrawal_is_taken_back_until_closing(
    author: Author, session: Session, sent: Submission
) -> None:
    author.post("/withdraw")
    author.post("/take-back")
    session.expire_all()
    assert session.get_one(Submission, sent.id).state == "received"

    operations.withdraw(session, sent, now=NOW)
    with pytest.raises(RestoreClosedError):
        operations.take_back(session, sent, now=LATER)


# --- erasing ------------------------------------------------------------------------------------


def test_erasing_wants_a_choice_and_a_tick(author: Author, session: Session) -> None:
    refused = author.post("/erase", what="everything")
    assert refused.status_code == 422
    assert "Tick this box to erase." in refused.text
    assert count(session, Answer) == 4


def test_erasing_everything_leaves_a_row_that_remembers_only_its_dates(
    author: Author, session: Session, sent: Submission
) -> None:
    session.add(Contact(submission_id=sent.id, email="a@example.org", lang="fr", given_at=NOW))
    send(session, operations.begin_correction(session, sent, now=NOW), story="Deux.")
    code, received = sent.receipt_code, sent.submitted_at
    author.post("/erase", what="everything", is_sure="y")
    session.expire_all()
    row = session.scalars(select(Submission)).one()

    assert (row.state, row.receipt_code, row.submitted_at) == ("erased", code, received)
    assert (row.actor_type, row.organisation, row.region_code, row.version) == (
        "unknown", "", None, 1,
    )
    assert row.consent is None
    assert [count(session, model) for model in (Answer, SubmissionVersion, Contact)] == [0, 0, 0]
    assert "This contribution was erased." in author.get().text
    for path in ("/data", "/correct", "/contribution.json", "/versions", "/request"):
        assert author.get(path).status_code == 410


def test_no_word_of_an_erased_contribution_stays_in_any_table(
    session: Session, consultation: Consultation
) -> None:
    row = submission(
        consultation, "Zqxword un", organisation="Zqxword org", actor_type="association",
        values={"place": PLACE, "ease": {"x": 1, "y": 1}}, source_row={"Nom": "Zqxword"},
    )
    draft = operations.begin_correction(session, row, now=NOW)
    send(session, draft, story="Zqxword deux", members=3)
    operations.begin_correction(session, row, now=NOW)
    erase_everything(session, row, now=NOW)
    session.commit()

    tables = session.get_bind().dialect  # the whole database, whatever its tables
    found = [
        table.name
        for table in Submission.metadata.sorted_tables
        for line in session.execute(select(table)).all()
        if "zqxword" in repr(line).lower()
    ]
    assert tables
    assert not found


def test_erasing_personal_data_takes_names_out_and_keeps_what_was_said(
    session: Session, consultation: Consultation
) -> None:
    row = submission(
        consultation, "Nos voisins attendent.", organisation="Association Zqx",
        actor_type="association", source_row={"Nom": "Zqx"},
        values={"place": PLACE, "ease": {"x": 1, "y": 1}},
    )
    send(session, operations.begin_correction(session, row, now=NOW), story="Ils attendent.")
    erase_personal(session, row, now=NOW)
    session.commit()

    assert (row.organisation, row.folded_organisation, row.source_row) == ("", "", {})
    assert [a.text for a in row.answers if a.text] == ["Ils attendent."]
    assert session.scalars(select(SubmissionVersion)).one().values["organisation"] == ""


def test_an_imported_row_that_was_erased_is_known_and_not_brought_back(
    session: Session, consultation: Consultation
) -> None:
    row = submission(consultation, "x", channel="import", source="kobo", source_id="7")
    key = row.idempotency_key
    erase_everything(session, row, now=NOW)
    assert (row.source, row.source_id, row.idempotency_key) == ("kobo", "7", key)


# --- taking away --------------------------------------------------------------------------------


def test_the_json_holds_every_version_the_consent_and_the_contact(
    author: Author, session: Session, sent: Submission
) -> None:
    session.add(Contact(submission_id=sent.id, email="a@example.org", lang="fr", given_at=NOW))
    send(session, operations.begin_correction(session, sent, now=NOW), story="Deux.")
    answer = author.get("/contribution.json")
    data = json.loads(answer.text)

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    assert [version["number"] for version in data["versions"]] == [1, 2]
    texts = [
        {a["key"]: a["value"] for a in version["answers"]}["story"] for version in data["versions"]
    ]
    assert texts == ["Le centre est loin.", "Deux."]
    assert data["versions"][1]["until"] is None
    assert (data["consent"]["version"], data["contact"]["email"]) == (1, "a@example.org")


@pytest.mark.parametrize(("lang", "title"), [("fr", "Ma contribution"), ("ar", "مساهمتي")])
def test_the_pdf_holds_what_was_said_in_the_language_of_the_page(
    client: CheckedClient, sent: Submission, lang: str, title: str
) -> None:
    answer = Author(client, sent, lang).get("/contribution.pdf")
    words = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)

    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Le centre est loin." in re.sub(r"\s+", " ", words)
    if lang == "fr":
        assert title in words


# --- contact ------------------------------------------------------------------------------------


def test_a_contact_left_while_sending_is_kept_apart(
    client: CheckedClient, session: Session, consultation: Consultation
) -> None:
    visitor = Visitor(client, consultation.slug)
    visitor.answer_all()
    visitor.send(email="Nom@Example.org", phone="٠٦ 12-34 56 78", may_reach="y")
    contact = session.scalars(select(Contact)).one()

    assert (contact.email, contact.phone, contact.lang) == ("Nom@Example.org", "0612345678", "en")
    page = client.get(f"/en/staff/consultations/{consultation.slug}/submissions")
    assert "Example.org" not in page.text


def test_a_contact_without_its_own_consent_is_refused_and_nothing_typed_is_lost(
    client: CheckedClient, session: Session, consultation: Consultation
) -> None:
    visitor = Visitor(client, consultation.slug)
    visitor.answer_all()
    refused = visitor.send(email="nom@example.org")

    assert refused.status_code == 422
    assert 'value="nom@example.org"' in refused.text
    assert count(session, Submission) == 0


def test_sending_without_a_contact_keeps_none(
    client: CheckedClient, session: Session, consultation: Consultation
) -> None:
    visitor = Visitor(client, consultation.slug)
    visitor.answer_all()
    visitor.send()
    assert (count(session, Submission), count(session, Contact)) == (1, 0)


def test_a_contact_is_shown_changed_and_deleted_by_the_code(
    author: Author, session: Session
) -> None:
    author.post("/contact", email="a@example.org", may_reach="y")
    assert "a@example.org" in author.get("/data").text
    author.post("/contact", phone="+212 612 34 56 78", may_reach="y")
    kept = session.scalars(select(Contact)).one()
    assert (kept.email, kept.phone) == ("", "+212612345678")
    author.post("/contact", go="delete")
    session.expire_all()
    assert count(session, Contact) == 0


@pytest.mark.parametrize("wrong", [{"email": "a@"}, {"phone": "call me"}])
def test_a_contact_that_reaches_nobody_is_refused(author: Author, wrong: dict[str, str]) -> None:
    assert author.post("/contact", may_reach="y", **wrong).status_code == 422


def test_staff_read_a_contact_one_at_a_time_and_the_log_says_so(
    author: Author, client: CheckedClient, session: Session, sign_in: Any, sent: Submission
) -> None:
    author.post("/contact", email="a@example.org", may_reach="y")
    identity = sent.id
    sign_in(client, Role.ANALYST)
    assert client.post(f"/en/staff/submissions/{identity}/contact").status_code == 403
    sign_in(client, Role.MODERATOR)
    shown = client.get(f"/en/staff/submissions/{identity}")
    read = client.post(f"/en/staff/submissions/{identity}/contact")
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "submissions.read_contact")
    ).one()

    assert "a@example.org" not in shown.text
    assert "a@example.org" in read.text
    assert read.headers["Cache-Control"] == "no-store"
    assert (entry.target_id, entry.detail) == (str(identity), {})


# --- the pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_page_of_the_code_is_whole_and_kept_by_no_cache(
    client: CheckedClient, session: Session, sent: Submission, lang: str
) -> None:
    author = Author(client, sent, lang)
    paths = ("", "/data", "/correct", "/withdraw", "/erase", "/contact", "/request", "/versions")
    for path in paths:
        page = author.get(path)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store"), path


def test_wrong_codes_open_nothing(client: CheckedClient, session: Session) -> None:
    ConsultationFactory()
    for path in ("data", "correct", "erase", "contribution.pdf"):
        page = client.get(f"/en/my-contribution/7K4M92QX/{path}")
        assert page.status_code == 404
        assert "No contribution has this code" in unescape(page.text)
