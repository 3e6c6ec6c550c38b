"""Minutes in a DOCX document: measured before it is unpacked, then read into contributions.

Headings name workshops (or the plenary); ``Name : words`` and the rows of tables are what an
organisation said; other paragraphs are what the workshop, or the plenary, said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

from app.core.archives import Limits, Refusals, measured
from app.core.text import clean_text, fold
from app.meetings.errors import (
    BrokenDocumentError,
    EmptyDocumentError,
    InflatedDocumentError,
    LockedDocumentError,
    NotADocumentError,
)
from app.meetings.models import Meeting, Workshop

#: Largest file, in bytes.
LIMIT = 10 * 1024 * 1024
#: Largest total of the parts that hold words, unpacked.
_WORDS = 20 * 1024 * 1024
_LIMITS = Limits(parts=2_000, unpacked=100 * 1024 * 1024, directory=512 * 1024)
_REFUSALS = Refusals(
    broken=BrokenDocumentError, inflated=InflatedDocumentError, locked=LockedDocumentError
)
#: Most points read from one document.
MOST = 500
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPOKEN = re.compile(r"^\s*(?P<name>[^:\n：]{2,90}?)\s*[:：]\s+(?P<words>\S.*)$", re.DOTALL)
_BULLET = re.compile(r"^\s*(?:[-–—•▪*·]|\d{1,2}[.)])\s+")
_HEAD_CELLS = frozenset(
    fold(word)
    for word in (
        "organisation", "organisme", "structure", "intervenant", "intervenante", "association",
        "contribution", "intervention", "propos", "point", "الهيئة", "المتدخل", "الجمعية",
        "المؤسسة", "المداخلة", "المساهمة",
    )
)  # fmt: skip
_PLENARY = frozenset(map(fold, ("plénière", "plenary", "الجلسة العامة", "جلسة عامة")))
_WORKSHOP = re.compile(r"(?:atelier|workshop|الورشه|ورشه)\D{0,12}(\d{1,2})")


@dataclass(frozen=True)
class Found:
    """A contribution found in a document, before anybody has looked at it.

    :ivar heading: the heading under which it stands.
    """

    text: str
    speaker: str
    organisation: str = ""
    workshop_id: int | None = None
    heading: str = ""


def read_minutes(source: BinaryIO, meeting: Meeting) -> list[Found]:
    """Return the contributions in a document, in order.

    :raises DocumentRefusedError: if it is no DOCX, is damaged, locked or empty, or unpacks into
        more than minutes can be.
    """
    _check(source)
    from docx import Document

    source.seek(0)
    try:
        document = Document(source)
        found = list(_read(document, meeting))
    except Exception as error:
        # The reader of XML has errors of its own, and trips over documents that lack parts.
        raise BrokenDocumentError from error
    if not found:
        raise EmptyDocumentError
    return found[:MOST]


def _check(source: BinaryIO) -> None:
    """Check what a file is, and what it would unpack into."""
    size = source.seek(0, 2)
    if size > LIMIT:
        raise InflatedDocumentError
    source.seek(0)
    head = source.read(8)
    if head.startswith(_OLE):
        raise _old_or_locked(source)
    if not head.startswith(b"PK\x03\x04"):
        raise NotADocumentError
    with measured(source, _LIMITS, _REFUSALS) as archive:
        _check_parts(archive, archive.infolist())


def _old_or_locked(source: BinaryIO) -> NotADocumentError | LockedDocumentError:
    """Tell the old format from a DOCX behind a password, which the old container wraps."""
    source.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in source.read():
        return LockedDocumentError()
    return NotADocumentError()


def _check_parts(archive: ZipFile, parts: list[ZipInfo]) -> None:
    """Check the parts of the archive: sizes as declared, which the unpacking cannot exceed."""
    if "word/document.xml" not in {part.filename for part in parts}:
        raise NotADocumentError
    words = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if sum(part.file_size for part in words) > _WORDS:
        raise InflatedDocumentError
    for part in words:
        # Word writes no document type; entities are declared in one, and grow without end.
        if b"<!DOCTYPE" in archive.read(part):
            raise BrokenDocumentError


@dataclass
class _Under:
    """Under what the reading is."""

    heading: str = ""
    workshop: Workshop | None = None

    def found(self, text: str, organisation: str = "") -> Found:
        """Return a contribution made here."""
        speaker = "organisation" if organisation else "workshop" if self.workshop else "plenary"
        number = self.workshop.id if self.workshop else None
        return Found(text, speaker, organisation, number, self.heading)


def _read(document: object, meeting: Meeting) -> Iterator[Found]:
    """Walk paragraphs and tables in order."""
    from docx.table import Table

    under = _Under()
    for block in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(block, Table):
            yield from _rows(block, under)
            continue
        text = clean_text(block.text)
        if not text:
            continue
        style = (block.style.name or "") if block.style is not None else ""
        if style.startswith(("Heading", "Title", "Subtitle", "Titre")):
            under = _Under(text, _workshop_of(text, meeting))
            continue
        yield _paragraph(text, under)


def _workshop_of(heading: str, meeting: Meeting) -> Workshop | None:
    """Return the workshop that a heading names, by its title or its number."""
    folded = fold(heading)
    if any(word in folded for word in _PLENARY):
        return None
    for workshop in meeting.workshops:
        if any(fold(title) and fold(title) in folded for title in workshop.title.values()):
            return workshop
    numbered = _WORKSHOP.search(folded)
    if numbered:
        number = int(numbered[1])
        return next((one for one in meeting.workshops if one.position == number), None)
    return None


def _paragraph(text: str, under: _Under) -> Found:
    """Return what a paragraph says, and who."""
    text = _BULLET.sub("", text)
    spoken = _SPOKEN.match(text)
    if spoken and _is_name(spoken["name"]):
        return under.found(clean_text(spoken["words"]), clean_text(spoken["name"]))
    return under.found(text)


def _is_name(words: str) -> bool:
    """Tell whether what stands before a colon may name an organisation."""
    return len(words.split()) <= 12 and not words.rstrip().endswith((".", "؟", "?", "!"))


def _rows(table: object, under: _Under) -> Iterator[Found]:
    """Return what the rows of a table say: a name, then words."""
    for row in table.rows:  # type: ignore[attr-defined]
        cells: list[str] = []
        for cell in row.cells:
            text = clean_text(cell.text)
            if not cells or text != cells[-1]:  # joined cells come once for each column
                cells.append(text)
        cells = [cell for cell in cells if cell]
        if not cells or all(fold(cell) in _HEAD_CELLS for cell in cells):
            continue
        if len(cells) == 1:
            yield _paragraph(cells[0], under)
        else:
            name = next((cell for cell in cells[:-1] if not cell.isdigit()), "")
            yield under.found(cells[-1], name[:300])
