"""What the ministry answers to a theme: written once in both languages, every version kept."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Localized, Model
from app.themes.models import Theme


class AnswerState(StrEnum):
    """What the ministry does with what a theme asks."""

    TAKEN_UP = "taken_up"
    PARTLY = "partly"
    #: With the reason.
    NOT_TAKEN_UP = "not_taken_up"
    #: Not the ministry's to decide: with whom it was passed to.
    BEYOND_REMIT = "beyond_remit"


_STATES = ", ".join(f"'{state}'" for state in AnswerState)


class ThemeAnswer(Model):
    """The ministry's answer to a theme as it stands."""

    __tablename__ = "theme_answers"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint("revision >= 1", name="revisions_count_from_one"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    text: Mapped[Localized]
    #: Why it is not taken up, or only partly.
    reason: Mapped[Localized] = mapped_column(default=dict)
    #: To whom it was passed.
    passed_to: Mapped[Localized] = mapped_column(default=dict)
    #: Number of the version that stands; who saves says which one was seen.
    revision: Mapped[int] = mapped_column(default=1)
    #: When it was first shown to the public, None while it is only prepared.
    published_at: Mapped[Instant | None]
    updated_at: Mapped[Instant]
    theme: Mapped[Theme] = relationship()
    versions: Mapped[list[ThemeAnswerVersion]] = relationship(
        order_by="ThemeAnswerVersion.revision", back_populates="answer"
    )


class ThemeAnswerVersion(Model):
    """A version of an answer; rows are only ever added."""

    __tablename__ = "theme_answer_versions"
    __table_args__ = (
        UniqueConstraint("answer_id", "revision"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
    )

    id: Mapped[Key]
    answer_id: Mapped[int] = mapped_column(ForeignKey("theme_answers.id", ondelete="CASCADE"))
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    text: Mapped[Localized]
    reason: Mapped[Localized] = mapped_column(default=dict)
    passed_to: Mapped[Localized] = mapped_column(default=dict)
    is_public: Mapped[bool]
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_label: Mapped[str] = mapped_column(String(200))
    answer: Mapped[ThemeAnswer] = relationship(back_populates="versions")


refuse_changes(ThemeAnswerVersion)
