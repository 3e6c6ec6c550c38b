"""Arabic as pages draw it, from left to right, put back into the order in which it is read."""

from __future__ import annotations

import re

_ARABIC = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff]")
_LATIN = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]")
#: What runs from left to right within Arabic, in a line that was turned round as a whole: words
#: in Latin letters with what stands between them, and figures with the signs between their parts.
_LTR_RUN = re.compile(
    "(?:[A-Za-zÀ-ÖØ-öø-ɏ0-9]"
    "[^\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufeff\ue000-\uf8ff]*)?[A-Za-zÀ-ÖØ-öø-ɏ]"
    r"|%?\d+(?:[.,:/٫٬\-]\d+)*"
)
_BRACKETS = str.maketrans("()[]{}«»", ")(][}{»«")
_PAIRS = re.compile(r"[()\[\]«»]")
_OPENERS = "([«"


def has_arabic(text: str) -> bool:
    """Tell whether a text has more than a few Arabic letters in it."""
    n_arabic = len(_ARABIC.findall(text))
    return n_arabic > 0 and n_arabic * 20 > len(_LATIN.findall(text))


def is_rtl(text: str) -> bool:
    """Tell whether most letters are Arabic ones."""
    return len(_ARABIC.findall(text)) > len(_LATIN.findall(text))


def in_reading_order(drawn: str) -> str:
    """Return a line of Arabic, drawn from left to right, as it is read."""
    turned = _LTR_RUN.sub(lambda run: run[0][::-1], drawn[::-1])
    return turned.translate(_BRACKETS) if _is_mirrored(turned) else turned


def _is_mirrored(text: str) -> bool:
    """Tell whether brackets close before they open: the page gave the signs as they look."""
    balance = least = 0
    for sign in _PAIRS.findall(text):
        balance += 1 if sign in _OPENERS else -1
        least = min(least, balance)
    return least < 0 and balance >= least and text.count("(") + text.count("«") > 0
