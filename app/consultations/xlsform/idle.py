"""What a form holds that has no effect here: listed line by line, and kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from app.consultations.xlsform.columns import SPOKEN, Columns
from app.consultations.xlsform.form import QuestionSpec
from app.consultations.xlsform.remarks import Remark
from app.consultations.xlsform.sheets import Row
from app.consultations.xlsform.types import Type

_NO_EFFECT = {
    "calculation", "default", "read_only", "readonly", "trigger", "repeat_count", "image", "audio",
    "video", "media", "guidance_hint", "intent", "bind", "body", "instance", "required_message",
}  # fmt: skip
_REFERENCE = re.compile(r"\$\{\s*[^\s{}]+\s*\}")


def remarks_of(
    rows: Sequence[Row],
    types: Sequence[Type],
    columns: Columns,
    made: Sequence[Remark],
    questions: Iterable[QuestionSpec],
) -> list[Remark]:
    """Return remarks on cells and on texts that have no effect.

    :param made: the remarks there are; a line noted as a whole is not remarked on again.
    """
    kept = {
        remark.row - 2
        for remark in made
        if remark.column == "type" and remark.code not in {"as_text", "any_file"}
    }
    reader = _Idle(rows, types, columns, kept)
    reader.read_columns()
    reader.read_texts(questions)
    return reader.remarks


@dataclass
class _Idle:
    """Looks for what has no effect.

    :ivar kept: lines that were noted as a whole.
    """

    rows: Sequence[Row]
    types: Sequence[Type]
    columns: Columns
    kept: set[int]
    remarks: list[Remark] = field(default_factory=list)

    def read_columns(self) -> None:
        """Note cells in columns that are known to mean something."""
        for said, heading in self.columns.plain.items():
            if said == "choice_filter":
                self._note_cells(heading, "choice_filter")
            elif said.split("::")[0] in _NO_EFFECT:
                self._note_cells(heading, "no_effect")
        for said in SPOKEN & _NO_EFFECT:
            for heading in self.columns.spoken.get(said, {}).values():
                self._note_cells(heading, "no_effect")
        for heading, name in self.columns.foreign.items():
            if any(heading in row for row in self.rows):
                self.remarks.append(Remark("survey", 1, heading, "language", name))

    def read_texts(self, questions: Iterable[QuestionSpec]) -> None:
        """Note references to answers inside texts that are shown."""
        for question in questions:
            for said in (question.label, question.hint):
                names = {name for text in said.values() for name in _REFERENCE.findall(text)}
                for name in sorted(names):
                    self._note(question.id, "label", "reference", name)

    def _note_cells(self, heading: str, code: str) -> None:
        """Note each cell of a column."""
        for number, row in enumerate(self.rows):
            if heading in row and self.types[number].word and not self._is_listed(number):
                self._note(number, heading, code)

    def _is_listed(self, number: int) -> bool:
        """Tell whether the whole line was noted as one that is only kept, or is ours."""
        row = self.rows[number]
        return number in self.kept or bool(self.columns.text(row, "tachawor_kind"))

    def _note(self, number: int, column: str, code: str, value: str = "") -> None:
        """Note something; lines are numbered as a spreadsheet does."""
        self.remarks.append(Remark("survey", number + 2, column, code, value))
