"""Tell what a file that comes in is, by what it holds, and read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.themes.exchange import (
    Codebook,
    CodedPassage,
    Remark,
    errors,
    read_codebook,
    read_codebook_sheet,
    read_passages,
    read_project,
)
from app.themes.exchange.refi_codes import Language

#: Largest file, in bytes.
LIMIT = 200 * 1024 * 1024

_XML = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<", b"\xfe\xff\0<")
_DIRECTORY_WITHIN = 1 << 16


@dataclass(frozen=True)
class Held:
    """What a file held: a codebook, or passages with the codes they bear.

    :ivar book: with passages, the codebook that explains their codes, if the file has one.
    :ivar passages: None for a codebook alone.
    """

    book: Codebook | None
    passages: tuple[CodedPassage, ...] | None
    remarks: tuple[Remark, ...]


def read_file(path: Path, *, language: Language = "fr") -> Held:
    """Read a codebook (XLSX, CSV, .qdc) or coded passages (CSV, XLSX, .qdpx).

    :raises DomainError: if it is none of these, or cannot be taken; the message says why.
    """
    with path.open("rb") as source:
        head = source.read(4096).lstrip()
    if head.startswith(_XML):
        book = read_codebook(path, language=language)
        return Held(book.value, None, book.remarks)
    if head.startswith(b"PK") and _is_project(path):
        project = read_project(path, language=language)
        return Held(project.value.codebook, project.value.passages, project.remarks)
    try:
        passages = read_passages(path, language=language)
    except errors.HeadingMissingError:
        book = read_codebook_sheet(path, language=language)
        return Held(book.value, None, book.remarks)
    return Held(None, passages.value, passages.remarks)


def _is_project(path: Path) -> bool:
    """Tell a project from a workbook by the names of their parts, without unpacking anything."""
    with path.open("rb") as source:
        head = source.read(_DIRECTORY_WITHIN)
        source.seek(max(0, path.stat().st_size - _DIRECTORY_WITHIN))
        tail = source.read()
    return b"[Content_Types].xml" not in head + tail and b".qde" in (head + tail).lower()
