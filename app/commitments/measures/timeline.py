"""Measures along the calendar: signatures, beginnings, milestones, ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from app.commitments.measures.lateness import StepState, step_state
from app.commitments.models import Measure, MeasureState, Milestone


@dataclass(frozen=True)
class Moment:
    """Something on a day.

    :ivar kind: ``signed``, ``starts``, ``milestone`` or ``ends``.
    :ivar state: done, late or to come.
    """

    day: date
    kind: str
    measure: Measure
    state: StepState
    step: Milestone | None = None


@dataclass(frozen=True)
class Year:
    """The moments of a year, in order."""

    number: int
    moments: list[Moment]


def moments_of(measure: Measure, today: date) -> Iterator[Moment]:
    """Yield what a measure puts on the calendar."""
    for kind, day in (("signed", measure.signed_on), ("starts", measure.starts_on)):
        if day is not None:
            state = StepState.DONE if day <= today else StepState.TO_COME
            yield Moment(day, kind, measure, state)
    for step in measure.milestones:
        day = step.done_on or step.due_on
        if day is not None:
            yield Moment(day, "milestone", measure, _goes_on(measure, step, today), step)
    if measure.ends_on is not None:
        yield Moment(measure.ends_on, "ends", measure, _end(measure, today))


def _goes_on(measure: Measure, step: Milestone, today: date) -> StepState:
    """Return where a milestone stands; one of a measure that has ended is not late."""
    state = step_state(step, today)
    has_ended = measure.state in {MeasureState.DONE, MeasureState.ABANDONED}
    return StepState.TO_COME if state is StepState.LATE and has_ended else state


def _end(measure: Measure, today: date) -> StepState:
    """Return where a measure's end stands."""
    if measure.state == MeasureState.DONE:
        return StepState.DONE
    is_past = measure.ends_on is not None and measure.ends_on < today
    goes_on = measure.state != MeasureState.ABANDONED
    return StepState.LATE if is_past and goes_on else StepState.TO_COME


def years(measures: Iterable[Measure], today: date) -> list[Year]:
    """Return the calendar of some measures, year by year."""
    found = sorted(
        (moment for measure in measures for moment in moments_of(measure, today)),
        key=lambda moment: (moment.day, moment.measure.id, moment.kind),
    )
    numbers = sorted({moment.day.year for moment in found})
    return [Year(n, [moment for moment in found if moment.day.year == n]) for n in numbers]


def is_dated(measure: Measure) -> bool:
    """Tell whether a measure stands on the calendar at all."""
    own = (measure.signed_on, measure.starts_on, measure.ends_on)
    steps = (step.done_on or step.due_on for step in measure.milestones)
    return any(own) or any(steps)
