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
from app.submissions.queries import scope_of
from app.territories.models import Region
from app.themes import queries
from app.themes.models import AnalysisRun, Theme, ThemeEvent
from app.themes.overview import Overview, ThemeFigures, load_overview
from app.themes.queries import Narrowing


class Rows(Pagination):
    """A page of a select's rows (the library's own keeps only their first column)."""

    def _query_items(self) -> list[Any]:
        """Return the page's rows."""
        rows: Select[Any] = self._query_args["select"]
        return list(db.session.execute(rows.limit(self.per_page).offset(self._query_offset)))

    def _query_count(self) -> int:
        """Return how many rows there are."""
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
    events: list[ThemeEvent]


def load_card(session: Session, theme: Theme, run: AnalysisRun, part: Narrowing) -> Card:
    """Return a theme's card; ``part`` is what the reader may read of the quotations."""
    overview = load_overview(session, run)
    by_id = {t.id: t for t in session.scalars(queries.themes_of(theme.consultation_id))}
    current = [figures.theme for figures in overview.themes]
    return Card(
        theme=theme,
        root=queries.root_of(theme, by_id),
        run=run,
        figures=_own(overview, theme),
        n_submissions=overview.n_submissions,
        cross=_cross(session, run, theme.id),
        quotations=list(session.execute(queries.quotations(run, theme.id, part))),
        holds=[merged for merged, root in overview.merged if root is theme],
        others=sorted((t for t in current if t is not theme), key=lambda t: t.name.get("fr", "")),
        events=list(session.scalars(queries.events_of(theme.id))),
    )


def _own(overview: Overview, theme: Theme) -> ThemeFigures:
    """Return a theme's figures, zeros for one that holds nothing in this run."""
    known = [*overview.themes, *overview.excluded]
    return next((f for f in known if f.theme is theme), ThemeFigures(theme))


def _cross(session: Session, run: AnalysisRun, theme_id: int) -> Cross:
    """Count a theme's voices by region and actor type."""
    cells: dict[tuple[str | None, str], int] = defaultdict(int)
    for row in session.execute(queries.voices_by_region_and_actor(run, theme_id)):
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
