"""A text as the finders read it: digits, spaces, dashes and letters made plain, offsets kept."""

import re
import unicodedata
from typing import Final, NamedTuple

from nlp.personal.kinds import LABELS
from nlp.text.normalise import INVISIBLE, MARKS, fold

#: Stands for every character of what is masked already; no pattern crosses it.
OPAQUE: Final = "\ufffc"


def _plain_letters() -> dict[int, str | None]:
    """Return the accented letters and the variants of Arabic letters, each with its plain one."""
    table: dict[int, str | None] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0]
        if base.isascii() and base.isalpha():
            table[code] = base
    for code in range(0x620, 0x700):
        folded = fold(chr(code))
        if len(folded) == 1 and folded.isalpha():
            table[code] = folded
    return table


def _table() -> dict[int, str | None]:
    """Return what each character is read as; ``None`` for those that are not seen."""
    # A character the table lacks costs an exception inside `translate`: common ones stand as is.
    table: dict[int, str | None] = {
        code: chr(code) for code in (*range(0x250), *range(0x600, 0x700))
    }
    table.update(_plain_letters())
    for start in (0x660, 0x6F0, 0xFF10):
        table.update({start + digit: str(digit) for digit in range(10)})
    spaces = "\t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    plain = {
        " ": f"{spaces}\u202f\u205f\u3000", "-": "\u2010\u2011\u2012\u2013\u2014\u2212",
        "'": "\u2018\u2019\u02bc", ",": "\u060c\u066c", ".": "\u066b", ";": "\u061b",
        "+": "\uff0b", "@": "\uff20", OPAQUE: "\u2588",
    }  # fmt: skip
    for read, written in plain.items():
        table.update({ord(char): read for char in written})
    dropped = re.compile(f"[{MARKS}{INVISIBLE}]")
    table.update({code: None for code in range(0x10000) if dropped.match(chr(code))})
    return table


_TABLE: Final = _table()
_UNSEEN: Final = re.compile(f"[{MARKS}{INVISIBLE}]")


class View(NamedTuple):
    """What is read of a text."""

    text: str
    #: Offset in the original text of each character; ``None`` when all characters are read.
    places: list[int] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original text of a stretch that is not empty."""
        if self.places is None:
            return start, end
        return self.places[start], self.places[end - 1] + 1

    def without(self, stretches: list[tuple[int, int]]) -> "View":
        """Return the view with stretches made opaque."""
        parts, at = [], 0
        for start, end in stretches:
            parts += [self.text[at:start], OPAQUE * (end - start)]
            at = end
        return View("".join([*parts, self.text[at:]]), self.places)


_LABEL: Final = re.compile(
    r"\[(?:"
    + "|".join(re.escape(label.translate(_TABLE)) for pair in LABELS.values() for label in pair)
    + r")\]"
)


def view_of(text: str) -> View:
    """Return what is read of a text; labels of masked data are opaque."""
    if text.isascii():
        view = View(text, None)
    else:
        places = None
        if _UNSEEN.search(text):
            places = [at for at, char in enumerate(text) if not _UNSEEN.match(char)]
        view = View(text.translate(_TABLE), places)
    if "[" not in view.text:
        return view
    return view.without([match.span() for match in _LABEL.finditer(view.text)])
