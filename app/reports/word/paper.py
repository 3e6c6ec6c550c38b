"""The document as it is written: paragraphs in their direction, headings, links and fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from app.reports.word import styles
from app.reports.word.runs import Piece, direction, pieces, run, runs
from app.reports.word.xml import Element, make


@dataclass(frozen=True)
class Heading:
    """A heading that the contents name."""

    text: str
    level: int
    bookmark: str


class Paper:
    """A document to which one part is added after another.

    :ivar lang: ``fr`` or ``ar``, the language of what the report itself says.
    :ivar document: the library's document, for pictures and for saving.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.rtl = direction(lang)
        self.document: Any = Document()
        self.headings: list[Heading] = []
        self._body = self.document.element.body
        for old in list(self._body):
            if old.tag != qn("w:sectPr"):
                self._body.remove(old)
        self._end = self._body.find(qn("w:sectPr"))
        self._ids = 0
        self._counts = {"table": 0, "figure": 0}
        styles.install(self.document, lang)

    # What stands where

    def add(self, *elements: Element) -> None:
        """Add elements at the end."""
        for element in elements:
            self._end.addprevious(element)

    @contextmanager
    def aside(self, before: Element) -> Iterator[None]:
        """Add what is written meanwhile before an element, not at the end."""
        end, self._end = self._end, before
        try:
            yield
        finally:
            self._end = end

    def next_id(self) -> int:
        """Return a number that no bookmark or drawing has yet."""
        self._ids += 1
        return self._ids

    def count(self, kind: str) -> int:
        """Return the number of the next table or figure."""
        self._counts[kind] += 1
        return self._counts[kind]

    # Paragraphs

    def paragraph(
        self,
        style: str,
        *content: Element,
        rtl: bool | None = None,
        keep: bool = False,
        align: str = "",
        new_page: bool = False,
    ) -> Element:
        """Return a paragraph; unless told otherwise it runs as the document does."""
        runs_left = self.rtl if rtl is None else rtl
        return make(
            "p",
            make(
                "pPr",
                make("pStyle", val=style),
                make("keepNext") if keep else None,
                make("pageBreakBefore") if new_page else None,
                self._direction(rtl=runs_left),
                make("jc", val=align) if align else None,
                make("rPr", make("rtl")) if runs_left else None,
            ),
            *content,
        )

    def _direction(self, *, rtl: bool) -> Element | None:
        """Return what a paragraph says of its direction, nothing where that goes without."""
        if rtl:
            return make("bidi")
        return make("bidi", val="0") if self.rtl else None

    def text(self, text: str, style: str = "") -> Iterator[Element]:
        """Return the runs of words in the document's language."""
        return runs(pieces(text, self.lang, style))

    def say(self, style: str, text: str, **how: Any) -> None:
        """Add a paragraph of words in the document's language."""
        self.add(self.paragraph(style, *self.text(text), **how))

    def say_in(self, code: str, style: str, text: str) -> None:
        """Add a paragraph of words in a language of their own, in its direction."""
        found = pieces(text, code)
        self.add(self.paragraph(style, *runs(found), rtl=direction(code, text)))

    def heading(self, level: int, text: str, **how: Any) -> None:
        """Add a heading, which the contents then name."""
        mark = f"_Toc{self.next_id():08d}"
        self.headings.append(Heading(text, level, mark))
        content = self.bookmarked(mark, self.text(text))
        self.add(self.paragraph(f"Heading{level}", *content, **how))

    # Links and fields

    def bookmarked(self, name: str, content: Iterable[Element]) -> list[Element]:
        """Return content between the two ends of a bookmark."""
        number = self.next_id()
        start = make("bookmarkStart", id=number, name=name)
        return [start, *content, make("bookmarkEnd", id=number)]

    def link(self, bookmark: str, text: str, style: str = "Hyperlink") -> Element:
        """Return words that lead to a bookmark."""
        return make(
            "hyperlink",
            *runs(pieces(text, self.lang, style)),
            anchor=bookmark,
            history="1",
        )

    def field(self, instruction: str, shown: str) -> list[Element]:
        """Return a field and what it shows until it is brought up to date."""
        return [
            *self.field_start(instruction),
            run(self.figure(shown)),
            self.field_end(),
        ]

    def field_start(self, instruction: str) -> list[Element]:
        """Return the beginning of a field, up to what it shows."""
        code = make("instrText")
        code.text = f" {instruction} "
        code.set(qn("xml:space"), "preserve")
        return [
            make("r", make("fldChar", fldCharType="begin")),
            make("r", code),
            make("r", make("fldChar", fldCharType="separate")),
        ]

    def field_end(self) -> Element:
        """Return the end of a field."""
        return make("r", make("fldChar", fldCharType="end"))

    def figure(self, text: str, style: str = "") -> Piece:
        """Return a figure: it runs to the right everywhere."""
        return Piece(text, self.lang, rtl=False, style=style)
