"""A run's passages in columns: what no decision changes, and where decisions have put them.

Pages that look at a whole run read tens of thousands of rows. Who said what, in which region and
language, stays while the run is the newest; only states and themes follow decisions. So the first
part is remembered through decisions, and the second is read again after each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Submission, SubmissionState
from app.themes.exploring.kept import decided, kept, standing
from app.themes.models import AnalysisRun, Passage, PassageState, Placement
from app.themes.queries import root_of, themes_of

_placements, _passages = Placement.__table__, Passage.__table__
_submissions = Submission.__table__


@dataclass(frozen=True)
class Ground:
    """What no decision changes, one row a passage of a submission that stands, by number."""

    passages: list[int]
    authors: list[int]
    regions: list[str | None]
    actors: list[str]
    languages: list[str]
    stances: list[str | None]
    margins: list[float]
    xs: list[float | None]
    ys: list[float | None]


@dataclass(frozen=True)
class Places:
    """Where decisions have put the passages of a ground, in its order.

    :ivar themes: the theme that a passage counts for, after all merges; None for none.
    """

    states: list[str]
    themes: list[int | None]


def load_ground(session: Session, run: AnalysisRun) -> Ground:
    """Return what no decision changes."""
    return kept("ground", standing(session, run), lambda: _read_ground(session, run))


def _read_ground(session: Session, run: AnalysisRun) -> Ground:
    """Read it from the tables themselves: mapping so many rows takes longer than reading."""
    rows = session.connection().execute(
        select(
            _placements.c.passage_id,
            _passages.c.submission_id,
            _submissions.c.region_code,
            _submissions.c.actor_type,
            _passages.c.language,
            _passages.c.stance,
            _placements.c.margin,
            _placements.c.map_x,
            _placements.c.map_y,
        )
        .join(_passages, _placements.c.passage_id == _passages.c.id)
        .join(_submissions, _passages.c.submission_id == _submissions.c.id)
        .where(
            _placements.c.run_id == run.id, _submissions.c.state == SubmissionState.RECEIVED.value
        )
        .order_by(_placements.c.passage_id)
    )
    return Ground(*_columns(rows.all(), 9))


def load_places(session: Session, run: AnalysisRun) -> Places:
    """Return where the passages are now."""
    version = (*standing(session, run), *decided(session, run))
    return kept("places", version, lambda: _read_places(session, run))


def _read_places(session: Session, run: AnalysisRun) -> Places:
    """Read where they are; a merge is resolved as in :mod:`app.themes.queries`."""
    by_id = {theme.id: theme for theme in session.scalars(themes_of(run.consultation_id))}
    roots: dict[int | None, int] = {
        theme_id: root_of(theme, by_id).id for theme_id, theme in by_id.items()
    }
    wanted = set(load_ground(session, run).passages)
    rows = session.connection().execute(
        select(_placements.c.passage_id, _placements.c.state, _placements.c.theme_id)
        .where(_placements.c.run_id == run.id)
        .order_by(_placements.c.passage_id)
    )
    found = [row for row in rows.all() if row[0] in wanted]
    in_theme = PassageState.IN_THEME.value
    return Places(
        [row[1] for row in found],
        [roots[row[2]] if row[1] == in_theme else None for row in found],
    )


def _columns(rows: Any, n: int) -> list[list[Any]]:
    """Turn rows into columns."""
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(n)]
