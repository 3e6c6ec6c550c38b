"""Tables of moderation and of the rights that law 09-08 gives; contact data stands apart."""

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

from app.core.db import Instant, Key, Model
from app.submissions.models.said import Answer, Submission


class Contact(Model):
    """How to reach a contributor who wished it; deleted by the purge, never exported."""

    __tablename__ = "contacts"
    __table_args__ = (CheckConstraint("email <> '' OR phone <> ''", name="reaches_someone"),)

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), unique=True
    )
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(200), default="")
    lang: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[Instant]
    #: When they asked not to be written to any more about what became of their words.
    stopped_at: Mapped[Instant | None]


_IS_OPEN = text("state = 'open'")


class CaseReason(StrEnum):
    """Why somebody should look at a submission."""

    PERSONAL_DATA = "personal_data"
    INSULT = "insult"
    HATRED = "hatred"
    OFF_TOPIC = "off_topic"
    ADVERTISING = "advertising"
    DUPLICATE = "duplicate"
    OTHER = "other"


class CaseSource(StrEnum):
    """Who pointed at it."""

    MACHINE = "machine"
    STAFF = "staff"
    PUBLIC = "public"


class CaseState(StrEnum):
    """What was decided."""

    OPEN = "open"
    #: Shown as it is; masks that the machine proposed are lifted.
    KEPT = "kept"
    #: Shown with some words masked.
    MASKED = "masked"
    #: Counted and analysed, never quoted nor shown.
    HIDDEN = "hidden"


class RedactionSource(StrEnum):
    """Who masked the words."""

    MACHINE = "machine"
    STAFF = "staff"
    AUTHOR = "author"


class ModerationCase(Model):
    """A reason to look at a submission, and what was decided."""

    __tablename__ = "moderation_cases"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('personal_data', 'insult', 'hatred', 'off_topic', 'advertising', "
            "'duplicate', 'other')",
            name="reason_is_known",
        ),
        CheckConstraint("source IN ('machine', 'staff', 'public')", name="source_is_known"),
        CheckConstraint("state IN ('open', 'kept', 'masked', 'hidden')", name="state_is_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_an_instant"),
        # The same reason waits once for one submission.
        Index(
            "uq_moderation_cases_open",
            "submission_id",
            "reason",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    reason: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(16))
    #: Words of whoever reported it.
    note: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="open")
    opened_at: Mapped[Instant]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: What the contributor is told, by language.
    explanation: Mapped[str] = mapped_column(Text, default="")
    submission: Mapped[Submission] = relationship()


class Redaction(Model):
    """Words of an answer that are masked in what is published; the original stays as it is."""

    __tablename__ = "redactions"
    __table_args__ = (
        UniqueConstraint("answer_id", "start", "end"),
        CheckConstraint('"end" > start AND start >= 0', name="offsets_are_ordered"),
        CheckConstraint("source IN ('machine', 'staff', 'author')", name="source_is_known"),
    )

    id: Mapped[Key]
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    #: Code points of the answer's text.
    start: Mapped[int]
    end: Mapped[int]
    #: ``email``, ``phone``, ``name``, ... : what is said in its place.
    kind: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(16))
    #: A moderator said that it masks nothing personal; kept so that it is not proposed again.
    is_lifted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answer: Mapped[Answer] = relationship()


class DataRequest(Model):
    """A right of law 09-08 that someone used by their code, and what was answered."""

    __tablename__ = "data_requests"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('access', 'correction', 'erasure', 'objection')", name="kind_is_known"
        ),
        CheckConstraint("state IN ('open', 'granted', 'refused')", name="state_is_known"),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_at_an_instant"),
        Index(
            "uq_data_requests_open",
            "submission_id",
            "kind",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(
        ForeignKey("submissions.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    message: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default="open")
    made_at: Mapped[Instant]
    #: When the law expects an answer at the latest.
    due_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    answer: Mapped[str] = mapped_column(Text, default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    submission: Mapped[Submission] = relationship()
