"""Lines of printed pages: a word more, where the maker of PDF files would break after the first.

The maker counts the space that ends a piece of text. Where a piece fits on its line but for that
space, and another element follows, the maker (WeasyPrint 70) finds the line too long, gives up the
places to break that it knows, and leaves the first word alone on the line. A space at the end of a
line takes no room (CSS Text Module Level 3, 4.1.2).
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline

#: Of the maker's answer: where the next line begins, in bytes, and the width of the first one.
_RESUME, _WIDTH = 2, 3
#: Pixels that nobody sees: the maker and its engine of letters do not kern the last space alike.
_SLACK = 0.5

_split = inline.split_first_line


def _split_first_line(
    text: str, style: Any, context: Any, max_width: Any, *rest: Any, **named: Any
) -> tuple[Any, ...]:
    """Fit as much as possible of a text in a line, as the maker does, and what it forgot."""
    found: tuple[Any, ...] = _split(text, style, context, max_width, *rest, **named)
    words = text.rstrip(" ")
    if words == text or found[_RESUME] is None or style["white_space"] != "normal":
        return found
    if b" " in text.encode()[: found[_RESUME]].strip(b" "):
        return found
    width = max_width + _SLACK
    whole = _split(words, style, context, width, *rest, **named)
    if whole[_RESUME] is not None or whole[_WIDTH] > width:
        return found
    return (*whole[:_RESUME], len(text.encode()), *whole[_WIDTH:])


def mend() -> None:
    """Have the maker break lines so, from now on."""
    inline.split_first_line = _split_first_line
