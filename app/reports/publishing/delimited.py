"""CSV files of the open data: never a formula, and read back letter for letter."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from app.reports.publishing.errors import FileBrokenError

Row = dict[str, str]

#: Texts that spreadsheets take for formulas, full-width signs too, and those that look guarded.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_MARK = "\ufeff"
#: No cell that this program writes is longer, in code points.
_CELL = 1_000_000


def guarded(text: str) -> str:
    """Return a text as a cell: an apostrophe stands before what could be a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return the text of a cell that :func:`guarded` wrote."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def write(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table as CSV: UTF-8 with its mark, commas, lines that end as RFC 4180 says."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[name]) for name in columns] for row in rows)
    return (_MARK + buffer.getvalue()).encode()


def read(name: str, content: bytes, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a table.

    :raises FileBrokenError: if it is not such a table, with the line where that shows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileBrokenError(name=name, why="it is not UTF-8") from None
    csv.field_size_limit(_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        missing = [column for column in columns if column not in head]
        if missing:
            raise FileBrokenError(name=name, why=f"no column “{missing[0]}”")
        return [_row(name, head, cells, number) for number, cells in enumerate(reader, 2)]
    except csv.Error as error:
        line = reader.line_num
        raise FileBrokenError(name=name, why=f"line {line} is no CSV: {error}") from None


def _row(name: str, head: list[str], cells: list[str], number: int) -> Row:
    """Name the cells of a row."""
    if len(cells) != len(head):
        why = f"row {number} has {len(cells)} cells, not {len(head)}"
        raise FileBrokenError(name=name, why=why)
    return {column: unguarded(cell) for column, cell in zip(head, cells, strict=True)}
