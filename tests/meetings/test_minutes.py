"""Attendance and minutes: lists, documents good and bad, contests, decisions, settling."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pypdf import PdfReader
from sqlalchemy.orm import Session

from app.core.access import Role
from app.meetings.documents import read_minutes
from app.meetings.errors import (
    BrokenDocumentError,
    DocumentRefusedError,
    EmptyDocumentError,
    InflatedDocumentError,
    LockedDocumentError,
    NotADocumentError,
    PointChangedError,
)
from app.meetings.models import Meeting, MinutePoint, MinutesState, Participant, Workshop
from app.meetings.operations import settling, validating, writing
from app.meetings.operations.validating import Verdict
from app.meetings.operations.writing import Words
from app.submissions.models import EntryRecord, Submission, SubmissionVersion
from app.themes.corpus import read_corpus
from tests import factories
from tests.conftest import NOW
from tests.meetings import world
from tests.meetings.world import STAFF

UNTIL = NOW + timedelta(days=10)
LATER = NOW + timedelta(days=11)


def say(
    session: Session, meeting: Meeting, text: str, organisation: str = "Tafoukt"
) -> MinutePoint:
    """Write a point down in the name of an organisation."""
    words = Words(
        text=text, speaker="organisation", organisation=organisation, question_key="story"
    )
    return writing.add_point(session, STAFF, meeting, words, now=NOW)


def contest(session: Session, who: Participant, point: MinutePoint) -> None:
    """Contest a point."""
    verdict = Verdict(is_contested=True, version=point.version, reason="Non.", proposal="Autre.")
    validating.reply(session, who, {point.id: verdict}, now=NOW)


@pytest.fixture
def sent(session: Session) -> Meeting:
    """A meeting whose minutes, of two organisations, are before two participants."""
    meeting = world.meeting(starts_at=NOW - timedelta(days=1))
    world.present(meeting, "Fatima", email="f@example.org", organisation="Tafoukt")
    world.present(meeting, "Omar", email="o@example.org", organisation="Jorf", lang="ar")
    say(session, meeting, "Le bus passe une fois.")
    say(session, meeting, "نحتاج إلى مركز قريب.", "Jorf")
    session.expire(meeting)
    validating.circulate(session, STAFF, meeting, until=UNTIL, now=NOW)
    return meeting


# --- attendance ---------------------------------------------------------------------------------


def bring(client: Any, number: int, content: bytes, name: str) -> Any:
    """Bring in a list of attendance."""
    return client.post(
        f"/fr/staff/meetings/{number}/attendance/list",
        data={"file": (io.BytesIO(content), name)},
        content_type="multipart/form-data",
    )


def test_a_list_brought_in_twice_adds_nobody_twice(
    client: Any, session: Session, sign_in: Any
) -> None:
    meeting = world.meeting()
    invited, _new = world.add_person(
        session, meeting, world.Person(email="a@example.org", name="A"), origin="invited", now=NOW
    )
    number, known = meeting.id, invited.id
    book = Workbook()
    for row in (
        ("Nom", "Organisation", "Courriel", "Atelier", "Présent"),
        ("A", "Tafoukt", "A@example.org", "Handicap", "oui"),
        ("ليلى", "جمعية الأمل", None, "2", "x"),
        ("Nadia", "Jorf", None, None, "non"),
    ):
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    sign_in(client, Role.ADMINISTRATOR)

    for _ in range(2):
        assert bring(client, number, buffer.getvalue(), "list.xlsx").status_code == 303

    people = {one.name: one for one in session.query(Participant)}
    assert {name: one.was_present for name, one in people.items()} == {
        "A": True, "ليلى": True, "Nadia": False
    }  # fmt: skip
    assert people["A"].id == known
    assert people["ليلى"].workshop is not None
    assert people["ليلى"].workshop.position == 2


def test_broken_rows_are_told_by_their_number_and_the_others_come_in(
    client: Any, session: Session, sign_in: Any
) -> None:
    number = world.meeting().id
    sign_in(client, Role.ADMINISTRATOR)
    table = b"nom;organisation;telephone\nFatima;Tafoukt;1\n;;2\nOmar;Jorf;3\n"

    page = bring(client, number, table, "list.csv")

    assert "Ligne 3" in page.text
    assert session.query(Participant).count() == 2


def test_two_people_at_two_doors_undo_nothing(client: Any, session: Session, sign_in: Any) -> None:
    meeting = world.meeting()
    ids = [
        world.add_person(session, meeting, world.Person(name=n), origin="list", now=NOW)[0].id
        for n in "AB"
    ]
    address = f"/fr/staff/meetings/{meeting.id}/attendance"
    sign_in(client, Role.ADMINISTRATOR)

    client.post(address, data={"shown": ids, "present": [ids[0]]})
    client.post(address, data={"shown": ids, "present": [ids[1]]})
    both = [one.was_present for one in session.query(Participant).order_by(Participant.id)]
    client.post(address, data={"was": ids, "present": [ids[1]]})
    session.expire_all()

    assert both == [True, True]
    assert [one.was_present for one in session.query(Participant).order_by(Participant.id)] == [
        False, True
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "heading"), [("fr", "Feuille de présence"), ("ar", "ورقة الحضور")]
)
def test_the_sheet_to_sign_is_a_pdf_in_both_languages(
    client: Any, session: Session, sign_in: Any, lang: str, heading: str
) -> None:
    import unicodedata

    meeting = world.meeting()
    world.present(meeting, "Fatima Alaoui", organisation="Tafoukt")
    number = meeting.id
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.get(f"/{lang}/staff/meetings/{number}/attendance.pdf")

    text = unicodedata.normalize("NFKC", PdfReader(io.BytesIO(answer.data)).pages[0].extract_text())
    assert "Fatima Alaoui" in text
    assert set(heading.split()) <= set(text.split())


# --- documents ----------------------------------------------------------------------------------


def read(meeting: Meeting, content: bytes) -> list[tuple[str, str, str]]:
    """Return what is found in a document: speaker, organisation, words."""
    found = read_minutes(io.BytesIO(content), meeting)
    return [(one.speaker, one.organisation, one.text) for one in found]


def test_headings_are_workshops_and_names_and_tables_are_organisations(session: Session) -> None:
    meeting = world.meeting()
    content = world.document(
        ("h", "Séance plénière"),
        "Monsieur le Wali ouvre la rencontre.",
        ("h", "الورشة 2: الأشخاص المسنون"),
        "جمعية الأمل: نحتاج إلى رعاية منزلية.",
        "- L’atelier demande des visites.",
        [["Organisation", "Contribution"], ["Commune de Jorf", "Nous prêtons une salle."]],
    )

    assert read(meeting, content) == [
        ("plenary", "", "Monsieur le Wali ouvre la rencontre."),
        ("organisation", "جمعية الأمل", "نحتاج إلى رعاية منزلية."),
        ("workshop", "", "L’atelier demande des visites."),
        ("organisation", "Commune de Jorf", "Nous prêtons une salle."),
    ]
    found = read_minutes(io.BytesIO(content), meeting)
    assert found[2].workshop_id == meeting.workshops[1].id


def archive(**parts: bytes) -> bytes:
    """Return an archive of parts, ``word__document`` for ``word/document.xml``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(f"{name.replace('__', '/')}.xml", content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NotADocumentError),
        (b"%PDF-1.7 nothing", NotADocumentError),
        (b"PK\x03\x04 broken", BrokenDocumentError),
        (archive(xl__workbook=b"<x/>"), NotADocumentError),
        (archive(word__document=b"<not a document"), BrokenDocumentError),
        (archive(word__document=b" " * (21 * 1024 * 1024)), InflatedDocumentError),
        (archive(word__document=b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), BrokenDocumentError),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
         LockedDocumentError),
        (world.document(), EmptyDocumentError),
    ],
)  # fmt: skip
def test_files_that_are_no_minutes_are_refused_with_the_reason(
    session: Session, content: bytes, error: type[DocumentRefusedError]
) -> None:
    with pytest.raises(error):
        read_minutes(io.BytesIO(content), Meeting(workshops=[]))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.integers(0, 255), max_size=40), st.integers(0, 4000))
