"""The spreadsheets of a form as they are: columns in their order, cells with what is in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from app.consultations.xlsform.errors import (
    FormTooLargeError,
    NotAFormError,
    SurveyMissingError,
)
from app.core.archives import BROKEN, Limits, Refusals, measured

Cell = str | int | float | bool
Row = dict[str, Cell]

#: Largest file, and what it may unpack into.
SIZE = 5 * 1024 * 1024
UNPACKED = 60 * 1024 * 1024
_LIMITS = Limits(parts=500, unpacked=UNPACKED)
_REFUSALS = Refusals(broken=NotAFormError, inflated=FormTooLargeError, locked=NotAFormError)
#: What the readers of workbooks raise over damaged ones, besides.
_BROKEN = (ArithmeticError, AttributeError, SyntaxError, TypeError, *BROKEN)
_ROWS = 20_000
_COLUMNS = 300
_TEXT = 10_000_000


@dataclass
class Sheet:
    """A sheet: its columns and its rows, blank ones included, up to the last that says something.

    :ivar blank: stand-ins for columns without a heading; their cells are kept all the same.
    """

    name: str
    columns: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)

    def as_lists(self) -> list[list[Cell | None]]:
        """Return the sheet as rows of cells, the headings first."""
        heading: list[Cell | None] = [
            None if column in self.blank else column for column in self.columns
        ]
        return [heading, *([row.get(column) for column in self.columns] for row in self.rows)]


@dataclass
class Book:
    """The sheets of a file, in order."""

    sheets: list[Sheet] = field(default_factory=list)

    def find(self, name: str) -> Sheet | None:
        """Return a sheet by its name, whatever its case."""
        for sheet in self.sheets:
            if sheet.name.strip().lower() == name:
                return sheet
        return None

    def survey(self) -> Sheet:
        """Return the sheet of questions.

        :raises SurveyMissingError: if there is none, or not with its columns.
        """
        sheet = self.find("survey")
        headings = {column.strip().lower() for column in sheet.columns} if sheet else set()
        if sheet is None or not {"type", "name"} <= headings:
            raise SurveyMissingError
        return sheet


# --- reading ------------------------------------------------------------------------------------


def read_book(content: bytes) -> Book:
    """Read a file; what kind of file it is, its content says.

    :raises FormFileError: if it is no spreadsheet, too large, or broken.
    """
    if len(content) > SIZE:
        raise FormTooLargeError
    if content.startswith(b"PK"):
        tables = _xlsx(content)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        tables = _xls(content)
    else:
        tables = _csv(content)
    sheets = [_sheet(name, rows) for name, rows in _bounded(tables)]
    return Book(sheets)


def _bounded(
    tables: Iterable[tuple[str, Iterable[Sequence[Any]]]],
) -> Iterator[tuple[str, list[list[Cell | None]]]]:
    """Take the cells out of a library's hands, no more than a form can have."""
    n_signs = 0
    for name, rows in tables:
        kept: list[list[Cell | None]] = []
        for number, row in enumerate(rows):
            cells = [_cell(value) for value in row]
            while cells and cells[-1] is None:
                cells.pop()
            n_signs += sum(len(cell) for cell in cells if isinstance(cell, str))
            if number > _ROWS or len(cells) > _COLUMNS or n_signs > _TEXT:
                raise FormTooLargeError
            kept.append(cells)
        while kept and not kept[-1]:
            kept.pop()
        yield name, kept


def _cell(value: Any) -> Cell | None:
    """Return a cell's value: a text, a number or a truth; days and hours as ISO 8601."""
    if isinstance(value, str):
        # A database cannot hold this sign.
        return value.replace("\x00", "") or None
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return str(value)


def _sheet(name: str, rows: list[list[Cell | None]]) -> Sheet:
    """Give cells the names of their columns."""
    width = max((len(row) for row in rows), default=0)
    heading = [*(rows[0] if rows else []), *([None] * width)][:width]
    sheet = Sheet(name)
    for number, title in enumerate(heading):
        column = "" if title is None else str(title)
        if not column.strip() or column in sheet.columns:
            column = f"#{number + 1}" if not column.strip() else f"{column}#{number + 1}"
            sheet.blank.append(column)
        sheet.columns.append(column)
    for row in rows[1:]:
        cells = zip(sheet.columns, row, strict=False)
        sheet.rows.append({column: cell for column, cell in cells if cell is not None})
    return sheet


def _xlsx(content: bytes) -> Iterator[tuple[str, Iterable[Sequence[Any]]]]:
    """Read a workbook, once it is known to unpack into a reasonable size."""
    from openpyxl import load_workbook

    _check_archive(content)
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            yield sheet.title, sheet.iter_rows(values_only=True)
        workbook.close()
    except _BROKEN as error:
        raise NotAFormError from error


def _check_archive(content: bytes) -> None:
    """Measure what an archive unpacks into, without trusting what it says of itself."""
    with measured(io.BytesIO(content), _LIMITS, _REFUSALS) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise NotAFormError
        for part in archive.infolist():
            # Unpacking stops at the declared size, which was just judged, or fails.
            with archive.open(part) as source:
                while source.read(1 << 16):
                    pass


def _xls(content: bytes) -> Iterator[tuple[str, Iterable[Sequence[Any]]]]:
    """Read a workbook of the older kind."""
    import xlrd

    try:
        workbook = xlrd.open_workbook(file_contents=content)
        for sheet in workbook.sheets():
            rows = [
                [_xls_cell(sheet.cell(row, column)) for column in range(sheet.ncols)]
                for row in range(sheet.nrows)
            ]
            yield sheet.name, rows
    except (xlrd.XLRDError, AssertionError, *_BROKEN) as error:
        raise NotAFormError from error


def _xls_cell(cell: Any) -> Any:
    """Return a cell's value; that kind of file knows no whole numbers."""
    if cell.ctype == 4:
        return bool(cell.value)
    if cell.ctype == 2 and float(cell.value).is_integer():
        return int(cell.value)
    return cell.value if cell.ctype in {1, 2, 3} and cell.value != "" else None


def _csv(content: bytes) -> Iterator[tuple[str, Iterable[Sequence[Any]]]]:
    """Read the form of one file with all sheets, whose first column names them."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotAFormError from error
    tables: dict[str, list[list[Any]]] = {}
    name = ""
    for row in rows:
        first, rest = (row[0].strip() if row else ""), row[1:]
        if first:
            name = first
            tables.setdefault(name, [])
        if name and (not first or any(cell.strip() for cell in rest)):
            tables[name].append([cell if cell.strip() else None for cell in rest])
    yield from tables.items()


# --- writing ------------------------------------------------------------------------------------


def write_book(book: Book) -> bytes:
    """Write the sheets as a workbook."""
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for sheet in book.sheets:
        made = workbook.create_sheet(sheet.name[:31])
        for number, row in enumerate(sheet.as_lists(), 1):
            for column, value in enumerate(row, 1):
                if value is None:
                    continue
                cell = made.cell(number, column)
                if isinstance(value, str):
                    # What begins with "=" is a text here, never a formula.
                    cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                    cell.data_type = "s"
                else:
                    cell.value = value
        made.freeze_panes = "A2"
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
