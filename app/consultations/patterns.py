"""Patterns that an answer may have to match: a part of regular expressions that cannot run away.

The part is what Python and browsers read alike: characters, classes, groups, alternatives, anchors
and repetitions. What could take more than a moment (a repetition inside an endless one,
alternatives repeated without end, many endless repetitions) is refused, as are references back and
conditions on what stands around: the ways in which a pattern can try to match are counted first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import log2

#: Longest pattern, and longest text that is compared with one (a longer one does not match).
PATTERN_LENGTH = 200
MATCHED_LENGTH = 300

#: Most ways to try, as a power of two: three endless repetitions come to just under it.
_MOST_BITS = 25.0

_SIGN = re.compile(
    r"""(?P<escape>\\.)
      | (?P<class>\[\^?(?:\\.|[^\]\\])+\])
      | (?P<open>\((?:\?:)?(?!\?))
      | (?P<close>\))
      | (?P<times>(?:[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})\??)
      | (?P<or>\|)
      | (?P<anchor>[\^$])
      | (?P<any>\.)
      | (?P<plain>[^\\\[\](){}*+?|^$.])""",
    re.VERBOSE | re.DOTALL,
)
_CLASS_PART = re.compile(r"\\.|.", re.DOTALL)
_LETTERS = {"d": "0-9", "w": "A-Za-z0-9_", "s": r"\s"}
_BREAKS = {"t": r"\t", "n": r"\n", "r": r"\r"}
_REVERSED = {"D": "[^0-9]", "W": "[^A-Za-z0-9_]", "S": r"\S"}


class PatternError(ValueError):
    """A pattern that is not one, or that could take too long."""


@dataclass
class _Part:
    """What is known of a group, or of the piece just read.

    :ivar bits: in how many ways it can be tried at most, as a power of two.
    """

    bits: float = 0.0
    is_repeatable: bool = False


def _signs(pattern: str) -> Iterator[tuple[str, str]]:
    """Take a pattern apart."""
    at = 0
    while at < len(pattern):
        found = _SIGN.match(pattern, at)
        if found is None or found.lastgroup is None:
            raise PatternError(pattern[at : at + 10])
        yield found.lastgroup, found[0]
        at = found.end()


class _Reader:
    """Reads a pattern, refuses what it must, and writes it as Python reads it."""

    def __init__(self) -> None:
        self.written: list[str] = []
        self.groups = [_Part()]
        self.last = _Part()

    def read(self, pattern: str) -> str:
        """Return the pattern in Python's writing."""
        for kind, sign in _signs(pattern):
            getattr(self, f"_{kind}")(sign)
        if len(self.groups) != 1:
            raise PatternError("(")
        if self.groups[0].bits > _MOST_BITS:
            raise PatternError(pattern)
        return "".join(self.written)

    def _piece(self, written: str) -> None:
        """Add something that matches one character."""
        self.written.append(written)
        self.last = _Part(is_repeatable=True)

    def _plain(self, sign: str) -> None:
        """Add a character that stands for itself."""
        self._piece(re.escape(sign))

    def _any(self, _token: str) -> None:
        """Add any character of a line, as browsers mean it."""
        self._piece("[^\n\r\u2028\u2029]")

    def _escape(self, sign: str) -> None:
        """Add a kind of characters, or a sign that would mean something else."""
        letter = sign[1]
        if letter in _LETTERS:
            self._piece(f"[{_LETTERS[letter]}]")
        elif letter in _REVERSED or letter in _BREAKS:
            self._piece(_REVERSED.get(letter) or _BREAKS[letter])
        elif letter.isalnum() or letter == "_":
            raise PatternError(sign)
        else:
            self._piece(re.escape(letter))

    def _class(self, sign: str) -> None:
        """Add a class."""
        start = "[^" if sign.startswith("[^") else "["
        inner = sign[len(start) : -1]
        if "--" in inner:
            raise PatternError(sign)
        self._piece(start + "".join(map(_class_part, _CLASS_PART.findall(inner))) + "]")

    def _anchor(self, sign: str) -> None:
        """Add a beginning or an end."""
        self.written.append(r"\A" if sign == "^" else r"\Z")
        self.last = _Part()

    def _or(self, sign: str) -> None:
        """Add another alternative."""
        self.written.append(sign)
        self.groups[-1].bits += 1
        self.last = _Part()

    def _open(self, _token: str) -> None:
        """Begin a group; none is ever referred to."""
        self.written.append("(?:")
        self.groups.append(_Part())
        self.last = _Part()

    def _close(self, sign: str) -> None:
        """End a group."""
        if len(self.groups) == 1:
            raise PatternError(sign)
        group = self.groups.pop()
        self.groups[-1].bits += group.bits
        self.written.append(sign)
        self.last = _Part(group.bits, is_repeatable=True)

    def _times(self, sign: str) -> None:
        """Repeat what was read last, unless that could take for ever."""
        least, most = _times_of(sign.removesuffix("?") or "?")
        if not self.last.is_repeatable or least > most:
            raise PatternError(sign)
        ways = log2(most - least + 1) + self.last.bits * max(most - 1, 0)
        self.groups[-1].bits += ways
        if self.groups[-1].bits > _MOST_BITS:
            raise PatternError(sign)
        self.written.append(sign)
        self.last = _Part()


def _times_of(sign: str) -> tuple[int, int]:
    """Return how often at least and at most."""
    if sign in {"*", "+", "?"}:
        return int(sign == "+"), 1 if sign == "?" else MATCHED_LENGTH
    least, comma, most = sign[1:-1].partition(",")
    if not comma:
        return int(least), int(least)
    return int(least), int(most) if most else max(MATCHED_LENGTH, int(least))


def _class_part(part: str) -> str:
    """Write one part of a class."""
    if part == "-":
        return part
    if len(part) == 1:
        return re.escape(part)
    letter = part[1]
    if letter in _LETTERS or letter in _BREAKS:
        return _LETTERS.get(letter) or _BREAKS[letter]
    if letter.isalnum() or letter == "_":
        raise PatternError(part)
    return re.escape(letter)


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern ready to compare whole texts with.

    :raises PatternError: if it is malformed, too long, or could take too long.
    """
    if not pattern or len(pattern) > PATTERN_LENGTH:
        raise PatternError(pattern[:10])
    try:
        return re.compile(_Reader().read(pattern))
    except (re.error, OverflowError) as error:
        raise PatternError(pattern[:10]) from error


def matches(pattern: str, text: str) -> bool:
    """Tell whether the whole of a text is as the pattern says; no text is as a bad pattern says."""
    if len(text) > MATCHED_LENGTH:
        return False
    try:
        return compiled(pattern).fullmatch(text) is not None
    except PatternError:
        return False
