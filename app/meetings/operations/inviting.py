"""Invitations, answers and registrations; a seat is given to one person only."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.text import clean_text, fold
from app.meetings.access import ensure_organises
from app.meetings.errors import MeetingCancelledError, MeetingOverError, NotOpenError
from app.meetings.models import Meeting, Participant, ParticipantContact
from app.meetings.queries import locked_meeting, n_seated, named, waiting
from app.organisations.models import ActorType, Organisation

#: Most people whom somebody brings along.
COMPANIONS = 5


@dataclass(frozen=True, kw_only=True)
class Person:
    """Someone to invite or to write down."""

    email: str = ""
    name: str = ""
    organisation: str = ""
    organisation_id: int | None = None
    actor_type: str = ActorType.UNKNOWN
    phone: str = ""
    lang: str = "fr"
    workshop_id: int | None = None


def email_key(email: str) -> str | None:
    """Return the name under which an address is known, None for no address."""
    email = email.strip().lower()
    return sha256(email.encode()).hexdigest() if email else None


def new_token() -> str:
    """Make the secret of a personal link."""
    return secrets.token_urlsafe(24)


def add_person(
    session: Session,
    meeting: Meeting,
    person: Person,
    *,
    origin: str,
    now: datetime,
    token: str | None = None,
) -> tuple[Participant, bool]:
    """Add a participant, flushed; one of the same address, or token, is returned as it is.

    :returns: the participant, and whether they are new.
    """
    key = email_key(person.email)
    registered = (
        session.get(Organisation, person.organisation_id)
        if person.organisation_id
        else named(session, fold(person.organisation), region=meeting.region_code)
    )
    name = clean_text(person.organisation)
    row = Participant(
        meeting_id=meeting.id,
        token=token or new_token(),
        name=clean_text(person.name)[:200],
        organisation_id=registered.id if registered else None,
        organisation_name=(name or (registered.name.best(person.lang)[0] if registered else ""))[
            :300
        ],
        actor_type=registered.actor_type if registered else person.actor_type,
        email_key=key,
        lang=person.lang if person.lang in {"fr", "ar"} else "fr",
        origin=origin,
        workshop_id=person.workshop_id,
        created_at=now,
    )
    if key or person.phone:
        row.contact = ParticipantContact(
            email=person.email.strip()[:255], phone=clean_text(person.phone)[:40]
        )
    # Two clicks can both find nobody, so the unique keys decide.
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        same = (Participant.email_key == key) if key else (Participant.token == token)
        known = session.scalars(
            select(Participant).where(Participant.meeting_id == meeting.id, same)
        ).one_or_none()
        if known is None:
            raise
        return known, False
    return row, True


def invite(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    persons: Iterable[Person],
    *,
    now: datetime,
) -> list[Participant]:
    """Invite people by their addresses, flushed; return those who were not invited before.

    :raises ForbiddenError: if the actor does not prepare the meeting.
    :raises MeetingCancelledError: if it has been called off.
    :raises MeetingOverError: if it has taken place.
    """
    ensure_organises(actor, meeting)
    _ensure_to_come(meeting, now=now)
    invited = []
    for person in persons:
        participant, _is_new = add_person(session, meeting, person, origin="invited", now=now)
        if participant.invited_at is None:
            participant.invited_at = now
            invited.append(participant)
    session.flush()
    detail = {"invited": len(invited)}
    audit.record(session, actor, "meetings.invite", at=now, target=meeting, detail=detail)
    return invited


def _ensure_to_come(meeting: Meeting, *, now: datetime) -> None:
    """Check that a meeting will take place."""
    if meeting.cancelled_at is not None:
        raise MeetingCancelledError
    if now >= meeting.ends_at:
        raise MeetingOverError


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What somebody answers to an invitation.

    :ivar companions: names of those who come along.
    """

    comes: bool
    is_remote: bool = False
    workshop_id: int | None = None
    companions: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of an answer.

    :ivar seat: ``yes``, ``no``, or ``waiting`` where no seat was left.
    :ivar promoted: those who got the seats that became free.
    """

    seat: str
    promoted: tuple[Participant, ...] = ()


def answer(session: Session, participant: Participant, reply: Reply, *, now: datetime) -> Outcome:
    """Take an answer, or another one than before, flushed.

    Seats are counted while the meeting is held, so that no two people get the last one; whoever
    finds none waits for one.

    :raises MeetingCancelledError: if the meeting has been called off.
    :raises MeetingOverError: if it has taken place.
    """
    meeting = locked_meeting(session, participant.meeting_id)
    session.refresh(participant)
    _ensure_to_come(meeting, now=now)
    if reply.name:
        participant.name = clean_text(reply.name)[:200]
    workshops = {one.id for one in meeting.workshops}
    participant.workshop_id = reply.workshop_id if reply.workshop_id in workshops else None
    participant.is_remote = reply.comes and reply.is_remote and bool(meeting.remote_url)
    party = [participant, *_companions(session, meeting, participant, reply, now=now)]
    _give_up_seats(party)
    session.flush()
    seat = _seat(session, meeting, party, reply, now=now)
    session.flush()
    return Outcome(seat, tuple(_promote(session, meeting, now=now)))


def _give_up_seats(party: Iterable[Participant]) -> None:
    """Free the seats of those who answer anew, so that they are not counted twice."""
    for one in party:
        one.answer = ""


def _seat(
    session: Session, meeting: Meeting, party: list[Participant], reply: Reply, *, now: datetime
) -> str:
    """Write the answer on the party; seats go to the one invited first, then to companions."""
    free = _n_free(session, meeting)
    for one in party:
        if not reply.comes:
            one.answer, one.answered_at = "no", now
        elif one.is_remote or free > 0:
            one.answer, one.answered_at = "yes", now
            free -= not one.is_remote
        elif one.answered_at is None:
            one.answered_at = now  # those who wait already keep their place in the queue
    return "waiting" if waits(party[0]) else party[0].answer


def _n_free(session: Session, meeting: Meeting) -> int:
    """Count the seats left; more than anybody needs where there is no limit."""
    if meeting.capacity is None:
        return 1_000_000
    return meeting.capacity - n_seated(session, meeting.id)


def companion_token(participant: Participant, number: int) -> str:
    """Return the token of the person who comes along: always the same one for the same place."""
    return sha256(f"{participant.token}:{number}".encode()).hexdigest()[:48]


def companions_of(session: Session, participant: Participant) -> list[Participant]:
    """Return those who come along with someone, in order."""
    tokens = [companion_token(participant, number) for number in range(1, COMPANIONS + 1)]
    found = session.scalars(select(Participant).where(Participant.token.in_(tokens)))
    return sorted(found, key=lambda one: tokens.index(one.token))


def _companions(
    session: Session, meeting: Meeting, participant: Participant, reply: Reply, *, now: datetime
) -> list[Participant]:
    """Bring those who come along to what was answered; return their rows."""
    known = {one.token: one for one in companions_of(session, participant)}
    names = reply.companions[:COMPANIONS] if reply.comes else ()
    rows = []
    for number, name in enumerate(names, 1):
        token = companion_token(participant, number)
        row = known.pop(token, None)
        if row is None:
            person = Person(
                name=name,
                organisation=participant.organisation_name,
                organisation_id=participant.organisation_id,
                actor_type=participant.actor_type,
                lang=participant.lang,
            )
            row, _new = add_person(
                session, meeting, person, origin="registered", now=now, token=token
            )
        row.name, row.is_remote = clean_text(name)[:200], participant.is_remote
        row.workshop_id = participant.workshop_id
        rows.append(row)
    for gone in known.values():
        session.delete(gone)
    return rows


def _promote(session: Session, meeting: Meeting, *, now: datetime) -> list[Participant]:
    """Give free seats to those who wait, the first in time first."""
    free = _n_free(session, meeting)
    promoted = []
    for one in session.scalars(waiting(meeting.id)).all():
        if free <= 0:
            break
        one.answer, one.answered_at = "yes", now
        free -= 1
        promoted.append(one)
    session.flush()
    return promoted


def register(
    session: Session, meeting: Meeting, person: Person, *, now: datetime, token: str | None = None
) -> tuple[Participant, bool, Outcome]:
    """Register someone who was not invited, flushed.

    Whoever is known by that address already is left as they are: a stranger who types somebody's
    address changes nothing, and that person is sent their own link.

    :param token: the form's own, so that a form sent twice registers once.
    :returns: the participant, whether they are new, and what became of it.
    :raises NotOpenError: if the meeting is by invitation.
    """
    if not meeting.is_open:
        raise NotOpenError
    _ensure_to_come(meeting, now=now)
    locked_meeting(session, meeting.id)
    participant, is_new = add_person(
        session, meeting, person, origin="registered", now=now, token=token
    )
    if not is_new:
        seat = "waiting" if waits(participant) else participant.answer
        return participant, False, Outcome(seat)
    reply = Reply(comes=True, workshop_id=person.workshop_id)
    return participant, True, answer(session, participant, reply, now=now)


def waits(participant: Participant) -> bool:
    """Tell whether someone would come and found no seat."""
    return participant.answer == "" and participant.answered_at is not None
