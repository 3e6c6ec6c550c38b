"""Words in context: every place where a word or an expression is said, with what stands around it.

A query is turned into a regular expression over the texts as written: each of its letters stands
for all letters that fold to it (:func:`nlp.text.normalise.fold`), with marks allowed in between.
So nothing is folded but the query, and offsets need no mapping back.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, NamedTuple

from nlp.errors import OptionsError
from nlp.text.normalise import INVISIBLE, MARKS, fold, is_arabic, surfaces

Order = Literal["text", "right", "left"]

#: What may be joined to the front of an Arabic word without making it another one.
PROCLITICS: Final = frozenset(
    f"{joint}{particle}"
    for joint in ("", "و", "ف")
    for particle in ("", "ال", "بال", "كال", "لل", "ب", "ل", "ك")
)
#: Letters that an Arabic word of a query keeps at least when its article is taken off.
_LEAST_LETTERS = 3
#: Words of a query at most, and letters looked at before a match for joined particles.
_MOST_WORDS, _LOOK_BACK = 8, 12
#: What stands between two texts when they are searched as one.
_BETWEEN = "\0"
_INSIDE = f"[{MARKS}{INVISIBLE}]"
_LETTER = r"[^\W_]"
_GAP = rf"[^\w{_BETWEEN}]{{1,4}}"
_RUN_BEFORE = re.compile(rf"(?:{_LETTER}|{_INSIDE})+\Z")
_LAST_WORDS = 3


class Line(NamedTuple):
    """A place where the query is said.

    ``text`` is the index of the text, ``start`` and ``end`` the offsets there, in code points, of
    the words found with what is joined to them. ``left`` and ``right`` are what stands before and
    after, whole words, spaces tidied; ``is_cut_left`` and ``is_cut_right`` say that the text goes
    on beyond.
    """

    text: int
    start: int
    end: int
    left: str
    words: str
    right: str
    is_cut_left: bool
    is_cut_right: bool


@dataclass(frozen=True)
class Concordance:
    """The lines of a query, ``most`` of them, and how many places and texts there are in all."""

    lines: list[Line]
    n_found: int
    n_texts: int


@cache
def _spellings() -> dict[str, list[str]]:
    """Return the characters that fold to one or several letters, by these."""
    found: dict[str, list[str]] = defaultdict(list)
    ranges = ((0x30, 0x250), (0x620, 0x700), (0x1E00, 0x1F00), (0xFB00, 0xFB07), (0xFB50, 0xFEFF))
    for start, stop in ranges:
        for code in range(start, stop):
            folded = fold(chr(code))
            if folded and folded.isalnum():
                found[folded].append(chr(code))
    return found


def _letters(form: str) -> str:
    """Return the pattern of a folded form: each letter in all its spellings, marks in between."""
    return "".join(_letter(form, at) for at in range(len(form)))


def _letter(form: str, at: int) -> str:
    """Return the pattern of one letter, empty after a letter that two of the form may share."""
    before, pair = form[at - 1 : at + 1], form[at : at + 2]
    if len(before) == 2 and before in _spellings():
        return ""
    one = _class(form[at])
    if len(pair) == 2 and pair in _spellings():
        return f"(?:{one}{_class(pair[1])}|[{''.join(_spellings()[pair])}]{_INSIDE}*+)"
    return one


def _class(letter: str) -> str:
    """Return the pattern of the spellings of a letter, and of the marks that may follow."""
    spellings = "".join(map(re.escape, _spellings().get(letter, [letter])))
    return f"[{spellings}]{_INSIDE}*+"


def _word_pattern(form: str, *, is_prefix: bool) -> str:
    """Return the pattern of a word from its first letter on: whole, or with any ending."""
    ending = f"(?:{_LETTER}|{_INSIDE})*+" if is_prefix else f"(?!{_LETTER})"
    return _letters(form) + ending


def _bare(form: str) -> str:
    """Return an Arabic form of a query without its article."""
    rest = form.removeprefix("ال")
    return rest if len(rest) >= _LEAST_LETTERS else form


class _Query(NamedTuple):
    """A query made ready: what is sought, and whether particles may stand before it."""

    pattern: re.Pattern[str]
    takes_particles: bool


def _compiled(query: str, *, ignore_proclitics: bool) -> _Query:
    """Make a query ready.

    :raises OptionsError: if it holds no word, or too many.
    """
    parts: list[tuple[str, bool]] = []
    for piece in query.split():
        found = [form for form in map(fold, surfaces(piece.rstrip("*"))[0]) if form]
        parts += [(form, False) for form in found]
        if piece.endswith("*") and found:
            parts[-1] = (found[-1], True)
    if not 0 < len(parts) <= _MOST_WORDS:
        raise OptionsError(f"A query holds from one to {_MOST_WORDS} words.")
    patterns = []
    for number, (form, is_prefix) in enumerate(parts):
        takes = ignore_proclitics and is_arabic(form)
        pattern = _word_pattern(_bare(form) if takes else form, is_prefix=is_prefix)
        if takes and number:
            joined = "|".join(map(_letters, sorted(PROCLITICS - {""}, key=len, reverse=True)))
            pattern = f"(?:{joined})?{pattern}"
        patterns.append(pattern)
    takes_particles = ignore_proclitics and is_arabic(parts[0][0])
    return _Query(re.compile(_GAP.join(patterns)), takes_particles)


def _places(joined: str, query: _Query) -> Iterator[tuple[int, int]]:
    """Yield where the query stands, what is joined to its first word included."""
    search = query.pattern.search
    match = search(joined)
    while match is not None:
        start, end = match.span()
        run = _RUN_BEFORE.search(joined, max(0, start - _LOOK_BACK), start)
        if run is None:
            yield start, end
        elif query.takes_particles and fold(run.group()) in PROCLITICS:
            yield run.start(), end
        else:
            # Inside another word; the next place may begin within this one.
            end = start + 1
        match = search(joined, end)


def _context_before(text: str, start: int, width: int) -> tuple[str, bool]:
    """Return the whole words before an offset, and whether the text begins earlier."""
    at = max(0, start - width)
    piece = text[at:start]
    if at and not text[at - 1].isspace() and not piece[:1].isspace():
        head, _, tail = piece.partition(" ")
        piece = tail if tail.strip() else "" if head.strip() else piece
    return " ".join(piece.split()), bool(text[: start - len(piece)].strip())


def _context_after(text: str, end: int, width: int) -> tuple[str, bool]:
    """Return the whole words after an offset, and whether the text goes on."""
    stop = min(len(text), end + width)
    piece = text[end:stop]
    if stop < len(text) and not text[stop].isspace() and not piece[-1:].isspace():
        head, _, tail = piece.rpartition(" ")
        piece = head if head.strip() else "" if tail.strip() else piece
    return " ".join(piece.split()), bool(text[end + len(piece) :].strip())


def _line(texts: Sequence[str], number: int, start: int, end: int, width: int) -> Line:
    """Return a place as it is shown."""
    text = texts[number]
    left, is_cut_left = _context_before(text, start, width)
    right, is_cut_right = _context_after(text, end, width)
    words = " ".join(text[start:end].split())
    return Line(number, start, end, left, words, right, is_cut_left, is_cut_right)


def _key(line: Line, order: Order) -> list[str]:
    """Return what lines are put in order by: the next words, or those before, nearest first."""
    if order == "right":
        return [fold(word) for word in surfaces(line.right)[0][:_LAST_WORDS]]
    return [fold(word) for word in surfaces(line.left)[0][: -_LAST_WORDS - 1 : -1]]


def concordance(
    texts: Sequence[str],
    query: str,
    *,
    width: int = 40,
    most: int = 200,
    order: Order = "text",
    ignore_proclitics: bool = True,
) -> Concordance:
    """Find a word or an expression, with what stands around it.

    Case, accents, vowel signs and variants of Arabic letters make no difference. A word is found
    whole, or by its beginning when a star follows it (``coopérat*``).

    Parameters
    ----------
    texts : sequence of str
    query : str
        One to eight words, of any language.
    width : int
        Characters shown on either side at most, at least 0.
    most : int
        Lines given at most, at least 1; all places are counted.
    order : {"text", "right", "left"}
        By text and offset, by the words that follow, or by those before, the nearest first.
    ignore_proclitics : bool
        Whether an Arabic word is found with the article or particles (w-, f-, b-, k-, l-) joined to
        it, and without the article that the query gives it.

    Returns
    -------
    Concordance

    Raises
    ------
    OptionsError
        If the query holds no word or too many, or an option is outside its range.

    Notes
    -----
    A particle is whatever looks like one: "كتب" is also found for a query of "تب".
    """
    if width < 0 or most < 1 or order not in ("text", "right", "left"):
        raise OptionsError("A width of 0 or more, a line or more, and a known order.")
    prepared = _compiled(query, ignore_proclitics=ignore_proclitics)
    begins, at = [], 0
    for text in texts:
        begins.append(at)
        at += len(text) + 1
    found = []
    for start, end in _places(_BETWEEN.join(texts), prepared):
        number = bisect_right(begins, start) - 1
        found.append((number, start - begins[number], end - begins[number]))
    n_texts = len({number for number, _, _ in found})
    n_found = len(found)
    if order == "text":
        return Concordance([_line(texts, *f, width) for f in found[:most]], n_found, n_texts)
    lines = [_line(texts, *place, width) for place in found]
    lines.sort(key=lambda line: (_key(line, order), line.text, line.start))
    return Concordance(lines[:most], n_found, n_texts)
