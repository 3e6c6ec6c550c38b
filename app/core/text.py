"""Text as people type it: what a database cannot hold taken out, and a form to search in."""

from __future__ import annotations

import re
import unicodedata

#: Invisible signs that reorder a line or hide letters; joiners that Arabic script needs stay.
_HIDDEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

#: Letters that writers use for one another and that Unicode does not take apart by itself.
_SAME = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ہ": "ه",
        "ک": "ك",
        "ڭ": "ك",
        "گ": "ك",
        "ٱ": "ا",
        "ـ": None,
        "œ": "oe",
        "æ": "ae",
        "’": "'",
        "‘": "'",
        "\u200c": None,
        "\u200d": None,
    }
)


def clean_text(text: str | None) -> str:
    """Take out control characters and bidi overrides, use one kind of line end, trim the ends."""
    if not text:
        return ""
    return _HIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def fold(text: str | None) -> str:
    """Return the form in which texts are searched: no case, accents or letter variants."""
    plain = unicodedata.normalize("NFKD", text or "").casefold().translate(_SAME)
    # Folding case can put letters together again, and taking apart can bring capitals back.
    apart = unicodedata.normalize("NFKD", plain).casefold()
    bare = "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
        for sign in apart
        if unicodedata.category(sign) != "Mn"
    )
    return " ".join(bare.translate(_SAME).split())


def text_direction(text: str) -> str:
    """Return the direction of a text, ``rtl`` or ``ltr``: that of its first letter.

    For files; browsers find it by themselves (``dir="auto"``).
    """
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"
