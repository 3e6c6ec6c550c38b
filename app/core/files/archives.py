"""Documents that are archives of parts: measured before anything of them is unpacked."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile, ZipInfo

from app.core.archives import Limits, Refusals, measured
from app.core.files.errors import BrokenFileError, InflatedFileError, LockedFileError

#: Total of the parts, unpacked; a memorandum full of pictures stays far under it.
_UNPACKED = 200 * 1024 * 1024
#: Size, unpacked, of a part that holds words: it is read whole.
_WORDS = 40 * 1024 * 1024
#: How many times larger a big part of words may be unpacked; real documents reach thirty.
_RATIO = 150
_BIG = 2 * 1024 * 1024
_CHUNK = 1 << 16
_LIMITS = Limits(parts=5_000, unpacked=_UNPACKED)
_REFUSALS = Refusals(broken=BrokenFileError, inflated=InflatedFileError, locked=LockedFileError)

_DOCX_MAIN = b"wordprocessingml.document.main+xml"
_ODT_TYPE = b"application/vnd.oasis.opendocument.text"


def find_document(path: Path) -> str | None:
    """Return ``docx`` or ``odt``, None for any other archive.

    :raises FileRefusedError: if the archive is broken, locked, or unpacks into too much.
    """
    with measured(path, _LIMITS, _REFUSALS) as archive:
        parts = archive.infolist()
        _check_words(parts)
        kind = _kind(archive, {part.filename for part in parts})
        if kind:
            _check_content(archive, parts)
        return kind


def _check_words(parts: list[ZipInfo]) -> None:
    """Check what the directory declares of the parts that are read whole."""
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
