"""What the PDF maker leaves out of a file's tags and readers of the screen need.

The maker tags text, tables and links. Added here, before the file is written: the language of words
in another language than the page's, whether a header is of a row or of a column, and that running
heads and decoration are no content (artifacts).

Signs that Arabic shares with figures (the comma, the full stop, the colon) are told apart from
those in Latin text by their face, and stand behind a right-to-left mark in the file's text: without
it readers of the text take them, with the space behind, for Latin and turn it round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pydyf
from weasyprint.pdf import tags

from app.core.faces import MARK

Element = dict[Any, Any]

#: The face that Arabic is set in, and its signs that belong to no direction, as the file has them.
ARABIC_FACE = "Tachawor-Naskh"
_SHARED = (b"<002e>", b"<003a>", b"<060c>")
_BEHIND = re.compile(r"</bdi>(?=[\s.:،؛)»])")
#: Behind the figures of a date, which stand in no element.
_DATED = re.compile(r"(?<=\d)(?=[ \u00a0][\u0600-\u06ff]|[.:،](?:\s|<))")
_MARK = b"<200a>"
_RIGHT_TO_LEFT = b"<200f"

_build = tags._build_box_tree  # noqa: SLF001 - the maker has no way of its own to say a language


def _build_with_language(box: Any, *rest: Any) -> Iterator[Element]:
    """Build the elements of a box, and say their language if it is written on the box."""
    lang = box.element.get("lang") if getattr(box, "element", None) is not None else None
    for element in _build(box, *rest):
        if lang:
            element["Lang"] = pydyf.String(lang)
        yield element


tags._build_box_tree = _build_with_language  # noqa: SLF001


class _Tree:
    """The structure of a file: which marked content it reaches on each page."""

    def __init__(self, pdf: pydyf.PDF) -> None:
        self._pdf = pdf
        self.reached: set[tuple[bytes, int]] = set()
        self.elements: set[int] = set()

    def _object(self, reference: Any) -> Any:
        """Return the object that a reference names."""
        return self._pdf.objects[int(reference.split()[0])]

    def walk(self, element: Element, *, in_head: bool = False) -> bool:
        """Complete an element and those below; tell whether it stays in the structure."""
        name = element["S"]
        if name == "/Figure" and "Alt" not in element:
            return False
        self.elements.add(element.number)  # type: ignore[attr-defined]
        if name == "/TH":
            element["A"]["Scope"] = "/Column" if in_head else "/Row"
        element["K"] = pydyf.Array(
            [kid for kid in element["K"] if self._kept(element, kid, in_head or name == "/THead")]
        )
        return True

    def _kept(self, element: Element, kid: Any, in_head: bool) -> bool:  # noqa: FBT001
        """Note marked content, or walk an element; tell whether it stays."""
        if isinstance(kid, int):
            self.reached.add((element["Pg"], kid))
            return True
        below = self._object(kid)
        if below.get("Type") != "/StructElem":
            return True
        return self.walk(below, in_head=in_head)


def with_marks(html: str) -> str:
    """Return an Arabic page with a mark behind each figure, where what follows is Arabic again."""
    html = _BEHIND.sub(f"</bdi>{MARK}", html)
    return _DATED.sub(MARK, html)


def complete(document: Any, pdf: pydyf.PDF) -> None:  # noqa: ARG001 - a finisher is given both
    """Complete the tags of a file that is about to be written."""
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    numbers = pdf.objects[int(root["ParentTree"].split()[0])]["Nums"]
    tree = _Tree(pdf)
    for kid in root["K"]:
        top = pdf.objects[int(kid.split()[0])]
        top["K"] = pydyf.Array(
            [one for one in top["K"] if tree.walk(pdf.objects[int(one.split()[0])])]
        )
        tree.elements.add(top.number)
    for at, reference in enumerate(pdf.page_references):
        page = pdf.objects[int(reference.split()[0])]
        stream = pdf.objects[int(page["Contents"].split()[0])]
        _make_artifacts(stream.stream, reference, numbers[2 * at + 1], tree.reached)
    for one in pdf.objects:
        if isinstance(one, dict) and ARABIC_FACE in str(one.get("BaseFont")) and "ToUnicode" in one:
            cmap = pdf.objects[int(one["ToUnicode"].split()[0])]
            cmap.stream = [_directed(line) for line in cmap.stream]
        if isinstance(one, dict) and one.get("Type") == "/StructElem":
            one.free = "n" if one.number in tree.elements else "f"  # type: ignore[attr-defined]


def _make_artifacts(
    stream: list[Any], page: bytes, owners: list[Any], reached: set[tuple[bytes, int]]
) -> None:
    """Turn marked content that the structure does not reach into artifacts."""
    for at, piece in enumerate(stream):
        if isinstance(piece, dict) and "MCID" in piece and (page, piece["MCID"]) not in reached:
            owners[piece["MCID"]] = "null"
            kind = "/Layout" if stream[at - 1] == "/Figure" else "/Pagination"
            stream[at - 1] = "/Artifact"
            stream[at] = pydyf.Dictionary({"Type": kind})


def _directed(line: bytes) -> bytes:
    """Return a line of a face's table of letters, with the mark if it is of a shared sign."""
    glyph, _space, letters = line.partition(b" ")
    if letters == _MARK:
        return glyph + b" " + _RIGHT_TO_LEFT + b">"
    return glyph + b" " + _RIGHT_TO_LEFT + letters[1:] if letters in _SHARED else line
