"""Tables of what makes the review trustworthy: looks of the queue, and passages coded blind."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Model
from app.themes.models.found import AnalysisRun, Passage


class ReviewLook(Model):
    """One look of one person at one passage of the review queue, and what it said."""

    __tablename__ = "review_looks"
    __table_args__ = (
        UniqueConstraint("run_id", "passage_id", "actor_id", "kind"),
        CheckConstraint("kind IN ('queue', 'repeat')", name="kind_is_known"),
        Index("ix_review_looks_run", "run_id", "kind"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id", ondelete="CASCADE"))
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"))
    #: ``queue``: chosen for its worth; ``repeat``: decided before, and shown again blind.
    kind: Mapped[str] = mapped_column(String(8))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_label: Mapped[str] = mapped_column(String(200))
    #: True if the machine's guess, or the earlier decision, was not shown.
    is_blind: Mapped[bool] = mapped_column(default=False)
    #: What the machine said, or what was decided before (a repeat).
    guess_state: Mapped[str] = mapped_column(String(16))
    guess_theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: What the person said.
    chosen_state: Mapped[str] = mapped_column(String(16))
    chosen_theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: Whether the two are the same, merges taken into account at that time.
    is_same: Mapped[bool]
    #: How it was drawn and from which stratum, for the estimate: ``worth:``, ``chance:`` or
    #: ``repeat:`` with a band of the margin, ``aside`` or ``waiting``.
    stratum: Mapped[str] = mapped_column(String(40), default="")
    #: The decision that came of it; of a repeat, the one that it was held against.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    at: Mapped[Instant]
    passage: Mapped[Passage] = relationship()


class CodingRound(Model):
    """A blind sample that two people code, and a third where they disagree."""

    __tablename__ = "coding_rounds"
    __table_args__ = (
        CheckConstraint("size > 0", name="has_a_size"),
        CheckConstraint("first_coder_id <> second_coder_id", name="two_coders"),
        CheckConstraint(
            "third_coder_id <> first_coder_id AND third_coder_id <> second_coder_id",
            name="the_third_is_another",
        ),
        Index("ix_coding_rounds_run", "run_id"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id", ondelete="CASCADE"))
    size: Mapped[int]
    seed: Mapped[int]
    first_coder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    second_coder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    third_coder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Instant]
    #: Once closed nobody codes any more, and the measures are kept as they were.
    closed_at: Mapped[Instant | None]
    results: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    run: Mapped[AnalysisRun] = relationship()
    items: Mapped[list[CodingItem]] = relationship(
        back_populates="round", cascade="all, delete-orphan", order_by="CodingItem.position"
    )


class CodingItem(Model):
    """A passage of a blind sample, with what the machine said when it was drawn."""

    __tablename__ = "coding_items"
    __table_args__ = (
        UniqueConstraint("round_id", "passage_id"),
        UniqueConstraint("round_id", "position"),
    )

    id: Mapped[Key]
    round_id: Mapped[int] = mapped_column(ForeignKey("coding_rounds.id", ondelete="CASCADE"))
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passages.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    machine_state: Mapped[str] = mapped_column(String(16))
    machine_theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    round: Mapped[CodingRound] = relationship(back_populates="items")
    passage: Mapped[Passage] = relationship()
    codings: Mapped[list[Coding]] = relationship(
        back_populates="item", cascade="all, delete-orphan"
    )


class Coding(Model):
    """What one coder said of one passage, without seeing what others said; never changed."""

    __tablename__ = "codings"
    __table_args__ = (
        UniqueConstraint("item_id", "role"),
        CheckConstraint("role IN ('first', 'second', 'third')", name="role_is_known"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(ForeignKey("coding_items.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(8))
    coder_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    coder_label: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(16))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    at: Mapped[Instant]
    item: Mapped[CodingItem] = relationship(back_populates="codings")


refuse_changes(ReviewLook)
