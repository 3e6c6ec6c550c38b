"""What the review's pages show, gathered from queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.db import db
from app.core.errors import ForbiddenError, NotFoundError
from app.core.moment import for_a_moment
from app.submissions.queries import scope_of
from app.territories.models import Region
from app.themes import queries
from app.themes.card import queries as card_queries
from app.themes.models import AnalysisRun, Theme
from app.themes.overview import ThemeFigures
from app.themes.queries import Narrowing


class Rows(Pagination):
    """A page of a select's rows (the library's own keeps only their first column)."""

    def _query_items(self) -> list[Any]:
        """Return the page's rows."""
        rows: Select[Any] = self._query_args["select"]
        return list(db.session.execute(rows.limit(self.per_page).offset(self._query_offset)))

    def _query_count(self) -> int:
        """Return how many rows there are, counted unless the caller knows."""
        known: int | None = self._query_args.get("total")
        if known is not None:
            return known
        return db.session.scalar(queries.n_rows(self._query_args["select"])) or 0


def readable_part(session: Session, actor: Actor, consultation_id: int) -> Narrowing:
    """Return the part of a corpus whose words ``actor`` may read: all, or that of some regions.

    :raises ForbiddenError: if it is none of it.
    """
    codes = list(session.scalars(select(Region.code).order_by(Region.code)))
    scope = scope_of(actor, consultation_id, codes)
    if scope is None:
        raise ForbiddenError
    return Narrowing(regions=scope.regions)


def get_theme(session: Session, theme_id: int) -> Theme:
    """Return a theme.

    :raises NotFoundError: if there is none of that number.
    """
    theme = session.get(Theme, theme_id)
    if theme is None:
        raise NotFoundError
    return theme


def get_run(session: Session, run_id: int) -> AnalysisRun:
    """Return a run.

    :raises NotFoundError: if there is none of that number.
    """
    run = session.get(AnalysisRun, run_id)
    if run is None:
        raise NotFoundError
    return run


@dataclass
class Cross:
    """A theme's voices by region and actor type.

    :ivar actor_types: those that speak in the theme, most voices first.
    :ivar cells: voices by (region, actor type); the region None is "not stated".
    """

    actor_types: list[str] = field(default_factory=list)
    regions: list[str | None] = field(default_factory=list)
    cells: dict[tuple[str | None, str], int] = field(default_factory=dict)

    def of_region(self, code: str | None) -> int:
        """Return the voices of a region."""
        return sum(n for (region, _actor), n in self.cells.items() if region == code)

    def of_actor(self, code: str) -> int:
        """Return the voices of an actor type."""
        return sum(n for (_region, actor), n in self.cells.items() if actor == code)


@dataclass
class Card:
    """Everything that a theme's page shows besides its passages.

    :ivar root: the theme it counts under (itself unless merged).
    :ivar holds: themes merged into it.
    """

    theme: Theme
    root: Theme
    run: AnalysisRun
    figures: ThemeFigures
    n_submissions: int
    cross: Cross
    quotations: list[Any]
    holds: list[Theme]
    others: list[Theme]


def load_card(session: Session, theme: Theme, run: AnalysisRun, part: Narrowing) -> Card:
    """Return a theme's card; ``part`` is what the reader may read of the quotations.

    Only the rows of the theme are read: the page is opened again and again.
    """
    by_id = {t.id: t for t in session.scalars(queries.themes_of(theme.consultation_id))}
    group = [one.id for one in by_id.values() if queries.root_of(one, by_id) is theme]
    current = session.scalars(queries.current_themes(theme.consultation_id))
    total = _n_submissions(run.id)
    quotations = queries.quotations(run, theme.id, part)
    columns = quotations.selected_columns
    # People's examples stand on the card by themselves.
    quotations = quotations.where(columns.found_id.in_(group), ~columns.is_pinned)
    return Card(
        theme=theme,
        root=queries.root_of(theme, by_id),
        run=run,
        figures=_figures_of(session, run, theme, group, total),
        n_submissions=total,
        cross=_cross(session, run, group),
        quotations=list(session.execute(quotations)),
        holds=[by_id[number] for number in group if number != theme.id],
        others=sorted((t for t in current if t is not theme), key=lambda t: t.name.get("fr", "")),
    )


@for_a_moment(20)
def _n_submissions(run_id: int) -> int:
    """Return how many submissions have a passage in a run."""
    run = db.session.get_one(AnalysisRun, run_id)
    return db.session.scalar(queries.n_submissions(run)) or 0


def _figures_of(
    session: Session, run: AnalysisRun, theme: Theme, group: list[int], total: int
) -> ThemeFigures:
    """Return a theme's figures, zeros for one that holds nothing in this run."""
    [counts] = session.execute(card_queries.voices_of(run, group)).mappings()
    languages = {
        row.language: row.n_passages
        for row in session.execute(card_queries.figures_of(run, group))
        if row.n_passages
    }
    share = counts["n_voices"] / total if total else 0.0
    return ThemeFigures(theme, share=share, languages=languages, **counts)


def _cross(session: Session, run: AnalysisRun, group: list[int]) -> Cross:
    """Count a theme's voices by region and actor type."""
    cells: dict[tuple[str | None, str], int] = defaultdict(int)
    for row in session.execute(card_queries.voices_by_region_and_actor(run, group)):
        cells[row.region_code, row.actor_type] = row.n_voices
    cross = Cross(cells=dict(cells))
    actors = {actor for _region, actor in cells}
    cross.actor_types = sorted(actors, key=lambda code: (-cross.of_actor(code), code))
    cross.regions = list(session.scalars(select(Region.code).order_by(Region.code)))
    if cross.of_region(None):
        cross.regions.append(None)
    return cross


def n_themes_by_run(session: Session, runs: list[AnalysisRun]) -> dict[int, int]:
    """Return how many themes each finished run found."""
    rows = session.execute(queries.themes_found([run.id for run in runs]))
    return {row.run_id: row.n_themes for row in rows}
