"""Tables of what was said, by whom, in what way it came in, and under which consent."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation, PrivacyNotice, Question, Questionnaire
from app.core.db import Instant, Key, Model
from app.core.text import fold
from app.organisations.models import ActorType
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


class Draft(Model):
    """Answers being written, kept on the server section by section."""

    __tablename__ = "drafts"

    id: Mapped[Key]
    #: Random secret of the device that writes; it is also the submission's idempotency key.
    token: Mapped[str] = mapped_column(String(64), unique=True)
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    #: Values by question key, plus ``actor_type``, ``organisation``, as typed.
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Positions of the sections that were left without error.
    done_sections: Mapped[list[int]] = mapped_column(JSON, default=list)
    lang: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)

    consultation: Mapped[Consultation] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()


class ImportBatch(Model):
    """One file that was read into a consultation."""

    __tablename__ = "import_batches"
    __table_args__ = (Index("ix_import_batches_consultation", "consultation_id", "created_at"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    file_name: Mapped[str] = mapped_column(String(255))
    #: SHA-256 of the file, hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    n_rows: Mapped[int]
    n_added: Mapped[int]
    n_known: Mapped[int]
    n_refused: Mapped[int]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class ImportRefusal(Model):
    """Why a row of an imported file was left out; the sentence is said in the reader's language."""

    __tablename__ = "import_refusals"

    id: Mapped[Key]
    batch_id: Mapped[int] = mapped_column(
        ForeignKey("import_batches.id", ondelete="CASCADE"), index=True
    )
    #: The row's number in a spreadsheet.
    row: Mapped[int]
    #: Name of the column, empty for the row as a whole.
    column: Mapped[str] = mapped_column(Text)
    #: Beginning of the cell.
    value: Mapped[str] = mapped_column(String(120))
    #: Name of the reason, and what fills its sentence.
    reason: Mapped[str] = mapped_column(String(60))
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Submission(Model):
    """What one person or organisation said in one consultation."""

    __tablename__ = "submissions"
    __table_args__ = (
        CheckConstraint(f"actor_type IN ({_ACTOR_TYPES})", name="actor_type_is_known"),
        CheckConstraint("channel IN ('web', 'import')", name="channel_is_known"),
        CheckConstraint("length(receipt_code) = 8", name="receipt_code_form"),
        UniqueConstraint("consultation_id", "source", "source_id"),
        Index("ix_submissions_place", "consultation_id", "region_code", "actor_type"),
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

    consultation: Mapped[Consultation] = relationship()
    questionnaire: Mapped[Questionnaire] = relationship()
    region: Mapped[Region | None] = relationship()
    province: Mapped[Province | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    answers: Mapped[list[Answer]] = relationship(
        cascade="all, delete-orphan", back_populates="submission", order_by="Answer.id"
    )
    consent: Mapped[Consent | None] = relationship(cascade="all, delete-orphan", uselist=False)

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
