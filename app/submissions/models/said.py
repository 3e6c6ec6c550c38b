"""Tables of what was said, by whom, in what way it came in, and under which consent."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql.elements import ColumnElement

from app.consultations.models import Consultation, PrivacyNotice, Question, Questionnaire
from app.core.db import Instant, Key, Model
from app.core.text import fold
from app.organisations.models import ActorType, Organisation
from app.territories.models import Commune, Province, Region

_ACTOR_TYPES = ", ".join(f"'{kind}'" for kind in ActorType)


def _folded(column: str) -> Callable[[Any], str]:
    """Return a column default that folds another column of the same row."""

    def default(context: Any) -> str:
        """Fold it; bulk inserts of the Core come through here too."""
        return fold(context.get_current_parameters().get(column))

    return default


class Channel(StrEnum):
    """By which way a submission came in."""

    WEB = "web"
    IMPORT = "import"
    #: A paper form that an agent typed in.
    PAPER = "paper"
    #: Entered by an agent for someone who spoke (telephone, counter, visit).
    ASSISTED = "assisted"
    #: A point of the minutes of a meeting.
    MEETING = "meeting"
    #: Sent by a partner's program.
    API = "api"


class SubmissionState(StrEnum):
    """What its author has done with a submission since it was sent."""

    RECEIVED = "received"
    #: Taken back: kept for its author until it is purged, counted and shown nowhere.
    WITHDRAWN = "withdrawn"
    #: Everything said and every trace of who said it is gone; the row remembers that it was.
    ERASED = "erased"


_CHANNELS = ", ".join(f"'{channel}'" for channel in Channel)
_STATES = ", ".join(f"'{state}'" for state in SubmissionState)
_IS_OFFICIAL = text("is_official AND state = 'received'")


class Submission(Model):
    """What one person or organisation said in one consultation."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(f"actor_type IN ({_ACTOR_TYPES})", name="actor_type_is_known"),
        CheckConstraint(f"channel IN ({_CHANNELS})", name="channel_is_known"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint("version >= 1", name="versions_count_from_one"),
        CheckConstraint(
            "NOT is_official OR organisation_id IS NOT NULL", name="official_for_an_organisation"
        ),
        # An organisation has one official position in a consultation.
        Index(
            "uq_submissions_official",
            "consultation_id",
            "organisation_id",
            unique=True,
            sqlite_where=_IS_OFFICIAL,
            postgresql_where=_IS_OFFICIAL,
        ),
        CheckConstraint("length(receipt_code) = 8", name="receipt_code_form"),
        UniqueConstraint("consultation_id", "source", "source_id"),
        Index("ix_submissions_place", "consultation_id", "region_code", "actor_type"),
        Index("ix_submissions_state", "consultation_id", "state"),
        Index("ix_submissions_when", "consultation_id", "submitted_at"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    channel: Mapped[str] = mapped_column(String(16))
    #: Interface language it was given in (``fr``, ``ar``, ``en``) or ``und`` for imports.
    lang: Mapped[str] = mapped_column(String(3))
    actor_type: Mapped[str] = mapped_column(String(24))
    organisation: Mapped[str] = mapped_column(String(300), default="")
    #: The organisation's name as searches compare it.
    folded_organisation: Mapped[str] = mapped_column(Text, default=_folded("organisation"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    #: Eight characters, read aloud as two groups of four; the key to "my contribution".
    receipt_code: Mapped[str] = mapped_column(String(8), unique=True)
    #: The draft's token (web) or the row's identity (import): what is sent twice is one row.
    idempotency_key: Mapped[str] = mapped_column(String(128), unique=True)
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(120))
    #: SHA-256 of what an imported row said, to know a row that comes back changed.
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    #: Columns of an imported row that no question takes, as they were.
    source_row: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id"))
    submitted_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(String(16), default=SubmissionState.RECEIVED)
    #: Number of the version that stands; earlier ones are in ``submission_versions``.
    version: Mapped[int] = mapped_column(default=1)
    #: When it was last corrected, withdrawn or erased.
    changed_at: Mapped[Instant | None]
    #: The registered organisation it speaks for, where there is one.
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", name="fk_submissions_organisation"), index=True
    )
    #: Signed by the organisation's signatory: its one position in this consultation.
    is_official: Mapped[bool] = mapped_column(default=False)
    #: The version in which personal data was last looked for; less than ``version``: not yet.
    screened_version: Mapped[int] = mapped_column(default=0)
    #: Why moderation keeps it out of what is published; empty if it may be shown.
    hidden_reason: Mapped[str] = mapped_column(String(40), default="")

    consultation: Mapped[Consultation] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    region: Mapped[Region | None] = relationship()
    province: Mapped[Province | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    answers: Mapped[list[Answer]] = relationship(
        cascade="all, delete-orphan", back_populates="submission", order_by="Answer.id"
    )
    consent: Mapped[Consent | None] = relationship(cascade="all, delete-orphan", uselist=False)
    registered: Mapped[Organisation | None] = relationship()

    @hybrid_property
    def is_standing(self) -> bool:
        """Tell whether it is counted and analysed; in a query, the condition for it."""
        return self.state == SubmissionState.RECEIVED

    @is_standing.inplace.expression
    @classmethod
    def _standing_rows(cls) -> ColumnElement[bool]:
        """Return the condition."""
        return cls.state == SubmissionState.RECEIVED

    @hybrid_property
    def may_be_shown(self) -> bool:
        """Tell whether its words may be quoted or shown to the public."""
        return self.is_standing and not self.hidden_reason

    @may_be_shown.inplace.expression
    @classmethod
    def _showable_rows(cls) -> ColumnElement[bool]:
        """Return the condition."""
        return and_(cls.state == SubmissionState.RECEIVED, cls.hidden_reason == "")

    @property
    def public_number(self) -> str:
        """The number by which reports cite it: ``S-00042``."""
        return f"S-{self.id:05d}"

    @property
    def receipt(self) -> str:
        """The code as it is printed: ``7K4M-92QX``."""
        return f"{self.receipt_code[:4]}-{self.receipt_code[4:]}"


class Answer(Model):
    """The answer to one question."""

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("submission_id", "question_id"),
        CheckConstraint("(text IS NULL) <> (value IS NULL)", name="text_or_value"),
    )

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    #: The value in the form that the question's kind says; texts are in ``text`` instead.
    value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    #: Exactly what was written (short and long texts).
    text: Mapped[str | None] = mapped_column(Text)
    #: The text as searches compare it; made from ``text`` by every way of inserting.
    folded: Mapped[str] = mapped_column(Text, default=_folded("text"))
    submission: Mapped[Submission] = relationship(back_populates="answers")
    question: Mapped[Question] = relationship()


class Consent(Model):
    """Agreement to the notice: which version, in which language, when."""

    __tablename__ = "consents"

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), unique=True
    )
    notice_id: Mapped[int] = mapped_column(ForeignKey("privacy_notices.id"))
    lang: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[Instant]
    notice: Mapped[PrivacyNotice] = relationship()


class SubmissionVersion(Model):
    """What a submission said before it was corrected."""

    __tablename__ = "submission_versions"
    __table_args__ = (UniqueConstraint("submission_id", "number"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    number: Mapped[int]
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: Values by question key, with ``actor_type`` and ``organisation``, as a draft keeps them.
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    lang: Mapped[str] = mapped_column(String(3))
    #: From when until when it stood.
    stood_from: Mapped[Instant]
    replaced_at: Mapped[Instant]
    #: The member of staff who replaced it; None if its author did.
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
