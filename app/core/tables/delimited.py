"""CSV: delimiter found from the content, quotation marks checked, rows counted as people do."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from app.core.tables import errors
from app.core.tables.encodings import examine
from app.core.tables.table import Problem, ReadingOptions, Record, Table

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|", "pipe": "|", r"\t": "\t"}

#: A cell that grows beyond this has swallowed the rest of the file.
_RUNAWAY = 10_000_000


def delimiter_named(name: str) -> str:
    """Return the delimiter that was stated, as a sign or by its name.

    :raises DelimiterError: if it is none of the four.
    """
    sign = DELIMITERS.get(name, name)
    if sign not in DELIMITERS.values():
        raise errors.DelimiterError
    return sign


def _stated_in(head: str) -> str | None:
    """Return the delimiter that a first line ``sep=;`` states."""
    line = head.split("\n", maxsplit=1)[0].strip("\r").strip('"')
    if line.lower().startswith("sep=") and len(line) == 5:
        return delimiter_named(line[4])
    return None


def sniff(head: str) -> str:
    """Return the delimiter that gives the first rows the same number of cells, and the most."""
    whole = head if len(head) < 1000 else head[: head.rfind("\n") + 1] or head
    scores = {}
    for sign in (",", ";", "\t", "|"):
        try:
            rows = list(islice(csv.reader(io.StringIO(whole), delimiter=sign), 60))
        except csv.Error:
            continue
        widths = Counter(len(row) for row in rows if row)
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        scores[sign] = (width > 1, count / sum(widths.values()), width)
    return max(scores, key=lambda sign: scores[sign], default=",")


@dataclass
class DelimitedTable(Table):
    """A table in a CSV file."""

    path: Path
    encoding: str
    delimiter: str
    #: True when the first line only states the delimiter.
    has_statement: bool = False
    _source: BinaryIO | None = field(default=None, init=False, repr=False)
    _share: float = field(default=0.0, init=False, repr=False)

    def records(self) -> Iterator[Record]:
        """Yield every row of the file, the blank ones too."""
        size = self.path.stat().st_size
        with self.path.open("rb") as source:
            text = io.TextIOWrapper(source, encoding=self.encoding, newline="")
            for record in self._parsed(text):
                if record.number % 100 == 0:
                    self._share = source.tell() / size
                yield record
        self._share = 1.0

    def share_read(self) -> float:
        """Tell how much of the file was read so far, in [0, 1]."""
        return self._share

    def _parsed(self, text: io.TextIOWrapper) -> Iterator[Record]:
        """Parse strictly: a quotation mark out of place costs its row, not a silent change."""
        # The limit is the module's, for all of the process: someone else may have raised it.
        csv.field_size_limit(_RUNAWAY)
        reader = csv.reader(text, delimiter=self.delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "limit" in str(error):
                    raise errors.UnclosedQuotationError(row=number) from error
                yield Record(number, (), (Problem(None, errors.BrokenQuotationError()),))
                continue
            if number > 1 or not self.has_statement:
                yield Record(number, cells)


def open_delimited(path: Path, options: ReadingOptions) -> DelimitedTable:
    """Open a CSV file.

    :raises ImportRefusedError: if it is not text in a known encoding, or names no columns.
    """
    examined = examine(path, options.encoding)
    if not examined.head.strip():
        raise errors.EmptyFileError
    stated = _stated_in(examined.head)
    delimiter = delimiter_named(options.delimiter) if options.delimiter else stated
    table = DelimitedTable(
        sha256=examined.sha256,
        path=path,
        encoding=examined.encoding,
        delimiter=delimiter or sniff(examined.head),
        has_statement=stated is not None,
    )
    table.read_header()
    return table
