"""Copies of one form: the pages are laid out once, and each copy has its own code put over them.

All copies share the pages' contents in the file, so five hundred copies weigh little more than one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import segno
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
)

from app.submissions.receipts import written

#: Typographic points in a pixel of a style sheet.
_POINTS = 0.75
_FONT = "/TachaworCode"
#: Any of the eight patterns can be read; choosing the best of them takes nine tenths of the time.
_MASK = 2


@dataclass(frozen=True)
class Place:
    """Where a code is put on a page: the corner nearest to the page's start, from its top left.

    :ivar size: of the square of dots, in points.
    :ivar letters: height of the letters, in points; 0 for no letters.
    """

    x: float
    y: float
    size: float
    letters: float


@dataclass(frozen=True)
class Copy:
    """A copy's code, and the address that its slip leads to."""

    code: str
    address: str


def stamp(
    pdf: bytes, copies: Iterable[Copy], *, every: Place, slip: Place, slip_page: int
) -> bytes:
    """Return a file with all the copies of a laid-out form.

    :param every: where the code stands on every page.
    :param slip: where it stands on the slip that the person keeps.
    :param slip_page: the page of the slip, from 0.
    """
    writer = PdfWriter()
    base = [writer.add_page(page) for page in PdfReader(BytesIO(pdf)).pages]
    height = float(base[0].mediabox.height)
    shared = [_shared(writer, page) for page in base]
    for number, copy in enumerate(copies):
        mark = _stream(writer, _drawn(copy.code, copy.code, every, height))
        kept = _stream(writer, _drawn(copy.address, copy.code, slip, height))
        for place, contents in enumerate(shared):
            page = base[place] if number == 0 else _again(writer, base[place])
            own = [*contents, mark, *([kept] if place == slip_page else [])]
            page[NameObject("/Contents")] = ArrayObject(own)
        if len(base) % 2:
            # Printed on both sides, the next copy must not begin on the back of this one.
            _again(writer, base[0])[NameObject("/Contents")] = ArrayObject([mark])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _shared(writer: PdfWriter, page: Any) -> list[Any]:
    """Make what all copies of a page have in common, between a saved and a restored state."""
    contents = page["/Contents"]
    own = list(contents) if isinstance(contents, ArrayObject) else [page.raw_get("/Contents")]
    resources = page["/Resources"]
    fonts = resources.setdefault(NameObject("/Font"), DictionaryObject()).get_object()
    fonts[NameObject(_FONT)] = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Courier-Bold"),
        }
    )
    for key in ("/StructParents", "/Annots"):
        page.pop(key, None)
    if not hasattr(page.raw_get("/Resources"), "idnum"):
        page[NameObject("/Resources")] = writer._add_object(resources)  # noqa: SLF001
    return [_stream(writer, b"q"), *own, _stream(writer, b"Q")]


def _again(writer: PdfWriter, page: Any) -> Any:
    """Add a page that shares another's resources."""
    added = writer.add_blank_page(page.mediabox.width, page.mediabox.height)
    added[NameObject("/Resources")] = page.raw_get("/Resources")
    return added


def _stream(writer: PdfWriter, data: bytes) -> Any:
    """Add a piece of a page's contents."""
    stream = StreamObject()
    stream.set_data(data)
    return writer._add_object(stream.flate_encode())  # noqa: SLF001  no public way to add a stream


def _drawn(content: str, code: str, place: Place, height: float) -> bytes:
    """Return the drawing of a code: its square of dots, and its letters beside it."""
    square = [list(row) for row in segno.make(content, error="m", micro=False, mask=_MASK).matrix]
    dot = place.size / len(square)
    top = height - place.y * _POINTS
    start = place.x * _POINTS
    parts = ["0 g"]
    for line, row in enumerate(square):
        y = top - (line + 1) * dot
        for first, length in _runs(row):
            x = start + first * dot
            parts.append(f"{x:.2f} {y:.2f} {length * dot:.2f} {dot + 0.05:.2f} re")
    parts.append("f")
    if place.letters:
        below = top - place.size - place.letters
        parts.append(f"BT {_FONT} {place.letters:.1f} Tf {start:.2f} {below:.2f} Td")
        parts.append(f"({written(code)}) Tj ET")
    return "\n".join(parts).encode("ascii")


def _runs(row: list[int]) -> Iterable[tuple[int, int]]:
    """Yield the first place and the length of each run of dark dots."""
    begun: int | None = None
    for place, dark in enumerate([*row, 0]):
        if dark and begun is None:
            begun = place
        elif not dark and begun is not None:
            yield begun, place - begun
            begun = None
