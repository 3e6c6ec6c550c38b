"""What pages say of answers and measures: their words, places and progress."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, url_for

from app.commitments.answers.content import Content
from app.commitments.answers.labels import MEASURE_STATES, STATES
from app.commitments.measures.lateness import ENDED, is_late
from app.commitments.models import AnswerState, Measure, MeasureState, ThemeAnswer
from app.core.db import Texts

_MEASURE_PAGE = "commitments.measure"


@dataclass(frozen=True)
class Progress:
    """How a measure goes.

    :ivar place: the name of the smallest place it is for, empty for the whole country.
    :ivar done: steps done, of all its steps.
    :ivar href: the measure's page, empty if there is none.
    """

    title: Texts
    state: Any
    place: Texts
    done: int
    of: int
    ends_on: date | None
    is_late: bool
    href: str


def progress_of(measure: Measure, *, today: date) -> Progress:
    """Return what a page shows of a measure."""
    place = measure.commune or measure.province or measure.region
    done = sum(step.done_on is not None for step in measure.milestones)
    is_over = measure.state in ENDED
    return Progress(
        title=Texts(measure.title),
        state=MEASURE_STATES[MeasureState(measure.state)],
        place=place.names if place else Texts(),
        done=done,
        of=len(measure.milestones),
        ends_on=None if is_over else measure.ends_on,
        is_late=is_late(measure, today),
        href=_address(measure),
    )


def _address(measure: Measure) -> str:
    """Return the address of a measure's page, where there are such pages."""
    if _MEASURE_PAGE not in current_app.view_functions:
        return ""
    rules = current_app.url_map.iter_rules(_MEASURE_PAGE)
    asked = {name for rule in rules for name in rule.arguments}
    slug = measure.consultation.slug
    given: dict[str, Any] = {"slug": slug, "id": measure.id, "key": measure.key}
    return url_for(_MEASURE_PAGE, **{k: v for k, v in given.items() if k in asked})


@dataclass(frozen=True)
class Reply:
    """An answer as pages show it."""

    state: str
    label: Any
    text: Texts
    reason: Texts
    passed_to: Texts
    answer: ThemeAnswer

    @property
    def was_changed(self) -> bool:
        """Tell whether it says something else than when it was first published."""
        published = self.answer.published_at
        return published is not None and self.answer.updated_at > published


def reply_of(answer: ThemeAnswer | None) -> Reply | None:
    """Return a published answer for a page, None without one."""
    if answer is None or answer.published_at is None:
        return None
    said = Content.of(answer)
    return Reply(
        state=answer.state,
        label=STATES[AnswerState(answer.state)],
        text=said.text,
        reason=said.shown_reason,
        passed_to=said.shown_passed_to,
        answer=answer,
    )
