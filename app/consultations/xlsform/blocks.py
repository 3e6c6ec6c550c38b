"""Questions that a form asks in several lines: tables, scales, budgets, territories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.consultations.models import QuestionKind as Kind
from app.consultations.xlsform.columns import Columns
from app.consultations.xlsform.form import QuestionSpec
from app.consultations.xlsform.options import Option, is_rating, scale_of
from app.consultations.xlsform.sheets import Row
from app.consultations.xlsform.types import Type

#: Kinds that this site writes as a group, and knows again by our own column.
KINDS = {Kind.MATRIX, Kind.SCALE, Kind.BUDGET, Kind.TERRITORY}
#: Between a question's name and an item's, in the names of lines that this site writes.
JOINT = "__"


@dataclass(frozen=True)
class Line:
    """A line of a block.

    :ivar at: its place among the lines of the sheet.
    """

    at: int
    type: Type
    row: Row


def read_block(
    spec: QuestionSpec,
    lines: list[Line],
    columns: Columns,
    lists: dict[str, list[Option]],
    remark: Callable[..., None],
) -> None:
    """Make one question of the lines of a block."""
    ours = columns.text(spec.rows[0], "tachawor_kind")
    if ours in KINDS:
        spec.kind = ours
    if spec.kind == Kind.TERRITORY:
        spec.is_required = spec.is_required or any(_required(line, columns) for line in lines)
        return
    wanted = "integer" if spec.kind == Kind.BUDGET else "select_one"
    items = [line for line in lines if line.type.word == wanted]
    options = [_item(spec, line, columns, remark) for line in items]
    spec.is_required = bool(items) and all(_required(line, columns) for line in items)
    if spec.kind == Kind.BUDGET:
        spec.options = options
    elif items:
        _table(spec, options, lists.get(items[0].type.list_name, []), ours)
    if ours not in KINDS:
        for line in lines:
            if line.type.word and line.type.word != wanted:
                remark(line.at, "type", "line_left")


def _table(spec: QuestionSpec, items: list[Option], columns: list[Option], ours: str) -> None:
    """Give a table its lines and columns; one rated from 1 to 5 is a scale."""
    if is_rating(columns) and ours != Kind.MATRIX:
        spec.kind = Kind.SCALE
        spec.options = scale_of(items, columns)
    else:
        spec.kind = Kind.MATRIX
        spec.options = {"items": items, "columns": [dict(option) for option in columns]}


def _item(
    spec: QuestionSpec, line: Line, columns: Columns, remark: Callable[..., None]
) -> dict[str, Any]:
    """Read a line of a table."""
    name = columns.text(line.row, "name")
    code = name.removeprefix(f"{spec.name}{JOINT}")
    spec.lines[code] = name
    if columns.text(line.row, "relevant"):
        remark(line.at, "relevant", "line_relevant")
    label = columns.texts(line.row, "label") or dict.fromkeys(("fr", "ar"), code)
    return {"code": code, "label": label}


def _required(line: Line, columns: Columns) -> bool:
    """Tell whether a line has to be answered."""
    return columns.text(line.row, "required").lower() in {"yes", "true", "true()", "1", "oui"}
