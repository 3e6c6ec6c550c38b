"""The text of an Arabic PDF: letters with their signs come out as they were written."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import lettering
from app.core.printing import print_pdf

PAGE = """<!doctype html><html lang="ar" dir="rtl"><head><title>ن</title>
<link rel="stylesheet" href="print/report.css"></head><body><p>{}</p></body></html>"""

SENTENCES = [
    "أُثير موضوعَ «غلاء المعيشة» في كل الجهات التي عُرفت",
    "شكراً لكم على الشّباب والنّساء والأُسَر، لاً، لُغة، إلاَّ المجلس؛",
    "يُطلبُ ممّن يهمّهم الأمرُ أن يُدلوا بِرأيهم في المُخطّط!",
    "مَدرسَةٌ بِالدُّوّارِ ومُستَوصَفٌ قَرِيبٌ",
    "كفاش غادي نديرو مع الگراج وفين هي المحلبة؟",
    "بسم الله الرحمن الرحيم لله الحمد",
]


def told(pdf: bytes, folder: Path) -> str:
    """Return the text that a reader takes from a file, without signs of direction.

    Shapers put the doubling sign before a vowel: the two orders are one text (Unicode, 3.11).
    """
    path = folder / "page.pdf"
    path.write_bytes(pdf)
    command = ["pdftotext", "-enc", "UTF-8", str(path), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    return normal(" ".join(re.sub("[\u200e\u200f\u202a-\u202e]", "", text).split()))


def normal(text: str) -> str:
    """Return a text with its signs in their canonical order."""
    return unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_comes_out_letter_for_letter(app: Flask, tmp_path: Path, sentence: str) -> None:
    with app.test_request_context():
        assert told(print_pdf(PAGE.format(sentence)), tmp_path) == normal(sentence)


LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويءآأؤإئةى"
SIGNS = ["", "", "", "\u064b", "\u064e", "\u064f", "\u0650", "\u0651", "\u0652", "\u0651\u064e"]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.lists(
        st.lists(
            st.tuples(st.sampled_from(LETTERS), st.sampled_from(SIGNS)).map("".join),
            min_size=2,
            max_size=7,
        ).map("".join),
        min_size=2,
        max_size=8,
    ).map(" ".join)
)
def test_any_letters_and_signs_come_out(app: Flask, tmp_path: Path, text: str) -> None:
    with app.test_request_context():
        assert told(print_pdf(PAGE.format(text)), tmp_path) == normal(text)


def test_a_page_is_drawn_as_before(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is told beside the letters moves none of them."""
    page = PAGE.format("<p>".join(SENTENCES))
    with app.test_request_context():
        (tmp_path / "told.pdf").write_bytes(print_pdf(page))
        monkeypatch.setattr(lettering, "_spelled", lambda stream, _faces: stream)
        (tmp_path / "plain.pdf").write_bytes(print_pdf(page))
    pictures = []
    for name in ("told", "plain"):
        command = ["pdftoppm", "-r", "100", "-gray", "-singlefile", f"{name}.pdf", name]
        subprocess.run(command, cwd=tmp_path, check=True)
        pictures.append((tmp_path / f"{name}.pgm").read_bytes())
    assert len(pictures[0]) == len(pictures[1])
    # Rounding to a hundredth of a thousandth of the size may grey the edge of a letter.
    assert max(abs(a - b) for a, b in zip(*pictures, strict=True)) < 32
