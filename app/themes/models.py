"""Tables of the analysis: passages with offsets, durable themes, placements, and the human log."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Localized, Model, Texts
from app.core.jobs.models import Job
from app.submissions.models import Answer, Submission


class PassageState(StrEnum):
    """The one state a passage is in; the report prints the sum of all: 100 %."""

    IN_THEME = "in_theme"
    COPY = "copy"
    TO_ARBITRATE = "to_arbitrate"
    OFF_TOPIC = "off_topic"
    UNREADABLE = "unreadable"
    EXCLUDED = "excluded"


_STATES = ", ".join(f"'{state}'" for state in PassageState)


class AnalysisRun(Model):
    """One analysis of a consultation's corpus by the machine."""

    __tablename__ = "analysis_runs"

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE"), index=True
    )
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id"), unique=True)
    #: Number of themes asked for (None: chosen by the data), passage unit, seed.
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    engine: Mapped[str] = mapped_column(String(60), default="")
    #: Hash of the analysed texts and of the options: the same means the same output.
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    n_submissions: Mapped[int] = mapped_column(default=0)
    n_passages: Mapped[int] = mapped_column(default=0)
    started_at: Mapped[Instant]
    #: When its placements were written, all at once; before that nothing of it is shown.
    finished_at: Mapped[Instant | None]
    consultation: Mapped[Consultation] = relationship()
    job: Mapped[Job] = relationship()


class Passage(Model):
    """A stretch of an answer about one thing; offsets are in code points of the original."""

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("answer_id", "start", "end"),
        CheckConstraint('"end" > start AND start >= 0', name="offsets_are_ordered"),
        Index("ix_passages_submission", "submission_id"),
    )

    id: Mapped[Key]
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id", ondelete="CASCADE"))
    answer_id: Mapped[int] = mapped_column(ForeignKey("answers.id", ondelete="CASCADE"))
    start: Mapped[int]
    end: Mapped[int]
    language: Mapped[str] = mapped_column(String(10))
    #: SHA-256 of the exact words, hexadecimal.
    sha256: Mapped[str] = mapped_column(String(64))
    submission: Mapped[Submission] = relationship()
    answer: Mapped[Answer] = relationship()

    @property
    def text(self) -> str:
        """The exact words."""
        return (self.answer.text or "")[self.start : self.end]


class Theme(Model):
    """A theme of a consultation: a durable object with an identity, not a cluster number."""

    __tablename__ = "themes"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'merged', 'excluded')", name="state_is_known"),
        CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"
        ),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint(
            "(state = 'excluded') = (excluded_reason <> '')", name="excluded_with_a_reason"
        ),
        Index("ix_themes_consultation", "consultation_id", "state"),
        UniqueConstraint("consultation_id", "key_fr"),
        UniqueConstraint("consultation_id", "key_ar"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    name: Mapped[Localized]
    #: The names folded (case, accents, vowel signs): no two current themes bear the same one. Null
    #: once the theme is merged, excluded, or no longer found.
    key_fr: Mapped[str | None] = mapped_column(String(200))
    key_ar: Mapped[str | None] = mapped_column(String(200))
    #: True once a person has named it: no run changes the name again.
    is_named_by_hand: Mapped[bool] = mapped_column(default=False)
    keywords: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="active")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    excluded_reason: Mapped[str] = mapped_column(Text, default="")
    first_run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    #: The last run that found it.
    last_run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    stability: Mapped[float | None]
    created_at: Mapped[Instant]

    @property
    def names(self) -> Texts:
        """The name in French and Arabic; the English interface shows the French one."""
        return Texts(self.name)


class Placement(Model):
    """Where a run, and people after it, put a passage: exactly one row a run and passage."""

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("run_id", "passage_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint(
            "(state = 'in_theme' AND theme_id IS NOT NULL) OR state <> 'in_theme'",
            name="in_theme_has_a_theme",
        ),
        CheckConstraint("margin >= 0 AND margin <= 1", name="margin_is_a_share"),
        Index("ix_placements_theme", "run_id", "theme_id", "state"),
        Index("ix_placements_passage", "passage_id"),
    )

    id: Mapped[Key]
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id", ondelete="CASCADE"))
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16))
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: How clearly the passage belongs there, in [0, 1].
    margin: Mapped[float]
    #: For a copy: the passage that carries the campaign's text.
    copy_of_id: Mapped[int | None] = mapped_column(ForeignKey("passages.id"))
    #: Rank among the theme's quotations (0 first), None if it is not one.
    quotation_rank: Mapped[int | None]
    passage: Mapped[Passage] = relationship(foreign_keys=[passage_id])
    theme: Mapped[Theme | None] = relationship()


class ThemeEvent(Model):
    """A human decision on a theme; rows are only ever added."""

    __tablename__ = "theme_events"

    id: Mapped[Key]
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"), index=True)
    #: ``rename``, ``merge``, ``exclude``, ``restore``.
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_label: Mapped[str] = mapped_column(String(200))
    at: Mapped[Instant]
    theme: Mapped[Theme] = relationship()


refuse_changes(ThemeEvent)
