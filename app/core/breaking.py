"""Lines of printed pages: a word more, where the maker of PDF files would break after the first.

The maker (WeasyPrint 70) measures a line otherwise than its engine of letters, which breaks it: it
counts the space that ends a piece of text, and kerning. Where the engine finds just enough room for
a piece and the maker too little, the maker gives up the places to break that it knows, and leaves
the first word alone on the line. A space at the end of a line takes no room (CSS Text Module Level
3, 4.1.2), and other lines are broken again within a little less.
"""

from __future__ import annotations

from typing import Any

from weasyprint.layout import inline

#: Of the maker's answer: where the next line begins, in bytes, and the width of the first one.
_RESUME, _WIDTH = 2, 3
#: Pixels that nobody sees: the maker and its engine of letters do not kern the last space alike.
_SLACK = 0.5
#: Pixels less in which the engine breaks where it should; it had found just enough room for all.
_NARROWER = (1, 4)

_split = inline.split_first_line


def _split_first_line(
    text: str, style: Any, context: Any, max_width: Any, *rest: Any, **named: Any
) -> tuple[Any, ...]:
    """Fit as much as possible of a text in a line, as the maker does, and what it forgot."""
    found: tuple[Any, ...] = _split(text, style, context, max_width, *rest, **named)
    if found[_RESUME] is None or style["white_space"] != "normal":
        return found
    if b" " in text.encode()[: found[_RESUME]].strip(b" ") or max_width is None:
        return found
    words = text.rstrip(" ")
    width = max_width + _SLACK
    whole = _split(words, style, context, width, *rest, **named)
    if whole[_RESUME] is None and whole[_WIDTH] <= width:
        return (*whole[:_RESUME], len(text.encode()), *whole[_WIDTH:]) if words != text else found
    for less in _NARROWER:
        other: tuple[Any, ...] = _split(text, style, context, max_width - less, *rest, **named)
        if other[_RESUME] and other[_RESUME] > found[_RESUME] and other[_WIDTH] <= max_width:
            return other
    return found


def mend() -> None:
    """Have the maker break lines so, from now on."""
    inline.split_first_line = _split_first_line
