"""Seats: never given twice, waited for in turn, given back; registrations that tell nobody more."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.mail import Letter
from app.meetings.models import Meeting, Participant
from app.meetings.operations.inviting import Person, Reply, answer, invite, register
from app.meetings.operations.preparing import cancel_meeting
from app.meetings.queries import get_meeting, n_seated
from tests.conftest import NOW
from tests.meetings import world
from tests.meetings.world import STAFF


def registration(**values: str) -> dict[str, str]:
    """Return a filled form."""
    return {
        "token": "form-" + "r" * 32,
        "name": "Fatima",
        "organisation": "",
        "actor_type": "unknown",
        "email": "fatima@example.org",
        "phone": "",
        "workshop": "",
        "agree": "y",
    } | values


def test_of_thirty_who_register_at_once_ten_get_the_ten_seats(app: Flask, session: Session) -> None:
    number = world.meeting(capacity=10).id
    session.commit()
    session.remove()  # type: ignore[attr-defined]
    gate, seats = threading.Barrier(6), []

    def crowd(group: int) -> None:
        with app.app_context():
            gate.wait()
            for one in range(5):
                person = Person(name=f"P{group}-{one}", email=f"p{group}-{one}@example.org")
                meeting = get_meeting(db.session(), number)
                _p, _new, outcome = register(db.session(), meeting, person, now=NOW)
                db.session.commit()
                seats.append(outcome.seat)

    threads = [threading.Thread(target=crowd, args=(group,)) for group in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(seats) == ["waiting"] * 20 + ["yes"] * 10
    assert n_seated(session, number) == 10


def test_whoever_waits_gets_the_seat_that_is_given_back_in_turn(session: Session) -> None:
    meeting = world.meeting(capacity=1)
    first, _, _ = register(session, meeting, Person(name="A", email="a@example.org"), now=NOW)
    second, _, waits = register(session, meeting, Person(name="B", email="b@example.org"), now=NOW)
    register(session, meeting, Person(name="C", email="c@example.org"), now=NOW)

    outcome = answer(session, first, Reply(comes=False), now=NOW)

    assert waits.seat == "waiting"
    assert outcome.promoted == (second,)
    assert (second.answer, n_seated(session, meeting.id)) == ("yes", 1)


def test_who_has_a_seat_keeps_it_when_a_companion_finds_none(session: Session) -> None:
    meeting = world.meeting(capacity=2)
    first, _, _ = register(session, meeting, Person(name="A", email="a@example.org"), now=NOW)
    register(session, meeting, Person(name="B", email="b@example.org"), now=NOW)

    outcome = answer(session, first, Reply(comes=True, companions=("Mina",)), now=NOW)

    assert outcome.seat == "yes"
    assert n_seated(session, meeting.id) == 2
    assert [one.answer for one in session.query(Participant).filter_by(name="Mina")] == [""]


def test_companions_follow_the_last_answer(session: Session) -> None:
    meeting = world.meeting()
    guest, _, _ = register(session, meeting, Person(name="A", email="a@example.org"), now=NOW)

    for _ in range(2):
        answer(session, guest, Reply(comes=True, companions=("Mina", "Omar")), now=NOW)
    two = n_seated(session, meeting.id)
    answer(session, guest, Reply(comes=True, companions=("Omar",)), now=NOW)
    one = n_seated(session, meeting.id)
    answer(session, guest, Reply(comes=False), now=NOW)

    assert (two, one, n_seated(session, meeting.id)) == (3, 2, 0)
    assert session.query(Participant).count() == 1


def test_those_who_follow_from_afar_take_no_seat(session: Session) -> None:
    meeting = world.meeting(capacity=1, remote_url="https://meet.example/x")
    register(session, meeting, Person(name="A", email="a@example.org"), now=NOW)
    [guest] = invite(session, STAFF, meeting, [Person(email="b@example.org")], now=NOW)

    outcome = answer(session, guest, Reply(comes=True, is_remote=True), now=NOW)

    assert (outcome.seat, n_seated(session, meeting.id)) == ("yes", 1)


def test_an_address_is_invited_once_whatever_its_case(session: Session) -> None:
    meeting = world.meeting()
    first = invite(session, STAFF, meeting, [Person(email="A@example.org")], now=NOW)
    again = invite(session, STAFF, meeting, [Person(email="a@example.org ")], now=NOW)

    assert (len(first), again) == (1, [])


def test_a_registration_sent_twice_is_one_and_writes_one_letter(
    client: Any, session: Session
) -> None:
    meeting = world.meeting()
    address = f"/fr/consultations/{meeting.consultation.slug}/meetings/{meeting.id}/register"
    session.commit()

    first = client.post(address, data=registration())
    second = client.post(address, data=registration())

    assert (first.status_code, second.status_code) == (303, 303)
    assert session.query(Participant).count() == 1
    assert session.query(Letter).filter_by(kind="meetings.confirmation").count() == 1


def test_a_stranger_who_types_a_known_address_learns_and_changes_nothing(
    client: Any, session: Session
) -> None:
    meeting = world.meeting()
    [guest] = invite(
        session, STAFF, meeting, [Person(email="fatima@example.org", name="Fatima A.")], now=NOW
    )
    address = f"/fr/consultations/{meeting.consultation.slug}/meetings/{meeting.id}/register"
    session.commit()
    known = client.post(address, data=registration(name="Someone else"))
    unknown = client.post(
        address, data=registration(email="new@example.org", token="form-" + "n" * 32)
    )

    guest = world.again(session, guest)
    assert known.headers["Location"] == unknown.headers["Location"]
    assert (guest.name, guest.answer) == ("Fatima A.", "")
    assert session.query(Letter).filter_by(kind="meetings.link").one().recipient == (
        "fatima@example.org"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": ""}, "Donnez votre nom."),
        ({"agree": ""}, "Cochez la case"),
        ({"email": "", "phone": ""}, "Donnez une adresse électronique ou un numéro"),
        ({"email": "nothing"}, "adresse"),
    ],
)
def test_a_refused_registration_keeps_what_was_typed(
    client: Any, session: Session, values: dict[str, str], words: str
) -> None:
    meeting = world.meeting()
    address = f"/fr/consultations/{meeting.consultation.slug}/meetings/{meeting.id}/register"
    session.commit()

    answer = client.post(address, data=registration(organisation="Tafoukt") | values)

    assert answer.status_code == 422
    assert words in answer.text
    assert "Tafoukt" in answer.text
    assert session.query(Participant).count() == 0


def test_nobody_registers_for_a_meeting_by_invitation_or_called_off(
    client: Any, session: Session
) -> None:
    by_invitation = world.meeting(is_open=False)
    gone = world.meeting(by_invitation.consultation)
    cancel_meeting(session, STAFF, gone, now=NOW)
    base = f"/fr/consultations/{gone.consultation.slug}/meetings"
    numbers = [by_invitation.id, gone.id]
    session.commit()

    answers = [client.post(f"{base}/{one}/register", data=registration()) for one in numbers]

    assert [one.status_code for one in answers] == [409, 409]
    assert session.query(Participant).count() == 0


def test_a_link_of_nobody_is_not_found(client: Any, session: Session) -> None:
    assert client.get("/ar/meetings/unknown").status_code == 404
    assert client.post("/ar/meetings/unknown/minutes").status_code == 404


def test_a_meeting_is_found_in_its_own_consultation_alone(client: Any, session: Session) -> None:
    one, other = world.meeting(), world.meeting()
    slug, number = one.consultation.slug, other.id
    session.commit()

    assert client.get(f"/fr/consultations/{slug}/meetings/{number}").status_code == 404
    assert isinstance(world.again(session, other), Meeting)
