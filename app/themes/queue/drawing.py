"""Which passage a person is shown next, and why that one.

Most are shown for their worth. One in six is drawn by chance among all that the machine placed,
because only such looks can speak for the passages that nobody looks at; one in twelve was decided
before. These two are always shown without the machine's guess, so that nobody can tell them apart.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes.models import AnalysisRun, Placement
from app.themes.queue import queries
from app.themes.queue.chance import number_of, owner_of


class Draw(StrEnum):
    """How a passage came to be shown."""

    WORTH = "worth"
    CHANCE = "chance"
    REPEAT = "repeat"


#: Turns after which the pattern of draws has been gone through, on average.
TURNS = 12
#: Passages looked through for one that falls to the person.
_WINDOW = 60


@dataclass(frozen=True)
class Drawn:
    """A passage to be shown.

    :ivar is_blind: without the machine's guess, whatever the person prefers.
    """

    passage_id: int
    draw: Draw

    @property
    def is_blind(self) -> bool:
        """Whether the machine's guess would spoil what the look is for."""
        return self.draw is not Draw.WORTH


def turn_of(run_id: int, person: int | None, n_looks: int) -> Draw:
    """Return what a person's next look is for: by chance, but the same until it is given."""
    number = number_of("turn", run_id, person, n_looks) % TURNS
    if number == 0:
        return Draw.REPEAT
    return Draw.CHANCE if number <= 2 else Draw.WORTH


def draw(
    session: Session,
    actor: Actor,
    run: AnalysisRun,
    *,
    skipped: Collection[int] = (),
    now: datetime,
) -> Drawn | None:
    """Return the passage that a person is to look at next, None when there is none.

    :param skipped: passages that the person left for later; they come again when all is done.
    """
    n_looks = session.scalar(queries.n_looks_of(run.id, actor.id)) or 0
    turn = turn_of(run.id, actor.id, n_looks)
    if turn is Draw.REPEAT:
        again = _first(session, queries.decided_before(run, actor.id, now=now), skipped)
        if again:
            return Drawn(again[0], Draw.REPEAT)
    sources = [
        (Draw.WORTH, queries.by_worth(run, actor.id)),
        (Draw.WORTH, queries.by_margin(run, actor.id)),
    ]
    if turn is Draw.CHANCE:
        sources.insert(0, (Draw.CHANCE, queries.by_chance(run, actor.id)))
    people = {person for person in session.scalars(queries.at_work(run.id, now=now)) if person}
    for kind, rows in sources:
        numbers = _first(session, rows, skipped)
        if numbers:
            own = (n for n in numbers if owner_of(n, people | {actor.id or 0}) == actor.id)
            return Drawn(next(own, numbers[0]), kind)
    return draw(session, actor, run, now=now) if skipped else None


def _first(session: Session, rows: Any, skipped: Collection[int]) -> list[int]:
    """Return the first rows that a person did not leave for later."""
    if skipped:
        rows = rows.where(Placement.passage_id.not_in(list(skipped)))
    return list(session.scalars(rows.limit(_WINDOW)))


def placement_of(session: Session, run: AnalysisRun, passage_id: int) -> Placement | None:
    """Return where a passage is in a run, None if it is not of it."""
    return session.scalars(
        select(Placement).where(Placement.run_id == run.id, Placement.passage_id == passage_id)
    ).first()
