"""The table of letters to send."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Instant, Key, Model


class LetterState(StrEnum):
    """Whether a letter has left."""

    WAITING = "waiting"
    SENT = "sent"
    #: Refused by the server for good, or too many times.
    FAILED = "failed"


class Letter(Model):
    """One e-mail to one person."""

    __tablename__ = "letters"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state_is_known"),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_at_an_instant"),
        Index("ix_letters_state", "state", "next_try_at"),
    )

    id: Mapped[Key]
    #: What makes it the same letter (``meetings.invitation:12``): posted twice, it is one row.
    key: Mapped[str] = mapped_column(String(160), unique=True)
    #: ``meetings.invitation``, ``submissions.digest``: the feature, then what it tells.
    kind: Mapped[str] = mapped_column(String(60))
    recipient: Mapped[str] = mapped_column(String(255))
    lang: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    #: ``[{"name", "type", "content"}]`` with the content in base 64 (small files: calendars).
    enclosures: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(16), default=LetterState.WAITING)
    n_tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    next_try_at: Mapped[Instant | None]
    sent_at: Mapped[Instant | None]
    error: Mapped[str] = mapped_column(Text, default="")
