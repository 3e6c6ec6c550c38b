"""Pages of plain texts: form feeds part them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from app.core.files.plain import decode


def pages(path: Path) -> Iterator[str]:
    """Yield the pages.

    :raises ValueError: if it is no text.
    """
    text = decode(path)
    if text is None:
        raise ValueError
    yield from text.split("\f")
