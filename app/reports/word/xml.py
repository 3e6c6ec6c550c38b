"""Elements of a Word document, made one by one: less to say than the library's own objects."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement

#: An element of the document; the XML library has no types.
Element = Any

#: What XML cannot hold, not even as a reference: most control characters, halves of pairs.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def make(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """Return an element of the main vocabulary: ``make("jc", val="end")`` is ``<w:jc .../>``.

    Children that are None are left out, so that a property can depend on a condition.
    """
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name.rstrip('_')}"), str(value))
    element.extend([child for child in children if child is not None])
    return element


def toggle(tag: str, *, on: bool | None) -> Element | None:
    """Return a property that is on or off; None leaves it to the style."""
    if on is None:
        return None
    return make(tag) if on else make(tag, val="0")


def holdable(text: str) -> str:
    """Return a text that XML can hold: a sign stands where one had to go."""
    return _FORBIDDEN.sub("\ufffd", text)


def words(text: str) -> list[Element]:
    """Return a text as the children of a run: line ends and tabs are elements of their own."""
    found: list[Element] = []
    for part in re.split(r"(\r\n|[\r\n\t])", holdable(text)):
        if part == "\t":
            found.append(make("tab"))
        elif part in {"\r\n", "\r", "\n"}:
            found.append(make("br"))
        elif part:
            element = make("t")
            element.text = part
            element.set(qn("xml:space"), "preserve")
            found.append(element)
    return found
