"""Plain texts: in which encoding they are, and whether they are texts at all."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

#: Signs that no text has; a binary file soon has some.
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_ARABIC = re.compile("[\u0621-\u064a]")
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def decode(path: Path) -> str | None:
    """Return the text of a file, None if it is no text."""
    data = path.read_bytes()
    for name in _candidates(data):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text
    return None


def _candidates(data: bytes) -> list[str]:
    """Return the encodings that a text may be in, the likeliest first."""
    for mark, name in _BOMS.items():
        if data.startswith(mark):
            return [name]
    even, odd = data[:4096:2].count(0), data[1:4096:2].count(0)
    if max(even, odd) > len(data[:4096]) / 8:
        return ["utf-16-be" if even > odd else "utf-16-le"]
    # French reads the same in both: only Arabic letters speak for Windows-1256.
    sample = data[:200_000]
    arabic = len(_ARABIC.findall(sample.decode("cp1256", "replace")))
    latin_last = arabic > len(sample) / 10
    return ["utf-8", "cp1256", "cp1252"] if latin_last else ["utf-8", "cp1252", "cp1256"]
