"""The whole way of a meeting through its pages and letters, from the invitation to submissions."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.core.access import Role
from app.core.audit import AuditEntry
from app.meetings.models import MinutePoint, Participant
from app.submissions.models import Channel, EntryRecord, Submission
from tests.conftest import NOW
from tests.mail_server import PostOffice, words
from tests.meetings import world


@pytest.fixture
def held(session: Session) -> Any:
    """A meeting to come in region 08."""
    return world.meeting()


def at(app: Flask, instant: Any) -> None:
    """Set the application's clock."""
    app.extensions["clock"] = lambda: instant


def test_from_the_invitation_to_submissions(
    app: Flask, session: Session, client: Any, sign_in: Any, office: PostOffice, held: Any
) -> None:
    tafoukt = world.organisation("Association Tafoukt", email="tafoukt@example.org")
    amal = world.organisation("جمعية الأمل", email="amal@example.org", lang="ar")
    workshop = held.workshops[0].id
    base, slug, number = f"/fr/staff/meetings/{held.id}", held.consultation.slug, held.id
    sign_in(client, Role.COORDINATOR, region="08")
    visitor = app.test_client()

    # invited
    client.post(f"{base}/invitations", data={"organisation": [tafoukt.id, amal.id]})
    client.post(f"{base}/invitations", data={"organisation": [tafoukt.id, amal.id]})
    world.send_letters(app)
    [french], [arabic] = office.to("tafoukt@example.org"), office.to("amal@example.org")
    assert "Rencontre d’Errachidia" in words(french)
    assert arabic["Content-Language"] == "ar"
    assert "لقاء الرشيدية" in words(arabic)
    [enclosed] = french.iter_attachments()
    event = Calendar.from_ical(enclosed.get_payload(decode=True)).walk("VEVENT")[0]
    assert (event["SUMMARY"], event.decoded("DTSTART")) == (
        "Rencontre d’Errachidia",
        held.starts_at,
    )

    # answered
    for letter in (french, arabic):
        answered = visitor.post(
            world.link_in(letter),
            data={"comes": "yes", "how": "room", "companions": "", "workshop": str(workshop)},
        )
        assert answered.status_code == 303
    assert session.query(Participant).filter_by(answer="yes").count() == 2

    # there
    at(app, held.ends_at + timedelta(hours=1))
    people = {one.organisation_name: one.id for one in session.query(Participant)}
    shown = list(people.values())
    client.post(f"{base}/attendance", data={"shown": shown, "present": shown})
    client.post(
        f"{base}/attendance/add",
        data={"token": "form-" + "a" * 32, "name": "Omar", "organisation": "Commune de Jorf",
              "actor_type": "territorial_council", "lang": "fr", "workshop": ""},
    )  # fmt: skip

    # written down: typed, and from a document
    client.post(
        f"{base}/minutes",
        data={"position": "1", "who": "organisation", "organisation": "Association Tafoukt",
              "actor_type": "unknown", "question": "story", "text": "Le bus passe une fois."},
    )  # fmt: skip
    minutes = world.document(
        ("h", "Atelier 1 : Handicap"),
        "L’atelier demande un centre ouvert tous les jours.",
        [["Organisation", "Contribution"], ["جمعية الأمل", "نحتاج إلى نقل للأطفال."]],
    )
    preview = client.post(
        f"{base}/minutes/document",
        data={"file": (io.BytesIO(minutes), "minutes.docx")},
        content_type="multipart/form-data",
    )
    assert "نحتاج إلى نقل للأطفال." in preview.text
    kept = {
        "position": "2",
        "rows-0-keep": "y", "rows-0-who": f"workshop-{workshop}", "rows-0-question": "story",
        "rows-0-actor_type": "unknown", "rows-0-organisation": "",
        "rows-0-text": "L’atelier demande un centre ouvert tous les jours.",
        "rows-1-keep": "y", "rows-1-who": "organisation", "rows-1-question": "story",
        "rows-1-actor_type": "unknown", "rows-1-organisation": "جمعية الأمل",
        "rows-1-text": "نحتاج إلى نقل للأطفال.",
    }  # fmt: skip
    client.post(f"{base}/minutes/found", data=kept)
    client.post(f"{base}/minutes/found", data=kept)
    assert session.query(MinutePoint).count() == 3

    # before those who were there
    until = (held.ends_at + timedelta(days=10)).date()
    client.post(f"{base}/minutes/circulate", data={"until": until.isoformat()})
    world.send_letters(app)
    first = session.query(MinutePoint).filter_by(position=1).one()
    page = world.link_in(office.to("tafoukt@example.org")[-1])
    read = visitor.get(page)
    assert "Le bus passe une fois." in read.text
    said = {f"version-{one.id}": one.version for one in session.query(MinutePoint)}
    without_reason = visitor.post(page, data=said | {f"verdict-{first.id}": "contested"})
    assert without_reason.status_code == 422
    visitor.post(
        page,
        data=said
        | {f"verdict-{first.id}": "contested", f"reason-{first.id}": "Deux fois, pas une.",
           f"proposal-{first.id}": "Le bus passe deux fois.", "all": "yes"},
    )  # fmt: skip
    seen = client.get(f"{base}/minutes")
    assert "Deux fois, pas une." in seen.text

    # corrected, asked again, validated
    client.post(
        f"/fr/staff/points/{first.id}/decide",
        data={f"p{first.id}-decision": "change", f"p{first.id}-answer": "",
              f"p{first.id}-text": "Le bus passe deux fois."},
    )  # fmt: skip
    world.send_letters(app)
    page = world.link_in(office.to("tafoukt@example.org")[-1])
    visitor.post(page, data={f"version-{first.id}": 2, "all": "yes"})

    # settled, twice
    early = client.post(f"{base}/minutes/settle")
    assert early.status_code == 409
    at(app, held.ends_at + timedelta(days=20))
    client.post(f"{base}/minutes/settle")
    client.post(f"{base}/minutes/settle")
    world.send_letters(app)
    found = {one.organisation: one for one in session.query(Submission)}
    assert set(found) == {
        "Association Tafoukt", "جمعية الأمل", "Handicap (Rencontre d’Errachidia)"
    }  # fmt: skip
    own = found["Association Tafoukt"]
    assert own.channel == Channel.MEETING
    assert (own.organisation_id, own.actor_type, own.region_code) == (
        tafoukt.id, "association", "08"
    )  # fmt: skip
    assert [one.text for one in own.answers if one.text] == ["Le bus passe deux fois."]
    record = session.query(EntryRecord).filter_by(submission_id=own.id).one()
    assert (record.source, record.said_by) == ("meeting", "Association Tafoukt")
    assert record.typed_by.startswith("Person")

    # read by those who were there, and by everybody
    theirs = visitor.get(page)
    assert own.receipt in theirs.text
    assert found["جمعية الأمل"].receipt not in theirs.text
    public = visitor.get(f"/fr/consultations/{slug}/meetings/{number}/minutes")
    assert "Le bus passe deux fois." in public.text
    assert record.typed_by not in public.text
    assert session.query(AuditEntry).filter_by(action="meetings.settle").count() == 2


def test_the_pages_of_a_meeting_are_there_in_both_languages(
    session: Session, client: Any, sign_in: Any, held: Any
) -> None:
    world.present(held, "Fatima", email="fatima@example.org")
    point = MinutePoint(
        meeting=held, position=1, speaker="plenary", text="Un mot.", question_key="story",
        typed_at=NOW,
    )  # fmt: skip
    session.add(point)
    session.flush()
    token, number, slug = held.participants[0].token, held.id, held.consultation.slug
    point_id = point.id
    sign_in(client, Role.ADMINISTRATOR)

    for lang in ("fr", "ar"):
        for path in (
            f"consultations/{slug}", f"consultations/{slug}/meetings/{number}",
            f"meetings/{token}", f"staff/consultations/{slug}/meetings",
            f"staff/consultations/{slug}/meetings/new",
            f"staff/consultations/{slug}/meetings/regional", f"staff/meetings/{number}",
            f"staff/meetings/{number}/edit", f"staff/meetings/{number}/invitations",
            f"staff/meetings/{number}/attendance", f"staff/meetings/{number}/minutes",
            f"staff/points/{point_id}",
        ):  # fmt: skip
            assert client.get(f"/{lang}/{path}").status_code == 200, path
