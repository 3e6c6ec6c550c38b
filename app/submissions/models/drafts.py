"""Tables of answers being written, and of how far people get with them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation, Questionnaire
from app.core.db import Instant, Key, Model
from app.submissions.models.said import Submission


class Draft(Model):
    """Answers being written, kept on the server section by section."""

    __tablename__ = "drafts"

    id: Mapped[Key]
    #: Random secret of the device that writes; it is also the submission's idempotency key.
    token: Mapped[str] = mapped_column(String(64), unique=True)
    #: Ten characters by which another device takes the draft up; None until it was asked for.
    code: Mapped[str | None] = mapped_column(String(10), unique=True)
    #: Grows with each change; a device that saves says which one it has seen.
    revision: Mapped[int] = mapped_column(default=0)
    #: Revision at which each section (by position, as text) was last changed.
    section_revisions: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    attempt_id: Mapped[int | None] = mapped_column(
        ForeignKey("attempts.id", name="fk_drafts_attempt", ondelete="SET NULL")
    )
    #: The submission that this draft corrects, where it is not a first answer.
    corrects_id: Mapped[int | None] = mapped_column(
        ForeignKey("submissions.id", name="fk_drafts_corrects", ondelete="CASCADE"), index=True
    )
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
    corrects: Mapped[Submission | None] = relationship()


class Attempt(Model):
    """How far one person got: no word of what was said, and no way back to who it was.

    It outlives the draft, so that completion and drop-out can be told section by section.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_consultation", "consultation_id", "begun_at"),
        CheckConstraint("furthest_position >= 1", name="sections_count_from_one"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    questionnaire_id: Mapped[int] = mapped_column(ForeignKey("questionnaires.id"))
    lang: Mapped[str] = mapped_column(String(3))
    begun_at: Mapped[Instant]
    #: Position of the furthest section that was opened.
    furthest_position: Mapped[int] = mapped_column(default=1)
    #: Whether the check of the whole was reached.
    has_checked: Mapped[bool] = mapped_column(default=False)
    is_sent: Mapped[bool] = mapped_column(default=False)
