"""Lines of printed pages: no word stands alone where the next one has room."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from pypdf import PdfReader
from weasyprint.layout import inline

from app.core import breaking
from app.core.printing import print_pdf

PAGE = """<!doctype html><html lang="fr"><head><title>Lignes</title>
<link rel="stylesheet" href="print/report.css"></head><body>
<p style="width: {}px; font: 13pt var(--serif)">Jusqu’au goudron, <i>mot</i> suivant.</p>
</body></html>"""


#: The number of a proof, which no line parts from what it proves.
NUMBERED = """<!doctype html><html lang="fr"><head><title>Lignes</title>
<link rel="stylesheet" href="print/report.css"></head><body>
<p style="width: {}px; font: 11.5pt var(--serif)">renommé, fusionné et écarté ce qu’elles jugeaient
faux, en laissant chaque fois une trace.\u2060\u202f<a class="pn" href="#x">444</a></p>
</body></html>"""


def first_line(app: Flask, width: float, page: str = PAGE) -> str:
    """Return the first line of a paragraph of some width."""
    with app.test_request_context():
        pdf = print_pdf(page.format(width))
    return PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()[0].strip()


@pytest.mark.parametrize("width", [130, 131, 132, 133])
def test_a_space_at_the_end_of_a_line_takes_no_room(app: Flask, width: float) -> None:
    assert first_line(app, width) == "Jusqu’au goudron,"


@pytest.mark.parametrize("width", [570, 573, 576])
def test_a_number_that_must_stay_with_a_sentence_takes_one_word_below(
    app: Flask, width: float
) -> None:
    assert first_line(app, width, NUMBERED).endswith("en laissant chaque fois une")


def test_what_does_not_fit_goes_on_below(app: Flask) -> None:
    assert first_line(app, 125) == "Jusqu’au"
    assert first_line(app, 300) == "Jusqu’au goudron, mot suivant."


def test_the_maker_still_needs_it(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """When this fails, the maker has learned it: the module can go."""
    monkeypatch.setattr(inline, "split_first_line", breaking._split)
    assert first_line(app, 131) == "Jusqu’au"
    assert first_line(app, 573, NUMBERED) == "renommé,"
