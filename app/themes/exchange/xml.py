"""XML in and out: written piece by piece, every sign kept; read with what is dangerous refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING, Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from app.themes.exchange import errors
from app.themes.exchange.remarks import RemarkKind, Remarks

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: Deepest that elements may stand in one another.
DEPTH = 80

#: The namespaces of a format's versions.
_FAMILIES = {
    kind: re.compile(rf"\{{urn:QDA-XML:{kind}:[0-9]+[.:][0-9]+\}}")
    for kind in ("codebook", "project")
}
#: Signs that XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: A parser turns these into something else unless they are written by number.
_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_VALUE = {**_IN_TEXT, ord('"'): "&quot;", ord("\n"): "&#10;", ord("\t"): "&#9;"}


def allowed_signs(text: str, where: str, remarks: Remarks) -> str:
    """Replace the signs that XML cannot hold, one by one, and say so."""
    if not _FORBIDDEN.search(text):
        return text
    remarks.add(RemarkKind.SIGNS_REPLACED, where)
    return _FORBIDDEN.sub("\ufffd", text)


class XmlWriter:
    """Writes elements one after the other, so that a large project is never whole in memory.

    :ivar where: what the remarks on replaced signs are about; set by whoever writes.
    """

    def __init__(self, write: Callable[[bytes], Any], remarks: Remarks) -> None:
        self._write, self._remarks = write, remarks
        self._open: list[str] = []
        self.where = ""
        self._put('<?xml version="1.0" encoding="utf-8"?>')

    def start(self, name: str, /, **attributes: str | None) -> None:
        """Open an element; attributes that are None are left out."""
        self._line(f"<{name}{self._attributes(attributes)}>")
        self._open.append(name)

    def end(self) -> None:
        """Close the element opened last."""
        name = self._open.pop()
        self._line(f"</{name}>")

    def leaf(self, name: str, text: str = "", /, **attributes: str | None) -> None:
        """Write an element that holds text or nothing."""
        head = f"<{name}{self._attributes(attributes)}"
        inside = self._allowed(text).translate(_IN_TEXT)
        self._line(f"{head}>{inside}</{name}>" if text else f"{head}/>")

    def _attributes(self, attributes: dict[str, str | None]) -> str:
        """Return attributes as they stand in a tag; the namespace's is called ``xmlns_``."""
        return "".join(
            f' {name.rstrip("_")}="{self._allowed(value).translate(_IN_VALUE)}"'
            for name, value in attributes.items()
            if value is not None
        )

    def _allowed(self, text: str) -> str:
        """Replace what cannot be written."""
        return allowed_signs(text, self.where, self._remarks)

    def _line(self, text: str) -> None:
        """Write a line, set in as deep as the element stands."""
        self._put("\n" + "  " * len(self._open) + text)

    def _put(self, text: str) -> None:
        """Write text."""
        self._write(text.encode())


def elements(source: IO[bytes], namespace: str) -> Iterator[tuple[str, int, Element]]:
    """Yield each element as it begins (``start``) and ends (``end``), with its depth from 0.

    Programs write other versions' namespaces into files of the same form (ATLAS.ti ``0:4``): they
    are taken for ``namespace``.

    :raises ExchangeRefusedError: if the bytes are not plain XML.
    """
    depth, family = -1, _FAMILIES[namespace.split(":")[2]]
    try:
        for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
            if event == "start":
                depth += 1
                element.tag = family.sub(f"{{{namespace}}}", element.tag)
            if depth > DEPTH:
                raise errors.TooDeepError(limit=DEPTH)
            yield event, depth, element
            depth -= event == "end"
    except ParseError as error:
        raise errors.NotXmlError(line=error.position[0]) from error
    except DefusedXmlException as error:
        raise errors.DangerousXmlError from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows, or other bytes
        raise errors.NotXmlError(line=1) from error


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def check_root(element: Element, namespace: str, name: str, suffix: str) -> None:
    """Check that a document is what it should be.

    :raises NotRefiError: if its root has another name or namespace.
    """
    if element.tag != f"{{{namespace}}}{name}":
        raise errors.NotRefiError(suffix=suffix, root=element.tag[:200])


def find_text(element: Element, name: str, namespace: str) -> str:
    """Return the text of a child, empty if there is none."""
    child = element.find(f"{{{namespace}}}{name}")
    return "" if child is None else "".join(child.itertext())
