"""Tables of consultations: what is asked, of whom, where, until when, under which notice."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Base, Code, Instant, Key, Localized, Model
from app.territories.models import Region

consultation_regions = Table(
    "consultation_regions",
    Base.metadata,
    Column("consultation_id", ForeignKey("consultations.id", ondelete="CASCADE"), primary_key=True),
    Column("region_code", ForeignKey("regions.code"), primary_key=True),
)


class Stage(StrEnum):
    """Where a consultation stands at an instant."""

    COMING = "coming"
    OPEN = "open"
    CLOSED = "closed"


class Consultation(Model):
    """A question put to the actors of some territories, open for a limited time."""

    __tablename__ = "consultations"
    __table_args__ = (CheckConstraint("closes_at > opens_at", name="closes_after_opening"),)

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[Localized]
    summary: Mapped[Localized]
    #: Why the question is put and what will come of it.
    purpose: Mapped[Localized]
    who_may_answer: Mapped[Localized]
    outcome: Mapped[Localized]
    opens_at: Mapped[Instant]
    #: First instant at which a submission is refused (UTC).
    closes_at: Mapped[Instant]
    created_at: Mapped[Instant]
    #: Every page that shows the answers says that they are invented.
    is_fictional: Mapped[bool] = mapped_column(default=False)

    regions: Mapped[list[Region]] = relationship(
        secondary=consultation_regions, order_by=Region.code
    )
    axes: Mapped[list[StrategyAxis]] = relationship(
        cascade="all, delete-orphan", order_by="StrategyAxis.position"
    )
    populations: Mapped[list[TargetPopulation]] = relationship(
        cascade="all, delete-orphan", order_by="TargetPopulation.position"
    )
    documents: Mapped[list[Document]] = relationship(
        cascade="all, delete-orphan", order_by="Document.position"
    )
    events: Mapped[list[CalendarEvent]] = relationship(
        cascade="all, delete-orphan", order_by="CalendarEvent.on"
    )
    notices: Mapped[list[PrivacyNotice]] = relationship(
        cascade="all, delete-orphan", order_by="PrivacyNotice.version"
    )
    questionnaires: Mapped[list[Questionnaire]] = relationship(
        cascade="all, delete-orphan", order_by="Questionnaire.version"
    )

    def stage_at(self, instant: datetime) -> Stage:
        """Tell where the consultation stands."""
        if instant < self.opens_at:
            return Stage.COMING
        return Stage.OPEN if instant < self.closes_at else Stage.CLOSED

    @property
    def questionnaire(self) -> Questionnaire:
        """The version being answered."""
        return self.questionnaires[-1]

    @property
    def notice(self) -> PrivacyNotice:
        """The notice being consented to."""
        return self.notices[-1]


class StrategyAxis(Model):
    """An axis of the strategy that answers and themes attach to."""

    __tablename__ = "strategy_axes"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    code: Mapped[Code]
    position: Mapped[int]
    title: Mapped[Localized]


class TargetPopulation(Model):
    """A population the strategy is for."""

    __tablename__ = "target_populations"
    __table_args__ = (UniqueConstraint("consultation_id", "code"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    code: Mapped[Code]
    position: Mapped[int]
    title: Mapped[Localized]


class Document(Model):
    """Something to read before answering: a text kept here, or an address of the ministry's."""

    __tablename__ = "documents"

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    title: Mapped[Localized]
    #: Body in simple paragraphs, shown on a page of its own.
    body: Mapped[Localized]
    published_on: Mapped[date]


class CalendarEvent(Model):
    """A date of the consultation: a regional meeting, a deadline, a publication."""

    __tablename__ = "calendar_events"

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    on: Mapped[date]
    kind: Mapped[str] = mapped_column(String(20), default="meeting")
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    title: Mapped[Localized]
    place: Mapped[Localized]
    region: Mapped[Region | None] = relationship()


class PrivacyNotice(Model):
    """A version of the notice of law 09-08; consents point at the version they were given to."""

    __tablename__ = "privacy_notices"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    version: Mapped[int]
    body: Mapped[Localized]
    #: The sentence one ticks.
    statement: Mapped[Localized]
    published_at: Mapped[Instant]


class Questionnaire(Model):
    """A version of what is asked; answers keep the version they were given to."""

    __tablename__ = "questionnaires"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        UniqueConstraint("id", "consultation_id"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    version: Mapped[int]
    sections: Mapped[list[Section]] = relationship(
        cascade="all, delete-orphan", order_by="Section.position"
    )

    @property
    def questions(self) -> list[Question]:
        """Every question, in order."""
        return [question for section in self.sections for question in section.questions]


class Section(Model):
    """A step of the questionnaire."""

    __tablename__ = "sections"
    __table_args__ = (UniqueConstraint("questionnaire_id", "position"),)

    id: Mapped[Key]
    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaires.id", ondelete="CASCADE")
    )
    position: Mapped[int]
    title: Mapped[Localized]
    intro: Mapped[Localized]
    minutes: Mapped[int] = mapped_column(default=2)
    questions: Mapped[list[Question]] = relationship(
        cascade="all, delete-orphan", order_by="Question.position"
    )


class QuestionKind(StrEnum):
    """What an answer is made of, and so how its value is stored in ``Answer.value``."""

    SINGLE_CHOICE = "single_choice"  # "code"
    MULTIPLE_CHOICE = "multiple_choice"  # ["code", ...]
    SCALE = "scale"  # {"item code": 1..5 or 0 for "I don't know"}
    NUMBER = "number"  # 12 or 12.5
    SHORT_TEXT = "short_text"  # "text"
    LONG_TEXT = "long_text"  # "text", and the text goes to the analysis
    TERRITORY = "territory"  # {"region": "08", "province": "08.xxx"|null, "commune": ...|null}


class Question(Model):
    """A question.

    ``options``: for choices ``[{"code", "label": {fr, ar, en}}]``, for scales
    ``{"items": [{"code", "label"}], "low": {...}, "high": {...}}``.
    ``rules``: ``{"min", "max", "max_choices", "max_length"}``.
    ``visible_if``: ``{"question": key, "is": [codes]}`` or ``{"actor_type": [types]}``, or null.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("section_id", "position"),
        UniqueConstraint("questionnaire_id", "key"),
        ForeignKeyConstraint(["axis_id"], ["strategy_axes.id"], name="fk_questions_axis"),
    )

    id: Mapped[Key]
    questionnaire_id: Mapped[int] = mapped_column(
        ForeignKey("questionnaires.id", ondelete="CASCADE")
    )
    section_id: Mapped[int] = mapped_column(ForeignKey("sections.id", ondelete="CASCADE"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    label: Mapped[Localized]
    hint: Mapped[Localized]
    is_required: Mapped[bool] = mapped_column(default=False)
    options: Mapped[Any] = mapped_column(JSON, default=list)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    visible_if: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    axis_id: Mapped[int | None]
