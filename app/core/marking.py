"""Marks of direction in pages in Arabic that are printed, so that a file's text keeps its order.

Readers of a PDF's text know letters by their place alone. What stands between Latin letters or
figures and Arabic - a full stop, a bracket, a space - they count to the Latin, and turn it round
with it. A mark of direction tells where the Latin ends; the maker of the file leaves such marks
out, so spaces that are too thin to be seen stand for them (:mod:`app.core.faces`), and the file
says what they mean (:mod:`app.core.lettering`).
"""

from __future__ import annotations

import re

#: Written where Arabic goes on behind Latin: no line breaks beside it.
RIGHT_TO_LEFT = "\u2007"

#: Written behind a sign that ends a piece of Latin text.
LEFT_TO_RIGHT = "\u2005"

_PIECES = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?!?\s*([A-Za-z0-9]*)")
_SILENT = {"style", "script", "title", "svg"}
_SIGNS = r"[.,;:!?…»«()،؛؟/–-]"
_LATIN = r"[0-9A-Za-zÀ-ÖØ-öø-ÿ%]"
_ENTITY = r"&#?\w+;"
_BEHIND_LATIN = re.compile(
    rf"{_ENTITY}|(?<={_LATIN})"
    rf"(?=[ \u00a0\u202f]?{_SIGNS}*[ \u00a0\u202f]?[\u0600-\u06ff]|{_SIGNS}+(?:\s|$))"
)
_BEHIND_SIGN = re.compile(rf"{_ENTITY}|(?<=[.,;:!?…)])(?=\s|$)")
_AT_ONCE = re.compile(rf"\s|{_SIGNS}")


def with_marks(html: str) -> str:
    """Return a page in Arabic with the marks that a reader of its file needs."""
    written: list[str] = []
    silent, is_latin, after_figure = "", False, False
    for piece in _PIECES.split(html):
        if not piece.startswith("<"):
            text = piece if silent else _marked(piece, is_latin, after_figure)
            after_figure = after_figure and not piece
            written.append(text)
            continue
        name, is_end = _NAME.match(piece)[1], piece.startswith("</")  # type: ignore[index]
        if name in _SILENT:
            silent = "" if is_end and name == silent else silent or name
        elif name == "blockquote":
            is_latin = not is_end and 'dir="ltr"' in piece
        after_figure = is_end and name == "bdi"
        written.append(piece)
    return "".join(written)


def _marked(text: str, is_latin: bool, after_figure: bool) -> str:  # noqa: FBT001
    """Return a piece of text with its marks."""
    if is_latin:
        return _BEHIND_SIGN.sub(lambda found: found[0] or LEFT_TO_RIGHT, text)
    mark = RIGHT_TO_LEFT if after_figure and _AT_ONCE.match(text) else ""
    return mark + _BEHIND_LATIN.sub(lambda found: found[0] or RIGHT_TO_LEFT, text)
