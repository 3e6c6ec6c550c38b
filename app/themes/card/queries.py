"""Queries of a theme's page: its passages by words, its examples."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, distinct, func, select

from app.core.text import fold
from app.themes.models import AnalysisRun, Passage, PassageState, Placement
from app.themes.queries import (
    Narrowing,
    figure_columns,
    passages_of,
    passages_with_words,
    placed,
)


def listed_passages(
    run: AnalysisRun, theme_id: int, *, state: PassageState | None, part: Narrowing, words: str
) -> Select[Any]:
    """Select a root theme's passages that hold some words, the clearest first."""
    rows = passages_of(run, theme_id, state=state, part=part)
    folded = fold(words)
    if not folded:
        return rows
    holding = select(Passage.id).where(Passage.folded.contains(folded, autoescape=True))
    return rows.where(rows.selected_columns.passage_id.in_(holding))


def examples(run: AnalysisRun, theme_id: int, part: Narrowing) -> Select[Any]:
    """Select the passages that people made examples of a root theme."""
    facts, rows = passages_with_words(run, part)
    pinned = select(Placement.id).where(Placement.run_id == run.id, Placement.is_pinned)
    return rows.where(
        facts.c.theme_id == theme_id,
        facts.c.state == PassageState.IN_THEME,
        facts.c.placement_id.in_(pinned),
    ).order_by(facts.c.passage_id)


def pinned_ids(run: AnalysisRun) -> Select[int]:
    """Select the passages that are examples of any theme."""
    return select(Placement.passage_id).where(Placement.run_id == run.id, Placement.is_pinned)


def figures_of(run: AnalysisRun, group: Collection[int]) -> Select[Any]:
    """Select the counts of one root theme, by language of the passage.

    :param group: the theme and all that count under it: their rows alone are read.
    """
    facts = placed(run)
    return (
        select(facts.c.language, *figure_columns(facts))
        .where(facts.c.found_id.in_(sorted(group)))
        .group_by(facts.c.language)
    )


def voices_of(run: AnalysisRun, group: Collection[int]) -> Any:
    """Select the counts of one root theme, a single row: voices add up in no other way."""
    facts = placed(run)
    return select(*figure_columns(facts)).where(facts.c.found_id.in_(sorted(group)))


def voices_by_region_and_actor(run: AnalysisRun, group: Collection[int]) -> Select[Any]:
    """Select ``region_code, actor_type, n_voices`` of a root theme, for a crossed table."""
    facts = placed(run)
    columns = (facts.c.region_code, facts.c.actor_type)
    return (
        select(*columns, func.count(distinct(facts.c.submission_id)).label("n_voices"))
        .where(facts.c.found_id.in_(sorted(group)), facts.c.state == PassageState.IN_THEME)
        .group_by(*columns)
        .order_by(*columns)
    )
