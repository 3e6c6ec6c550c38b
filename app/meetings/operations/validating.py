"""Draft minutes before those who were there: validated or contested, then decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.text import clean_text
from app.meetings.access import ensure_organises
from app.meetings.errors import (
    ContestDateError,
    ContestOverError,
    MinutesStateError,
    NobodyToAskError,
    NoPointError,
    NotPresentError,
    ReasonMissingError,
)
from app.meetings.models import (
    Meeting,
    MinutePoint,
    MinutesState,
    Participant,
    PointReply,
    PointState,
)
from app.meetings.operations.writing import LONGEST
from app.meetings.queries import reachable

#: Least time between sending the minutes and the date until which they can be contested.
SHORTEST = timedelta(days=1)
#: Least time that those who contested have for new words.
AGAIN = timedelta(days=3)


def circulate(
    session: Session, actor: Actor, meeting: Meeting, *, until: datetime, now: datetime
) -> list[Participant]:
    """Put the draft minutes before the participants, flushed; return whom to write to.

    :raises MinutesStateError: if they were settled.
    :raises NoPointError: if they are empty.
    :raises NobodyToAskError: if nobody present left an address.
    :raises ContestDateError: if the date leaves less than a day.
    """
    ensure_organises(actor, meeting)
    if meeting.minutes_state == MinutesState.SETTLED:
        raise MinutesStateError
    if not any(point.state == PointState.STANDING for point in meeting.points):
        raise NoPointError
    if until < now + SHORTEST:
        raise ContestDateError
    asked = present(session, meeting)
    if not asked:
        raise NobodyToAskError
    meeting.minutes_state, meeting.contest_until = MinutesState.CIRCULATED, until
    meeting.circulated_at = now
    detail = {"asked": len(asked), "until": until.isoformat()}
    audit.record(session, actor, "meetings.circulate", at=now, target=meeting, detail=detail)
    return asked


def present(session: Session, meeting: Meeting) -> list[Participant]:
    """Return those who were at a meeting and can be written to."""
    rows = session.scalars(reachable(meeting.id).where(Participant.was_present.is_(True)))
    return [one for one in rows if one.contact and one.contact.email]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A participant's word on a point.

    :ivar version: that of the words that were read.
    """

    is_contested: bool
    version: int
    reason: str = ""
    proposal: str = ""


def reply(
    session: Session, participant: Participant, verdicts: Mapping[int, Verdict], *, now: datetime
) -> int:
    """Take a participant's verdicts by the number of the point, flushed; return how many.

    A verdict on words that were changed meanwhile is left out: they are asked about the new ones.

    :raises NotPresentError: if they were not at the meeting.
    :raises ContestOverError: if the time is over, or has not begun.
    :raises ReasonMissingError: if a contest gives no reason.
    """
    meeting = participant.meeting
    if participant.was_present is not True:
        raise NotPresentError
    if not is_open_to_contest(meeting, now=now):
        raise ContestOverError
    taken = 0
    for point in meeting.points:
        verdict = verdicts.get(point.id)
        if verdict is None or point.state != PointState.STANDING:
            continue
        if verdict.version != point.version:
            continue
        if verdict.is_contested and not clean_text(verdict.reason):
            raise ReasonMissingError(number=number_of(point))
        _keep(session, point, participant, verdict, now=now)
        taken += 1
    session.flush()
    return taken


def is_open_to_contest(meeting: Meeting, *, now: datetime) -> bool:
    """Tell whether participants may validate and contest."""
    return (
        meeting.minutes_state == MinutesState.CIRCULATED
        and meeting.contest_until is not None
        and now < meeting.contest_until
    )


def number_of(point: MinutePoint) -> int:
    """Return a point's number as it is read: its place among those of the minutes."""
    return sorted(one.position for one in point.meeting.points).index(point.position) + 1


def find_reply(session: Session, point: MinutePoint, participant: Participant) -> PointReply | None:
    """Return what a participant said of a point's present words."""
    return session.scalars(
        select(PointReply).where(
            PointReply.point_id == point.id,
            PointReply.participant_id == participant.id,
            PointReply.version == point.version,
        )
    ).one_or_none()


