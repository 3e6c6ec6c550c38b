"""The table that ties a kept file to the draft or the submission it belongs to."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Instant, Key, Model
from app.core.files.models import StoredFile


class AttachmentRole(StrEnum):
    """What a file is to a submission."""

    #: The answer to a question of the kind ``file``: its text is in ``Answer.text``.
    ANSWER = "answer"
    #: The picture of a paper form, for staff alone.
    SCAN = "scan"


class Attachment(Model):
    """A file of a draft (while it is written) and then of a submission."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("role IN ('answer', 'scan')", name="role_is_known"),
        CheckConstraint(
            "draft_id IS NOT NULL OR submission_id IS NOT NULL", name="belongs_to_something"
        ),
        Index("ix_attachments_draft", "draft_id"),
        Index("ix_attachments_submission", "submission_id"),
    )

    id: Mapped[Key]
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_files.id"), unique=True)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"))
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE")
    )
    #: Key of the question it answers, empty for a scan.
    question_key: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[str] = mapped_column(String(16), default=AttachmentRole.ANSWER)
    created_at: Mapped[Instant]
    file: Mapped[StoredFile] = relationship()
