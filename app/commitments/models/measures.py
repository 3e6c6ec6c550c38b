"""Measures and conventions: who commits to what, where, for whom, until when, and how it goes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.consultations.models import Consultation, StrategyAxis, TargetPopulation
from app.core.audit import refuse_changes
from app.core.db import Instant, Key, Localized, Model
from app.core.files.models import StoredFile
from app.territories.models import Commune, Province, Region
from app.themes.models import Passage, Theme


class MeasureKind(StrEnum):
    """What was committed to."""

    MEASURE = "measure"
    #: An agreement signed by several parties.
    CONVENTION = "convention"
    PROGRAMME = "programme"


class MeasureState(StrEnum):
    """How far it is; being late follows from the dates and is no state."""

    PLANNED = "planned"
    SIGNED = "signed"
    UNDER_WAY = "under_way"
    DONE = "done"
    SUSPENDED = "suspended"
    ABANDONED = "abandoned"


def _one_of(values: type[StrEnum]) -> str:
    """Return the values for a condition in the database."""
    return ", ".join(f"'{value}'" for value in values)


class Measure(Model):
    """A commitment that follows from a consultation."""

    __tablename__ = "measures"
    __table_args__ = (
        UniqueConstraint("consultation_id", "key"),
        CheckConstraint(f"kind IN ({_one_of(MeasureKind)})", name="kind_is_known"),
        CheckConstraint(f"state IN ({_one_of(MeasureState)})", name="state_is_known"),
        CheckConstraint("amount_mad >= 0", name="amount_is_not_negative"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("province_code IS NULL OR region_code IS NOT NULL", name="place_is_whole"),
        CheckConstraint("commune_code IS NULL OR province_code IS NOT NULL", name="place_goes_up"),
        Index("ix_measures_place", "consultation_id", "region_code"),
    )

    id: Mapped[Key]
    consultation_id: Mapped[int] = mapped_column(ForeignKey("consultations.id", ondelete="CASCADE"))
    #: By which imports know it again; made from the title where nobody gave one.
    key: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    title: Mapped[Localized]
    description: Mapped[Localized] = mapped_column(default=dict)
    #: Who committed: names by language.
    parties: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    #: Whole dirhams; None where none was made public.
    amount_mad: Mapped[int | None] = mapped_column(BigInteger)
    #: None: the whole country.
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    axis_id: Mapped[int | None] = mapped_column(ForeignKey("strategy_axes.id", ondelete="SET NULL"))
    population_id: Mapped[int | None] = mapped_column(
        ForeignKey("target_populations.id", ondelete="SET NULL")
    )
    signed_on: Mapped[date | None]
    starts_on: Mapped[date | None]
    #: When it should be done.
    ends_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(16))
    #: Where it is announced, in words; ``source_url`` its address where there is one.
    source: Mapped[str] = mapped_column(Text, default="")
    source_url: Mapped[str] = mapped_column(String(500), default="")
    is_public: Mapped[bool] = mapped_column(default=True)
    #: Number of the last event; who saves says which one was seen.
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    consultation: Mapped[Consultation] = relationship()
    region: Mapped[Region | None] = relationship()
    province: Mapped[Province | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    axis: Mapped[StrategyAxis | None] = relationship()
    population: Mapped[TargetPopulation | None] = relationship()
    milestones: Mapped[list[Milestone]] = relationship(
        cascade="all, delete-orphan", order_by="Milestone.position"
    )
    documents: Mapped[list[MeasureDocument]] = relationship(
        cascade="all, delete-orphan", order_by="MeasureDocument.id"
    )
    themes: Mapped[list[Theme]] = relationship(secondary="measure_themes", order_by="Theme.id")
    events: Mapped[list[MeasureEvent]] = relationship(order_by="MeasureEvent.revision")


class Milestone(Model):
    """A step of a measure."""

    __tablename__ = "measure_milestones"
    __table_args__ = (UniqueConstraint("measure_id", "position"),)

    id: Mapped[Key]
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[Localized]
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]


class MeasureDocument(Model):
    """A document of a measure: a file kept here or an address."""

    __tablename__ = "measure_documents"
    __table_args__ = (
        CheckConstraint("(file_id IS NULL) <> (url = '')", name="a_file_or_an_address"),
    )

    id: Mapped[Key]
    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measures.id", ondelete="CASCADE"), index=True
    )
    title: Mapped[Localized]
    url: Mapped[str] = mapped_column(String(500), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_files.id"))
    file: Mapped[StoredFile | None] = relationship()


class MeasureTheme(Model):
    """A theme that a measure answers."""

    __tablename__ = "measure_themes"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measures.id", ondelete="CASCADE"), primary_key=True
    )
    theme_id: Mapped[int] = mapped_column(
        ForeignKey("themes.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class MeasurePassage(Model):
    """A passage that a measure answers."""

    __tablename__ = "measure_passages"

    measure_id: Mapped[int] = mapped_column(
        ForeignKey("measures.id", ondelete="CASCADE"), primary_key=True
    )
    passage_id: Mapped[int] = mapped_column(
        ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    passage: Mapped[Passage] = relationship()


class MeasureEvent(Model):
    """What was changed of a measure, by whom and when; rows are only ever added."""

    __tablename__ = "measure_events"
    __table_args__ = (UniqueConstraint("measure_id", "revision"),)

    id: Mapped[Key]
    measure_id: Mapped[int] = mapped_column(ForeignKey("measures.id", ondelete="CASCADE"))
    revision: Mapped[int]
    #: ``create``, ``change``, ``import``.
    kind: Mapped[str] = mapped_column(String(16))
    #: ``{field: [before, after]}``, as JSON holds them.
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    note: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[Instant]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    actor_label: Mapped[str] = mapped_column(String(200))


refuse_changes(MeasureEvent)
