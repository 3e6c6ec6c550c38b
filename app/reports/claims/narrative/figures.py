"""Numbers in free words, in figures and in words, and the words of quantity around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType
from typing import cast

from app.reports.claims.narrative import arabic, french, numerals
from app.reports.claims.narrative.found import Found, Kind, Quantity, Sense
from app.reports.claims.narrative.shadow import BLANK, PERCENT, SPACE, Folded

_DIGITS = rf"\d+(?:{SPACE}\d{{3}}(?!\d))*(?:[.,]\d+)?"
#: A whole number in folded text, thousands apart.
_WHOLE_DIGITS = r"(?<![\d.,])(?<!\d )(?:\d{1,3}(?: \d{3})+|\d+)(?![\d.,]\d|\d)"
_NUMBER = re.compile(
    rf"(?<![\w.,\-])(?P<digits>{_DIGITS})(?P<percent>{SPACE}*{PERCENT})?|(?P<sign>[¼½¾⅓⅔⅕⅛])",
    re.IGNORECASE,
)
#: "3/4"; never more than the whole, as dates and laws are.
_SLASH = re.compile(r"(?<![\w/.,\-])(\d{1,2})/(\d{1,3})(?![\w/\-])")
_SIGNS = {"¼": (1, 4), "½": (1, 2), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅕": (1, 5), "⅛": (1, 8)}
_LETTER = r"[^\W\d_]"


class _Language:
    """What is looked for in a language, compiled."""

    def __init__(self, rules: ModuleType, number: str, value: str) -> None:
        self.rules = rules
        self.value = getattr(numerals, value)
        self.number = re.compile(
            rf"(?<!\w)(?<!\w-)(?:[وف]?[بكل]?(?:ال|لل)?)(?P<words>{number})(?P<percent> ?{PERCENT})?"
            if value == "arabic"
            else rf"(?<!\w)(?<!\w-)(?P<words>{number})(?P<percent> ?{PERCENT})?"
        )
        self.out_of = _word(rules.OUT_OF.format(number=number, digits=_WHOLE_DIGITS))
        self.fractions = [(_word(pattern), parts) for pattern, parts in rules.FRACTIONS]
        self.other = _word(rules.OTHER_FRACTION.format(number=number))
        self.inside = re.compile(rf"(?<!\w)(?:{number})|{_WHOLE_DIGITS}")
        self.quantities = [
            (cast("Kind", kind), _word("|".join(ways))) for kind, ways in rules.RULES
        ]
        self.times = _word(rules.TIMES.format(number=number))
        self.single = _word(rules.SINGLE)
        self.round = _word("|".join(f"{word}s?" for word in rules.ROUND)) if rules.ROUND else None
        self.before: tuple[tuple[Sense, re.Pattern[str]], ...] = tuple(
            (cast("Sense", sense), re.compile(rf"(?<!\w){pattern} ?(?:les |la |l'|d')?$"))
            for sense, pattern in (
                ("less", rules.LESS),
                ("more", rules.MORE),
                ("about", rules.ABOUT),
            )
        )


def _word(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that stands between words."""
    return re.compile(rf"(?<!{_LETTER})(?:{pattern})(?:(?<=[ '])|(?!{_LETTER}))")


_LANGUAGES = {
    "fr": _Language(french, numerals.FRENCH, "french"),
    "ar": _Language(arabic, numerals.ARABIC, "arabic"),
}


def found(plain: str, lang: str) -> Iterator[Found | Quantity]:
    """Yield what a shadow says of numbers and quantities, figures first."""
    reader = _Reader(plain, lang)
    yield from reader.fractions()
    yield from reader.times()
    yield from reader.figures()
    yield from reader.words()
    yield from reader.quantities()


def numbers(plain: str, lang: str) -> list[Found]:
    """Return the numbers of a shadow, or of any text with figures 0-9."""
    return [one for one in found(plain, lang) if isinstance(one, Found)]


