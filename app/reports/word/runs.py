"""Runs: words with their language and direction, so that each word processor orders them alike.

A run that is marked right to left takes its face, size and weight from the complex-script
properties, and all its signs run to the left; so Latin words and figures inside Arabic ones stand
in runs of their own, and Arabic words inside French ones too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import Markup

from app.core.i18n import PASSAGE_DIRECTIONS
from app.core.text import text_direction
from app.reports.claims.wording import END, ISOLATE
from app.reports.word.xml import Element, make, words

_ARABIC_LETTERS = "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc"
_LATIN_LETTERS = "A-Za-z\u00c0-\u024f\u2d30-\u2d7f"
#: In Arabic words: a stretch of Latin ones, or a figure with what stands inside it.
_LEFT_TO_RIGHT = re.compile(
    f"([{_LATIN_LETTERS}](?:[^{_ARABIC_LETTERS}\n]*[{_LATIN_LETTERS}0-9%])?"
    r"|\d(?:[\d.,:/\-–\u202f\u00a0]*\d)?%?)"
)
#: In Latin words: a stretch of Arabic ones.
_RIGHT_TO_LEFT = re.compile(
    f"([{_ARABIC_LETTERS}]+(?:[^\\w{_ARABIC_LETTERS}]+[{_ARABIC_LETTERS}]+)*)"
)
_ISOLATED = re.compile(f"{ISOLATE}([^{END}]*){END}")

#: How Word calls the languages of passages; the spelling of the others is nobody's to check.
TAGS = {
    "fr": "fr-FR",
    "ar": "ar-MA",
    "ar-MA": "ar-MA",
    "en": "en-GB",
    "ary-Latn": "ary-Latn",
    "zgh": "zgh-Tfng-MA",
}
_UNCHECKED = {"ar-MA", "ary-Latn", "zgh", "other"}

#: Character styles of elements of pages.
_ELEMENTS = {"b": "Strong", "strong": "Strong", "code": "Fingerprint"}

#: Left-to-right mark: an interval stays in its order where run directions are not known.
_MARK = "\u200e"
_AMBIGUOUS = re.compile(r"\d[^\d.,:\u202f\u00a0%]+\d")


@dataclass(frozen=True)
class Piece:
    """Words of one language that run in one direction.

    :ivar code: language of a passage (:data:`app.core.i18n.PASSAGE_DIRECTIONS`).
    :ivar style: identifier of a character style.
    """

    text: str
    code: str
    rtl: bool
    style: str = ""


def direction(code: str, text: str = "") -> bool:
    """Return whether words in a language run to the left; others follow their first letter."""
    known = PASSAGE_DIRECTIONS.get(code) or text_direction(text)
    return known == "rtl"


def pieces(text: str, code: str, style: str = "") -> list[Piece]:
    """Take a text apart: markup of pages, or a kept sentence whose figures are isolated.

    :param code: the language of the text.
    """
    if isinstance(text, Markup):
        reader = _Reader(code, style)
        reader.feed(str(text))
        reader.close()
        return reader.found
    found = []
    for odd, part in enumerate(_ISOLATED.split(text)):
        found += [_figure(part, code, style)] if odd % 2 else _cut(part, code, style)
    return found


def _figure(text: str, code: str, style: str) -> Piece:
    """Return a figure that the report gives; words that people wrote are never added to."""
    mark = _MARK if direction(code) and _AMBIGUOUS.search(text) else ""
    return Piece(f"{mark}{text}", code, rtl=False, style=style)


def _cut(text: str, code: str, style: str) -> list[Piece]:
    """Part a text where its direction changes."""
    rtl = direction(code, text)
    pattern = _LEFT_TO_RIGHT if rtl else _RIGHT_TO_LEFT
    return [
        Piece(part, _spoken(code, part, turned=bool(odd % 2)), rtl != bool(odd % 2), style)
        for odd, part in enumerate(pattern.split(text))
        if part
    ]


def _spoken(code: str, part: str, *, turned: bool) -> str:
    """Return the language of a stretch: another script is of another language."""
    if not turned or part[0].isdigit():
        return code
    return "fr" if direction(code, part) else "ar"


class _Reader(HTMLParser):
    """Reads the little markup that sentences have: isolated figures, weight, code, languages."""

    def __init__(self, code: str, style: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []
        #: For each open element: the language, whether it is isolated, the style.
        self._open = [("", code, False, style)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element."""
        if tag == "br":
            self.found.append(Piece("\n", self._open[-1][1], rtl=False))
            return
        given = dict(attrs)
        _tag, code, isolated, style = self._open[-1]
        self._open.append(
            (
                tag,
                given.get("lang") or code,
                isolated or (given.get("dir") == "ltr" and "lang" not in given),
                _ELEMENTS.get(tag, style),
            )
        )

    def handle_endtag(self, tag: str) -> None:
        """Come out of an element."""
        if len(self._open) > 1 and self._open[-1][0] == tag:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        """Take words."""
        _tag, code, isolated, style = self._open[-1]
        if isolated:
            self.found.append(_figure(data, code, style))
        else:
            self.found += pieces(data, code, style)


def run(piece: Piece, *extra: Element) -> Element:
    """Return a piece as a run.

    :param extra: its children besides, such as a field's parts.
    """
    return make("r", properties(piece), *words(piece.text), *extra)


def properties(piece: Piece) -> Element:
    """Return the properties of a run, in the order that the format wants."""
    tag = TAGS.get(piece.code, "und")
    language = make("lang", bidi=tag) if piece.rtl else make("lang", val=_latin(tag))
    return make(
        "rPr",
        make("rStyle", val=piece.style) if piece.style else None,
        make("noProof") if piece.code in _UNCHECKED else None,
        make("rtl") if piece.rtl else None,
        language,
    )


def _latin(tag: str) -> str:
    """Return the language of a run that goes to the right: its figures are French ones."""
    return "fr-FR" if tag.startswith("ar-") else tag


def runs(found: list[Piece]) -> Iterator[Element]:
    """Yield the runs of pieces."""
    return (run(piece) for piece in found)
