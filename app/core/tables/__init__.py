"""Reading a table from a file: what kind of file it is, then its rows, one at a time."""

from __future__ import annotations

from app.core.tables.opening import open_table
from app.core.tables.table import ReadingOptions, Row, Table

__all__ = ["ReadingOptions", "Row", "Table", "open_table"]
