"""Cells of CSV and XLSX files: never a formula, and read back as they were."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.core.tables import ReadingOptions, Row, Table, open_table
from app.core.tables.errors import RowRefusedError
from app.core.text import text_direction
from app.themes.exchange import errors
from app.themes.exchange.labels import field_named, label
from app.themes.exchange.remarks import RemarkKind, Remarks
from app.themes.exchange.xml import allowed_signs

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell

#: Longest text of a cell of a workbook, in units of UTF-16.
CELL_LENGTH = 32_767
#: Most rows that are told to be wrong.
N_PROBLEMS = 100

#: Texts that spreadsheets take for formulas, full-width signs too, and those that look guarded.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_ESCAPED = re.compile("_(?=x(?:000[9ADad]|005[Ff])_)")


# --- CSV ----------------------------------------------------------------------------------------


def guarded(text: str, where: str, remarks: Remarks) -> str:
    """Return a text as a cell of a CSV file: an apostrophe before what could be a formula."""
    if _UNWRITABLE.search(text):
        remarks.add(RemarkKind.SIGNS_REPLACED, where)
        text = _UNWRITABLE.sub("\ufffd", text)
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text of a cell that :func:`guarded` wrote."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


# --- XLSX ---------------------------------------------------------------------------------------


def workbook_text(text: str, where: str, remarks: Remarks) -> str:
    """Return a text as a workbook holds it: what XML would change is written by number."""
    text = allowed_signs(text, where, remarks)
    written = _escape(text)
    # Texts of half that length fit whatever their signs are.
    if len(written) * 2 > CELL_LENGTH and _units(written) > CELL_LENGTH:
        remarks.add(RemarkKind.TEXT_CUT, where)
        length = bisect_right(range(len(text)), CELL_LENGTH, key=lambda n: written_length(text[:n]))
        written = _escape(text[: length - 1])
    return written


def written_length(text: str) -> int:
    """Return the length of a text as a workbook holds it."""
    return _units(_escape(text))


def _escape(text: str) -> str:
    """Write carriage returns by number, and mark what only looks like a number."""
    return _ESCAPED.sub("_x005F_", text).replace("\r", "_x000D_")


def _units(text: str) -> int:
    """Return a text's length as spreadsheets count it."""
    return len(text) + sum(sign > "\uffff" for sign in text)


def fill_cell(cell: Cell, value: str | float | None, where: str, remarks: Remarks) -> Cell:
    """Put a value into a cell; texts stay texts, whatever they begin with."""
    if not isinstance(value, str):
        cell.value = value
        return cell
    cell.value = text = workbook_text(value, where, remarks)
    if text:
        made: Any = cell
        made.data_type = "s"
        if _FORMULA.match(text):
            made.quotePrefix = True
    return cell


def is_right_to_left(text: str) -> bool:
    """Tell whether a cell is to be read from the right."""
    return text_direction(text) == "rtl"


# --- reading ------------------------------------------------------------------------------------


class NamedRows:
    """The rows of a table, their cells by field; what is wrong with them is gathered.

    :ivar headings: what each field is called in this file.
    """

    def __init__(self, path: Path, options: ReadingOptions, *, limit: int, guard: bool) -> None:
        """:param guard: take off the apostrophes that CSV files put before formulas."""
        self._table: Table = open_table(path, options, limit=limit)
        self._guard = guard and not self._table.sheets
        self.headings: dict[str, str] = {}
        self._columns: dict[str, int] = {}
        for position, heading in enumerate(self._table.header):
            field = field_named(unguarded(heading))
            if field and field not in self._columns:
                self.headings[field], self._columns[field] = heading, position
        self.problems: list[errors.RowProblem] = []
        self.n_problems = 0

    @property
    def is_workbook(self) -> bool:
        """Tell whether the table is a sheet of a workbook."""
        return bool(self._table.sheets)

    @property
    def unknown(self) -> list[str]:
        """Headings of columns that mean nothing here."""
        known = set(self._columns.values())
        return [name for place, name in enumerate(self._table.header) if place not in known]

    def require(self, fields: tuple[str, ...], language: str) -> None:
        """Check that columns are there.

        :raises HeadingMissingError: if one is not.
        """
        for field in fields:
            if field not in self._columns:
                raise errors.HeadingMissingError(name=label(field, language))

    def __iter__(self) -> Iterator[tuple[int, dict[str, str]]]:
        for row in self._table.rows():
            if row.problems:
                self._blame_cells(row)
                continue
            yield row.number, {field: self._cell(row, at) for field, at in self._columns.items()}

    def _cell(self, row: Row, position: int) -> str:
        """Return the text of a cell."""
        cell = row.cells[position]
        return unguarded(cell) if self._guard else cell

    def _blame_cells(self, row: Row) -> None:
        """Note what was wrong with a row before it was understood."""
        for problem in row.problems:
            column = "" if problem.column is None else self._heading(problem.column)
            self._add(errors.RowProblem(row.number, column, problem.error, self._table.sheet))

    def _heading(self, position: int) -> str:
        """Return the heading of a column."""
        header = self._table.header
        return header[position] if position < len(header) else ""

    def blame(self, row: int, field: str, error: RowRefusedError) -> None:
        """Note what is wrong with a row."""
        heading = self.headings.get(field, "")
        self._add(errors.RowProblem(row, heading, error, self._table.sheet))

    def _add(self, problem: errors.RowProblem) -> None:
        """Keep a problem, the first ones in full."""
        self.n_problems += 1
        if len(self.problems) < N_PROBLEMS:
            self.problems.append(problem)


def refuse_problems(*tables: NamedRows | None) -> None:
    """Refuse the file if rows were wrong.

    :raises RowsRefusedError: if any was.
    """
    found = [table for table in tables if table is not None]
    problems = [problem for table in found for problem in table.problems]
    if problems:
        count = sum(table.n_problems for table in found)
        raise errors.RowsRefusedError(tuple(problems[:N_PROBLEMS]), count)
