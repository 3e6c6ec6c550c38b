"""The product's faces as the PDF maker needs them.

Browsers are told by ``unicode-range`` to take spaces from one face and letters from another, and by
``size-adjust`` to draw Naskh larger. The PDF maker knows neither: a face without a space would show
a box between Arabic words. So a face gets its spaces, and Naskh its size, when it is loaded. Naskh
also gets the full stop and the colon of the serif face: drawn by the face of the words around, they
can be told from those of Latin text, and readers of the file put them in their place.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

from app.core.marking import LEFT_TO_RIGHT, RIGHT_TO_LEFT

#: Spaces and their widths, in shares of the em.
_SPACES = {0x20: 0.26, 0xA0: 0.26, 0x202F: 0.2}

#: Naskh letters are small in their body: the share by which the style sheet enlarges them.
_LARGER = {"tachawor-naskh.woff2": 1.14}

#: Faces that take signs from another one, and the signs.
_BORROWING = {"tachawor-naskh.woff2": "tachawor-serif.woff2"}
_SIGNS = tuple(map(ord, ".:()«»!-–/"))


@lru_cache(maxsize=8)
def _prepared(path: Path, _modified_ns: int) -> bytes:
    """Return the face with what it lacks, once for each state of its file."""
    font = TTFont(path, recalcTimestamp=False)
    units = font["head"].unitsPerEm
    known = font.getBestCmap()
    for code, width in _SPACES.items():
        if code not in known:
            _add_space(font, code, round(width * units))
    for mark in (RIGHT_TO_LEFT, LEFT_TO_RIGHT):
        _add_space(font, ord(mark), 8)
    if path.name in _BORROWING:
        _borrow(font, path.with_name(_BORROWING[path.name]), path.name)
    font["head"].unitsPerEm = round(units / _LARGER.get(path.name, 1))
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _borrow(font: TTFont, other: Path, name: str) -> None:
    """Draw signs as another face does, at the size at which this one is printed."""
    lender = TTFont(other)
    scale = font["head"].unitsPerEm / lender["head"].unitsPerEm / _LARGER.get(name, 1)
    glyphs, known = lender.getGlyphSet(), lender.getBestCmap()
    for code in _SIGNS:
        if code in font.getBestCmap() or code not in known:
            continue
        pen = TTGlyphPen(None)
        glyphs[known[code]].draw(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
        _add(font, code, pen.glyph(), round(glyphs[known[code]].width * scale))


def _add_space(font: TTFont, code: int, width: int) -> None:
    """Add an empty glyph for a space."""
    _add(font, code, Glyph(), width)


def _add(font: TTFont, code: int, glyph: Glyph, width: int) -> None:
    """Add a glyph for a sign that a face lacks."""
    name = f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = glyph
    font["hmtx"][name] = (width, 0)
    tables: list[Any] = [table for table in font["cmap"].tables if table.isUnicode()]
    for table in tables:
        table.cmap[code] = name


def prepared_face(path: Path) -> bytes:
    """Return a face as the PDF maker needs it."""
    return _prepared(path, path.stat().st_mtime_ns)
