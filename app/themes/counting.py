"""All counts of a run in three passes over its placements, and remembered until they change.

:func:`app.themes.queries.placed` joins everything, which a list or one figure can afford. Here
merges are resolved beforehand, submissions are joined only where the part asks who spoke, and what
was taken back, which is little, is looked up instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from app.core.db import db
from app.core.moment import for_a_moment
from app.submissions.models import Submission
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme, ThemeEvent
from app.themes.queries import EVERYTHING, Narrowing

#: Seconds for which counts are remembered; every decision makes new ones at once.
_REMEMBERED = 30.0
_SPOKEN = (PassageState.IN_THEME, PassageState.COPY)


@dataclass(frozen=True)
class Counts:
    """What there is in a run, or in a part of it.

    :ivar passages: number by (root theme, state, language); the theme None for those in none.
    :ivar voices: submissions by (root theme, state), for passages in a theme and for copies.
    :ivar n_submissions: submissions with a passage in the part.
    """

    passages: Mapping[tuple[int | None, str, str], int]
    voices: Mapping[tuple[int, str], int]
    n_submissions: int


@dataclass(frozen=True)
class Stamp:
    """What counts are a function of: while it is the same, so are they.

    :ivar event_id: the newest decision; ``event_at`` too, for SQLite gives the number of one that
        was rolled back to the next.
    :ivar n_placements: erased passages are missing from it.
    :ivar n_taken_back: submissions that were withdrawn or erased.
    """

    event_id: int
    event_at: datetime | None
    n_placements: int
    n_taken_back: int


def stamp_of(session: Session, run: AnalysisRun) -> Stamp:
    """Return the present stamp of a run."""
    newest = session.execute(
        select(ThemeEvent.id, ThemeEvent.at)
        .where(ThemeEvent.consultation_id == run.consultation_id)
        .order_by(ThemeEvent.id.desc())
        .limit(1)
    ).first()
    placements = select(func.count()).select_from(Placement).where(Placement.run_id == run.id)
    taken_back = select(func.count()).select_from(
        _taken_back(run.consultation_id).subquery("taken_back")
    )
    n_placements, n_taken_back = session.execute(
        select(placements.scalar_subquery(), taken_back.scalar_subquery())
    ).one()
    event_id, event_at = (0, None) if newest is None else newest
    return Stamp(event_id, event_at, n_placements, n_taken_back)


def counts_of(session: Session, run: AnalysisRun, part: Narrowing = EVERYTHING) -> Counts:
    """Return the counts of a run, of memory if nothing happened since."""
    return _remembered(run.id, run.consultation_id, part, stamp_of(session, run))


@for_a_moment(_REMEMBERED)
def _remembered(
    run_id: int,
    consultation_id: int,
    part: Narrowing,
    stamp: Stamp,  # noqa: ARG001  the key: other counts have another one
) -> Counts:
    """Count."""
    session = db.session()
    ends = _merged(session, consultation_id)
    spoken = _facts(
        run_id, consultation_id, part, _root(ends), Placement.state, Passage.submission_id
    ).where(Placement.state.in_(_SPOKEN), Placement.theme_id.is_not(None))
    each = spoken.distinct().subquery("spoken")
    voices = session.execute(
        select(each.c.theme_id, each.c.state, func.count()).group_by(each.c.theme_id, each.c.state)
    )
    who = _facts(run_id, consultation_id, part, Passage.submission_id).distinct().subquery("who")
    passages: Counter[tuple[int | None, str, str]] = Counter()
    for theme_id, state, language, n in session.execute(_passages(run_id, consultation_id, part)):
        passages[ends.get(theme_id, theme_id), state, language] += n
    return Counts(
        passages=passages,
        voices={(row[0], row[1]): row[2] for row in voices},
        n_submissions=session.scalar(select(func.count()).select_from(who)) or 0,
    )


def _passages(run_id: int, consultation_id: int, part: Narrowing) -> Select[Any]:
    """Select ``theme_id, state, language, n``, merges unresolved: in the order of the index."""
    group = (Placement.theme_id, Placement.state, Passage.language)
    return _facts(run_id, consultation_id, part, *group, func.count()).group_by(*group)


def _merged(session: Session, consultation_id: int) -> dict[int, int]:
    """Return the root of each theme that was merged into another."""
    rows = session.execute(
        select(Theme.id, Theme.merged_into_id).where(
            Theme.consultation_id == consultation_id, Theme.merged_into_id.is_not(None)
        )
    )
    into: dict[int, int] = {row[0]: row[1] for row in rows if row[1] is not None}
    ends = {}
    for number in into:
        end = number
        while end in into:
            end = into[end]
        ends[number] = end
    return ends


def _root(ends: Mapping[int, int]) -> ColumnElement[Any]:
    """Return the theme that a placement counts under, merges being few and known."""
    if not ends:
        return Placement.theme_id.label("theme_id")
    return case(dict(ends), value=Placement.theme_id, else_=Placement.theme_id).label("theme_id")


def _facts(run_id: int, consultation_id: int, part: Narrowing, *columns: Any) -> Select[Any]:
    """Select columns of the passages of a part that stand."""
    rows = (
        select(*columns)
        .select_from(Placement)
        .join(Passage, Passage.id == Placement.passage_id)
        .where(Placement.run_id == run_id, *part.conditions())
    )
    if (part.region, part.actor_type, part.regions) != (None, None, None):
        return rows.join(Submission, Submission.id == Passage.submission_id).where(
            Submission.is_standing
        )
    return rows.where(Passage.submission_id.not_in(_taken_back(consultation_id)))


def _taken_back(consultation_id: int) -> Select[int]:
    """Select the submissions that are counted nowhere any more."""
    return select(Submission.id).where(
        Submission.consultation_id == consultation_id, ~Submission.is_standing
    )
