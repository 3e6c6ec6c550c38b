"""The words of documents: all of them, in the order in which they are read, page by page."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.files import kinds
from app.core.files.reading import Reading, read_text
from app.core.files.reading.pages import join_pages, paragraphs, without_furniture
from app.core.files.reading.rtl import in_reading_order
from tests.files import made


def read(folder: Path, data: bytes) -> Reading:
    """Read a document."""
    path = folder / "document"
    path.write_bytes(data)
    kind = kinds.find_kind(path)
    assert kind is not None
    return read_text(path, kind)


def pages(reading: Reading) -> list[str]:
    """Cut a text at the starts of its pages."""
    ends = [*reading.page_starts[1:], len(reading.text)]
    return [
        reading.text[start:end].strip()
        for start, end in zip(reading.page_starts, ends, strict=True)
    ]


@pytest.mark.parametrize("font", ["DejaVu Sans", "Noto Naskh Arabic", "DejaVu Serif"])
def test_an_arabic_pdf_says_its_sentences_in_reading_order(tmp_path: Path, font: str) -> None:
    found = read(tmp_path, made.pdf(*made.ARABIC, lang="ar", font=font))
    assert pages(found) == list(made.ARABIC)


def test_a_french_pdf_says_its_paragraphs_page_by_page(tmp_path: Path) -> None:
    found = read(tmp_path, made.pdf(*made.FRENCH))
    assert pages(found) == list(made.FRENCH)


@pytest.mark.parametrize("document", [made.docx, made.odt])
def test_office_documents_say_their_pages(tmp_path: Path, document: object) -> None:
    texts = (*made.FRENCH, *made.ARABIC)
    assert pages(read(tmp_path, document(*texts))) == list(texts)  # type: ignore[operator]


def test_a_table_is_read_row_by_row(tmp_path: Path) -> None:
    found = read(tmp_path, made.docx("Avant.", table=[["Région", "Besoin"], ["Drâa", "Eau"]]))
    assert found.text.split("\n") == ["Avant.", "", "Région | Besoin", "Drâa | Eau"]


def test_form_feeds_part_a_plain_text(tmp_path: Path) -> None:
    assert pages(read(tmp_path, b"Une.\fDeux.\f\fQuatre.")) == [
        "Une.",
        "Deux.",
        "",
        "Quatre.",
    ]


def test_a_scan_has_pages_and_no_words(tmp_path: Path) -> None:
    found = read(tmp_path, made.pdf("", " "))
    assert (found.state, found.text) == ("empty", "")


def test_headers_are_said_once(tmp_path: Path) -> None:
    lines = [
        ["Mémorandum, page 1", "Un."],
        ["Mémorandum, page 2", "Deux."],
        ["Mémorandum, page 3", "Trois."],
    ]
    assert without_furniture(lines) == [["Mémorandum, page 1", "Un."], ["Deux."], ["Trois."]]


def test_lines_cut_by_the_width_of_the_page_are_joined() -> None:
    lines = [
        "Les personnes âgées ne peuvent plus se dépla-",
        "cer jusqu’au centre qui est loin",
        "et fermé.",
        "- un item",
        "- un autre",
    ]
    assert paragraphs(lines).split("\n") == [
        "Les personnes âgées ne peuvent plus se déplacer jusqu’au centre qui est loin et fermé.",
        "- un item",
        "- un autre",
    ]


@given(st.lists(st.text(alphabet="abcéيوم \n", max_size=30), min_size=1, max_size=6))
def test_pages_never_lose_a_word_and_begin_in_order(drawn: list[str]) -> None:
    text, starts = join_pages(drawn)
    assert text.split() == " ".join(drawn).split()
    assert starts == sorted(starts)
    assert len(starts) == len(drawn)


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ("موي 40 دعب", "بعد 40 يوم"),
        ("%12.5 ةبسن", "نسبة 12.5%"),
        (")ةرايس( ةدحو", "وحدة (سيارة)"),
        ("(ةرايس) ةدحو", "وحدة (سيارة)"),
        ("2015 ةنس Amal Al Haouz ةيعمج", "جمعية Amal Al Haouz سنة 2015"),
    ],
)
def test_drawn_arabic_is_put_back_into_its_order(drawn: str, said: str) -> None:
    assert in_reading_order(drawn) == said
