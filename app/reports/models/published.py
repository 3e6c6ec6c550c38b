"""Published reports and their files: once written, nothing of them changes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Model
from app.themes.models import AnalysisRun


class Report(Model):
    """A published synthesis: a frozen body of figures and quotations, with a version and a date."""

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("consultation_id", "version"),
        UniqueConstraint("consultation_id", "label"),
        CheckConstraint("version > 0", name="version_is_positive"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    version: Mapped[int]
    #: The version as it is printed: ``2.0`` when the data changed since 1.x, ``2.1`` when only
    #: words or their order did.
    label: Mapped[str] = mapped_column(String(16))
    #: What differs from the version before (:mod:`app.reports.body.changes`), empty for the first.
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
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


refuse_changes(Report)
refuse_changes(ReportFile)
