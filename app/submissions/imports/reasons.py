"""Why rows are refused: kept without a language, said in the reader's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.core.db import Texts
from app.core.errors import DomainError
from app.submissions.errors import AnswerRefusedError, LineMissingError, NotValidError
from app.submissions.imports.errors import RowRefusedError

#: What is kept of a cell, in code points.
_EXCERPT = 120
#: First-strong isolate, and its end.
_ISOLATED = "\u2068{}\u2069"


@dataclass(frozen=True)
class Refusal:
    """One reason why one row cannot enter.

    :ivar row: its number in a spreadsheet.
    :ivar column: name of the column, empty for the row as a whole.
    :ivar value: beginning of the cell.
    :ivar reason: name of the error's class.
    """

    row: int
    column: str
    value: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, row: int, column: str, value: str, error: DomainError) -> Refusal:
        """Make one from what was raised."""
        values = dict(error.values)
        if isinstance(error, LineMissingError):
            values["label"] = dict(error.label)
        if isinstance(error, NotValidError) and error.words:
            values["words"] = dict(error.words)
        excerpt = value if len(value) <= _EXCERPT else f"{value[: _EXCERPT - 1]}…"
        return cls(row, column, excerpt, type(error).__name__, values)


def reason_text(
    reason: str, values: Mapping[str, Any], lang: str, *, is_isolated: bool = False
) -> str:
    """Return the sentence of a reason.

    :param is_isolated: put signs around each value, so that an Arabic sentence does not reorder it.
    """
    error = _REASONS.get(reason, RowRefusedError)
    if values.get("words"):
        return Texts(values["words"]).best(lang)[0]  # the questionnaire's authors say it themselves
    around = _ISOLATED if is_isolated else "{}"
    said = {
        name: around.format(Texts(value).best(lang)[0] if isinstance(value, dict) else value)
        for name, value in values.items()
    }
    return str(error.message) % said if said else str(error.message)


def named(base: type[DomainError]) -> dict[str, type[DomainError]]:
    """Return a family of errors by their names."""
    found = {base.__name__: base}
    for child in base.__subclasses__():
        found |= named(child)
    return found


_REASONS = named(RowRefusedError) | named(AnswerRefusedError)
