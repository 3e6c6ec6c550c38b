"""What the looks have shown: how often the machine is right, how that moved, when to stop.

Looks chosen for their worth say nothing of the passages that nobody looks at: those are the clear
ones. They are therefore known rather than a sample. The sample are the passages drawn by chance
below the worth that the queue has reached; within each stratum (a band of the margin) they are a
simple random sample of what is left, and only they speak for it. What people decided elsewhere, in
bulk or when they split a theme, says nothing of the machine and is left out of its accuracy; it
counts as right in the accuracy of the placements as they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun
from app.themes.queue import queries
from app.themes.queue.drawing import Draw
from app.themes.queue.queries import STRATA, stratum_of

if TYPE_CHECKING:
    from nlp.agreement import GoingOn, Stratum

#: Points of the curve of the estimate.
_POINTS = 12
#: Looks thought of next, unless a hundredth of the passages is more.
_NEXT = 50
_MOST_NEXT = 500


@dataclass(frozen=True)
class Estimate:
    """How often placements are right, with 95 % intervals; None as long as nothing can be said.

    :ivar machine: of the machine's placements; ``now``: as they stand, mistakes found mended.
    :ivar n_all: placements of the machine that the estimate is about.
    :ivar n_known: of these, looked at for their worth; ``n_sample``: by chance.
    """

    machine: float | None = None
    low: float | None = None
    high: float | None = None
    now: float | None = None
    now_low: float | None = None
    now_high: float | None = None
    n_all: int = 0
    n_known: int = 0
    n_sample: int = 0


@dataclass(frozen=True)
class Point:
    """The estimate after some looks."""

    at: datetime
    n_looks: int
    estimate: Estimate


@dataclass(frozen=True)
class Gain:
    """What the queue of a run has brought.

    :ivar n_looks: looks that stand; ``n_changed``: passages that they took elsewhere.
    :ivar n_waiting: passages that the machine could not place, and nobody has.
    :ivar n_left: passages that nobody has decided.
    """

    estimate: Estimate
    n_looks: int
    n_changed: int
    n_waiting: int
    n_left: int
    going_on: GoingOn


@dataclass(frozen=True)
class _Look:
    """What the estimate wants of a look."""

    at: datetime
    draw: str
    stratum: str
    is_same: bool
    worth: float


@dataclass(frozen=True)
class _World:
    """A run as the estimate sees it.

    :ivar undecided: passages of each stratum that nobody has decided.
    :ivar elsewhere: passages decided outside the queue.
    """

    looks: Sequence[_Look]
    undecided: Counter[str]
    elsewhere: int


def _world(session: Session, run: AnalysisRun) -> _World:
    """Read the looks and the sizes of the strata."""
    looks = []
    for row in queries.standing_looks(session, run):
        draw, _colon, stratum = row.stratum.partition(":")
        looks.append(_Look(row.at, draw, stratum, row.is_same, row.worth or 0.0))
    undecided: Counter[str] = Counter()
    decided = 0
    for row in session.execute(queries.counts(run.id)):
        if row.is_decided:
            decided += row.n_passages
        else:
            undecided[stratum_of(row.state, row.band)] += row.n_passages
    return _World(looks, undecided, max(0, decided - len(looks)))


def _strata(looks: Sequence[_Look], undecided: Counter[str]) -> tuple[list[Stratum], int, int]:
    """Return the strata that chance speaks for, how many looks are known, how many of them right.

    The strata of ``undecided`` come in the order of :data:`STRATA`, those without passages too.
    """
    from nlp.agreement import Stratum

    said = [look for look in looks if look.stratum in STRATA]
    front = min((look.worth for look in said if look.draw == Draw.WORTH), default=2.0)
    sample = [look for look in said if look.draw == Draw.CHANCE and look.worth < front]
    checked = Counter(look.stratum for look in sample)
    right = Counter(look.stratum for look in sample if look.is_same)
    strata = [
        Stratum(undecided[name] + checked[name], checked[name], right[name]) for name in STRATA
    ]
    n_right = sum(look.is_same for look in said) - right.total()
    return strata, len(said) - len(sample), n_right


def _estimated(looks: Sequence[_Look], undecided: Counter[str], elsewhere: int) -> Estimate:
    """Put what is known and what chance says together."""
    from nlp.agreement import estimated_accuracy

    strata, n_known, n_right = _strata(looks, undecided)
    rest = sum(stratum.n_all for stratum in strata)
    n_sample = sum(stratum.n_checked for stratum in strata)
    n_all = n_known + rest
    counted = {"n_all": n_all, "n_known": n_known, "n_sample": n_sample}
    if not n_all or (rest and not n_sample):
        return Estimate(**counted)
    found = estimated_accuracy([one for one in strata if one.n_all], n_draws=1_500)
    parts = [found.machine, found.low, found.high, found.now, found.now_low, found.now_high]
    # Without anything left there is nothing to estimate.
    shares = [rest * (part or 0.0) for part in parts]
    machine, low, high = (round((n_right + part) / n_all, 4) for part in shares[:3])
    known = n_known + elsewhere
    now, now_low, now_high = (round((known + part) / (n_all + elsewhere), 4) for part in shares[3:])
    return Estimate(machine, low, high, now, now_low, now_high, **counted)


def estimate_of(session: Session, run: AnalysisRun) -> Estimate:
    """Return how often the machine's placements, and those that stand, are right."""
    world = _world(session, run)
    return _estimated(world.looks, world.undecided, world.elsewhere)


