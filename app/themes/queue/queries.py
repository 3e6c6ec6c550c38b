"""Selections of the review queue."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.orm import Session

from app.submissions.models import Submission
from app.themes.ledger.reading import undone_ids
from app.themes.models import (
    AnalysisRun,
    Passage,
    PassageState,
    Placement,
    ReviewLook,
    ThemeEvent,
)
from app.themes.queue.chance import shuffled

#: Where the machine said that a passage is; its other passages wait for somebody to place them.
SAID = (PassageState.IN_THEME, PassageState.OFF_TOPIC, PassageState.UNREADABLE)
#: States of the passages that the queue shows.
QUEUED = (*SAID, PassageState.TO_ARBITRATE)
#: How long after a look somebody counts as being at work.
AT_WORK = timedelta(minutes=15)
#: Passages at the head of the run's own draw that are looked through.
_FIRST = 600
#: One's own decisions younger than this do not come back.
FRESH = timedelta(hours=1)
#: Upper bounds of the bands of the margin, but for the last.
BANDS = (0.2, 0.35, 0.5, 0.65)
#: The stratum of what was put aside, which has no margin to speak of.
ASIDE = "aside"
#: All strata of the estimate, neighbours alike.
STRATA = (ASIDE, *(str(number) for number in range(len(BANDS) + 1)))


def stratum_of(state: str, band: int) -> str:
    """Return the stratum of a placement: what the machine put aside, or a band of margins.

    What waits for somebody to place it is in none: the machine claims nothing of it.
    """
    if state == PassageState.IN_THEME:
        return str(band)
    return ASIDE if state in SAID else "waiting"


def band_of(margin: float) -> int:
    """Return the number of the band that a margin is in."""
    return sum(margin >= bound for bound in BANDS)


def waiting(run: AnalysisRun, person: int | None) -> Select[int, str, float]:
    """Select ``passage_id, state, margin`` of what nobody has decided and a person has not seen."""
    return (
        select(Placement.passage_id, Placement.state, Placement.margin)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .where(
            *_open(run, person),
            Placement.state.in_(QUEUED),
            Submission.is_standing,
        )
    )


def _open(run: AnalysisRun, person: int | None) -> tuple[ColumnElement[bool], ...]:
    """Conditions of a placement that nobody decided and a person has not seen."""
    seen = select(ReviewLook.passage_id).where(
        ReviewLook.run_id == run.id, ReviewLook.actor_id == person
    )
    return (
        Placement.run_id == run.id,
        Placement.copy_of_id.is_(None),
        Placement.decided_id.is_(None),
        Placement.passage_id.not_in(seen),
    )


def by_worth(run: AnalysisRun, person: int | None) -> Select[int, str, float]:
    """Select what waits, the most worth a look first."""
    return (
        waiting(run, person)
        .where(Placement.worth.is_not(None))
        .order_by(Placement.worth.desc(), Placement.passage_id)
    )


def by_margin(run: AnalysisRun, person: int | None) -> Select[int, str, float]:
    """Select what waits, the least clear first: for runs of which no worth was worked out."""
    return waiting(run, person).order_by(Placement.margin, Placement.passage_id)


def by_chance(run: AnalysisRun, person: int | None) -> Select[int, str, float]:
    """Select what waits of what the machine placed, in the order of the run's own draw."""
    order = (shuffled(Placement.passage_id, run.id), Placement.passage_id)
    # The first of the draw are taken before anything is joined: the order touches every row.
    first = (
        select(Placement.passage_id)
        .where(*_open(run, person), Placement.state.in_(SAID))
        .order_by(*order)
        .limit(_FIRST)
        .subquery()
    )
    rows = waiting(run, person).where(Placement.passage_id.in_(select(first.c.passage_id)))
    return rows.order_by(*order)


def decided_before(run: AnalysisRun, person: int | None, *, now: datetime) -> Select[int]:
    """Select decided passages that may come back to a person, in that person's own order."""
    again = select(ReviewLook.passage_id).where(
        ReviewLook.run_id == run.id, ReviewLook.kind == "repeat"
    )
    return (
        select(Placement.passage_id)
        .join(Passage, Passage.id == Placement.passage_id)
        .join(Submission, Submission.id == Passage.submission_id)
        .join(ThemeEvent, ThemeEvent.id == Placement.decided_id)
        .where(
            Placement.run_id == run.id,
            Placement.copy_of_id.is_(None),
            Placement.state.in_(SAID),
            Submission.is_standing,
            or_(
                ThemeEvent.actor_id.is_(None),
                ThemeEvent.actor_id != person,
                ThemeEvent.at <= now - FRESH,
            ),
            Placement.passage_id.not_in(again),
        )
        .order_by(shuffled(Placement.passage_id, (person or 0) + 1), Placement.passage_id)
    )


