"""Codes of receipts and drafts: made so that nobody guesses one, read however people type them."""

from __future__ import annotations

import secrets
import unicodedata
from itertools import product

#: No sign that is taken for another when it is copied by hand: neither 0 and O, nor 1, I and L.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 8
#: A draft's code opens what is not sent yet, so it is longer.
DRAFT_LENGTH = 10

#: What a code's reader may have meant by a sign that no code contains.
_LOOKALIKES = {"0": "DQ", "O": "DQ", "1": "7J", "I": "J7", "L": "J7"}
#: Beyond this many readings a code is simply not one of ours.
_READINGS = 8


def new_code(length: int = LENGTH) -> str:
    """Make a code: one among 31 to the eighth, some 850 thousand million, for a receipt."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def readings(typed: str, length: int = LENGTH) -> list[str]:
    """Return the codes that ``typed`` may stand for, the likeliest first; none if it is no code.

    Case, spaces, hyphens and any script's digits are accepted.
    """
    signs = [_sign(sign) for sign in unicodedata.normalize("NFKC", typed[:80]).upper()]
    letters = [sign for sign in signs if sign.isalnum()]
    if len(letters) != length:
        return []
    choices = [_LOOKALIKES.get(sign, sign if sign in ALPHABET else "") for sign in letters]
    n_readings = 1
    for choice in choices:
        n_readings *= len(choice)
    if not 0 < n_readings <= _READINGS:
        return []
    return ["".join(code) for code in product(*choices)]


def _sign(sign: str) -> str:
    """Write any script's digit with 0 to 9."""
    return str(unicodedata.digit(sign)) if sign.isdecimal() else sign


def written(code: str) -> str:
    """Write a code as it is printed, in two halves: ``7K4M-92QX``."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"
