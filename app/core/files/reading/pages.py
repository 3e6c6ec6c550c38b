"""From the lines of pages to a text that reads as it was written, with the starts of its pages."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from app.core.text import clean_text

#: Forms of letters that depend on their neighbours, and ligatures: one letter each in a text.
_FORMS = re.compile("[\ufb00-\ufb06\ufb50-\ufdfb\ufe70-\ufefc]")
#: Marks of direction and soft hyphens: of use to those who set a page, not to those who read it.
_MARKS = re.compile("[\u200e\u200f\u061c\u00ad]")
_ENDS = re.compile(r"[.!?؟:;؛…»\"”)]$")
_ITEM = re.compile(r"^(?:[-–—•▪●◦*·]|\(?\d{1,3}[.)\-]|[a-zA-Z][.)])\s")
_DIGITS = re.compile(r"\d+")
_MEANS_WORDS = re.compile(r"\w")

#: A line shorter than this share of the page's longest ones ends its paragraph.
_SHORT = 0.7
#: Pages on which a first or last line must come again to be a header or a footer.
_REPEATED = 3


def plain_letters(text: str) -> str:
    """Write the forms that letters take in print as the letters themselves."""
    return _FORMS.sub(lambda form: unicodedata.normalize("NFKC", form[0]), _MARKS.sub("", text))


def join_pages(pages: list[str]) -> tuple[str, list[int]]:
    """Return one text with the offset of each page; no text at all if there is no word in it."""
    text, starts = "", []
    parts: list[str] = []
    for page in pages:
        starts.append(len(text) if not parts else sum(map(len, parts)))
        words = clean_text(plain_letters(page))
        if words:
            parts.append(f"{words}\n\n")
    text = "".join(parts).rstrip()
    if not _MEANS_WORDS.search(text):
        return "", [0 for _start in starts]
    return text, [min(start, len(text)) for start in starts]


def without_furniture(pages: list[list[str]]) -> list[list[str]]:
    """Take out headers and footers: edges of pages that come again, whatever their numbers.

    Their first occurrence stays, so that no word of the document is lost.
    """
    edges = Counter(edge for lines in pages for edge in {_same(line) for line in _edges(lines)})
    repeated = {edge for edge, count in edges.items() if count >= _REPEATED}
    seen: set[str] = set()
    kept = []
    for lines in pages:
        own = []
        for place, line in enumerate(lines):
            same = _same(line)
            if place in {0, len(lines) - 1} and same in repeated:
                if same in seen:
                    continue
                seen.add(same)
            own.append(line)
        kept.append(own)
    return kept


def _edges(lines: list[str]) -> list[str]:
    """Return the first and the last line."""
    return [lines[0], lines[-1]] if lines else []


def _same(line: str) -> str:
    """Return what a header has in common from page to page."""
    return _DIGITS.sub("0", " ".join(line.split()))


def paragraphs(lines: list[str]) -> str:
    """Join lines that the width of the page cut; blank lines, items and short lines stay apart."""
    lengths = sorted(len(line.strip()) for line in lines if line.strip())
    full = lengths[int(len(lengths) * 0.9)] if lengths else 0
    out: list[str] = []
    is_open = False
    for line in (line.strip() for line in lines):
        if not line:
            is_open = False
            if out and out[-1]:
                out.append("")
            continue
        if is_open and not _ITEM.match(line):
            out[-1] = _joined(out[-1], line)
        else:
            out.append(line)
        is_open = not (len(line) < full * _SHORT or (_ENDS.search(line) and len(line) < full * 0.9))
    return "\n".join(out)


def _joined(before: str, line: str) -> str:
    """Put two pieces of a paragraph together, and a word that was cut in two."""
    if re.search(r"[^\W\d_]-$", before) and line[:1].islower():
        return before[:-1] + line
    return f"{before} {line}"
