"""Which reader a file needs: its first bytes decide, never its name."""

from __future__ import annotations

from pathlib import Path

from app.core.tables import errors
from app.core.tables.delimited import open_delimited
from app.core.tables.table import ReadingOptions, Table
from app.core.tables.workbook import open_workbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: First bytes of files that people take for tables, or send by mistake.
_OTHERS = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "GZIP",
    b"7z\xbc\xaf": "7Z",
    b"Rar!": "RAR",
    b"SQLite format": "SQLite",
    b"{\\rtf": "RTF",
    b"PAR1": "Parquet",
}
_MARKUP = {b"<!doctype html": "HTML", b"<html": "HTML", b"<table": "HTML", b"<?xml": "XML"}


def open_table(path: Path, options: ReadingOptions | None = None, *, limit: int) -> Table:
    """Open the table in a file, its columns named.

    :param limit: largest size, in bytes.
    :raises ImportRefusedError: if no table can be read from it; the message says why.
    """
    options = options or ReadingOptions()
    try:
        return _open(path, options, limit)
    except OSError as error:
        raise errors.UnreadableFileError(reason=error.strerror or str(error)) from error


def _open(path: Path, options: ReadingOptions, limit: int) -> Table:
    """Choose the reader."""
    size = path.stat().st_size
    if size == 0:
        raise errors.EmptyFileError
    if size > limit:
        megabyte = 1024 * 1024
        raise errors.FileTooLargeError(size=-(-size // megabyte), limit=limit // megabyte)
    with path.open("rb") as source:
        head = source.read(64)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return open_workbook(path, options)
    if head.startswith(_OLE):
        raise _old_or_encrypted(path)
    kind = _other_kind(head)
    if kind:
        raise errors.NotATableError(kind=kind)
    return open_delimited(path, options)


def _other_kind(head: bytes) -> str | None:
    """Return the kind of a file that is no table."""
    for start, kind in _OTHERS.items():
        if head.startswith(start):
            return kind
    markup = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return next((kind for start, kind in _MARKUP.items() if markup.startswith(start)), None)


def _old_or_encrypted(path: Path) -> errors.ImportRefusedError:
    """Tell the old format from an XLSX behind a password, which the old container wraps."""
    name = "EncryptedPackage".encode("utf-16-le")
    kept = b""
    with path.open("rb") as source:
        while chunk := source.read(1 << 20):
            if name in kept + chunk:
                return errors.EncryptedWorkbookError()
            kept = chunk[-64:]
    return errors.OldWorkbookError()
