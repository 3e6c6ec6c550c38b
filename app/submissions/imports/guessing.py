"""Which field each column goes to, as far as its name tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.consultations.models import Question
from app.submissions import answers
from app.submissions.imports.fields import known_names, normal, parts_of
from app.submissions.imports.sources import (
    ColumnGroup,
    SourceKind,
    own_field,
    parts_named,
    questions_named,
)


def suggest(
    header: Sequence[str], questions: Sequence[Question], kind: SourceKind = SourceKind.SHEET
) -> dict[str, str]:
    """Return a field for each column whose name tells one; the others are left alone.

    Where the options of a question have columns of their own, the column that names them all in
    one cell is left alone: it says the same once more, and less clearly.
    """
    guesses = _Guesses(list(questions), kind)
    suggested: dict[str, str] = {}
    for column in header:
        key = guesses.field_of(column)
        if key and key not in suggested.values():
            suggested[column] = key
    split = {key.rpartition(".")[0] for key in suggested.values() if key in guesses.part_keys}
    return {column: key for column, key in suggested.items() if key not in split}


class _Guesses:
    """What names tell, for one questionnaire and one source."""

    def __init__(self, questions: list[Question], kind: SourceKind) -> None:
        self._kind = kind
        self._names = known_names(questions)
        if kind == SourceKind.LIMESURVEY:  # its codes have no underscore
            for name, key in list(self._names.items()):
                self._names.setdefault(name.replace(" ", ""), key)
        self._questions = [question for question in questions if parts_of(question)]
        self.part_keys = {
            f"{question.key}.{part['code']}"
            for question in self._questions
            for part in parts_of(question)
            if not answers.is_open(part)  # words stand beside the other cell, not in its place
        }

    def field_of(self, column: str) -> str:
        """Return the field that a column's name tells, empty if none."""
        own = own_field(column, self._kind)
        if own is not None:
            return own
        return self._part_of(column) or self._whole(column)

    def _whole(self, column: str) -> str:
        """Return a question or something known of the submission."""
        for name in questions_named(column, self._kind):
            found = self._names.get(normal(name))
            if found:
                return found
        return ""

    def _part_of(self, column: str) -> str:
        """Return the item or option for which a column stands."""
        for part in parts_named(column, self._kind):
            for question in self._questions:
                key = part_key(question, part.name)
                if key and self._is_named(question, part.base):
                    return key
        return ""

    def _is_named(self, question: Question, base: str) -> bool:
        """Tell whether a name is a question's: its key, or its label in any language."""
        own = {normal(question.key), *map(normal, question.label.values())}
        if self._kind == SourceKind.LIMESURVEY:
            own.add(normal(question.key).replace(" ", ""))
        return any(normal(name) in own for name in questions_named(base, self._kind))


def part_key(question: Question, name: str) -> str:
    """Return the field of a question's part of that name, empty if there is none."""
    said = normal(name)
    for part in parts_of(question):
        if said in {normal(part["code"]), *map(normal, part["label"].values())}:
            return f"{question.key}.{part['code']}"
    return ""


def assign(group: ColumnGroup, question: Question) -> dict[str, str]:
    """Return the field of each column of a group that goes to a question.

    Parts are known by their names; where not one is (``SQ001``, ``SQ002``), and there are as many
    columns as parts, the order tells.
    """
    found = {column: part_key(question, name) for column, name in group.parts.items()}
    parts = parts_of(question)
    if not any(found.values()) and len(parts) == len(group.parts):
        keys = (f"{question.key}.{part['code']}" for part in parts)
        return dict(zip(group.parts, keys, strict=True))
    return {column: key for column, key in found.items() if key}


def question_of(group: ColumnGroup, columns: Mapping[str, str]) -> str:
    """Return the key of the one question to which columns of a group go, empty if there is none."""
    keys = {columns[column].rpartition(".")[0] for column in group.parts if columns.get(column)}
    return keys.pop() if len(keys) == 1 else ""
