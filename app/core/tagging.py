"""What the PDF maker leaves out of a file's tags and readers of the screen need.

The maker tags text, tables and links. Added here, before the file is written: the language of words
in another language than the page's, whether a header is of a row or of a column, and that running
heads and decoration are no content (artifacts).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydyf
from weasyprint.pdf import tags

from app.core.faces import prepared_face
from app.core.lettering import find, spell

Element = dict[Any, Any]

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
        below = find(self._pdf, kid)
        if below.get("Type") != "/StructElem":
            return True
        return self.walk(below, in_head=in_head)


def complete(document: Any, pdf: pydyf.PDF, *, face: Path) -> None:  # noqa: ARG001 - see finisher
    """Complete the tags of a file that is about to be written.

    :param face: the file of the Arabic face.
    """
    root = find(pdf, pdf.catalog["StructTreeRoot"])
    numbers = find(pdf, root["ParentTree"])["Nums"]
    tree = _Tree(pdf)
    for kid in root["K"]:
        top = find(pdf, kid)
        top["K"] = pydyf.Array([one for one in top["K"] if tree.walk(find(pdf, one))])
        tree.elements.add(top.number)
    for at, reference in enumerate(pdf.page_references):
        page = find(pdf, reference)
        stream = find(pdf, page["Contents"])
        _make_artifacts(stream.stream, reference, numbers[2 * at + 1], tree.reached)
    spell(pdf, prepared_face(face))
    for one in pdf.objects:
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