def gain_of(session: Session, run: AnalysisRun) -> Gain:
    """Return what the queue has brought so far, and whether to go on."""
    from nlp.agreement import worth_going_on

    world = _world(session, run)
    strata, n_known, _right = _strata(world.looks, world.undecided)
    n_all = sum(stratum.n_all for stratum in strata) + n_known
    n_next = min(max(_NEXT, n_all // 100), _MOST_NEXT)
    rows = session.execute(queries.by_worth(run, None).limit(n_next))
    coming = Counter(stratum_of(row.state, queries.band_of(row.margin)) for row in rows)
    next_checks = [coming[name] for name in STRATA] if coming.total() else None
    said = [look for look in world.looks if look.stratum in STRATA]
    return Gain(
        estimate=_estimated(world.looks, world.undecided, world.elsewhere),
        n_looks=len(world.looks),
        n_changed=sum(not look.is_same for look in said),
        n_waiting=world.undecided["waiting"],
        n_left=world.undecided.total(),
        going_on=worth_going_on(strata, n_next=n_next, next_checks=next_checks),
    )


def history_of(session: Session, run: AnalysisRun) -> list[Point]:
    """Return how the estimate moved since the first look, oldest first, a dozen points at most."""
    world = _world(session, run)
    n_looks = len(world.looks)
    step = max(1, -(-n_looks // _POINTS))
    points = []
    for end in sorted({*range(step, n_looks + 1, step), n_looks} - {0}):
        later = Counter(look.stratum for look in world.looks[end:])
        estimate = _estimated(world.looks[:end], world.undecided + later, world.elsewhere)
        if estimate.machine is not None:
            points.append(Point(world.looks[end - 1].at, end, estimate))
    return points


@dataclass(frozen=True)
class Consistency:
    """How often a passage shown again blind was decided alike.

    :ivar low: bounds of the 95 % interval (Wilson's); None without repeats.
    """

    n_repeats: int
    n_same: int
    low: float | None
    high: float | None


def consistency_of(session: Session, run: AnalysisRun) -> Consistency:
    """Return how consistent decisions are."""
    rows: list[Any] = list(session.execute(queries.looks_of(run.id, "repeat")))
    n_same = sum(row.is_same for row in rows)
    low, high = wilson(n_same, len(rows)) if rows else (None, None)
    return Consistency(len(rows), n_same, low, high)


def wilson(count: int, of: int, *, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return the bounds of Wilson's 95 % interval of a share."""
    share, square = count / of, z * z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = z / (1 + square / of) * (share * (1 - share) / of + square / (4 * of * of)) ** 0.5
    return max(0.0, middle - half), min(1.0, middle + half)
