"""Passages with their codes as CSV and XLSX, written row by row and read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from app.core.tables import ReadingOptions
from app.core.tables.errors import RowRefusedError
from app.themes.exchange import errors
from app.themes.exchange.cells import (
    CELL_LENGTH,
    NamedRows,
    fill_cell,
    guarded,
    is_right_to_left,
    refuse_problems,
    written_length,
)
from app.themes.exchange.labels import field_named, label, sheet_name, state_named, state_words
from app.themes.exchange.project_out import xml_moment
from app.themes.exchange.remarks import Remark, RemarkKind, Remarks
from app.themes.exchange.values import MARGIN_DECIMALS, Code, CodedPassage, Reading

#: Largest file, in bytes.
LIMIT = 200 * 1024 * 1024

_TEXTS = ("submission", "question", "region", "actor_type", "organisation", "language")
COLUMNS = (
    *("submission", "text", "theme_fr", "theme_ar", "state", "margin", "language", "question"),
    *("region", "actor_type", "organisation", "coder", "coded_at", "start", "end"),
    *("key", "source", "theme"),
)
_REQUIRED = ("key", "source", "text", "start", "end")
_HIDDEN = {"key", "source", "theme"}
#: Longest that one sign is written in a workbook.
_LONGEST_SIGN = 8
#: Rows of CSV that go out together.
_AT_ONCE = 500


# --- writing ------------------------------------------------------------------------------------


def passages_csv(
    passages: Iterable[CodedPassage],
    codes: Mapping[str, Code],
    *,
    language: str = "fr",
    remarks: Remarks | None = None,
) -> Iterator[bytes]:
    """Yield a CSV file piece by piece: UTF-8 with its mark, commas, a heading row.

    :param codes: by key, for their names.
    :param remarks: where to note what could not be written as it was.
    """
    remarks = Remarks() if remarks is None else remarks
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([label(field, language) for field in COLUMNS])
    for number, passage in enumerate(passages, 1):
        cells = _cells(passage, codes, language)
        writer.writerow(
            [guarded(c, passage.submission, remarks) if isinstance(c, str) else c for c in cells]
        )
        if number % _AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_passages_xlsx(
    passages: Iterable[CodedPassage],
    codes: Mapping[str, Code],
    out: BinaryIO,
    *,
    language: str = "fr",
) -> tuple[Remark, ...]:
    """Write a workbook row by row, without ever holding it whole; in Arabic it runs from the right.

    :param codes: by key, for their names.
    :returns: what could not be written as it was.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    remarks = Remarks()
    workbook = Workbook(write_only=True)
    sheet: Any = workbook.create_sheet(sheet_name("passages", language))
    sheet.sheet_view.rightToLeft = language == "ar"
    sheet.freeze_panes = "A2"
    for column, field in enumerate(COLUMNS, 1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = 70 if field == "text" else 20
        dimension.hidden = field in _HIDDEN
    from_right = Alignment(wrap_text=True, vertical="top", readingOrder=2)
    from_left = Alignment(wrap_text=True, vertical="top", readingOrder=1)
    headings = [WriteOnlyCell(sheet, label(field, language)) for field in COLUMNS]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    place = COLUMNS.index("text")
    for passage in passages:
        row = [
            fill_cell(WriteOnlyCell(sheet), value, passage.submission, remarks)
            for value in _cells(passage, codes, language)
        ]
        row[place].alignment = from_right if is_right_to_left(passage.text) else from_left
        sheet.append(row)
    workbook.save(out)
    return tuple(remarks)


def _cells(
    passage: CodedPassage, codes: Mapping[str, Code], language: str
) -> list[str | float | None]:
    """Return a passage's row."""
    code = codes.get(passage.theme or "")
    margin = passage.margin
    values: dict[str, str | float | None] = {
        "theme_fr": code.name_fr if code else "",
        "theme_ar": code.name_ar if code else "",
        "state": state_words(passage.state, language),
        "margin": None if margin is None else round(margin, MARGIN_DECIMALS),
        "coded_at": xml_moment(passage.coded_at) or "",
    }
    return [values[f] if f in values else getattr(passage, f) for f in COLUMNS]


# --- reading ------------------------------------------------------------------------------------


def read_passages(path: Path, *, language: str = "fr") -> Reading[tuple[CodedPassage, ...]]:
    """Read passages from a CSV or XLSX file that was written here, headings in any language.

    :raises ImportRefusedError: if it is no table.
    :raises ExchangeRefusedError: if it cannot be taken; :class:`~errors.RowsRefusedError` says
        which rows are wrong, and why.
    """
    options = ReadingOptions(delimiter=_delimiter(path))
    table = NamedRows(path, options, limit=LIMIT, guard=True)
    table.require(_REQUIRED, language)
    remarks = Remarks()
    for heading in table.unknown:
        remarks.add(RemarkKind.PART_LEFT, heading)
    found = []
    for row, cells in table:
        passage = _PassageOfRow(table, row, cells, remarks).read()
        if passage is not None:
            found.append(passage)
    refuse_problems(table)
    return Reading(tuple(found), tuple(remarks))


def _delimiter(path: Path) -> str | None:
    """Return the sign that cuts the first row into headings known here; passages have any sign."""
    with path.open("rb") as source:
        line = source.readline(1 << 16).decode("utf-8-sig", "replace")
    known = {sign: _n_known(line, sign) for sign in (",", ";", "\t")}
    best = max(known, key=lambda sign: known[sign])
    return best if known[best] else None


def _n_known(line: str, sign: str) -> int:
    """Return how many headings a first row has when cut at a sign."""
    try:
        cells: Sequence[str] = next(csv.reader([line], delimiter=sign), [])
    except csv.Error:
        return 0
    return sum(field_named(cell) is not None for cell in cells)


class _PassageOfRow:
    """Turns a row into a passage, and says what is wrong with it."""

    def __init__(self, table: NamedRows, row: int, cells: dict[str, str], remarks: Remarks) -> None:
        self._table, self._row, self._cells = table, row, cells
        self._remarks = remarks
        self._is_wrong = False

    def read(self) -> CodedPassage | None:
        """Return the passage, None if something in the row is wrong."""
        for field in ("key", "source"):
            if not self._cells[field].strip():
                self._blame(field, errors.RowCellMissingError())
        start, end = self._whole("start"), self._whole("end")
        self._check_length(end - start)
        moment, margin = self._moment(), self._margin()
        if self._is_wrong:
            return None
        return CodedPassage(
            key=self._cells["key"],
            source=self._cells["source"],
            text=self._cells["text"],
            start=start,
            end=end,
            state=state_named(self._text("state")),
            theme=self._text("theme") or None,
            coder=self._text("coder") or None,
            coded_at=moment,
            margin=margin,
            theme_names=self._theme_names(),
            row=self._row,
            **{field: self._text(field) for field in _TEXTS},
        )

    def _theme_names(self) -> tuple[str, str] | None:
        """Return what the row calls its theme, None if the table has no such columns."""
        if not {"theme_fr", "theme_ar"} & set(self._cells):
            return None
        return self._text("theme_fr").strip(), self._text("theme_ar").strip()

    def _text(self, field: str) -> str:
        """Return a cell, empty if there is no such column."""
        return self._cells.get(field, "")

    def _blame(self, field: str, error: RowRefusedError) -> None:
        """Say what is wrong."""
        self._is_wrong = True
        self._table.blame(self._row, field, error)

    def _check_length(self, span: int) -> None:
        """Check that the text is as long as its offsets say; a workbook may have cut it."""
        length = len(self._cells["text"])
        if span > length and self._is_cut():
            self._remarks.add(RemarkKind.TEXT_CUT, self._text("submission"))
        elif span != length and not self._is_wrong:
            self._blame("text", errors.RowOffsetsError(length=length, span=span))

    def _is_cut(self) -> bool:
        """Tell whether the text fills a cell of a workbook."""
        if not self._table.is_workbook:
            return False
        return written_length(self._cells["text"]) > CELL_LENGTH - _LONGEST_SIGN

    def _whole(self, field: str) -> int:
        """Return an offset."""
        text = self._cells[field].strip()
        if text.isascii() and text.isdigit() and len(text) < 10:
            return int(text)
        self._blame(field, errors.RowNumberError(value=text[:60]))
        return 0

    def _margin(self) -> float | None:
        """Return the margin; a comma may stand for the point."""
        text = self._text("margin").strip()
        if not text:
            return None
        try:
            margin = float(text.replace(",", "."))
        except ValueError:
            margin = -1
        if not 0 <= margin <= 1:
            self._blame("margin", errors.RowNumberError(value=text[:60]))
        return margin

    def _moment(self) -> datetime | None:
        """Return when it was coded."""
        text = self._text("coded_at").strip()
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
        except (ValueError, OverflowError):
            self._blame("coded_at", errors.RowMomentError(value=text[:60]))
            return None
