"""Pages of PDF documents.

Letters of a PDF stand where they are drawn. In Latin script the order of drawing is that of
reading, columns included, so it is taken. Arabic is drawn from left to right, figures and foreign
words the other way round than its own: there the lines are made from where letters stand, then put
back into the order of reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.errors import DependencyError
from pypdf.generic import NameObject, StreamObject

from app.core.files.reading.pages import paragraphs, plain_letters, without_furniture
from app.core.files.reading.rtl import has_arabic, in_reading_order, is_rtl

#: A destination of several Arabic letters in a font's table of signs: one sign for all of them.
_LIGATURE = re.compile(rb"<((?:06[0-9A-Fa-f]{2}|FE[0-9A-Fa-f]{2}){2,8})>")
_FIRST_OWN = 0xE100
_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")


class LockedError(Exception):
    """The document needs a password."""


def pages(path: Path) -> Iterator[str]:
    """Yield the words of each page.

    :raises LockedError: if it needs a password.
    """
    reader = PdfReader(path)
    if reader.is_encrypted:
        _unlock(reader)
    # Pages share fonts: what a sign stands for holds for the whole document.
    ligatures: dict[str, str] = {}
    lined = [_lines(page, ligatures) for page in reader.pages]
    for lines in without_furniture(lined):
        yield paragraphs(lines)


def _unlock(reader: PdfReader) -> None:
    """Open a document that anyone may read, and only its owner change."""
    try:
        if not reader.decrypt(""):
            raise LockedError
    except DependencyError as error:
        raise LockedError from error


def _lines(page: Any, ligatures: dict[str, str]) -> list[str]:
    """Return the lines of a page."""
    _set_apart(page, ligatures)
    drawn = _with_letters(page.extract_text() or "", ligatures)
    if not has_arabic(plain_letters(drawn)):
        return _trimmed(plain_letters(drawn).splitlines())
    page_is_rtl = is_rtl(plain_letters(drawn))
    lines = page.extract_text(extraction_mode="layout", layout_mode_space_vertically=True)
    return _trimmed(_read(line, ligatures, page_is_rtl=page_is_rtl) for line in lines.splitlines())


def _trimmed(lines: Any) -> list[str]:
    """Return lines without blank ones at either end."""
    own = [line.rstrip() for line in lines]
    while own and not own[0].strip():
        own.pop(0)
    while own and not own[-1].strip():
        own.pop()
    return own


def _read(line: str, ligatures: dict[str, str], *, page_is_rtl: bool) -> str:
    """Return a drawn line in the order of reading, with single spaces."""
    line = _GAP.sub(" ", line.strip())
    words = plain_letters(line)
    has_letters = any(sign.isalpha() for sign in words)
    if is_rtl(words) or (page_is_rtl and not has_letters and " " in words):
        words = in_reading_order(words)
    return _with_letters(words, ligatures)


def _with_letters(text: str, ligatures: dict[str, str]) -> str:
    """Write ligatures as their letters."""
    return "".join(ligatures.get(sign, sign) for sign in text) if ligatures else text


def _set_apart(page: Any, own: dict[str, str]) -> None:
    """Give each ligature of the page's fonts a sign of its own, and note what it stands for.

    Lam-alef drawn as one sign says "lam, alef" in that order: turned round with its line it would
    say "alef, lam".
    """
    resources = page.get("/Resources")
    fonts = (resources.get_object() if resources else {}).get("/Font", {})
    for reference in fonts.get_object().values() if fonts else ():
        font = reference.get_object()
        table = font.get("/ToUnicode")
        if table is not None and isinstance(table.get_object(), StreamObject):
            font[NameObject("/ToUnicode")] = _replaced(table.get_object(), own)


def _replaced(table: Any, own: dict[str, str]) -> StreamObject:
    """Return a font's table of signs with its ligatures replaced."""

    def sign(found: re.Match[bytes]) -> bytes:
        """Return the sign for one ligature, the same each time it comes."""
        letters = bytes.fromhex(found[1].decode("ascii")).decode("utf-16-be")
        known = next((mark for mark, said in own.items() if said == letters), None)
        mark = known or chr(_FIRST_OWN + len(own))
        own[mark] = letters
        return f"<{ord(mark):04X}>".encode("ascii")

    stream = StreamObject()
    stream.set_data(_LIGATURE.sub(sign, table.get_data()))
    return stream
