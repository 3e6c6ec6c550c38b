"""Tables of the synthesis reports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model
from app.themes.models import AnalysisRun


class Report(Model):
    """A published synthesis: a frozen body of figures and quotations, with a version and a date."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        CheckConstraint("version > 0", name="version_is_positive"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    version: Mapped[int]
    published_at: Mapped[Instant]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: Everything the report says (see :mod:`app.reports.body`), in both languages.
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: SHA-256 of the body's canonical JSON, hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    consultation: Mapped[Consultation] = relationship()
    run: Mapped[AnalysisRun] = relationship()
    files: Mapped[list[ReportFile]] = relationship(
        cascade="all, delete-orphan", order_by="ReportFile.lang"
    )


class ReportFile(Model):
    """A report as a file, rendered when it was published."""

    __tablename__ = "report_files"
    __table_args__ = (UniqueConstraint("report_id", "lang", "kind"),)

    id: Mapped[Key]
    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    lang: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(8), default="pdf")
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
