"""The minutes: points written, changed, ordered, brought in; each in the name of who made it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Question, QuestionKind
from app.core import audit
from app.core.access import Actor
from app.core.text import clean_text, fold
from app.meetings.access import ensure_organises
from app.meetings.errors import MinutesStateError, PointChangedError
from app.meetings.models import Meeting, MinutePoint, MinutesState
from app.meetings.queries import named
from app.organisations.models import ActorType, Organisation

#: Longest point, in characters.
LONGEST = 5_000
_ATTEMPTS = 20


@dataclass(frozen=True, kw_only=True)
class Words:
    """A contribution as it is written down.

    :ivar speaker: ``organisation``, ``workshop`` or ``plenary``.
    """

    text: str
    speaker: str
    question_key: str
    organisation: str = ""
    organisation_id: int | None = None
    actor_type: str = ActorType.UNKNOWN
    workshop_id: int | None = None


def questions_of(meeting: Meeting) -> list[Question]:
    """Return the questions that a point may answer: the long texts of what is being asked."""
    return [
        question
        for question in meeting.consultation.questionnaire.questions
        if question.kind == QuestionKind.LONG_TEXT
    ]


def next_position(session: Session, meeting: Meeting) -> int:
    """Return the place after the last point."""
    last = session.scalar(
        select(func.max(MinutePoint.position)).where(MinutePoint.meeting_id == meeting.id)
    )
    return (last or 0) + 1


def _ensure_writable(actor: Actor, meeting: Meeting) -> None:
    """Check that someone may write these minutes now."""
    ensure_organises(actor, meeting)
    if meeting.minutes_state != MinutesState.WRITING:
        raise MinutesStateError


def _set_words(session: Session, meeting: Meeting, point: MinutePoint, words: Words) -> None:
    """Write who said what on a point."""
    point.text = clean_text(words.text)[:LONGEST]
    point.speaker, point.question_key = words.speaker, words.question_key
    workshops = {one.id for one in meeting.workshops}
    point.workshop_id = words.workshop_id if words.workshop_id in workshops else None
    if words.speaker != "organisation":
        point.organisation_id, point.organisation_name = None, ""
        point.actor_type = ActorType.UNKNOWN
        return
    registered = (
        session.get(Organisation, words.organisation_id)
        if words.organisation_id
        else named(session, fold(words.organisation), region=meeting.region_code)
    )
    point.organisation_id = registered.id if registered else None
    point.organisation_name = clean_text(words.organisation)[:300] or (
        registered.name.best("fr")[0] if registered else ""
    )
    point.actor_type = registered.actor_type if registered else words.actor_type


def add_point(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    words: Words,
    *,
    position: int | None = None,
    now: datetime,
) -> MinutePoint:
    """Add a point, flushed.

    :param position: where the form that was sent stood: the same words sent twice from there are
        one point, other words that somebody else sent from there take the next place.
    :raises MinutesStateError: if the minutes are no longer being written.
    """
    _ensure_writable(actor, meeting)
    position = position or next_position(session, meeting)
    for _attempt in range(_ATTEMPTS):
        point = MinutePoint(
            meeting_id=meeting.id, position=position, typed_by_id=actor.id, typed_at=now
        )
        # Two clicks can both find the place free, so the unique key decides.
        try:
            with session.begin_nested(), session.no_autoflush:
                _set_words(session, meeting, point, words)
                session.add(point)
                session.flush()
        except IntegrityError:
            session.expire(meeting, ["points"])
            known = _at(session, meeting, position)
            if known is not None and _is_same(known, words):
                return known
            position = next_position(session, meeting)
        else:
            session.expire(meeting, ["points"])
            return point
    raise AssertionError("unreachable")


def _at(session: Session, meeting: Meeting, position: int) -> MinutePoint | None:
    """Return the point at a place."""
    return session.scalars(
        select(MinutePoint).where(
            MinutePoint.meeting_id == meeting.id, MinutePoint.position == position
        )
    ).one_or_none()


def _is_same(point: MinutePoint, words: Words) -> bool:
    """Tell whether a point says these words in the same name."""
    organisation = clean_text(words.organisation) if words.speaker == "organisation" else ""
    return (point.text, point.speaker, point.organisation_name) == (
        clean_text(words.text)[:LONGEST],
        words.speaker,
        organisation,
    )


def add_points(
    session: Session,
    actor: Actor,
    meeting: Meeting,
    many: Sequence[Words],
    *,
    position: int,
    now: datetime,
) -> int:
    """Add the points of imported minutes, flushed; return how many are new.

    :param position: the place of the first one when the file was read: sent twice, nothing is
        added twice.
    """
    before = len(meeting.points)
    for number, words in enumerate(many):
        add_point(session, actor, meeting, words, position=position + number, now=now)
    session.expire(meeting, ["points"])
    added = len(meeting.points) - before
    detail = {"added": added}
    audit.record(session, actor, "meetings.import_minutes", at=now, target=meeting, detail=detail)
    return added


def change_point(
    session: Session, actor: Actor, point: MinutePoint, words: Words, *, seen: str, now: datetime
) -> None:
    """Change a point while the minutes are being written, flushed.

    :param seen: what :func:`revision` gave when the form was shown.
    :raises PointChangedError: if somebody else changed it meanwhile.
    """
    _ensure_writable(actor, point.meeting)
    session.refresh(point, with_for_update=True)
    if seen != revision(point):
        raise PointChangedError
    _set_words(session, point.meeting, point, words)
    point.typed_by_id, point.typed_at = actor.id, now
    session.flush()


def revision(point: MinutePoint) -> str:
    """Return a mark that changes when the point does."""
    return f"{point.version}.{point.typed_at.timestamp():.6f}"


def remove_point(session: Session, actor: Actor, point: MinutePoint, *, now: datetime) -> None:
    """Delete a point of minutes that nobody has been sent yet, flushed."""
    _ensure_writable(actor, point.meeting)
    detail = {"meeting": point.meeting_id, "position": point.position}
    audit.record(session, actor, "meetings.remove_point", at=now, target=point, detail=detail)
    session.delete(point)
    session.flush()


def move_point(
    session: Session, actor: Actor, point: MinutePoint, *, by: int, now: datetime
) -> None:
    """Move a point one place up (-1) or down (1), flushed."""
    meeting = point.meeting
    _ensure_writable(actor, meeting)
    points = sorted(meeting.points, key=lambda one: one.position)
    at = points.index(point)
    if not 0 <= at + by < len(points):
        return
    other = points[at + by]
    here, there = point.position, other.position
    # Places are unique: one of the two steps aside first.
    point.position = -1
    session.flush()
    other.position = here
    session.flush()
    point.position = there
    session.flush()
    session.expire(meeting, ["points"])
    audit.record(session, actor, "meetings.move_point", at=now, target=point)
