"""The table of partners whose programs may send submissions."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model


class Partner(Model):
    """An organisation whose program sends submissions to one consultation."""

    __tablename__ = "partners"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(200), unique=True)
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    #: SHA-256 of the token; the token itself is shown once, when it is made.
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    #: Its first characters, to tell tokens apart on the page.
    token_start: Mapped[str] = mapped_column(String(12))
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    last_used_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    consultation: Mapped[Consultation] = relationship()
