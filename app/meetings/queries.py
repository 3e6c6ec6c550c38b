"""Selections of meetings, participants and points of the minutes."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from app.consultations.models import Consultation
from app.core.text import fold
from app.meetings.errors import LinkNotFoundError, MeetingNotFoundError, PointNotFoundError
from app.meetings.models import Meeting, MinutePoint, Participant
from app.organisations.models import Organisation, OrganisationContact, OrganisationState


def meetings_of(consultation_id: int, *, regions: Iterable[str] | None = None) -> Select[Meeting]:
    """Select a consultation's meetings in the order of their dates, of some regions if given."""
    selection = (
        select(Meeting)
        .where(Meeting.consultation_id == consultation_id)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return selection if regions is None else selection.where(Meeting.region_code.in_(list(regions)))


def get_meeting(
    session: Session, meeting_id: int, consultation: Consultation | None = None
) -> Meeting:
    """Return a meeting, of one consultation if given.

    :raises MeetingNotFoundError: if there is none.
    """
    meeting = session.get(Meeting, meeting_id)
    if meeting is None or (consultation and meeting.consultation_id != consultation.id):
        raise MeetingNotFoundError
    return meeting


def locked_meeting(session: Session, meeting_id: int) -> Meeting:
    """Return a meeting, held until the transaction ends: seats are counted and given in turn.

    SQLite has one writer at a time anyway.
    """
    return session.scalars(
        select(Meeting)
        .where(Meeting.id == meeting_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def get_participant(session: Session, token: str) -> Participant:
    """Return whom a personal link belongs to.

    :raises LinkNotFoundError: if nobody.
    """
    found = session.scalars(select(Participant).where(Participant.token == token)).one_or_none()
    if found is None:
        raise LinkNotFoundError
    return found


def get_point(session: Session, point_id: int) -> MinutePoint:
    """Return a point of some minutes.

    :raises PointNotFoundError: if there is none.
    """
    point = session.get(MinutePoint, point_id)
    if point is None:
        raise PointNotFoundError
    return point


def n_seated(session: Session, meeting_id: int) -> int:
    """Count the seats taken: those who said that they come, in the room."""
    return (
        session.scalar(
            select(func.count()).where(
                Participant.meeting_id == meeting_id,
                Participant.answer == "yes",
                Participant.is_remote.is_(False),
            )
        )
        or 0
    )


def waiting(meeting_id: int) -> Select[Participant]:
    """Select those who would come and found no seat, the first in time first.

    They answered, and their answer is neither yes nor no.
    """
    return (
        select(Participant)
        .where(
            Participant.meeting_id == meeting_id,
            Participant.answer == "",
            Participant.answered_at.is_not(None),
        )
        .order_by(Participant.answered_at, Participant.id)
    )


def counts(session: Session, meeting_ids: list[int]) -> dict[int, dict[str, int]]:
    """Count invited, coming, waiting and present people by meeting."""
    waits = Participant.answer == ""
    rows = session.execute(
        select(
            Participant.meeting_id,
            func.count(Participant.invited_at),
            func.sum(_one(Participant.answer == "yes")),
            func.sum(_one(waits & Participant.answered_at.is_not(None))),
            func.sum(_one(Participant.was_present.is_(True))),
            func.sum(_one(Participant.was_present.is_not(None))),
        )
        .where(Participant.meeting_id.in_(meeting_ids))
        .group_by(Participant.meeting_id)
    )
    names = ("invited", "coming", "waiting", "present", "noted")
    found = {
        row[0]: dict(zip(names, [int(count) for count in row[1:]], strict=True)) for row in rows
    }
    return {key: found.get(key, dict.fromkeys(names, 0)) for key in meeting_ids}


def _one(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return 1 where a condition holds, else 0."""
    return case((condition, 1), else_=0)


def people(meeting_id: int) -> Select[Participant]:
    """Select everybody of a meeting in the order in which they are called."""
    return (
        select(Participant)
        .where(Participant.meeting_id == meeting_id)
        .options(selectinload(Participant.contact), selectinload(Participant.organisation))
        .order_by(Participant.organisation_name, Participant.name, Participant.id)
    )


def reachable(meeting_id: int) -> Select[Participant]:
    """Select those of a meeting who can be written to."""
    return people(meeting_id).where(Participant.email_key.is_not(None))


def organisations(
    *, region: str | None = None, actor_type: str = "", limit: int = 300
) -> Select[Organisation]:
    """Select the organisations that may be invited: not refused; with how to reach them."""
    selection = (
        select(Organisation)
        .outerjoin(OrganisationContact)
        .options(contains_eager(Organisation.contact))
        .where(Organisation.state != OrganisationState.REFUSED)
        .order_by(Organisation.folded_name, Organisation.id)
        .limit(limit)
    )
    if region:
        selection = selection.where(Organisation.region_code == region)
    return selection.where(Organisation.actor_type == actor_type) if actor_type else selection


def named(session: Session, folded: str, *, region: str | None) -> Organisation | None:
    """Return the one registered organisation that bears a folded name, None if none or several."""
    if not folded:
        return None
    selection = select(Organisation).where(
        Organisation.state != OrganisationState.REFUSED,
        or_(
            Organisation.folded_name.contains(folded, autoescape=True),
            func.lower(Organisation.acronym) == folded,
        ),
    )
    if region:
        selection = selection.where(Organisation.region_code == region)
    found = [one for one in session.scalars(selection.limit(50)) if _bears(one, folded)]
    return found[0] if len(found) == 1 else None


def _bears(organisation: Organisation, folded: str) -> bool:
    """Tell whether a folded name is one of an organisation's, whole."""
    names = {fold(name) for name in organisation.name.values()} | {fold(organisation.acronym)}
    return folded in names
