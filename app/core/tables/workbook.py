"""XLSX: cells as text; formulas and errors are refused where they stand, nothing is computed."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from struct import error as StructError  # noqa: N812
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from app.core.archives import BROKEN
from app.core.tables import errors
from app.core.tables.archive import check_archive
from app.core.tables.table import Problem, ReadingOptions, Record, Table

#: The last row that a spreadsheet has.
_LAST_ROW = 1_048_576
#: Most text of one sheet, in code points: one long string may be shared by many cells.
_TEXT = 300_000_000
#: Rows taken from the library in one go.
_AT_ONCE = 50
#: How workbooks write line ends and tabs inside texts, and what only looks written so (005F).
_ESCAPED = re.compile("_x(000[9ADad]|005[Ff])_")
_BROKEN = (
    *BROKEN,
    ArithmeticError,
    AssertionError,
    AttributeError,
    DefusedXmlException,
    InvalidFileException,
    ParseError,
    StructError,
    TypeError,
)


def cell_text(value: Any) -> str:
    """Return a cell's value as text: dates as ISO 8601, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return _number_text(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}"
    return _moment_text(value)


def _number_text(value: float) -> str:
    """Write a number as a spreadsheet would show it: fifteen digits, no exponent."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def _moment_text(value: Any) -> str:
    """Write a date, with its time unless that is midnight."""
    if isinstance(value, datetime):
        if value.time() == time():
            return value.date().isoformat()
        return value.replace(microsecond=0).isoformat(" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


@dataclass
class WorkbookTable(Table):
    """A sheet of a workbook."""

    path: Path
    short_rows_are_broken = False
    _share: float = field(default=0.0, init=False, repr=False)

    def choose(self, name: str | None) -> None:
        """Choose the sheet of that name, or the first one.

        :raises ImportRefusedError: if there is no such sheet.
        """
        with _opened(self.path) as workbook:
            self.sheets = tuple(sheet.title for sheet in workbook.worksheets)
        if not self.sheets:
            raise errors.NoSheetError
        if name is not None and name not in self.sheets:
            raise errors.SheetNotFoundError(name=name, sheets=", ".join(self.sheets))
        self.sheet = name or self.sheets[0]

    def share_read(self) -> float:
        """Tell how much of the sheet was read so far, in [0, 1]."""
        return self._share

    def records(self) -> Iterator[Record]:
        """Yield every row of the sheet that has cells."""
        with _opened(self.path) as workbook:
            sheet: Any = workbook[self.sheet]
            last = sheet.max_row or _LAST_ROW
            sheet.reset_dimensions()  # what a file says of its own size is not believed
            n_signs = 0
            for number, cells in enumerate(_quietly(sheet.iter_rows()), 1):
                if number > _LAST_ROW or n_signs > _TEXT:
                    raise errors.InflatedWorkbookError(limit=_TEXT // 1_000_000)
                if not cells:
                    continue
                record = _record(number, cells)
                n_signs += sum(map(len, record.cells))
                self._share = min(1.0, number / last)
                yield record
        self._share = 1.0


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    """Open a workbook without reading its sheets."""
    with path.open("rb") as source:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # A stream, since the library judges paths by their extension.
                workbook = load_workbook(source, read_only=True, data_only=False, keep_links=False)
        except _BROKEN as error:
            raise errors.DamagedWorkbookError from error
        try:
            yield workbook
        finally:
            workbook.close()


def _quietly(rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Step through rows; the library's remarks on styles concern nobody here."""
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                some = list(islice(rows, _AT_ONCE))
        except _BROKEN as error:
            raise errors.DamagedWorkbookError from error
        yield from some
        if len(some) < _AT_ONCE:
            return


def _record(number: int, cells: Sequence[Any]) -> Record:
    """Turn a row of cells into texts."""
    texts, problems = [], []
    for position, cell in enumerate(cells):
        kind = cell.data_type
        if kind == "f":
            problems.append(Problem(position, errors.FormulaCellError()))
        elif kind == "e":
            problems.append(Problem(position, errors.ErrorCellError(code=str(cell.value))))
        texts.append("" if kind in {"f", "e"} else cell_text(cell.value))
    last = max((problem.column or 0 for problem in problems), default=-1)
    while len(texts) > last + 1 and not texts[-1]:
        texts.pop()
    return Record(number, texts, tuple(problems))


def open_workbook(path: Path, options: ReadingOptions) -> WorkbookTable:
    """Open a sheet of an XLSX file.

    :raises ImportRefusedError: if it is no workbook, unpacks into too much, or names no columns.
    """
    check_archive(path)
    with path.open("rb") as source:
        digest = file_digest(source, "sha256").hexdigest()
    table = WorkbookTable(sha256=digest, path=path)
    table.choose(options.sheet)
    table.read_header()
    return table