def at_work(run_id: int, *, now: datetime) -> Select[int | None]:
    """Select the people who looked at something a moment ago."""
    return (
        select(ReviewLook.actor_id)
        .where(
            ReviewLook.run_id == run_id,
            ReviewLook.at > now - AT_WORK,
            ReviewLook.actor_id.is_not(None),
        )
        .distinct()
    )


def n_looks_of(run_id: int, person: int | None) -> Select[int]:
    """Select how many looks a person has given in a run."""
    return (
        select(func.count())
        .select_from(ReviewLook)
        .where(ReviewLook.run_id == run_id, ReviewLook.actor_id == person)
    )


def looks_of(run_id: int, kind: str) -> Select[int, datetime, str, bool, int | None, float | None]:
    """Select the looks of a kind with the worth of what was looked at, oldest first."""
    return (
        select(
            ReviewLook.id,
            ReviewLook.at,
            ReviewLook.stratum,
            ReviewLook.is_same,
            ReviewLook.event_id,
            Placement.worth,
        )
        .join(
            Placement,
            (Placement.run_id == ReviewLook.run_id)
            & (Placement.passage_id == ReviewLook.passage_id),
        )
        .where(ReviewLook.run_id == run_id, ReviewLook.kind == kind)
        .order_by(ReviewLook.id)
    )


def standing_looks(session: Session, run: AnalysisRun) -> list[Any]:
    """Return the queue's looks but for those that were taken back."""
    gone = undone_ids(session, run.consultation_id)
    rows = session.execute(looks_of(run.id, "queue"))
    return [row for row in rows if row.event_id not in gone]


def counts(run_id: int) -> Select[Any]:
    """Select ``state, is_decided, band, n_passages`` of what stands for itself in a run."""
    is_decided = Placement.decided_id.is_not(None).label("is_decided")
    bounds = [(Placement.margin < bound, number) for number, bound in enumerate(BANDS)]
    band = case(*bounds, else_=len(BANDS))
    return (
        select(Placement.state, is_decided, band.label("band"), func.count().label("n_passages"))
        .where(Placement.run_id == run_id, Placement.copy_of_id.is_(None))
        .group_by(Placement.state, is_decided, band)
    )


def find_look(run_id: int, passage_id: int, person: int | None, kind: str) -> Select[ReviewLook]:
    """Select a person's look of a kind at a passage (one row at most)."""
    return select(ReviewLook).where(
        ReviewLook.run_id == run_id,
        ReviewLook.passage_id == passage_id,
        ReviewLook.actor_id == person,
        ReviewLook.kind == kind,
    )


def differing_repeats(run_id: int) -> Select[ReviewLook, Placement]:
    """Select the repeats that differ from a decision that still stands, with their passages."""
    return (
        select(ReviewLook, Placement)
        .join(
            Placement,
            (Placement.run_id == ReviewLook.run_id)
            & (Placement.passage_id == ReviewLook.passage_id)
            & (Placement.decided_id == ReviewLook.event_id),
        )
        .where(
            ReviewLook.run_id == run_id,
            ReviewLook.kind == "repeat",
            ReviewLook.is_same.is_(False),
        )
        .order_by(ReviewLook.id.desc())
    )


def sizes(run_id: int) -> Select[int | None, int]:
    """Select ``theme_id, n_passages`` of the themes that passages of a run are in."""
    return (
        select(Placement.theme_id, func.count().label("n_passages"))
        .where(Placement.run_id == run_id, Placement.state == PassageState.IN_THEME)
        .group_by(Placement.theme_id)
    )


def last_look(run_id: int, person: int | None) -> Select[ReviewLook]:
    """Select the last look of a person (one row at most)."""
    return (
        select(ReviewLook)
        .where(ReviewLook.run_id == run_id, ReviewLook.actor_id == person)
        .order_by(ReviewLook.id.desc())
        .limit(1)
    )