def test_a_damaged_document_is_refused_or_read_and_never_breaks(noise: list[int], at: int) -> None:
    whole = bytearray(world.document(("h", "Atelier 1"), "Nom : des mots."))
    at %= len(whole)
    whole[at : at + len(noise)] = bytes(noise)
    workshop = Workshop(id=1, position=1, title={"fr": "Handicap"})
    try:
        found = read_minutes(io.BytesIO(bytes(whole)), Meeting(workshops=[workshop]))
    except DocumentRefusedError:
        return
    assert found


# --- writing ------------------------------------------------------------------------------------


def test_a_point_sent_twice_is_one_and_two_typists_from_one_place_are_two(session: Session) -> None:
    meeting = world.meeting()
    words = [
        Words(text=text, speaker="plenary", question_key="story") for text in ("A.", "A.", "B.")
    ]

    for one in words:
        writing.add_point(session, STAFF, meeting, one, position=1, now=NOW)

    assert [(one.position, one.text) for one in meeting.points] == [(1, "A."), (2, "B.")]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(session: Session) -> None:
    point = say(session, world.meeting(), "A.")
    seen = writing.revision(point)
    words = Words(text="B.", speaker="plenary", question_key="story")
    writing.change_point(session, STAFF, point, words, seen=seen, now=NOW + timedelta(seconds=1))

    with pytest.raises(PointChangedError):
        writing.change_point(session, STAFF, point, words, seen=seen, now=NOW)


def test_points_change_places(session: Session) -> None:
    meeting = world.meeting()
    points = [say(session, meeting, text) for text in ("A", "B", "C")]

    writing.move_point(session, STAFF, points[2], by=-1, now=NOW)
    writing.move_point(session, STAFF, points[0], by=-1, now=NOW)

    assert [one.text for one in meeting.points] == ["A", "C", "B"]