def _keep(
    session: Session,
    point: MinutePoint,
    participant: Participant,
    verdict: Verdict,
    *,
    now: datetime,
) -> None:
    """Write a verdict down, in the place of an earlier one on the same words."""
    values = {
        "verdict": "contested" if verdict.is_contested else "validated",
        "reason": clean_text(verdict.reason)[:LONGEST] if verdict.is_contested else "",
        "proposal": clean_text(verdict.proposal)[:LONGEST] if verdict.is_contested else "",
    }
    known = find_reply(session, point, participant)
    if known is None:
        row = PointReply(
            point_id=point.id,
            participant_id=participant.id,
            version=point.version,
            at=now,
            **values,
        )
        # Two clicks can both find nothing, so the unique key decides.
        try:
            with session.begin_nested():
                session.add(row)
        except IntegrityError:
            known = find_reply(session, point, participant)
    if known is not None:
        said = {name: getattr(known, name) for name in values}
        if said == values:
            return
        for name, value in values.items():
            setattr(known, name, value)
        known.at = now
    if verdict.is_contested:
        # Somebody contests what was kept before: that is to be decided anew.
        point.outcome = ""


def contests(point: MinutePoint) -> list[PointReply]:
    """Return the contests of a point's present words."""
    return [
        one for one in point.replies if one.version == point.version and one.verdict == "contested"
    ]


def is_contest_open(point: MinutePoint) -> bool:
    """Tell whether a point is contested and nobody has decided."""
    return point.state == PointState.STANDING and not point.outcome and bool(contests(point))


def _ensure_decidable(actor: Actor, point: MinutePoint) -> None:
    """Check that a point of sent minutes may still be decided."""
    ensure_organises(actor, point.meeting)
    is_written = point.meeting.minutes_state == MinutesState.WRITING
    is_settled = point.meeting.minutes_state == MinutesState.SETTLED and not is_contest_open(point)
    if is_written or is_settled:
        raise MinutesStateError


def change_words(
    session: Session, actor: Actor, point: MinutePoint, text: str, *, now: datetime
) -> list[Participant]:
    """Give a contested point other words, flushed; return those who contested, to be asked again.

    They have three days at least, whatever the date said before.
    """
    _ensure_decidable(actor, point)
    asked = [one.participant for one in contests(point)]
    point.text = clean_text(text)[:LONGEST]
    point.version += 1
    point.outcome = ""
    meeting = point.meeting
    if asked and meeting.minutes_state == MinutesState.CIRCULATED and meeting.contest_until:
        meeting.contest_until = max(meeting.contest_until, now + AGAIN)
    session.flush()
    detail = {"version": point.version}
    audit.record(session, actor, "meetings.change_words", at=now, target=point, detail=detail)
    return _distinct(asked)


def _distinct(participants: Iterable[Participant]) -> list[Participant]:
    """Return each participant once."""
    return list(dict.fromkeys(participants))


def keep_point(
    session: Session, actor: Actor, point: MinutePoint, answer: str, *, now: datetime
) -> None:
    """Keep a contested point as it is, with an answer to those who contest it, flushed."""
    _ensure_decidable(actor, point)
    point.outcome = clean_text(answer)[:LONGEST]
    session.flush()
    detail = {"answer": point.outcome}
    audit.record(session, actor, "meetings.keep_point", at=now, target=point, detail=detail)


def take_out(
    session: Session, actor: Actor, point: MinutePoint, answer: str, *, now: datetime
) -> None:
    """Take a point out of the minutes: it stays readable to participants, and enters nothing."""
    _ensure_decidable(actor, point)
    point.outcome = clean_text(answer)[:LONGEST]
    point.state = PointState.TAKEN_OUT
    session.flush()
    detail = {"answer": point.outcome}
    audit.record(session, actor, "meetings.take_out", at=now, target=point, detail=detail)
