"""Small files for the tests of imports: tables as people send them, and files nobody should."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook

HEADER = ("id", "who", "where", "text")


def write_csv(
    path: Path, rows: Iterable[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write rows as CSV."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def write_xlsx(
    path: Path, rows: Iterable[Sequence[Any]], **sheets: Iterable[Sequence[Any]]
) -> Path:
    """Write rows as the first sheet of a workbook."""
    workbook = Workbook()
    first = workbook.active
    assert first is not None
    first.title = "Answers"
    for row in rows:
        first.append(list(row))
    for name, more in sheets.items():
        sheet = workbook.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    workbook.save(path)
    return path


def rewritten(path: Path, parts: dict[str, bytes]) -> Path:
    """Put other parts in a workbook's place."""
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name not in parts}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (kept | parts).items():
            archive.writestr(name, content)
    return path


_SHEET = (
    b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b"<sheetData>%s</sheetData></worksheet>"
)
SHEET_PART = "xl/worksheets/sheet1.xml"


def sheet_of(content: bytes) -> bytes:
    """Return the XML of a sheet."""
    return _SHEET % content


def write_bomb(path: Path, *, size: int) -> Path:
    """Write a workbook whose sheet unpacks into ``size`` bytes of nothing much."""
    write_xlsx(path, [HEADER])
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist() if name != SHEET_PART}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in kept.items():
            archive.writestr(name, content)
        with archive.open(SHEET_PART, "w") as sheet:
            chunk = b" " * 1_000_000
            for _ in range(size // len(chunk)):
                sheet.write(chunk)
    return path


def lying(path: Path, *, size: int) -> Path:
    """Make a workbook's directory declare that its sheet unpacks into ``size`` bytes."""
    data = bytearray(path.read_bytes())
    name = SHEET_PART.encode()
    for signature, at_size, at_name in ((b"PK\x01\x02", 24, 46), (b"PK\x03\x04", 22, 30)):
        start = -1
        while (start := data.find(signature, start + 1)) >= 0:
            if data[start + at_name : start + at_name + len(name)] == name:
                data[start + at_size : start + at_size + 4] = struct.pack("<I", size)
    path.write_bytes(bytes(data))
    return path
