"""What a run found: passages with offsets, and where each of them is."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation
from app.core.db import Instant, Key, Model
from app.core.jobs.models import Job
from app.submissions.models import Answer, Submission
from app.themes.models.themes import Theme


class PassageState(StrEnum):
    """The one state a passage is in; the report prints the sum of all: 100 %."""

    IN_THEME = "in_theme"
    COPY = "copy"
    TO_ARBITRATE = "to_arbitrate"
    OFF_TOPIC = "off_topic"
    UNREADABLE = "unreadable"
    EXCLUDED = "excluded"


_STATES = ", ".join(f"'{state}'" for state in PassageState)
_FOUND = ", ".join(f"'{state}'" for state in PassageState if state != "excluded")


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
    #: The finished run whose themes this one continued, None for the first.
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("analysis_runs.id"))
    #: How each theme came through: ``{"themes": {id: {...}}, "ended": {id: {...}}, "n_waiting"}``,
    #: how well languages and regions are ``represented`` (1: as they should be), and the ``sizes``
    #: that themes were found with.
    carried: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    consultation: Mapped[Consultation] = relationship()
    job: Mapped[Job] = relationship()


class Passage(Model):
    """A stretch of an answer about one thing; offsets are in code points of the original."""

    __tablename__ = "passages"
    __table_args__ = (
        UniqueConstraint("answer_id", "start", "end"),
        CheckConstraint('"end" > start AND start >= 0', name="offsets_are_ordered"),
        CheckConstraint("stance IN ('for', 'against', 'mixed')", name="stance_is_known"),
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
    #: What it does, a value of ``nlp.nature.Nature``; None where the words do not tell.
    nature: Mapped[str | None] = mapped_column(String(16))
    #: ``for``, ``against`` or ``mixed`` where the words say so; never part of what a theme is.
    stance: Mapped[str | None] = mapped_column(String(8))
    #: The words as they are searched (:func:`app.core.text.fold`), personal data left out.
    folded: Mapped[str] = mapped_column(Text, default="")
    submission: Mapped[Submission] = relationship()
    answer: Mapped[Answer] = relationship()

    @property
    def text(self) -> str:
        """The exact words."""
        return (self.answer.text or "")[self.start : self.end]


class Placement(Model):
    """Where a run, and people after it, put a passage: exactly one row a run and passage.

    The columns that begin with ``found`` are what the machine said and never change. In the newest
    run, ``state`` to ``reason`` follow from them and from the ledger's events.
    """

    __tablename__ = "placements"
    __table_args__ = (
        UniqueConstraint("run_id", "passage_id"),
        CheckConstraint(f"state IN ({_STATES})", name="state_is_known"),
        CheckConstraint(f"found_state IN ({_FOUND})", name="found_state_is_known"),
        CheckConstraint(
            "(state = 'in_theme' AND theme_id IS NOT NULL) OR state <> 'in_theme'",
            name="in_theme_has_a_theme",
        ),
        CheckConstraint("margin >= 0 AND margin <= 1", name="margin_is_a_share"),
        # All that lists and counts of a theme need to find its passages, in the order of margins.
        Index("ix_placements_theme", "run_id", "theme_id", "state", "margin", "passage_id"),
        Index("ix_placements_margin", "run_id", "margin", "passage_id"),
        # The passage first: who erases one looks for its copies in every run.
        Index("ix_placements_copies", "copy_of_id", "run_id"),
        Index("ix_placements_worth", "run_id", "worth"),
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
    found_state: Mapped[str] = mapped_column(String(16))
    found_theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    found_rank: Mapped[int | None]
    #: Where it was before, for a passage that the run would put in a theme it only proposes.
    fallback_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: The human event that decided where it is; None where it is the machine's word.
    decided_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    #: An example of its theme, chosen by a person: quoted first, and what later runs go by.
    is_pinned: Mapped[bool] = mapped_column(default=False)
    #: Why a person set it aside.
    reason: Mapped[str] = mapped_column(Text, default="")
    #: How many copies it has.
    n_copies: Mapped[int] = mapped_column(default=0)
    #: What a human look at it is worth, in [0, 1]; the review queue goes by it.
    worth: Mapped[float | None]
    #: Place on the map of passages, in [0, 1]; None where it is not on it.
    map_x: Mapped[float | None]
    map_y: Mapped[float | None]
    passage: Mapped[Passage] = relationship(foreign_keys=[passage_id])
    theme: Mapped[Theme | None] = relationship(foreign_keys=[theme_id])
