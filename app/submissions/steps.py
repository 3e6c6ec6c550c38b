"""The way through a questionnaire: a section is a step, passed over if it asks nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.consultations import conditions
from app.consultations.models import Question, Questionnaire, Section
from app.submissions import answers


@dataclass(frozen=True)
class Step:
    """A section as it stands in someone's way.

    :ivar number: 1 for the first step of this person, whatever the section's position.
    """

    section: Section
    number: int
    is_done: bool

    @property
    def position(self) -> int:
        """What the address of the step says; it does not change with the answers."""
        return self.section.position


class Way:
    """The steps of one person, given what was answered so far.

    With ``is_whole`` every question counts as asked, whatever was answered.
    """

    def __init__(
        self,
        questionnaire: Questionnaire,
        values: Mapping[str, Any],
        done: list[int],
        *,
        is_whole: bool = False,
    ) -> None:
        self.questionnaire = questionnaire
        self.actor_type = values.get("actor_type")
        #: What the questions that are asked were answered, as conditions see it.
        self.said: dict[str, Any] = {}
        everything = questionnaire.questions
        counted = answers.visible(everything, values, self.actor_type, said_so_far=self.said)
        self.asked = everything if is_whole else counted
        shown = {question.section_id for question in self.asked}
        sections = [
            section
            for place, section in enumerate(questionnaire.sections)
            if place == 0 or section.id in shown  # the first also asks who answers
        ]
        self.steps = [
            Step(section, number, section.position in done)
            for number, section in enumerate(sections, 1)
        ]

    def find(self, position: int) -> Step | None:
        """Return the step of a section, or None if it is not on the way."""
        return next((step for step in self.steps if step.position == position), None)

    def after(self, position: int) -> Step | None:
        """Return the step after a section, or None for the check of the whole."""
        return next((step for step in self.steps if step.position > position), None)

    def before(self, position: int) -> Step | None:
        """Return the step before a section, or None for the first."""
        return next((step for step in reversed(self.steps) if step.position < position), None)

    def first_open(self) -> Step | None:
        """Return the first step not done yet, or None once all are."""
        return next((step for step in self.steps if not step.is_done), None)

    def asked_in(self, section: Section) -> list[Question]:
        """Return the questions of a section that are asked."""
        return [question for question in self.asked if question.section_id == section.id]

    def is_first(self, section: Section) -> bool:
        """Tell whether a section is the one that also asks who answers."""
        return section.id == self.questionnaire.sections[0].id


def branches(section: Section, *, is_first: bool) -> list[Question]:
    """Return the questions that an answer given on the same page opens or closes."""
    here = {question.key for question in section.questions}
    found = []
    for question in section.questions:
        condition = answers.asked_if(question)
        if conditions.questions_in(condition) & here or (
            is_first and conditions.asks_actor(condition)
        ):
            found.append(question)
    return found
