"""Tables of meetings, of who was invited and came, of workshops and of the minutes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.db import Instant, Key, Localized, Model
from app.organisations.models import ActorType, Organisation
from app.submissions.models import Submission
from app.territories.models import Region

_ACTOR_TYPES = ", ".join(f"'{kind}'" for kind in ActorType)


class MinutesState(StrEnum):
    """Where the minutes of a meeting stand."""

    WRITING = "writing"
    #: Sent to the participants, who validate or contest each point until a date.
    CIRCULATED = "circulated"
    #: What stands in them has entered the consultation.
    SETTLED = "settled"


class Meeting(Model):
    """A meeting of a consultation."""

    __tablename__ = "meetings"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_starting"),
        CheckConstraint(
            "minutes_state IN ('writing', 'circulated', 'settled')", name="minutes_state_is_known"
        ),
        CheckConstraint(
            "minutes_state <> 'circulated' OR contest_until IS NOT NULL",
            name="circulated_until_an_instant",
        ),
        Index("ix_meetings_consultation", "consultation_id", "starts_at"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    title: Mapped[Localized]
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    place: Mapped[Localized]
    room: Mapped[Localized]
    address: Mapped[Localized]
    remote_url: Mapped[str] = mapped_column(String(500), default="")
    #: ``[{"at": "09:30", "title": {fr, ar}}]``, in order.
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Seats, None for as many as come.
    capacity: Mapped[int | None]
    #: Whether anybody may register, or only those invited.
    is_open: Mapped[bool] = mapped_column(default=True)
    cancelled_at: Mapped[Instant | None]
    #: Grows with each change that calendars must take over (RFC 5545, SEQUENCE).
    sequence: Mapped[int] = mapped_column(default=0)
    minutes_state: Mapped[str] = mapped_column(String(16), default=MinutesState.WRITING)
    circulated_at: Mapped[Instant | None]
    contest_until: Mapped[Instant | None]
    settled_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    consultation: Mapped[Consultation] = relationship()
    region: Mapped[Region | None] = relationship()
    workshops: Mapped[list[Workshop]] = relationship(
        cascade="all, delete-orphan", order_by="Workshop.position", back_populates="meeting"
    )
    participants: Mapped[list[Participant]] = relationship(
        cascade="all, delete-orphan", order_by="Participant.id", back_populates="meeting"
    )
    points: Mapped[list[MinutePoint]] = relationship(
        cascade="all, delete-orphan", order_by="MinutePoint.position", back_populates="meeting"
    )


class Workshop(Model):
    """A group that works on one subject during a meeting."""

    __tablename__ = "workshops"
    __table_args__ = (UniqueConstraint("meeting_id", "position"),)

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[Localized]
    facilitator: Mapped[str] = mapped_column(String(200), default="")
    rapporteur: Mapped[str] = mapped_column(String(200), default="")
    meeting: Mapped[Meeting] = relationship(back_populates="workshops")


class Participant(Model):
    """Someone invited, registered or present; one row from the invitation to the minutes."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("meeting_id", "email_key"),
        CheckConstraint(f"actor_type IN ({_ACTOR_TYPES})", name="actor_type_is_known"),
        CheckConstraint("answer IN ('', 'yes', 'no')", name="answer_is_known"),
        CheckConstraint("origin IN ('invited', 'registered', 'list')", name="origin_is_known"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    #: Secret of the links that the person is sent.
    token: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL")
    )
    #: As it was said, where it is not in the registry.
    organisation_name: Mapped[str] = mapped_column(String(300), default="")
    actor_type: Mapped[str] = mapped_column(String(24), default=ActorType.UNKNOWN)
    #: SHA-256 of the address in small letters: one invitation an address; None without address.
    email_key: Mapped[str | None] = mapped_column(String(64))
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id", ondelete="SET NULL"))
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    origin: Mapped[str] = mapped_column(String(16))
    invited_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(String(3), default="")
    answered_at: Mapped[Instant | None]
    #: None until attendance was taken.
    was_present: Mapped[bool | None]
    is_remote: Mapped[bool] = mapped_column(default=False)
    #: When and by whom attendance was written down (a list may be typed in days later).
    noted_at: Mapped[Instant | None]
    noted_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[Instant]
    meeting: Mapped[Meeting] = relationship(back_populates="participants")
    organisation: Mapped[Organisation | None] = relationship()
    workshop: Mapped[Workshop | None] = relationship()
    contact: Mapped[ParticipantContact | None] = relationship(
        cascade="all, delete-orphan", uselist=False
    )