# --- validating and settling --------------------------------------------------------------------


def test_settled_points_are_one_submission_a_speaker_and_reach_the_corpus(
    session: Session, sent: Meeting
) -> None:
    done = settling.settle(session, STAFF, sent, now=LATER)
    again = settling.settle(session, STAFF, sent, now=LATER)

    texts = {text.text for text in read_corpus(session, sent.consultation_id).texts}
    assert (done.n_submissions, again.n_submissions, again.n_points) == (2, 0, 0)
    assert texts == {"Le bus passe une fois.", "نحتاج إلى مركز قريب."}
    assert session.query(EntryRecord).filter_by(source="meeting").count() == 2
    assert sent.minutes_state == MinutesState.SETTLED


def test_a_contested_point_waits_alone_and_enters_once_decided(
    session: Session, sent: Meeting
) -> None:
    first = sent.points[0]
    sent.minutes_state = MinutesState.WRITING
    second = say(session, sent, "La salle est trop petite.")
    sent.minutes_state = MinutesState.CIRCULATED
    contest(session, sent.participants[0], second)

    held_back = settling.settle(session, STAFF, sent, now=LATER)
    before = session.query(Submission).filter_by(organisation="Tafoukt").one().answers
    earlier = [one.text for one in before if one.text]
    validating.keep_point(session, STAFF, second, "L’enregistrement le confirme.", now=LATER)
    entered = settling.settle(session, STAFF, sent, now=LATER)

    own = session.query(Submission).filter_by(organisation="Tafoukt").one()
    assert (held_back.n_open, entered.n_open, entered.n_points) == (1, 0, 1)
    assert earlier == [first.text]
    assert [one.text for one in own.answers if one.text] == [f"{first.text}\n\n{second.text}"]
    assert (own.version, session.query(SubmissionVersion).count()) == (2, 1)


def test_a_point_taken_out_enters_nothing(session: Session, sent: Meeting) -> None:
    contest(session, sent.participants[0], sent.points[0])
    validating.take_out(session, STAFF, sent.points[0], "Retiré.", now=NOW)

    done = settling.settle(session, STAFF, sent, now=LATER)

    assert done.n_submissions == 1
    assert session.query(Submission).one().organisation == "Jorf"


def test_new_words_are_asked_about_again_and_late_verdicts_on_old_words_count_for_nothing(
    session: Session, sent: Meeting
) -> None:
    point, who = sent.points[0], sent.participants[0]
    contest(session, who, point)
    near_the_end = UNTIL - timedelta(hours=1)

    asked = validating.change_words(session, STAFF, point, "Deux fois.", now=near_the_end)
    stale = validating.reply(
        session, who, {point.id: Verdict(is_contested=False, version=1)}, now=near_the_end
    )

    assert asked == [who]
    assert stale == 0
    assert not validating.is_contest_open(point)
    assert sent.contest_until == near_the_end + validating.AGAIN


def test_somebody_who_was_not_there_validates_nothing(
    client: Any, session: Session, sent: Meeting
) -> None:
    stranger, _new = world.add_person(
        session, sent, world.Person(name="X", email="x@example.org"), origin="invited", now=NOW
    )
    token, point = stranger.token, sent.points[0].id
    session.commit()

    shown = client.get(f"/fr/meetings/{token}/minutes")
    answer = client.post(
        f"/fr/meetings/{token}/minutes", data={f"version-{point}": 1, "all": "yes"}
    )

    assert (shown.status_code, answer.status_code) == (302, 403)


def test_once_the_time_is_over_nothing_more_is_taken(
    app: Flask, client: Any, session: Session, sent: Meeting
) -> None:
    token, point = sent.participants[0].token, sent.points[0].id
    session.commit()
    app.extensions["clock"] = lambda: LATER

    answer = client.post(
        f"/fr/meetings/{token}/minutes", data={f"version-{point}": 1, "all": "yes"}
    )

    assert answer.status_code == 409


def test_minutes_are_public_only_once_settled_and_without_what_was_withdrawn(
    client: Any, session: Session, sent: Meeting
) -> None:
    address = f"/fr/consultations/{sent.consultation.slug}/meetings/{sent.id}/minutes"
    session.commit()
    before = client.get(address)
    settling.settle(session, STAFF, sent, now=LATER)
    session.query(Submission).filter_by(organisation="Jorf").one().state = "withdrawn"
    session.commit()

    after = client.get(address)

    assert (before.status_code, after.status_code) == (404, 200)
    assert "Le bus passe une fois." in after.text
    assert "نحتاج" not in after.text


def test_an_organisation_of_the_registry_is_recognised_by_its_name(session: Session) -> None:
    registered = world.organisation("Association Tafoukt", acronym="AT")
    meeting = world.meeting(factories.ConsultationFactory())

    for name in ("association TAFOUKT", "at", "Tafoukt d’ailleurs"):
        say(session, meeting, name, name)

    assert [one.organisation_id for one in meeting.points] == [registered.id, registered.id, None]
    assert meeting.points[0].actor_type == "association"
