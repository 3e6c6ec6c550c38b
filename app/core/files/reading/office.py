"""Pages of DOCX and ODT documents: paragraphs and tables in order, cut where pages are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from defusedxml import ElementTree
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table

#: Where a page ends, in the strings passed around here.
_BREAK = "\f"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT = f"{{{_OFFICE}text:1.0}}"
_TABLE = f"{{{_OFFICE}table:1.0}}"
_DOCX_WORDS = tuple(
    qn(f"w:{name}") for name in ("t", "tab", "br", "cr", "lastRenderedPageBreak", "noBreakHyphen")
)


def _parted(lines: Iterator[str]) -> Iterator[str]:
    """Cut lines into pages; breaks with nothing between them are one."""
    page: list[str] = []
    for line in lines:
        before, *after = line.split(_BREAK)
        page.append(before)
        for piece in after:
            if any(part.strip() for part in page):
                yield "\n".join(page)
                page = []
            page.append(piece)
    yield "\n".join(page)


# --- DOCX ---------------------------------------------------------------------------------------


def docx_pages(path: Path) -> Iterator[str]:
    """Yield the pages of a DOCX, as far as whoever saved it noted where they end."""
    yield from _parted(_docx_lines(Document(str(path))))


def _docx_lines(container: Any) -> Iterator[str]:
    """Yield paragraphs, and the rows of tables, in the order of the document."""
    for block in container.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(_cells(row))
            yield ""
        else:
            yield _docx_words(block._p)  # noqa: SLF001  its text alone has no page breaks
            yield ""


def _cells(row: Any) -> Iterator[str]:
    """Yield the words of each cell of a row once, merged ones too."""
    seen: set[Any] = set()
    for cell in row.cells:
        if cell._tc not in seen:  # noqa: SLF001  merged cells are one element met again
            seen.add(cell._tc)  # noqa: SLF001
            words = " ".join(line for line in _docx_lines(cell) if line)
            if words.strip():
                yield words


def _docx_words(paragraph: Any) -> str:
    """Return a paragraph's words: those inserted, not those deleted under tracked changes."""
    parts = (_docx_node(node) for node in paragraph.iter(*_DOCX_WORDS))
    text = "".join(parts)
    return (
        f"- {text}" if text.strip() and paragraph.find(f".//{qn('w:numPr')}") is not None else text
    )


def _docx_node(node: Any) -> str:
    """Return what one element of a run stands for."""
    if node.tag == qn("w:t"):
        return node.text or ""
    if node.tag == qn("w:lastRenderedPageBreak"):
        return _BREAK
    if node.tag == qn("w:br"):
        return _BREAK if node.get(qn("w:type")) == "page" else "\n"
    return {qn("w:tab"): "\t", qn("w:noBreakHyphen"): "-"}.get(node.tag, "\n")


# --- ODT ----------------------------------------------------------------------------------------


def odt_pages(path: Path) -> Iterator[str]:
    """Yield the pages of an ODT, as far as it notes where they end."""
    with ZipFile(path) as archive, archive.open("content.xml") as source:
        root = ElementTree.parse(source).getroot()
    breaking = set(_breaking_styles(root))
    body = root.find(f".//{{{_OFFICE}office:1.0}}text")
    yield from _parted(_odt_lines(body, breaking) if body is not None else iter(()))


def _breaking_styles(root: Element) -> Iterator[str]:
    """Yield the names of the paragraph styles that begin a page."""
    style, fo = f"{{{_OFFICE}style:1.0}}", f"{{{_OFFICE}xsl-fo-compatible:1.0}}"
    for one in root.iter(f"{style}style"):
        properties = one.find(f"{style}paragraph-properties")
        if properties is not None and properties.get(f"{fo}break-before") == "page":
            yield one.get(f"{style}name", "")


def _odt_lines(parent: Element, breaking: set[str]) -> Iterator[str]:
    """Yield paragraphs, items of lists and rows of tables, in order."""
    for node in parent:
        if node.tag in {f"{_TEXT}p", f"{_TEXT}h"}:
            is_first = node.get(f"{_TEXT}style-name", "") in breaking
            yield (_BREAK if is_first else "") + _odt_words(node)
            yield ""
        elif node.tag == f"{_TABLE}table-row":
            cells = (" ".join(filter(None, _odt_lines(cell, breaking))) for cell in node)
            yield " | ".join(cell.replace(_BREAK, "") for cell in cells if cell.strip())
        elif node.tag == f"{_TEXT}list-item":
            lines = [line for line in _odt_lines(node, breaking) if line]
            yield from (f"- {line}" for line in lines)
        elif node.tag != f"{_TEXT}tracked-changes":
            yield from _odt_lines(node, breaking)


def _odt_words(node: Element) -> str:
    """Return a paragraph's words; notes stand where they are called."""
    words = node.text or ""
    for child in node:
        words += _odt_inner(child) + (child.tail or "")
    return words


def _odt_inner(child: Element) -> str:
    """Return what an element inside a paragraph stands for."""
    if child.tag == f"{_TEXT}s":
        return " " * min(int(child.get(f"{_TEXT}c", "1")), 100)
    if child.tag == f"{_TEXT}soft-page-break":
        return _BREAK
    if child.tag == f"{_TEXT}note-citation":
        return ""
    return {f"{_TEXT}tab": "\t", f"{_TEXT}line-break": "\n"}.get(child.tag) or _odt_words(child)
