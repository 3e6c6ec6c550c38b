"""What one version of a questionnaire has that another has not."""

from __future__ import annotations

from dataclasses import dataclass

from app.consultations.building.content import content_of
from app.consultations.models import Question, Questionnaire


@dataclass(frozen=True)
class Changed:
    """A question of both versions that does not say the same in both.

    :ivar parts: names of the columns that differ; ``position`` if it stands elsewhere.
    """

    question: Question
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """What was added, removed and changed."""

    added: tuple[Question, ...]
    removed: tuple[Question, ...]
    changed: tuple[Changed, ...]

    def __bool__(self) -> bool:
        """Tell whether there is any difference in the questions."""
        return bool(self.added or self.removed or self.changed)


def differences(before: Questionnaire, after: Questionnaire) -> Differences:
    """Compare two versions, question by question; keys say which is which."""
    old = {question.key: question for question in before.questions}
    new = {question.key: question for question in after.questions}
    moved = _moved([key for key in old if key in new], [key for key in new if key in old])
    changed = []
    for key, question in new.items():
        if key in old:
            was, now = content_of(old[key]), content_of(question)
            parts = [name for name in now if was[name] != now[name]]
            if key in moved:
                parts.append("position")
            if parts:
                changed.append(Changed(question, tuple(parts)))
    return Differences(
        added=tuple(question for key, question in new.items() if key not in old),
        removed=tuple(question for key, question in old.items() if key not in new),
        changed=tuple(changed),
    )


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Return the keys that have to move so that one order becomes the other, as few as can be."""
    place = {key: number for number, key in enumerate(before)}
    # The longest run of keys that keep their order stays; the others moved.
    runs: list[list[str]] = []
    for key in after:
        runs.append([*_longest([run for run in runs if place[run[-1]] < place[key]]), key])
    return set(after) - set(_longest(runs))


def _longest(runs: list[list[str]]) -> list[str]:
    """Return the longest of some runs, an empty one if there is none."""
    return max(runs, key=len) if runs else []
