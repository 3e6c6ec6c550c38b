"""Reading a table from a file: what kind of file it is, then its rows, one at a time."""

from __future__ import annotations

from app.submissions.imports.reading.opening import open_table
from app.submissions.imports.reading.table import ReadingOptions, Row, Table

__all__ = ["ReadingOptions", "Row", "Table", "open_table"]
