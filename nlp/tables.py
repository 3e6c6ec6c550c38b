"""Reading of tables of texts and writing of results."""

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from nlp.contrasts import Contrast
from nlp.errors import InputError
from nlp.model import PassageResult

_DELIMITERS = (",", ";", "\t")


def read_column(path: Path, column: str) -> list[str]:
    """Return the texts of one column of a CSV file, one per data row; see :func:`read_columns`."""
    return read_columns(path, [column])[column]


def read_columns(path: Path, columns: Sequence[str]) -> dict[str, list[str]]:
    """Return columns of a CSV file, one value per data row, empty where a row has none.

    Parameters
    ----------
    path : Path
        UTF-8 with or without byte order mark, separated by comma, semicolon or tab.
    columns : sequence of str
        Names of the columns in the first row.

    Raises
    ------
    InputError
        If the file is missing, not UTF-8, not a table, empty, or without one of the columns.
    """
    content = _content(path)
    # Fields of any length: the default limit would refuse a long answer.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    try:
        rows = list(
            csv.reader(io.StringIO(content, newline=""), delimiter=_delimiter(content, columns[0]))
        )
    except csv.Error as error:
        raise InputError(f"{path} cannot be read as a table: {error}.") from error
    rows = [row for row in rows if row]
    header = [name.strip() for name in rows[0]]
    found = {}
    for column in columns:
        if column not in header:
            shown = ", ".join(header[:20])
            raise InputError(f'{path} has no column "{column}". Its columns are: {shown}.')
        place = header.index(column)
        found[column] = [row[place] if place < len(row) else "" for row in rows[1:]]
    return found


def _content(path: Path) -> str:
    """Return the text of a file."""
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text (byte {error.start + 1}).") from error
    if "\0" in content:
        raise InputError(f"{path} is not a text file: it holds NUL characters.")
    if not content.strip():
        raise InputError(f"{path} is empty.")
    return content


def _delimiter(content: str, column: str) -> str:
    """Return the delimiter by which the first row has the column, else the most frequent one."""
    first = content.lstrip("\r\n").splitlines()[0]
    for delimiter in _DELIMITERS:
        names = next(csv.reader([first], delimiter=delimiter), [])
        if column in [name.strip() for name in names] and len(names) > 1:
            return delimiter
    return max(_DELIMITERS, key=first.count)


def write_assignments(
    path: Path, passages: Sequence[PassageResult], natures: Sequence[str | None] | None = None
) -> None:
    """Write one row per passage: row, start, end, theme, state, margin, language, nature if told.

    Parameters
    ----------
    path : Path
    passages : sequence of PassageResult
    natures : sequence of str or None, optional
        Nature of each passage, None where it is unsure.
    """
    header = ["row", "start", "end", "theme", "state", "margin", "language"]
    rows = [
        [
            p.key,
            p.start,
            p.end,
            "" if p.theme is None else p.theme,
            p.state,
            f"{p.margin:.4f}",
            p.language,
        ]
        for p in passages
    ]
    if natures is not None:
        header.append("nature")
        rows = [[*row, nature or ""] for row, nature in zip(rows, natures, strict=True)]
    write_table(path, header, rows)


def write_contrasts(path: Path, found: Sequence[Contrast]) -> None:
    """Write one row per theme and group; what is suppressed has no number."""
    names = [field.name for field in fields(Contrast)]
    rows = ([_cell(getattr(contrast, name)) for name in names] for contrast in found)
    write_table(path, names, rows)


def _cell(value: object) -> object:
    """Return a value as it is written in a table."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return "" if value is None else value


def write_table(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a CSV file."""
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)