class ParticipantContact(Model):
    """How to reach a participant; apart from the participation, so that it can be purged alone."""

    __tablename__ = "participant_contacts"

    id: Mapped[Key]
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participants.id", ondelete="CASCADE"), unique=True
    )
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")


class PointState(StrEnum):
    """What became of a point of the minutes."""

    STANDING = "standing"
    #: Contested, then changed or kept by the coordinator with an answer; or taken out.
    TAKEN_OUT = "taken_out"


class MinutePoint(Model):
    """One contribution in the minutes, in the name of whoever made it and never of the typist."""

    __tablename__ = "minute_points"
    __table_args__ = (
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint(
            "speaker IN ('organisation', 'workshop', 'plenary')", name="speaker_is_known"
        ),
        CheckConstraint(
            "speaker <> 'workshop' OR workshop_id IS NOT NULL", name="a_workshop_has_a_name"
        ),
        CheckConstraint(
            "speaker <> 'organisation' OR organisation_name <> ''",
            name="an_organisation_has_a_name",
        ),
        CheckConstraint("state IN ('standing', 'taken_out')", name="state_is_known"),
        CheckConstraint(f"actor_type IN ({_ACTOR_TYPES})", name="actor_type_is_known"),
    )

    id: Mapped[Key]
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meetings.id", ondelete="CASCADE"))
    position: Mapped[int]
    workshop_id: Mapped[int | None] = mapped_column(ForeignKey("workshops.id"))
    speaker: Mapped[str] = mapped_column(String(16))
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL")
    )
    organisation_name: Mapped[str] = mapped_column(String(300), default="")
    actor_type: Mapped[str] = mapped_column(String(24), default=ActorType.UNKNOWN)
    text: Mapped[str] = mapped_column(Text)
    #: Key of the question to which it is an answer in the consultation.
    question_key: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16), default=PointState.STANDING)
    #: Grows when the words change, so that replies say which words they were about.
    version: Mapped[int] = mapped_column(default=1)
    #: What the coordinator answered to those who contested it.
    outcome: Mapped[str] = mapped_column(Text, default="")
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    typed_at: Mapped[Instant]
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="SET NULL"), index=True
    )
    meeting: Mapped[Meeting] = relationship(back_populates="points")
    workshop: Mapped[Workshop | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    submission: Mapped[Submission | None] = relationship()
    replies: Mapped[list[PointReply]] = relationship(
        cascade="all, delete-orphan", order_by="PointReply.at", back_populates="point"
    )


class PointReply(Model):
    """A participant's word on a point of the draft minutes."""

    __tablename__ = "point_replies"
    __table_args__ = (
        UniqueConstraint("point_id", "participant_id", "version"),
        CheckConstraint("verdict IN ('validated', 'contested')", name="verdict_is_known"),
        CheckConstraint("verdict <> 'contested' OR reason <> ''", name="contested_with_a_reason"),
    )

    id: Mapped[Key]
    point_id: Mapped[int] = mapped_column(ForeignKey("minute_points.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    #: The version of the point that the participant read.
    version: Mapped[int]
    verdict: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text, default="")
    #: Words that the participant would rather see there.
    proposal: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Instant]
    point: Mapped[MinutePoint] = relationship(back_populates="replies")
    participant: Mapped[Participant] = relationship()