class _Reader:
    """Reads a text once, blotting out what it has found."""

    def __init__(self, plain: str, lang: str) -> None:
        self._language = _LANGUAGES[lang]
        self._folded = Folded(plain)
        self._text = self._language.rules.without_idioms(self._folded.text, BLANK)

    def _take(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield matches; what was yielded is not found again."""
        matches = list(pattern.finditer(self._text))
        for match in matches:
            start, end = match.span()
            self._text = self._text[:start] + BLANK * (end - start) + self._text[end:]
        yield from matches

    def _sense(self, match: re.Match[str]) -> Sense:
        """Tell how a number is meant, by what stands before it."""
        before = match.string[: match.start()]
        for sense, pattern in self._language.before:
            if pattern.search(before):
                return sense
        return "exact"

    def fractions(self) -> Iterator[Found]:
        """Yield shares that are said as parts: "two out of three", "3/4", "two thirds"."""
        for match in self._take(self._language.out_of):
            parts = [
                self._read(one.group()) for one in self._language.inside.finditer(match.group())
            ]
            yield self._fraction(match, parts[0] if len(parts) > 1 else 1, parts[-1])
        for match in self._take(_SLASH):
            yield self._fraction(match, int(match[1]), int(match[2]))
        for match in self._take(self._language.other):
            yield self._parts(match)
        for pattern, (part, whole) in self._language.fractions:
            for match in self._take(pattern):
                yield self._fraction(match, part, whole)

    def _parts(self, match: re.Match[str]) -> Found:
        """Read "two fifths"."""
        first, _space, last = match.group().rpartition(" ")
        part = self._read(first) if first not in {"un", "une"} else 1
        whole = arabic.PARTS.get(last) or self._read(last.removesuffix("s").removesuffix("ième"))
        return self._fraction(match, part, whole or _WHOLE.get(last.removesuffix("s"), 0))

    def _read(self, words: str) -> int:
        """Return the number that figures or words say."""
        digits = words.replace(" ", "")
        return int(digits if digits.isdigit() else self._language.value(words))

    def _fraction(self, match: re.Match[str], part: int, whole: int) -> Found:
        """Return a share of a hundred."""
        value = Decimal(100 * part) / whole if whole else Decimal(-1)
        text = self._folded.written(match)
        return Found(
            text, value, 0, is_percent=True, sense=self._sense(match), out_of=(part, whole)
        )

    def figures(self) -> Iterator[Found]:
        """Yield numbers in figures."""
        for match in self._take(_NUMBER):
            if sign := match["sign"]:
                yield self._fraction(match, *_SIGNS[sign])
                continue
            whole = re.sub(SPACE, "", match["digits"]).replace(",", ".")
            yield Found(
                self._folded.written(match),
                Decimal(whole),
                len(whole.partition(".")[2]),
                bool(match["percent"]),
                self._sense(match),
            )

    def times(self) -> Iterator[Quantity]:
        """Yield how many times something is more, or is said."""
        for match in self._take(self._language.times):
            yield Quantity(self._folded.written(match), "some")

    def words(self) -> Iterator[Found]:
        """Yield numbers in words."""
        for match in self._take(self._language.number):
            value = Decimal(self._read(match["words"]))
            text = self._folded.written(match)
            yield Found(text, value, 0, bool(match["percent"]), self._sense(match))
        if self._language.rules is arabic:
            for match in self._take(_word(arabic.DUAL)):
                yield Found(self._folded.written(match), Decimal(2))
        for match in self._take(self._language.single):
            yield Found(self._folded.written(match), Decimal(1))

    def quantities(self) -> Iterator[Found | Quantity]:
        """Yield words of quantity."""
        for kind, pattern in self._language.quantities:
            for match in self._take(pattern):
                yield Quantity(self._folded.written(match), kind)
        if self._language.round:
            for match in self._take(self._language.round):
                value = self._language.rules.ROUND[match.group().removesuffix("s")]
                yield Found(self._folded.written(match), Decimal(value), sense="roundly")


_WHOLE = {
    "quatrième": 4,
    "cinquième": 5,
    "neuvième": 9,
    "onzième": 11,
    "douzième": 12,
    "treizième": 13,
}
