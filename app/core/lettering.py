"""Giving the Arabic of a PDF back as it was written.

A reader of a file's text is told of each drawn glyph which letters it stands for, and puts glyphs
in order by their place on the line. The maker tells it at the first glyph of a kind, whatever its
neighbours were, and a vowel sign stands inside the letter that carries it: words fall apart there,
and signs go missing. Here letters are told from the face itself, by its substitutions; and a letter
with its signs is written as places side by side (``ActualText`` of ISO 32000-1, 14.9.4), each with
one character, while everything is drawn where it was.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple

import pydyf
from fontTools.ttLib import TTFont

from app.core.marking import LEFT_TO_RIGHT, RIGHT_TO_LEFT

#: Of glyph definitions: a sign that combines with a letter.
_COMBINING = 3
#: Width of the place of one sign, in thousandths of the size: readers take less for a double.
_PLACE = 105
#: From this height on, in points, readers take a letter for one of another line.
_RAISED = 0.5

#: The face of Arabic letters, as a file names it, and its signs that belong to no direction: in the
#: text of a file they stand between marks, else they would be taken for those of Latin.
_ARABIC_FACE = b"Tachawor-Naskh"
_SHARED = frozenset(".:،()«»!–-/")
_MARKS = {RIGHT_TO_LEFT: "\u200f", LEFT_TO_RIGHT: "\u200e"}
#: A line of a face's table of letters: a glyph and its characters.
_ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_MIRRORED = dict(zip("()«»[]{}", ")(»«][}{", strict=True))

#: From this gap on, in thousandths of the size, readers take what follows for another word.
_APART = 90

_TOKENS = re.compile(rb"<([0-9a-f]*)>|(-?[\d.]+(?:e-?\d+)?)")


class Glyph(NamedTuple):
    """One drawn glyph, and how far it stands above the line, in points."""

    number: int
    rise: bytes


#: A glyph, or a move to the left in thousandths of the size.
Token = Glyph | float


@dataclass(frozen=True)
class Letters:
    """What the glyphs of a face stand for.

    :ivar texts: characters in the order of writing, by glyph; nothing for a stroke that only fills.
    :ivar combining: glyphs that are vowel signs.
    :ivar widths: of the glyphs that a file draws, in thousandths of the size.
    :ivar empty: a glyph that draws nothing.
    """

    texts: dict[int, str]
    combining: frozenset[int]
    widths: dict[int, float]
    empty: int

    def advance(self, tokens: Iterable[Token]) -> float:
        """Return how far tokens move to the right, in thousandths of the size."""
        return sum(self.widths[one.number] if isinstance(one, Glyph) else -one for one in tokens)


@lru_cache(maxsize=4)
def letters_of(face: bytes) -> Letters:
    """Return what the glyphs of a face stand for, without their widths."""
    font = TTFont(io.BytesIO(face))
    numbers = font.getReverseGlyphMap()
    characters = font.getBestCmap()
    # Arabic is written from right to left: a bracket is drawn by the glyph of the other one.
    texts = {name: _MIRRORED.get(chr(code), chr(code)) for code, name in characters.items()}
    tables = [
        getattr(table, "ExtSubTable", table)
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
    ]
    for name in _fillers(tables):
        texts.setdefault(name, "")
    known = -1
    while known != len(texts):
        known = len(texts)
        for table in tables:
            _follow(table, texts)
    classes = font["GDEF"].table.GlyphClassDef.classDefs
    return Letters(
        texts={numbers[name]: text for name, text in texts.items()},
        combining=frozenset(numbers[name] for name, of in classes.items() if of == _COMBINING),
        widths={},
        empty=numbers[characters[ord(" ")]],
    )


def _fillers(tables: Iterable[Any]) -> Iterator[str]:
    """Return the strokes that are drawn behind a letter to fill the line."""
    for table in tables:
        for made in getattr(table, "mapping", {}).values():
            if not isinstance(made, str):
                yield from made[1:]


def _follow(table: Any, texts: dict[str, str]) -> None:
    """Note what the results of one substitution stand for."""
    if hasattr(table, "ligatures"):
        for first, ligatures in table.ligatures.items():
            for one in ligatures:
                parts = [texts.get(part) for part in (first, *one.Component)]
                if None not in parts:
                    texts.setdefault(one.LigGlyph, "".join(part or "" for part in parts))
    for name, made in getattr(table, "mapping", {}).items():
        if name in texts and made:
            texts.setdefault(made if isinstance(made, str) else made[0], texts[name])


def _tokens(operation: bytes, rise: bytes) -> Iterator[Token]:
    """Return the glyphs and moves of one operation that shows text."""
    for found in _TOKENS.finditer(operation):
        if found[2]:
            yield float(found[2])
        else:
            for at in range(0, len(found[1]), 4):
                yield Glyph(int(found[1][at : at + 4], 16), rise)


def _shown(tokens: Iterable[Token]) -> Iterator[bytes]:
    """Return the operations that draw glyphs and make moves."""
    rise = b"0"
    array: list[bytes] = []
    for one in tokens:
        if isinstance(one, Glyph):
            if one.rise != rise:
                if array:
                    yield b"[" + b"".join(array) + b"] TJ"
                yield one.rise + b" Ts"
                rise, array = one.rise, []
            array.append(b"<%04x>" % one.number)
        elif one:
            array.append(b"%g " % round(one, 2))
    if array:
        yield b"[" + b"".join(array) + b"] TJ"
    if rise != b"0":
        yield b"0 Ts"


class _Line:
    """Rewrites what is drawn in one face between two other operations."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters
        self._plain: list[Token] = []
        self.operations: list[bytes] = []

    def write(self, tokens: list[Token]) -> list[bytes]:
        """Return the operations that draw the same, with signs beside their letters."""
        carried: list[list[Token]] = []
        moves: list[Token] = []
        for one in tokens:
            if not isinstance(one, Glyph):
                moves.append(one)
                continue
            moves.append(one)
            if self._is_carried(one.number):
                carried.append(moves)
            elif carried or self._stands_apart(moves):
                self._cluster(carried, moves)
                carried = []
            else:
                self._plain += moves
            moves = []
        if carried:
            self._cluster(carried, [])
        self._plain += moves
        self._flush()
        return self.operations

    def _is_carried(self, number: int) -> bool:
        """Tell whether a glyph belongs to the letter that is drawn after it."""
        return number in self._letters.combining or self._letters.texts.get(number) == ""

    def _stands_apart(self, tokens: list[Token]) -> bool:
        """Tell whether readers would take a letter for one of another word or another line."""
        *moves, glyph = tokens
        shift = -sum(one for one in moves if not isinstance(one, Glyph))
        is_raised = isinstance(glyph, Glyph) and abs(float(glyph.rise)) > _RAISED
        return is_raised or shift > _APART

    def _flush(self) -> None:
        self.operations += _shown(self._plain)
        self._plain = []

    def _cluster(self, carried: list[list[Token]], base: list[Token]) -> None:
        """Write a letter with what it carries as places from left to right."""
        self._flush()
        pen, at, drawn = 0.0, 0, []
        for tokens in carried:
            drawn += tokens
            for character in reversed(self._text(tokens)):
                self._place(character, at - pen, drawn, at + _PLACE - pen)
                pen += self._letters.advance(drawn)
                at, drawn = at + _PLACE, []
        if base or drawn:
            self._place(self._text(base), at - pen, drawn + base, None)

    def _text(self, tokens: list[Token]) -> str:
        """Return what the glyph among tokens stands for."""
        return "".join(
            self._letters.texts.get(one.number, "") for one in tokens if isinstance(one, Glyph)
        )

    def _place(self, text: str, start: float, tokens: list[Token], end: float | None) -> None:
        """Write one place: readers measure it from its first glyph to the end of its last.

        :param start: where it begins, to the right of the pen.
        :param end: where it ends, to the right of the pen; without it, where the pen comes to.
        """
        nothing, width = Glyph(self._letters.empty, b"0"), self._letters.widths[self._letters.empty]
        drawn: list[Token] = [-start, nothing, start + width, *tokens]
        if end is not None:
            rest = end - self._letters.advance(tokens)
            drawn += [width - rest, nothing, rest]
        told = text.encode("utf-16-be").hex().encode()
        self.operations.append(b"/Span <</ActualText <feff" + told + b">>> BDC")
        self.operations += _shown(drawn)
        self.operations.append(b"EMC")


