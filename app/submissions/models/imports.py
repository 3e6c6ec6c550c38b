"""Tables of files read into a consultation, of what they were refused, and of saved mappings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Instant, Key, Model


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
    #: The job that reads it, for files read in the background.
    job_id: Mapped[int | None] = mapped_column(
        ForeignKey("jobs.id", name="fk_import_batches_job", ondelete="SET NULL")
    )


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


class SavedMapping(Model):
    """How the columns of a source's files are read, kept for the next file of that source."""

    __tablename__ = "saved_mappings"
    __table_args__ = (
        UniqueConstraint("consultation_id", "name"),
        CheckConstraint("source IN ('kobo', 'odk', 'limesurvey', 'sheet')", name="source_is_known"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(16))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Columns of the file it was made for, to know that file's kind again.
    header: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
