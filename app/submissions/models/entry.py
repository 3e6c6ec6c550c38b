"""Tables of paper forms and of what agents type for others: who said it, who typed it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Instant, Key, Model
from app.submissions.models.said import Submission


class PaperRun(Model):
    """A print run of paper forms in one language."""

    __tablename__ = "paper_runs"
    __table_args__ = (CheckConstraint("n_copies >= 1", name="has_copies"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    lang: Mapped[str] = mapped_column(String(2))
    #: Where the copies go, so that those that come back can be counted against those sent.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    destination: Mapped[str] = mapped_column(String(200), default="")
    n_copies: Mapped[int]
    #: Share of the copies typed twice, in [0, 1].
    double_share: Mapped[float] = mapped_column(default=0.1)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    copies: Mapped[list[PaperForm]] = relationship(
        cascade="all, delete-orphan", order_by="PaperForm.number", back_populates="run"
    )


class PaperForm(Model):
    """One copy: its code is printed on every page."""

    __tablename__ = "paper_forms"
    __table_args__ = (UniqueConstraint("run_id", "number"),)

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("paper_runs.id", ondelete="CASCADE"))
    number: Mapped[int]
    #: Eight characters; it is also the receipt code of the submission that the copy becomes.
    code: Mapped[str] = mapped_column(String(8), unique=True)
    #: Drawn when the run was made: this copy is typed by two people.
    is_double: Mapped[bool] = mapped_column(default=False)
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="SET NULL"), unique=True
    )
    run: Mapped[PaperRun] = relationship(back_populates="copies")
    entries: Mapped[list[PaperEntry]] = relationship(
        cascade="all, delete-orphan", order_by="PaperEntry.turn", back_populates="form"
    )


class PaperEntry(Model):
    """What one agent read on a copy; a second one reads it again without seeing the first."""

    __tablename__ = "paper_entries"
    __table_args__ = (
        UniqueConstraint("form_id", "turn"),
        UniqueConstraint("form_id", "typed_by_id"),
        CheckConstraint("turn IN (1, 2)", name="typed_once_or_twice"),
    )

    id: Mapped[Key]
    form_id: Mapped[int] = mapped_column(ForeignKey("paper_forms.id", ondelete="CASCADE"))
    turn: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    typed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    typed_at: Mapped[Instant]
    #: Keys in which the second reading differed from the first, with both values.
    differences: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    form: Mapped[PaperForm] = relationship(back_populates="entries")


class EntryRecord(Model):
    """Where a submission that its author did not type comes from."""

    __tablename__ = "entry_records"
    __table_args__ = (
        CheckConstraint(
            "source IN ('paper', 'telephone', 'counter', 'visit', 'letter', 'meeting')",
            name="source_is_known",
        ),
        Index("ix_entry_records_typist", "typed_by_id", "typed_at"),
    )

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), unique=True
    )
    source: Mapped[str] = mapped_column(String(16))
    #: Who said it, as far as it was told: "three mothers of Ait Ourir", never the typist.
    said_by: Mapped[str] = mapped_column(Text, default="")
    said_at: Mapped[Instant | None]
    typed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: The typist's name at the time, kept when the account goes.
    typed_by: Mapped[str] = mapped_column(String(200))
    typed_at: Mapped[Instant]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id", ondelete="SET NULL"))
    submission: Mapped[Submission] = relationship()
