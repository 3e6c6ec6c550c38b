"""What a quotation must not publish: e-mail addresses, telephone and identity numbers."""

from __future__ import annotations

import re

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

#: Signs that people put between the figures of a telephone number.
_GAP = r"[\s.\-–/_()\u202f\u00a0]*"

_EMAIL = re.compile(r"[^\s@<>]+\s*(?:@|\[at\]|\(at\))\s*[^\s@<>]+\.[^\s@<>]{2,}", re.IGNORECASE)

#: 05, 06, 07 and 08 numbers, with or without the country's code, figures grouped in any way.
_PHONE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)?{_GAP}212{_GAP}(?:\(0\))?|0){_GAP}[5-8](?:{_GAP}\d){{8}}(?!\d)"
)

#: One or two letters and five to seven figures: ``AB123456``, ``BE 84512``, ``ab84512``.
_IDENTITY = re.compile(
    r"(?<![^\W_])(?:[A-Z]{1,2}[\s.\-]?|[a-z]{1,2})\d{5,7}(?![^\W_])"
    r"|\b(?:CIN|CNIE|CNI)\b\W*(?:n°|no|numéro)?\W*[A-Za-z]{0,2}\W?\d{4,}",
)

#: Any long run of figures: bank accounts, file and social security numbers.
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ .\-\u202f\u00a0]?\d){8,}(?!\d)")

_PATTERNS = (_EMAIL, _PHONE, _IDENTITY, _LONG_NUMBER)


def has_personal_data(text: str) -> bool:
    """Tell whether a text seems to hold an address, a telephone or an identity number.

    Prudent on purpose: a passage refused wrongly is only not quoted, it is still counted.
    """
    plain = text.translate(_DIGITS)
    return any(pattern.search(plain) for pattern in _PATTERNS)
