"""Whole numbers written in words: in French, in Arabic with its agreements, and in Darija.

Everything is read in folded words (:class:`~app.reports.claims.narrative.shadow.Folded`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable


def _count(words: str, start: int, step: int = 1) -> dict[str, int]:
    """Return words with the numbers they say, one after the other from ``start``."""
    return {
        way: start + step * i for i, ways in enumerate(words.split()) for way in ways.split("/")
    }


def _all(words: str, value: int) -> dict[str, int]:
    """Return words that all say the same number."""
    return dict.fromkeys(words.split(), value)


def _any(words: Iterable[str]) -> str:
    """Return the pattern of any of these words, the longest first."""
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


# French

_FR_UNITS = _count("deux trois quatre cinq six sept huit neuf dix onze douze treize", 2)
_FR_UNITS |= _count("quatorze quinze seize", 14)
_FR_TENS = _count("vingt/vingts trente quarante cinquante soixante septante huitante", 20, 10)
_FR_SCALES = {"cent": 100, "cents": 100, "mille": 1000}
_FR_GREAT = {"million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
_FR_ALL = _any({**_FR_UNITS, **_FR_TENS, **_FR_SCALES})
_FR_GREATS = _any(_FR_GREAT)

#: A number in French words; "deux-roues", "trois-pièces" and "quatrième" are none.
FRENCH = (
    rf"(?:(?:un )?(?:{_FR_GREATS})|(?:{_FR_ALL}))"
    rf"(?:(?: et |[ -])(?:{_FR_ALL}|{_FR_GREATS})|(?: et |-| )(?:une?)(?=\W|$)"
    rf"(?! (?:{_FR_ALL}|sur|autre|seul))){{0,12}}(?![\w]|-\w)"
)


def french(words: str) -> int:
    """Return the number that French words say.

    >>> french("deux cent quatre-vingt-douze")
    292
    """
    total = part = 0
    for word in re.split(r"[ \-]+", words):
        if word in _FR_GREAT:
            total = (total + max(part, 1)) * _FR_GREAT[word]
            part = 0
        elif word == "mille":
            total += max(part, 1) * 1000
            part = 0
        elif word in {"cent", "cents"}:
            part = max(part, 1) * 100
        elif word in {"vingt", "vingts"} and part % 100 == 4:
            part += 76
        else:
            part += _FR_UNITS.get(word, 0) + _FR_TENS.get(word, 0) + (word in {"un", "une"})
    return total + part


# Arabic: the feminine, the case and Darija are endings of a stem, or stand beside it.

_AR_STEMS = _count("ثلاث/تلات اربع/ربع خمس ست سبع ثمان/ثماني/تمن/تمني تسع عشر", 3)
_AR_ONES = _all("احد احدي واحد واحدة", 1)
_AR_TWOS = _all("اثنان اثنين اثنتان اثنتين اثنا اثني اثنتا اثنتي جوج", 2)
_AR_UNITS = _AR_ONES | _AR_TWOS | {"تسعود": 9, "ثمانيا": 8}
_AR_UNITS |= {stem + end: n for stem, n in _AR_STEMS.items() for end in ("", "ة", "ه")}
_AR_TEEN = _count("حداش طناش/اثناش تلطاش ربعطاش خمسطاش سطاش سبعطاش تمنطاش تسعطاش", 11)
_AR_TENS = _all("عشرون عشرين", 20) | {
    stem + end: 10 * n
    for stem, n in (_AR_STEMS | {"تمان": 8}).items()
    for end in ("ون", "ين")
    if stem != "عشر"
}
_AR_HUNDRED = _all("مائة مئة ماية مية مئات مائه مئه", 100)
_AR_HUNDRED |= _all("مائتان مائتين مئتان مئتين مائتا مئتا مائتي مئتي ميتين", 200)
_AR_HUNDREDS = {
    stem + hundred: 100 * n
    for stem, n in (_AR_STEMS | {"تلت": 3}).items()
    for hundred in ("مائة", "مئة", "ماية", "مية")
}
_AR_GREAT = _all("الف الفا الاف", 1000) | _all("الفان الفين الفي", 2000)
_AR_GREAT |= _all("مليون مليونا ملايين", 10**6) | _all("مليونان مليونين مليوني", 2 * 10**6)
_AR_GREAT |= _all("مليار مليارا مليارات", 10**9)
_AR_WORDS = _AR_UNITS | _AR_TEEN | _AR_TENS | _AR_HUNDRED | _AR_HUNDREDS | _AR_GREAT
#: These begin no number: "ربع" is a quarter, and plurals alone are words of quantity.
_AR_NO_BEGINNING = frozenset({"ربع", "الاف", "مئات", "ملايين", "مليارات"})
_AR_FIRST = _any(_AR_WORDS.keys() - _AR_NO_BEGINNING - _AR_ONES.keys())
_AR_TENTH = _any({"عشر", "عشرة", *_AR_TENS})
#: A number in Arabic words; "one" begins it only where another follows.
ARABIC = (
    rf"(?:(?:{_any(_AR_ONES)})(?= و?(?:{_AR_TENTH})(?!\w))|(?:{_AR_FIRST}))(?!\w)"
    rf"(?: و?(?:{_any(_AR_WORDS)})(?!\w)){{0,12}}"
)


def arabic(words: str) -> int:
    """Return the number that folded Arabic words say.

    >>> arabic("ثلاثمائة وخمسين")
    350
    """
    total = part = 0
    for raw in words.split():
        word = raw if raw in _AR_WORDS else raw.removeprefix("و")
        value = _AR_WORDS.get(word, 0)
        is_joined = raw != word
        if word in _AR_GREAT and part and not is_joined:
            total, part = total + part * value, 0
        elif word in _AR_GREAT:
            total, part = total + part + value, 0
        elif word in _AR_HUNDRED and 0 < part % 100 < 10 and not is_joined:
            part = part - part % 100 + part % 100 * value
        else:
            part += value
    return total + part
