"""Durable themes, the ledger of what people decided, and what the machine proposes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Localized, Model, Texts


def listed(values: type[StrEnum]) -> str:
    """Return the values for a condition in the database."""
    return ", ".join(f"'{value}'" for value in values)


class ThemeStatus(StrEnum):
    """Where a theme stands; only active ones are in the results."""

    ACTIVE = "active"
    #: Counts under another theme.
    MERGED = "merged"
    #: Left out of the results with a reason.
    EXCLUDED = "excluded"
    #: Found by a run after people had decided; waits for somebody to accept it.
    PROPOSED = "proposed"
    REFUSED = "refused"
    #: Nobody had touched it and a run did not find it again, or what made it was undone.
    ENDED = "ended"


class Theme(Model):
    """A theme of a consultation: a durable object with an identity, not a cluster number.

    What people can decide about it is a function of how it was found (``found_name``,
    ``found_state``) and of the events of the ledger (:mod:`app.themes.ledger`).
    """

    __tablename__ = "themes"
    __table_args__ = (
        CheckConstraint(f"state IN ({listed(ThemeStatus)})", name="state_is_known"),
        CheckConstraint("found_state IN ('active', 'proposed')", name="found_state_is_known"),
        CheckConstraint(
            "(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into_another"
        ),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        CheckConstraint("parent_id <> id", name="not_under_itself"),
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
    #: for a theme that is not active.
    key_fr: Mapped[str | None] = mapped_column(String(200))
    key_ar: Mapped[str | None] = mapped_column(String(200))
    #: True once a person has named it.
    is_named_by_hand: Mapped[bool] = mapped_column(default=False)
    #: What belongs to it, and the rules for cases in doubt: the codebook's texts, by language.
    definition: Mapped[Localized] = mapped_column(default=dict)
    inclusion: Mapped[Localized] = mapped_column(default=dict)
    exclusion: Mapped[Localized] = mapped_column(default=dict)
    axis_id: Mapped[int | None] = mapped_column(ForeignKey("strategy_axes.id", ondelete="SET NULL"))
    population_id: Mapped[int | None] = mapped_column(
        ForeignKey("target_populations.id", ondelete="SET NULL")
    )
    #: The theme it stands under in the tree; figures are never added up over it.
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    is_validated: Mapped[bool] = mapped_column(default=False)
    keywords: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(16), default="active")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    excluded_reason: Mapped[str] = mapped_column(Text, default="")
    #: The name and state it was born with; never changed.
    found_name: Mapped[Localized] = mapped_column(default=dict)
    found_state: Mapped[str] = mapped_column(String(16), default="active")
    #: Made by a person (an event of kind ``create`` or ``split``), not found by a run.
    is_made_by_hand: Mapped[bool] = mapped_column(default=False)
    #: The last event about it (0: none): who writes says which one was seen.
    last_event_id: Mapped[int] = mapped_column(default=0)
    first_run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    #: The last run that found it.
    last_run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    stability: Mapped[float | None]
    created_at: Mapped[Instant]

    @property
    def names(self) -> Texts:
        """The name in French and Arabic; the English interface shows the French one."""
        return Texts(self.name)


class ThemeEvent(Model):
    """A decision on themes or passages; rows are only ever added.

    The kinds and their payloads are those of :mod:`app.themes.ledger.kinds`.
    """

    __tablename__ = "theme_events"
    __table_args__ = (
        UniqueConstraint("undoes_id"),
        CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name="an_undo_undoes"),
        Index("ix_theme_events_consultation", "consultation_id", "id"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    #: The theme it is about; None for passages taken from several.
    theme_id: Mapped[int | None] = mapped_column(
        ForeignKey("themes.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    #: The event that this one takes back; an undone undo is the first event in force again.
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    #: Of the events that a run wrote by itself.
    run_id: Mapped[int | None] = mapped_column(ForeignKey("analysis_runs.id"))
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_label: Mapped[str] = mapped_column(String(200))
    at: Mapped[Instant]
    theme: Mapped[Theme | None] = relationship()


class EventPassage(Model):
    """A passage that an event put somewhere; rows go only with the passage itself."""

    __tablename__ = "event_passages"
    __table_args__ = (Index("ix_event_passages_passage", "passage_id", "event_id"),)

    event_id: Mapped[int] = mapped_column(
        ForeignKey("theme_events.id", ondelete="CASCADE"), primary_key=True
    )
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True
    )
    #: The theme it was put in; None for one that was set aside or given back.
    theme_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: The theme it left.
    source_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))


class ProposalState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    #: The themes it spoke of changed, or a later run no longer makes it.
    LAPSED = "lapsed"


class Proposal(Model):
    """What the machine would change, for people to accept or refuse."""

    __tablename__ = "theme_proposals"
    __table_args__ = (
        CheckConstraint("kind IN ('new', 'split', 'merge', 'rename')", name="kind_is_known"),
        CheckConstraint(f"state IN ({listed(ProposalState)})", name="state_is_known"),
        CheckConstraint(
            "(state IN ('accepted', 'refused')) = (event_id IS NOT NULL)", name="decided_by_event"
        ),
        UniqueConstraint("consultation_id", "fingerprint"),
        Index("ix_theme_proposals_state", "consultation_id", "state"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_runs.id"))
    kind: Mapped[str] = mapped_column(String(8))
    #: What it is about: the new theme, the one to split or rename, the one to merge.
    theme_id: Mapped[int] = mapped_column(ForeignKey("themes.id"))
    #: The theme to merge into.
    other_id: Mapped[int | None] = mapped_column(ForeignKey("themes.id"))
    #: Names, parts with their passages, and the figures that speak for it.
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Hash of what it would do: one that was refused is not made again.
    fingerprint: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default="open")
    event_id: Mapped[int | None] = mapped_column(ForeignKey("theme_events.id"))
    created_at: Mapped[Instant]
    theme: Mapped[Theme] = relationship(foreign_keys=[theme_id])
    other: Mapped[Theme | None] = relationship(foreign_keys=[other_id])


refuse_changes(ThemeEvent)
