"""Whether a measure is late: follows from its dates at an instant, and is stored nowhere."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from app.commitments.models import Measure, MeasureState, Milestone
from app.core.clock import CIVIL_ZONE

#: Nothing more is waited for.
ENDED = frozenset({MeasureState.DONE, MeasureState.ABANDONED})


class StepState(StrEnum):
    """Where a milestone stands on a day."""

    DONE = "done"
    LATE = "late"
    TO_COME = "to_come"


def civil_day(now: datetime) -> date:
    """Return the day that an instant is in Rabat."""
    return now.astimezone(CIVIL_ZONE).date()


def step_state(step: Milestone, today: date) -> StepState:
    """Return where a milestone stands; on the day itself it is still in time."""
    if step.done_on is not None:
        return StepState.DONE
    if step.due_on is not None and step.due_on < today:
        return StepState.LATE
    return StepState.TO_COME


def late_steps(measure: Measure, today: date) -> list[Milestone]:
    """Return the milestones that are due and not done, of a measure that goes on."""
    if measure.state in ENDED:
        return []
    return [one for one in measure.milestones if step_state(one, today) is StepState.LATE]


def is_late(measure: Measure, today: date) -> bool:
    """Tell whether a measure is late: past its end and not done, or with a milestone due."""
    if measure.state in ENDED:
        return False
    is_past = measure.ends_on is not None and measure.ends_on < today
    return is_past or bool(late_steps(measure, today))
