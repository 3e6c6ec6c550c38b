"""Two texts as one, with the words that went and those that came marked."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

from app.reports.claims.wording import END, ISOLATE, to_markup

#: A figure kept apart, a space, a word with its marks, or a sign.
_PIECES = re.compile(f"{ISOLATE}[^{END}]*{END}|\\[\\[[^\\]]*\\]\\]|\\s+|\\w+|[^\\w\\s]")


def pieces(text: str) -> list[str]:
    """Cut a text where words begin and end."""
    return _PIECES.findall(text)


def compared(before: str, after: str) -> Markup:
    """Return both texts as one: what went in ``<del>``, what came in ``<ins>``.

    Words are compared whole, in any script; figures between isolating signs stay isolated.
    """
    old, new = pieces(before), pieces(after)
    found = Markup("")
    for verb, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if verb == "equal":
            found += to_markup("".join(new[k:m]))
            continue
        found += _marked("del", "".join(old[i:j])) + _marked("ins", "".join(new[k:m]))
    return found


def _marked(element: str, text: str) -> Markup:
    """Mark a stretch, if there is anything in it."""
    if not text:
        return Markup("")
    return Markup("<{}>{}</{}>").format(Markup(escape(element)), to_markup(text), Markup(element))  # noqa: S704
