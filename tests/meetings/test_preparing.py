"""Meetings made, changed, called off; invitations, reminders; calendars read back."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy.orm import Session

from app.consultations.models import CalendarEvent
from app.core.access import Role
from app.core.db import Texts
from app.core.mail import Letter
from app.meetings.models import Meeting, MinutePoint, Participant
from app.meetings.operations.inviting import Person, Reply, answer, invite
from tests import factories
from tests.conftest import NOW
from tests.mail_server import PostOffice, words
from tests.meetings import world
from tests.meetings.world import STAFF

REGIONAL = {
    "first_on": "2022-02-01", "every_days": "2", "begins": "09:30", "ends": "16:00",
    "capacity": "150", "is_open": "y",
}  # fmt: skip


def filled(meeting: Meeting, **values: str) -> dict[str, str]:
    """Return the form of a meeting as it stands, with other values."""
    return {
        "title_fr": meeting.title["fr"], "title_ar": meeting.title["ar"],
        "region": meeting.region_code or "", "on": "2022-01-27", "begins": "13:00",
        "ends": "19:00", "place_fr": "Wilaya, Errachidia", "place_ar": "الولاية، الرشيدية",
        "room_fr": "Salle des conférences", "room_ar": "قاعة الندوات", "is_open": "y",
        "workshops-0-number": str(meeting.workshops[0].id), "workshops-0-title_fr": "Handicap",
        "workshops-0-title_ar": "الإعاقة", "workshops-0-facilitator": "Nadia",
        "agenda-0-at": "09:30", "agenda-0-title_fr": "Ouverture", "agenda-0-title_ar": "الافتتاح",
    } | values  # fmt: skip


def test_the_twelve_meetings_are_made_at_once_and_only_once(
    client: Any, session: Session, sign_in: Any
) -> None:
    consultation = factories.ConsultationFactory()
    consultation.events.append(
        CalendarEvent(
            on=(NOW + timedelta(days=3)).date(), region_code="08", title=Texts(fr="x"),
            place=Texts(fr="Errachidia", ar="الرشيدية"),
        )
    )  # fmt: skip
    address = f"/fr/staff/consultations/{consultation.slug}/meetings/regional"
    sign_in(client, Role.ADMINISTRATOR)

    first = client.post(address, data=REGIONAL)
    second = client.post(address, data=REGIONAL)

    assert (first.status_code, second.status_code) == (303, 303)
    made = session.query(Meeting).order_by(Meeting.region_code).all()
    assert len(made) == 12
    announced = next(one for one in made if one.region_code == "08")
    assert announced.place == {"fr": "Errachidia", "ar": "الرشيدية"}
    assert announced.starts_at.date() == (NOW + timedelta(days=3)).date()
    assert {one.capacity for one in made} == {150}


def test_the_command_makes_them_too_and_can_only_say_what_it_would_do(
    app: Flask, session: Session
) -> None:
    slug = factories.ConsultationFactory().slug
    session.commit()
    runner = app.test_cli_runner()
    arguments = ["meetings", "create-regional", slug, "--first-on", "2022-02-01"]

    dry = runner.invoke(args=[*arguments, "--dry-run"])
    none = session.query(Meeting).count()
    done = runner.invoke(args=arguments)

    assert "12 would be made." in dry.output
    assert (none, session.query(Meeting).count()) == (0, 12)
    assert "12 made." in done.output


def test_a_coordinator_prepares_the_meetings_of_their_region_alone(
    client: Any, session: Session, sign_in: Any
) -> None:
    consultation = factories.ConsultationFactory()
    own = world.meeting(consultation).id
    other = world.meeting(consultation, region_code="01").id
    national = world.meeting(consultation, region_code=None).id
    slug = consultation.slug
    sign_in(client, Role.COORDINATOR, region="08")

    listed = client.get(f"/fr/staff/consultations/{slug}/meetings").text

    assert f"/staff/meetings/{own}" in listed
    assert f'/staff/meetings/{other}"' not in listed
    for number in (other, national):
        for page in ("", "/edit", "/invitations", "/attendance", "/minutes", "/attendance.pdf"):
            assert client.get(f"/fr/staff/meetings/{number}{page}").status_code == 403
        assert client.post(f"/fr/staff/meetings/{number}/cancel").status_code == 403
    assert client.post(
        f"/fr/staff/consultations/{slug}/meetings/regional", data=REGIONAL
    ).status_code == 403  # fmt: skip


def test_moving_a_meeting_tells_those_who_may_come_with_a_newer_calendar(
    app: Flask, client: Any, session: Session, sign_in: Any, office: PostOffice
) -> None:
    meeting = world.meeting()
    coming, refusing = invite(
        session, STAFF, meeting,
        [Person(email="a@example.org", lang="ar"), Person(email="b@example.org")], now=NOW,
    )  # fmt: skip
    answer(session, refusing, Reply(comes=False), now=NOW)
    number, form = meeting.id, filled(meeting, on="2022-02-02")
    sign_in(client, Role.ANALYST)

    client.post(f"/fr/staff/meetings/{number}/edit", data=form)
    client.post(f"/fr/staff/meetings/{number}/edit", data=form)
    world.send_letters(app)

    [letter] = office.messages
    assert (letter["To"], letter["Content-Language"]) == ("a@example.org", "ar")
    [part] = letter.iter_attachments()
    event = Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]
    assert (event["SEQUENCE"], event["SUMMARY"]) == (1, "لقاء الرشيدية")
    assert event.decoded("DTSTART").date().isoformat() == "2022-02-02"
    assert coming.meeting_id == number


def test_cancelling_tells_everybody_once_with_a_withdrawal(
    app: Flask, client: Any, session: Session, sign_in: Any, office: PostOffice
) -> None:
    meeting = world.meeting()
    invite(session, STAFF, meeting, [Person(email="a@example.org")], now=NOW)
    number = meeting.id
    sign_in(client, Role.ADMINISTRATOR)

    for _ in range(2):
        client.post(f"/fr/staff/meetings/{number}/cancel")
    world.send_letters(app)

    [letter] = office.messages
    [part] = letter.iter_attachments()
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert part["Content-Type"].params["method"] == "CANCEL" == calendar["METHOD"]
    assert calendar.walk("VEVENT")[0]["STATUS"] == "CANCELLED"
    assert "n’aura pas lieu" in words(letter)


def test_the_calendar_of_all_meetings_reads_back(client: Any, session: Session) -> None:
    consultation = factories.ConsultationFactory()
    one = world.meeting(consultation)
    world.meeting(consultation, starts_at=NOW + timedelta(days=9))
    slug, starts = consultation.slug, one.starts_at
    session.commit()

    calendar = Calendar.from_ical(client.get(f"/ar/consultations/{slug}/meetings.ics").data)

    events = calendar.walk("VEVENT")
    assert calendar["METHOD"] == "PUBLISH"
    assert [event["SUMMARY"] for event in events] == ["لقاء الرشيدية"] * 2
    assert events[0].decoded("DTSTART") == starts
    assert "قاعة الندوات" in events[0]["LOCATION"]
    assert len({event["UID"] for event in events}) == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"title_ar": ""}, "Donnez un titre."),
        ({"ends": "12:00"}, "doit finir après"),
        ({"on": ""}, "Donnez le jour"),
        ({"remote_url": "nowhere"}, "adresse web"),
        ({"capacity": "0"}, "nombre de places"),
    ],
)
def test_a_refused_meeting_is_shown_again(
    client: Any, session: Session, sign_in: Any, values: dict[str, str], words: str
) -> None:
    meeting = world.meeting()
    number, form = meeting.id, filled(meeting, **values)
    sign_in(client, Role.ADMINISTRATOR)

    page = client.post(f"/fr/staff/meetings/{number}/edit", data=form)

    assert page.status_code == 422
    assert words in page.text
    assert "Ouverture" in page.text


def test_a_workshop_that_spoke_cannot_be_removed(
    client: Any, session: Session, sign_in: Any
) -> None:
    meeting = world.meeting()
    second = meeting.workshops[1]
    session.add(
        MinutePoint(
            meeting_id=meeting.id, position=1, speaker="workshop", workshop_id=second.id,
            text="x", question_key="story", typed_at=NOW,
        )
    )  # fmt: skip
    number, form = meeting.id, filled(meeting)
    sign_in(client, Role.ADMINISTRATOR)

    page = client.post(f"/fr/staff/meetings/{number}/edit", data=form)

    assert page.status_code == 422
    assert "Personnes âgées" in page.text
    assert len(world.again(session, meeting).workshops) == 2


def test_seats_cannot_become_fewer_than_those_taken(
    client: Any, session: Session, sign_in: Any
) -> None:
    meeting = world.meeting(capacity=9)
    for one in invite(
        session, STAFF, meeting, [Person(email=f"{n}@example.org") for n in "abc"], now=NOW
    ):
        answer(session, one, Reply(comes=True), now=NOW)
    number, form = meeting.id, filled(meeting, capacity="2")
    sign_in(client, Role.ADMINISTRATOR)

    page = client.post(f"/fr/staff/meetings/{number}/edit", data=form)

    assert page.status_code == 422
    assert world.again(session, meeting).capacity == 9


def test_addresses_are_read_as_people_paste_them_and_from_a_file(
    client: Any, session: Session, sign_in: Any
) -> None:
    number = world.meeting().id
    sign_in(client, Role.ADMINISTRATOR)
    pasted = "a@example.org\nNadia Alami <b@example.org>\nc@example.org; Omar; Commune; ar\n"
    table = "courriel;nom;organisation;langue\nd@example.org;Samira;جمعية;ar\n".encode()

    client.post(
        f"/fr/staff/meetings/{number}/invitations/addresses",
        data={"pasted": pasted, "lang": "fr", "file": (io.BytesIO(table), "people.csv")},
        content_type="multipart/form-data",
    )

    found = {one.contact.email: one for one in session.query(Participant) if one.contact}
    assert set(found) == {f"{letter}@example.org" for letter in "abcd"}
    assert found["b@example.org"].name == "Nadia Alami"
    assert (found["c@example.org"].organisation_name, found["c@example.org"].lang) == (
        "Commune", "ar"
    )  # fmt: skip
    assert found["d@example.org"].lang == "ar"
    assert session.query(Letter).filter_by(kind="meetings.invitation").count() == 4


def test_a_line_without_an_address_invites_nobody_and_is_told(
    client: Any, session: Session, sign_in: Any
) -> None:
    number = world.meeting().id
    sign_in(client, Role.ADMINISTRATOR)

    page = client.post(
        f"/fr/staff/meetings/{number}/invitations/addresses",
        data={"pasted": "a@example.org\nNadia, sans adresse\n", "lang": "fr"},
    )

    assert page.status_code == 422
    assert "Ligne 2" in page.text
    assert "a@example.org" in page.text
    assert session.query(Participant).count() == 0


def test_reminders_go_to_the_silent_once_a_day_and_an_invitation_can_be_written_again(
    client: Any, session: Session, sign_in: Any
) -> None:
    meeting = world.meeting()
    silent, coming = invite(
        session, STAFF, meeting, [Person(email="a@example.org"), Person(email="b@example.org")],
        now=NOW,
    )  # fmt: skip
    answer(session, coming, Reply(comes=True), now=NOW)
    base, participant = f"/fr/staff/meetings/{meeting.id}/invitations", silent.id
    sign_in(client, Role.ADMINISTRATOR)

    for _ in range(2):
        client.post(f"{base}/remind")
        client.post(f"{base}/resend", data={"participant": participant, "number": "2"})

    assert [one.recipient for one in session.query(Letter).filter_by(kind="meetings.reminder")] == [
        "a@example.org"
    ]
    assert session.query(Letter).filter_by(key=f"meetings.invitation:{participant}:2").count() == 1
