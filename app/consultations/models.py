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
    Index,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
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
    #: The notice says that answers are published whole, without names: their words are then part of
    #: the open data, and not only those that a report quotes.
    publishes_words: Mapped[bool] = mapped_column(default=False, server_default=false())
    #: Days after closing for which contact data is kept; the purge deletes it then.
    contacts_kept_days: Mapped[int] = mapped_column(default=365, server_default="365")

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
        """The version being answered: the newest that was published."""
        return [one for one in self.questionnaires if one.is_published][-1]

    @property
    def draft_questionnaire(self) -> Questionnaire | None:
        """The version being written, if there is one."""
        return next((one for one in self.questionnaires if not one.is_published), None)

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


class QuestionnaireState(StrEnum):
    """Whether a version may still be changed."""

    DRAFT = "draft"
    PUBLISHED = "published"


_IS_DRAFT = text("state = 'draft'")


class Questionnaire(Model):
    """A version of what is asked; answers keep the version they were given to.

    A published version never changes: a new draft is made of it, and published in its turn.
    """

    __tablename__ = "questionnaires"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        UniqueConstraint("id", "consultation_id"),
        CheckConstraint("state IN ('draft', 'published')", name="state_is_known"),
        CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name="published_at_an_instant"
        ),
        # A consultation has one version being written at most.
        Index(
            "uq_questionnaires_draft",
            "consultation_id",
            unique=True,
            sqlite_where=_IS_DRAFT,
            postgresql_where=_IS_DRAFT,
        ),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default=QuestionnaireState.DRAFT)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    published_at: Mapped[Instant | None]
    #: What a form file says of itself that has no column here (identifier, default language, ...).
    source: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sections: Mapped[list[Section]] = relationship(
        cascade="all, delete-orphan", order_by="Section.position"
    )

    @property
    def is_published(self) -> bool:
        """Tell whether it can be answered and no longer be changed."""
        return self.state == QuestionnaireState.PUBLISHED

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
    #: Name by which a form file knows it; None for a section made here.
    key: Mapped[str | None] = mapped_column(String(40))
    #: A condition under which all of its questions stand: see ``Question``.
    visible_if: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: The cells of the form file it came from that have no column here.
    source: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    questions: Mapped[list[Question]] = relationship(
        cascade="all, delete-orphan", order_by="Question.position", back_populates="section"
    )


class QuestionKind(StrEnum):
    """What an answer is made of, and so how its value is stored in ``Answer.value``."""

    SINGLE_CHOICE = "single_choice"  # "code", or {"code": "x", "other": "words"} for an open option
    MULTIPLE_CHOICE = "multiple_choice"  # ["code", ...]; an open option as above
    SCALE = "scale"  # {"item code": 1..5 or 0 for "I don't know"}
    MATRIX = "matrix"  # {"row code": "column code"}
    RANKING = "ranking"  # ["code", ...], the first in rank first; items left out are not ranked
    BUDGET = "budget"  # {"code": points}, summing to rules["total"] (100)
    NUMBER = "number"  # 12 or 12.5
    DATE = "date"  # "2022-02-18"
    SHORT_TEXT = "short_text"  # "text"
    LONG_TEXT = "long_text"  # "text", and the text goes to the analysis
    FILE = "file"  # Answer.text is the file's text, which goes to the analysis; else {"file": name}
    TERRITORY = "territory"  # {"region": "08", "province": "08.xxx"|null, "commune": ...|null}
    ORGANISATION = "organisation"  # {"id": 12|null, "name": "as typed"}
    CONSENT = "consent"  # true
    NOTE = "note"  # never answered: words to read between two questions


#: Kinds whose words are cut into passages and go to the analysis.
ANALYSED = (QuestionKind.LONG_TEXT, QuestionKind.FILE)

_KINDS = ", ".join(f"'{kind}'" for kind in QuestionKind)


class Question(Model):
    """A question.

    ``options``: for choices, rankings and budgets ``[{"code", "label": {fr, ar, en}}]``, where
    ``"is_open": true`` makes an option one that is said in one's own words ("other"); for scales
    ``{"items": [{"code", "label"}], "low": {...}, "high": {...}}``; for matrices
    ``{"items": [...], "columns": [...]}``, both lists of options.

    ``rules``: ``min``, ``max`` (numbers; dates as text; ``whole`` for whole numbers),
    ``min_choices``, ``max_choices``, ``min_length``, ``max_length``, ``total`` (points of a
    budget), ``randomise`` (options in an order of one's own), ``types`` and ``max_size`` (files).

    ``visible_if`` and ``validity["when"]`` are conditions (:mod:`app.consultations.conditions`):

    * ``{"all": [...]}``, ``{"any": [...]}``, ``{"not": condition}``;
    * ``{"question": key, "is": [codes]}``: the answer is, or contains, one of the codes;
    * ``{"actor_type": [types]}``: in what capacity one answers;
    * ``{"question": key, "op": op, "value": v}`` with ``=  !=  <  <=  >  >=  matches``, where
      ``v`` is a number, a text, a date or ``{"question": key}``;
    * ``{"question": key, "op": "answered"}`` or ``"empty"``;
    * ``{"question": key, "count": op, "value": n}``: how many options are chosen;
    * ``{"question": key, "length": op, "value": n}``: how many characters are written.

    Any of them may say ``"item": code``, for one line of a scale, matrix or budget. In
    ``validity`` the question's own key stands for its own answer.
    """

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("section_id", "position"),
        UniqueConstraint("questionnaire_id", "key"),
        ForeignKeyConstraint(["axis_id"], ["strategy_axes.id"], name="fk_questions_axis"),
        CheckConstraint(f"kind IN ({_KINDS})", name="kind_is_known"),
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
    #: What the answer must satisfy: ``{"when": condition, "message": {fr, ar, en}}``.
    validity: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    #: The cells of the form file it came from that have no column here.
    source: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    axis_id: Mapped[int | None]
    section: Mapped[Section] = relationship(back_populates="questions")