def find(pdf: pydyf.PDF, reference: Any) -> Any:
    """Return the object of a file that a reference names."""
    return pdf.objects[int(reference.split()[0])]


def spell(pdf: pydyf.PDF, face: bytes) -> None:
    """Say in a file that is about to be written what its letters are.

    :param face: the face of Arabic letters, as the maker was given it.
    """
    letters = letters_of(face)
    faces = {}
    for one in pdf.objects:
        if not isinstance(one, dict) or "ToUnicode" not in one:
            continue
        is_arabic = one["BaseFont"].endswith(_ARABIC_FACE)
        table = find(pdf, one["ToUnicode"])
        table.stream = [_told(line, letters.texts if is_arabic else {}) for line in table.stream]
        if is_arabic:
            widths = _widths(find(pdf, one["DescendantFonts"][0])["W"], letters.empty)
            faces[one["BaseFont"].split(b"+")[0]] = replace(letters, widths=widths)
    for one in pdf.objects if faces else []:
        if isinstance(one, pydyf.Stream) and b"BT" in one.stream:
            one.stream = _spelled(one.stream, faces)


def _widths(table: pydyf.Array, empty: int) -> dict[int, float]:
    """Return the widths that a file gives for the glyphs of a face; an empty one has a width too.

    :param table: glyphs, each followed by the widths from there on (ISO 32000-1, 9.7.4.3).
    """
    widths = {
        first + at: width
        for first, row in zip(table[::2], table[1::2], strict=True)
        for at, width in enumerate(row)
    }
    if empty not in widths:
        widths[empty] = 0
        table += [empty, pydyf.Array([0])]
    return widths


