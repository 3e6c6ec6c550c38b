"""Making the report as a document that people can go on writing in."""

from __future__ import annotations

import io
from typing import Any

from app.core.i18n import in_language
from app.reports.operations import Edition
from app.reports.presentation import View
from app.reports.word.contents import contents
from app.reports.word.page import cover, describe, lay_out
from app.reports.word.paper import Paper
from app.reports.word.sections import Sheet, write


def render_docx(body: dict[str, Any], edition: Edition, lang: str) -> bytes:
    """Return the report as a Word document in French or Arabic."""
    with in_language(lang):
        paper, view = Paper(lang), View(body)
        lay_out(paper, view, edition)
        describe(paper, view, edition)
        cover(paper, view, edition)
        place = paper.paragraph("BodyText")
        paper.add(place)
        write(Sheet(paper, view, edition))
        # The contents name headings, so they are made once these are there.
        with paper.aside(place):
            contents(paper)
        place.getparent().remove(place)
    buffer = io.BytesIO()
    paper.document.save(buffer)
    return buffer.getvalue()
