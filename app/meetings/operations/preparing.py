"""Meetings made, changed and called off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, ensure
from app.core.clock import CIVIL_ZONE
from app.core.db import Texts
from app.meetings.access import ORGANISERS, ensure_organises
from app.meetings.errors import (
    CapacityError,
    MeetingCancelledError,
    TimesError,
    WorkshopInUseError,
)
from app.meetings.models import Meeting, MinutePoint, Workshop
from app.meetings.queries import locked_meeting, meetings_of, n_seated

#: What calendars must take over when it changes.
_IN_CALENDARS = ("title", "starts_at", "ends_at", "place", "room", "address", "remote_url")


@dataclass(frozen=True, kw_only=True)
class WorkshopPlan:
    """A workshop as it is planned; ``id`` is that of one there is already."""

    title: Texts
    facilitator: str = ""
    rapporteur: str = ""
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A meeting as it is planned."""

    title: Texts
    starts_at: datetime
    ends_at: datetime
    region_code: str | None = None
    place: Texts = field(default_factory=Texts)
    room: Texts = field(default_factory=Texts)
    address: Texts = field(default_factory=Texts)
    remote_url: str = ""
    agenda: Sequence[dict[str, Any]] = ()
    capacity: int | None = None
    is_open: bool = True
    workshops: Sequence[WorkshopPlan] = ()

    def columns(self) -> dict[str, Any]:
        """Return the values of the meeting's own columns."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return values | {"agenda": list(self.agenda), "workshops": None}


def civil(day: date, at: time) -> datetime:
    """Return the instant of an hour in Morocco."""
    return datetime.combine(day, at, CIVIL_ZONE)


def create_meeting(
    session: Session, actor: Actor, consultation: Consultation, plan: Plan, *, now: datetime
) -> Meeting:
    """Add a meeting with its workshops, flushed.

    :raises ForbiddenError: if the actor prepares no meetings of that region.
    :raises TimesError: if it ends before it begins.
    """
    ensure(actor, *ORGANISERS, region=plan.region_code, consultation=consultation.id)
    _check_times(plan)
    values = plan.columns()
    del values["workshops"]
    meeting = Meeting(
        consultation_id=consultation.id, created_at=now, created_by_id=actor.id, **values
    )
    meeting.workshops = [
        Workshop(
            position=position,
            title=one.title,
            facilitator=one.facilitator,
            rapporteur=one.rapporteur,
        )
        for position, one in enumerate(plan.workshops, 1)
    ]
    session.add(meeting)
    session.flush()
    audit.record(session, actor, "meetings.create", at=now, target=meeting)
    return meeting


def _check_times(plan: Plan) -> None:
    """Check that the meeting ends after it begins."""
    if plan.ends_at <= plan.starts_at:
        raise TimesError


def create_regional(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    first_on: date,
    every_days: int,
    begins: time,
    ends: time,
    capacity: int | None,
    is_open: bool,
    now: datetime,
) -> list[Meeting]:
    """Add a meeting in each region of the consultation that has none, flushed.

    A region whose meeting is announced in the consultation's calendar takes date and place from
    there; the others follow one another from the first day. Done twice, nothing is added.

    :raises ForbiddenError: unless the actor prepares meetings in every region.
    """
    ensure(actor, *ORGANISERS, consultation=consultation.id)
    # Two clicks take turns here, so that the second one finds the meetings of the first.
    session.scalars(
        select(Consultation.id).where(Consultation.id == consultation.id).with_for_update()
    ).one()
    known = {one.region_code for one in session.scalars(meetings_of(consultation.id))}
    announced = {
        event.region_code: event for event in consultation.events if event.kind == "meeting"
    }
    made, day = [], first_on
    for region in consultation.regions:
        if region.code in known:
            continue
        event = announced.get(region.code)
        names = region.names
        plan = Plan(
            title=Texts(
                fr=f"Rencontre régionale : {names['fr']}",
                ar=f"اللقاء الجهوي: {names['ar']}",
                en=f"Regional meeting: {names.best('en')[0]}",
            ),
            region_code=region.code,
            starts_at=civil(event.on if event else day, begins),
            ends_at=civil(event.on if event else day, ends),
            place=Texts(event.place) if event else Texts(),
            capacity=capacity,
            is_open=is_open,
        )
        made.append(create_meeting(session, actor, consultation, plan, now=now))
        if event is None:
            day += timedelta(days=every_days)
    return made


def change_meeting(
    session: Session, actor: Actor, meeting: Meeting, plan: Plan, *, now: datetime
) -> bool:
    """Change a meeting, flushed; true if date or place are others than calendars know.

    :raises ForbiddenError: if the actor prepares meetings neither where it was nor where it goes.
    :raises MeetingCancelledError: if it has been called off.
    :raises CapacityError: if more seats are taken than would remain.
    :raises WorkshopInUseError: if a workshop with points in the minutes would go.
    """
    ensure_organises(actor, meeting)
    meeting = locked_meeting(session, meeting.id)
    if meeting.cancelled_at is not None:
        raise MeetingCancelledError
    _check_times(plan)
    seated = n_seated(session, meeting.id)
    if plan.capacity is not None and plan.capacity < seated:
        raise CapacityError(count=seated)
    before = {name: getattr(meeting, name) for name in _IN_CALENDARS}
    values = plan.columns()
    del values["workshops"]
    for name, value in values.items():
        setattr(meeting, name, value)
    ensure_organises(actor, meeting)
    is_moved = any(_differs(before[name], getattr(meeting, name)) for name in _IN_CALENDARS)
    if is_moved:
        meeting.sequence += 1
    _set_workshops(session, meeting, plan.workshops)
    session.flush()
    audit.record(session, actor, "meetings.change", at=now, target=meeting)
    return is_moved


def _differs(before: Any, after: Any) -> bool:
    """Compare values; texts by what they say."""
    if isinstance(before, dict):
        return {k: v for k, v in before.items() if v} != {k: v for k, v in after.items() if v}
    return bool(before != after)


def _set_workshops(session: Session, meeting: Meeting, plans: Iterable[WorkshopPlan]) -> None:
    """Bring the workshops to what is planned."""
    known = {one.id: one for one in meeting.workshops}
    kept: list[Workshop] = []
    for plan in plans:
        workshop = known.pop(plan.id or 0, None) or Workshop(meeting_id=meeting.id)
        workshop.title, workshop.facilitator = plan.title, plan.facilitator
        workshop.rapporteur = plan.rapporteur
        kept.append(workshop)
    for gone in known.values():
        spoke = session.scalars(
            select(MinutePoint.id).where(MinutePoint.workshop_id == gone.id).limit(1)
        ).first()
        if spoke is not None:
            raise WorkshopInUseError(name=gone.title.best("fr")[0])
        meeting.workshops.remove(gone)
    # Positions are unique: those that stand are moved out of the way first.
    for number, workshop in enumerate(meeting.workshops, 1):
        workshop.position = -number
    session.flush()
    for position, workshop in enumerate(kept, 1):
        workshop.position = position
        if workshop not in meeting.workshops:
            meeting.workshops.append(workshop)
    session.flush()
    meeting.workshops.sort(key=lambda one: one.position)


def cancel_meeting(session: Session, actor: Actor, meeting: Meeting, *, now: datetime) -> None:
    """Call a meeting off, flushed; done twice, nothing more happens.

    :raises ForbiddenError: if the actor does not prepare it.
    """
    ensure_organises(actor, meeting)
    meeting = locked_meeting(session, meeting.id)
    if meeting.cancelled_at is not None:
        return
    meeting.cancelled_at = now
    meeting.sequence += 1
    audit.record(session, actor, "meetings.cancel", at=now, target=meeting)
