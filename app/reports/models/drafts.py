"""Reports being written: what they would say, what people said of them, who approved."""

from __future__ import annotations

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model
from app.themes.models import AnalysisRun


class DraftState(StrEnum):
    """What became of a draft."""

    OPEN = "open"
    PUBLISHED = "published"
    #: Given up; kept, for its comments are part of the record.
    DISCARDED = "discarded"


_IS_OPEN = text("state = 'open'")


class ReportDraft(Model):
    """A report as it stands before publication; a consultation has one open draft at a time."""

    __tablename__ = "report_drafts"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'published', 'discarded')", name="state_is_known"),
        Index(
            "uq_report_drafts_open",
            "consultation_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    state: Mapped[str] = mapped_column(String(16), default=DraftState.OPEN)
    #: Everything it would say (:mod:`app.reports.body`), the outline applied.
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Hash of the body; what is approved is this.
    sha256: Mapped[str] = mapped_column(String(64))
    #: Counts for the filters of the results page (:mod:`app.reports.body.cells`).
    cells: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What people decided of it (:mod:`app.reports.body.outline`): order, hiding, narrative.
    outline: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Grows with every change; who saves says which one was seen.
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    updated_at: Mapped[Instant]
    #: The version that it became.
    report_id: Mapped[int | None] = mapped_column(ForeignKey("reports.id", ondelete="CASCADE"))
    consultation: Mapped[Consultation] = relationship()
    run: Mapped[AnalysisRun] = relationship()
    approvals: Mapped[list[ReportApproval]] = relationship(
        cascade="all, delete-orphan", order_by="ReportApproval.id", back_populates="draft"
    )
    comments: Mapped[list[ReportComment]] = relationship(
        cascade="all, delete-orphan", order_by="ReportComment.id", back_populates="draft"
    )


class ReportApproval(Model):
    """Somebody vouches for a draft exactly as it was."""

    __tablename__ = "report_approvals"
    __table_args__ = (UniqueConstraint("draft_id", "user_id", "sha256"),)

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("report_drafts.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: The person's name at the time, kept when the account goes.
    user_label: Mapped[str] = mapped_column(String(200))
    #: Hash of the body that was approved: another body is not.
    sha256: Mapped[str] = mapped_column(String(64))
    at: Mapped[Instant]
    draft: Mapped[ReportDraft] = relationship(back_populates="approvals")


class ReportComment(Model):
    """A remark on a draft, a section or a claim of it, and whether it is settled."""

    __tablename__ = "report_comments"
    __table_args__ = (
        CheckConstraint(
            "(settled_at IS NULL) = (settled_by_label = '')", name="settled_by_somebody"
        ),
        Index("ix_report_comments_draft", "draft_id", "section"),
    )

    id: Mapped[Key]
    draft_id: Mapped[int] = mapped_column(ForeignKey("report_drafts.id", ondelete="CASCADE"))
    #: Identifier of the section; empty for the whole.
    section: Mapped[str] = mapped_column(String(80), default="")
    #: Identifier of the claim, empty for the whole section.
    claim: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    author_label: Mapped[str] = mapped_column(String(200))
    at: Mapped[Instant]
    settled_at: Mapped[Instant | None]
    settled_by_label: Mapped[str] = mapped_column(String(200), default="")
    draft: Mapped[ReportDraft] = relationship(back_populates="comments")
    author: Mapped[User | None] = relationship()
