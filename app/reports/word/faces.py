"""The faces of the document, and what stands in for them where they are not there."""

from __future__ import annotations

from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml

from app.reports.word.xml import Element, make

#: Faces that Word brings: Latin letters, then Arabic ones.
SERIF = ("Cambria", "Sakkal Majalla")
SANS = ("Calibri", "Sakkal Majalla")
MONO = ("Consolas", "Courier New")
#: What stands in for a face where it is not there, and its family. Word takes the whole value for
#: one name, of 31 characters at most, whatever the standard says of lists.
STAND_INS = {
    "Cambria": ("Times New Roman", "roman"),
    "Calibri": ("Arial", "swiss"),
    "Sakkal Majalla": ("Times New Roman", "auto"),
    "Consolas": ("Courier New", "modern"),
}


def install(document: Any) -> None:
    """Say which faces may stand in for those named."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = make("fonts", *(_font(name, *found) for name, found in STAND_INS.items()))
    part._blob = serialize_part_xml(table)  # noqa: SLF001 - the library has no such part


def _font(name: str, other: str, family: str) -> Element:
    """Return a face of the table of faces."""
    return make("font", make("altName", val=other), make("family", val=family), name=name)