def _told(line: bytes, texts: dict[int, str]) -> bytes:
    """Return a line of a face's table of letters, as the face says and with its marks."""
    found = _ENTRY.fullmatch(line)
    if not found:
        return line
    text = texts.get(int(found[1], 16), bytes.fromhex(found[2].decode()).decode("utf-16-be"))
    text = _MARKS.get(text, text)
    if texts and text in _SHARED:
        text = f"\u200f{text}\u200f"
    return b"<" + found[1] + b"> <" + text.encode("utf-16-be").hex().encode() + b">"


def _spelled(stream: list[Any], faces: dict[bytes, Letters]) -> list[Any]:
    """Return the operations of a page with the text of its faces spelled out.

    :param faces: what glyphs stand for, by the name of a face in the file: ``b"/ABCDEF"``.
    """
    written: list[Any] = []
    letters: Letters | None = None
    rise = b"0"
    tokens: list[Token] = []
    for one in stream:
        if letters and isinstance(one, bytes) and one.endswith((b" TJ", b" Ts")):
            if one.endswith(b" Ts"):
                rise = one[:-3]
            else:
                tokens += _tokens(one[:-3], rise)
            continue
        if tokens and letters:
            written += _Line(letters).write(tokens)
            tokens = []
        if isinstance(one, bytes) and one.endswith(b" Tf"):
            letters = faces.get(one.split()[0])
        elif one in (b"BT", b"ET"):
            letters = None
        written.append(one)
    return written
