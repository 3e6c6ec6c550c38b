"""Documents that are archives of parts: measured before anything of them is unpacked."""

from __future__ import annotations

import zlib
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.core.files.errors import BrokenFileError, InflatedFileError, LockedFileError

#: Total of the parts, unpacked; a memorandum full of pictures stays far under it.
_UNPACKED = 200 * 1024 * 1024
#: Size, unpacked, of a part that holds words: it is read whole.
_WORDS = 40 * 1024 * 1024
#: How many times larger a big part of words may be unpacked; real documents reach thirty.
_RATIO = 150
_BIG = 2 * 1024 * 1024
_PARTS = 5_000
#: Longest directory of parts, in bytes: it is read whole by whoever opens the archive.
_DIRECTORY = 1024 * 1024
_CHUNK = 1 << 16
_BROKEN = (BadZipFile, NotImplementedError, zlib.error, EOFError, OSError, ValueError, KeyError)

_DOCX_MAIN = b"wordprocessingml.document.main+xml"
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def find_document(path: Path) -> str | None:
    """Return ``docx`` or ``odt``, None for any other archive.

    :raises FileRefusedError: if the archive is broken, locked, or unpacks into too much.
    """
    if _directory_size(path) > _DIRECTORY:
        raise InflatedFileError
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
            _check_sizes(parts)
            kind = _kind(archive, {part.filename for part in parts})
            if kind:
                _check_content(archive, parts)
            return kind
    except _BROKEN as error:
        raise BrokenFileError from error


def _directory_size(path: Path) -> int:
    """Return the size of the directory of parts, as the end of the file states it."""
    with path.open("rb") as source:
        source.seek(-min(path.stat().st_size, 66_000), 2)
        end = source.read()
    at = end.rfind(b"PK\x05\x06")
    if at < 0 or len(end) < at + 22:
        raise BrokenFileError
    return int.from_bytes(end[at + 12 : at + 16], "little")


def _check_sizes(parts: list[ZipInfo]) -> None:
    """Check what the directory declares."""
    if any(part.flag_bits & 1 for part in parts):
        raise LockedFileError
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise InflatedFileError
    for part in parts:
        is_dense = part.file_size > _BIG and part.file_size > part.compress_size * _RATIO
        if part.filename.endswith(".xml") and (part.file_size > _WORDS or is_dense):
            raise InflatedFileError


def _kind(archive: ZipFile, names: set[str]) -> str | None:
    """Tell which document it is, by the parts that make one."""
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        # A document with macros declares another type of main part.
        return "docx" if _DOCX_MAIN in _head(archive, "[Content_Types].xml") else None
    if {"mimetype", "content.xml"} <= names:
        if _head(archive, "mimetype").strip() != _ODT_TYPE:
            return None
        if b"encryption-data" in _head(archive, "META-INF/manifest.xml"):
            raise LockedFileError
        return "odt"
    return None


def _head(archive: ZipFile, name: str) -> bytes:
    """Return the beginning of a part, enough of it to know the document."""
    with archive.open(name) as source:
        return source.read(_BIG)


def _check_content(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Unpack every part piece by piece: sizes and checksums must be what was declared."""
    for part in parts:
        size = 0
        with archive.open(part) as source:
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > part.file_size:
                    raise InflatedFileError
