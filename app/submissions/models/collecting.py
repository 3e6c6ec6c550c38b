"""Tables of what a collection aims at, and of what was told about it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Instant, Key, Model


class Target(Model):
    """How many submissions are hoped for from a region and a group of actors."""

    __tablename__ = "targets"
    __table_args__ = (
        UniqueConstraint("consultation_id", "region_code", "actor_group"),
        CheckConstraint("n_wanted >= 0", name="not_negative"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    #: A key of :data:`app.submissions.collection.GROUPS`.
    actor_group: Mapped[str] = mapped_column(String(20))
    n_wanted: Mapped[int]


class Digest(Model):
    """The state of the collection that one coordinator was told on one day, once."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("consultation_id", "user_id", "region_code", "on"),)

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    on: Mapped[date]
    sent_at: Mapped[Instant]
