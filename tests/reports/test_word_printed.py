"""The Word document as another word processor opens it and lays out its pages."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from lxml import etree

from app.reports.body import build
from app.reports.operations import Edition
from app.reports.word import render_docx
from app.reports.word.page import EDGE, HEIGHT, SIDE, WIDTH
from tests.reports.corpus import filled

pytestmark = [
    pytest.mark.xdist_group("libreoffice"),
    pytest.mark.parametrize("lang", ["fr", "ar"]),
]

EDITION = Edition(2, "1.1", datetime(2022, 2, 20, 9, tzinfo=UTC), "e" * 64)
#: Twips in a point.
TWIPS = 20
#: Marks of direction, which the reader of the file adds.
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ARABIC = "\u0621-\u0652"
#: Words that are read back as they stand: Arabic ones with a written vowel are not, since the
#: vowel is drawn by itself.
PLAIN = {
    "ar": re.compile(f"(?<![{_ARABIC}])[\u0621-\u064a]+(?![{_ARABIC}])"),
    "fr": re.compile(r"\w+"),
}


@dataclass(frozen=True)
class Pages:
    """A report's pages, as LibreOffice lays them out.

    :ivar file: the PDF file that it makes.
    """

    body: dict[str, Any]
    content: bytes
    file: Path

    @cached_property
    def texts(self) -> list[str]:
        """The words of each page, without head and foot."""
        edge, width, height = (length // TWIPS for length in (EDGE, WIDTH, HEIGHT))
        inside = ["-r", "72", "-x", "0", "-y", str(edge), "-W", str(width)]
        pages = read(*inside, "-H", str(height - 2 * edge), self.file).decode().split("\f")
        return [solid(page) for page in pages[:-1]]

    @cached_property
    def headings(self) -> list[str]:
        """The headings of the document."""
        found = Document(io.BytesIO(self.content)).paragraphs
        return [p.text for p in found if p.style and "Heading" in str(p.style.name)]

    def words(self) -> list[Any]:
        """Return the words of all pages but the cover, each with its place in points."""
        root = etree.fromstring(read("-bbox", self.file), etree.XMLParser(recover=True))
        return [word for page in list(root.iter("{*}page"))[1:] for word in page.iter("{*}word")]


def read(*given: Any) -> bytes:
    """Return what the reader of PDF files finds."""
    done = subprocess.run(["pdftotext", *given, "-"], check=True, capture_output=True, timeout=60)
    return done.stdout


def plain(text: str, code: str) -> list[str]:
    """Return the stretches of words in a row that are read back as they stand."""
    word = PLAIN[code]
    found, end = [""], 0
    for match in word.finditer(text):
        is_next = text[end : match.start()].strip() == ""
        found[-1:] = [f"{found[-1]} {match[0]}"] if is_next else [found[-1], match[0]]
        end = match.end()
    return [words.strip() for words in found]


def solid(text: str) -> str:
    """Return words without spaces and marks, and without the order of lam and alef.

    Lines end anywhere, and a sign that stands for both letters is read back to front.
    """
    return "".join(re.sub("ل([اأإآ])", r"\1ل", MARKS.sub("", text)).split())


_printed: dict[str, Pages] = {}


@pytest.fixture
def pages(session: Any, tmp_path_factory: Any, lang: str) -> Pages:
    """The report's pages, made once a language: without LibreOffice this fails."""
    if lang not in _printed:
        folder = tmp_path_factory.mktemp("word")
        body = build(session, filled(session).consultation).body
        content = render_docx(body, EDITION, lang)
        (folder / "report.docx").write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        subprocess.run(
            ["soffice", profile, "--headless", "--convert-to", "pdf", "report.docx"],
            cwd=folder,
            check=True,
            capture_output=True,
            timeout=180,
        )
        _printed[lang] = Pages(body, content, folder / "report.pdf")
    return _printed[lang]


def test_it_is_laid_out_and_no_page_is_empty(pages: Pages) -> None:
    assert len(pages.texts) > 5
    assert [number for number, text in enumerate(pages.texts, start=1) if len(text) < 20] == []
    assert "e" * 8 in "".join(pages.texts)


def test_every_heading_is_printed_and_none_at_the_foot_of_a_page(pages: Pages, lang: str) -> None:
    assert len(pages.headings) > 10
    after_contents = iter(pages.texts[2:])
    page = next(after_contents)
    for heading in pages.headings:
        name = solid(max(plain(heading, lang), key=len))
        while name not in page:
            page = next(after_contents)
        page = page.split(name, 1)[1]
        assert len(page) > 20, heading


def test_sentences_and_quotations_are_read_back_as_they_are_written(
    pages: Pages, lang: str
) -> None:
    text = "".join(pages.texts)
    claims = {claim["id"]: claim for claim in pages.body["claims"]}
    sections = pages.body["sections"]
    said = [(claims[i]["sentence"][lang], lang) for section in sections for i in section["claims"]]
    quoted = [q for theme in pages.body["themes"] for q in theme["quotations"]]
    said += [(quotation["text"], quotation["language"]) for quotation in quoted]
    written = [words for one, code in said for words in plain(MARKS.sub("", one), code)]
    assert len(written) > 30
    assert [words for words in written if not all(solid(w) in text for w in words.split())] == []
    pairs = [f"{a} {b}" for words in written for a, b in pairwise(words.split())]
    # Those that are not found are parted by the end of a line.
    assert sum(solid(pair) in text for pair in pairs) / len(pairs) > 0.9


def test_no_word_runs_off_the_page(pages: Pages) -> None:
    least, most = SIDE / TWIPS, (WIDTH - SIDE) / TWIPS
    outside = [
        (word.text, float(word.get("xMin")), float(word.get("xMax")))
        for word in pages.words()
        if float(word.get("xMin")) < least - 1 or float(word.get("xMax")) > most + 1
    ]
    assert outside == []
