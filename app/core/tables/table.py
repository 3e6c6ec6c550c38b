"""A table as every format gives it: named columns, then rows numbered as spreadsheets do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.core.tables import errors
from app.core.text import clean_text

#: Longest cell, in code points.
CELL_LENGTH = 100_000
#: Widest table.
N_COLUMNS = 300
#: Longest name of a column; a longer one is a sentence, so the first row is data.
NAME_LENGTH = 500


@dataclass(frozen=True)
class ReadingOptions:
    """What the person who imports says about the file; None lets the content decide."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row.

    :ivar column: position of the column, or None for the row as a whole.
    """

    column: int | None
    error: errors.RowRefusedError


@dataclass(frozen=True)
class Record:
    """Cells as a format gives them, before columns have names."""

    number: int
    cells: Sequence[str]
    problems: tuple[Problem, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Tell whether there is nothing in the row, not even a problem."""
        return not self.problems and not any(map(str.strip, self.cells))


@dataclass(frozen=True)
class Row:
    """A row of the table.

    :ivar number: the row's number in a spreadsheet (the names of columns are often row 1).
    :ivar cells: one text a column.
    """

    number: int
    cells: tuple[str, ...]
    problems: tuple[Problem, ...] = ()


def letter(position: int) -> str:
    """Return a column's letters, ``A`` for 0, ``AA`` for 26."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class Table(ABC):
    """A table in a file; nothing but the names of its columns is kept in memory.

    :ivar sha256: of the file's bytes.
    :ivar sheets: names of the workbook's sheets (none for a CSV file).
    """

    sha256: str
    header: tuple[str, ...] = field(default=(), init=False)
    header_row: int = field(default=0, init=False)
    sheets: tuple[str, ...] = field(default=(), init=False)
    sheet: str = field(default="", init=False)
    #: True where a row with fewer cells than columns has lost some of them.
    short_rows_are_broken = True

    @abstractmethod
    def records(self) -> Iterator[Record]:
        """Yield every row of the file; blank ones may be among them."""

    @abstractmethod
    def share_read(self) -> float:
        """Tell how much of the file was read so far, in [0, 1]."""

    def read_header(self) -> None:
        """Find the names of the columns in the first row that is not blank.

        :raises ImportRefusedError: if there is none, or if names are missing or stand twice.
        """
        records = (record for record in self.records() if not record.is_blank)
        first = next(records, None)
        if first is None:
            raise errors.EmptyFileError
        names = [clean_text(cell) for cell in first.cells]
        while names and not names[-1]:
            names.pop()
        if not names:
            raise errors.ColumnNameMissingError(letter=letter(0), row=first.number)
        _check_names(names, first.number)
        self.header, self.header_row = tuple(" ".join(name.split()) for name in names), first.number
        twice = [name for name, count in Counter(self.header).items() if count > 1]
        if twice:
            raise errors.ColumnNameTwiceError(name=twice[0])
        if next(records, None) is None:
            raise errors.NoRowError

    def rows(self) -> Iterator[Row]:
        """Yield the rows under the names of the columns, without the blank ones."""
        for record in self.records():
            if record.number > self.header_row and not record.is_blank:
                yield self._row(record)

    def _row(self, record: Record) -> Row:
        """Give a record as many cells as there are columns, or say why it has not."""
        width, problems = len(self.header), list(record.problems)
        cells = list(record.cells)
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        is_short = self.short_rows_are_broken and len(cells) < width
        if not problems and (len(cells) > width or is_short):
            problems.append(Problem(None, errors.RaggedRowError(count=len(cells), expected=width)))
        for position, cell in enumerate(cells):
            if len(cell) > CELL_LENGTH:
                error = errors.CellTooLongError(count=len(cell), limit=CELL_LENGTH)
                problems.append(Problem(position, error))
        padded = (*cells[:width], *[""] * (width - len(cells)))
        return Row(record.number, padded, tuple(problems))


def _check_names(names: list[str], row: int) -> None:
    """Check that a row names columns."""
    if len(names) > N_COLUMNS:
        raise errors.TooManyColumnsError(count=len(names), limit=N_COLUMNS)
    for position, name in enumerate(names):
        if not name:
            raise errors.ColumnNameMissingError(letter=letter(position), row=row)
        if len(name) > NAME_LENGTH:
            raise errors.HeaderMissingError(row=row, sample=f"{name[:60]}…")
    if all(_is_figure(name) for name in names):
        raise errors.HeaderMissingError(row=row, sample=names[0][:60])


def _is_figure(name: str) -> bool:
    """Tell whether something is a number or a date rather than a name."""
    return not any(sign.isalpha() for sign in name)
