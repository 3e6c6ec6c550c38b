"""Making the PDF of a report: from its own template, in one language."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.core.i18n import LANGUAGES, in_language
from app.core.printing import print_pdf
from app.reports.operations import Edition
from app.reports.presentation import RINGS, View, star_at


def render_html(body: dict[str, Any], edition: Edition, lang: str) -> str:
    """Return the page that the PDF is made from."""
    with in_language(lang):
        return render_template(
            "reports/pdf.html",
            view=View(body),
            body=body,
            edition=edition,
            rings=[star_at(radius) for radius in RINGS],
            core=star_at(10),
            lang=lang,
            direction=LANGUAGES[lang].direction,
        )


def render_pdf(body: dict[str, Any], edition: Edition, lang: str) -> bytes:
    """Return the report as a tagged PDF in French or Arabic."""
    return print_pdf(render_html(body, edition, lang))
