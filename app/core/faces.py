"""The product's faces as the PDF maker needs them.

Browsers are told by ``unicode-range`` to take spaces from one face and letters from another, and by
``size-adjust`` to draw Naskh larger. The PDF maker knows neither: a face without a space would show
a box between Arabic words. So a face gets its spaces, and Naskh its size, when it is loaded.
"""

from __future__ import annotations

import io
from functools import lru_cache
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

#: Spaces and their widths, in shares of the em.
_SPACES = {0x20: 0.26, 0xA0: 0.26, 0x202F: 0.2}

#: Naskh letters are small in their body: the share by which the style sheet enlarges them.
_LARGER = {"tachawor-naskh.woff2": 1.14}


@lru_cache(maxsize=8)
def _prepared(path: Path, _modified_ns: int) -> bytes:
    """Return the face with what it lacks, once for each state of its file."""
    font = TTFont(path, recalcTimestamp=False)
    units = font["head"].unitsPerEm
    known = font.getBestCmap()
    for code, width in _SPACES.items():
        if code not in known:
            _add_space(font, code, round(width * units))
    font["head"].unitsPerEm = round(units / _LARGER.get(path.name, 1))
    font.flavor = None
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def _add_space(font: TTFont, code: int, width: int) -> None:
    """Add an empty glyph for a space."""
    name = f"uni{code:04X}"
    font.setGlyphOrder([*font.getGlyphOrder(), name])
    font["glyf"][name] = Glyph()
    font["hmtx"][name] = (width, 0)
    tables: list[Any] = [table for table in font["cmap"].tables if table.isUnicode()]
    for table in tables:
        table.cmap[code] = name


def prepared_face(path: Path) -> bytes:
    """Return a face as the PDF maker needs it."""
    return _prepared(path, path.stat().st_mtime_ns)
