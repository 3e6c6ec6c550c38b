"""Tables of an organisation's common draft: who edits, comments, approves and signs."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model
from app.organisations.models import Organisation
from app.submissions.models.drafts import Draft
from app.submissions.models.said import Submission


class PositionState(StrEnum):
    """Where an organisation's position stands."""

    DRAFTING = "drafting"
    #: Put before the delegates and the signatory; editing it takes it back to drafting.
    PROPOSED = "proposed"
    SIGNED = "signed"


class Position(Model):
    """The one position of an organisation in a consultation, from its draft to its signature."""

    __tablename__ = "positions"
    __table_args__ = (
        UniqueConstraint("consultation_id", "organisation_id"),
        CheckConstraint("state IN ('drafting', 'proposed', 'signed')", name="state_is_known"),
        CheckConstraint(
            "(state = 'signed') = (signed_at IS NOT NULL)", name="signed_at_an_instant"
        ),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(16), default=PositionState.DRAFTING)
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("drafts.id", ondelete="SET NULL"))
    submission_id: Mapped[int | None] = mapped_column(
        ForeignKey("submissions.id", ondelete="SET NULL"), unique=True
    )
    created_at: Mapped[Instant]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    proposed_at: Mapped[Instant | None]
    signed_at: Mapped[Instant | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    #: In what function the signatory signed, as the mandate said then.
    signed_as: Mapped[str] = mapped_column(String(200), default="")
    consultation: Mapped[Consultation] = relationship()
    organisation: Mapped[Organisation] = relationship()
    draft: Mapped[Draft | None] = relationship()
    submission: Mapped[Submission | None] = relationship()


class PositionEdit(Model):
    """What one delegate changed in the common draft; rows are only ever added."""

    __tablename__ = "position_edits"
    __table_args__ = (Index("ix_position_edits_position", "position_id", "at"),)

    id: Mapped[Key]
    position_id: Mapped[int] = mapped_column(ForeignKey("positions.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[Instant]
    #: The draft's revision after the change.
    revision: Mapped[int]
    #: ``{key: [before, after]}``.
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    user: Mapped[User] = relationship()


class PositionComment(Model):
    """A remark on the common draft, or on one of its questions."""

    __tablename__ = "position_comments"
    __table_args__ = (Index("ix_position_comments_position", "position_id", "at"),)

    id: Mapped[Key]
    position_id: Mapped[int] = mapped_column(ForeignKey("positions.id", ondelete="CASCADE"))
    question_key: Mapped[str] = mapped_column(String(40), default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    at: Mapped[Instant]
    body: Mapped[str] = mapped_column(Text)
    resolved_at: Mapped[Instant | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    user: Mapped[User] = relationship(foreign_keys=[user_id])


class PositionApproval(Model):
    """A delegate's agreement with the draft as it stood at one revision."""

    __tablename__ = "position_approvals"
    __table_args__ = (UniqueConstraint("position_id", "user_id", "revision"),)

    id: Mapped[Key]
    position_id: Mapped[int] = mapped_column(ForeignKey("positions.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    revision: Mapped[int]
    at: Mapped[Instant]
    user: Mapped[User] = relationship()
