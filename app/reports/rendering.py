"""Making the PDF of a report: from its own template, in one language."""

from __future__ import annotations

import io
from typing import Any

from flask import render_template
from PIL import Image

from app.core.i18n import LANGUAGES, in_language
from app.core.marking import with_marks
from app.core.printing import PICTURE, print_pdf
from app.reports.charts import Chart, charts_of, pngs
from app.reports.claims.wording import to_markup
from app.reports.operations import Edition
from app.reports.presentation import RINGS, star_at
from app.reports.printed import Picture, Printed

#: Pixels of a printed picture for each of a chart's own: 640 of them are 170 mm wide.
SCALE = 2.4


def render_html(
    body: dict[str, Any], edition: Edition, lang: str, pictures: dict[str, Picture] | None = None
) -> str:
    """Return the page that the PDF is made from."""
    with in_language(lang):
        return render_template(
            "reports/pdf.html",
            view=Printed(body, pictures or {}),
            body=body,
            edition=edition,
            rings=[star_at(radius) for radius in RINGS],
            core=star_at(10),
            lang=lang,
            direction=LANGUAGES[lang].direction,
        )


def is_printed(chart: Chart) -> bool:
    """Tell whether a chart is printed as a picture; those of a theme are tables with marks."""
    return not chart.id.startswith("theme.")


def drawn(body: dict[str, Any], lang: str) -> tuple[dict[str, Picture], dict[str, bytes]]:
    """Return the charts of a body as pictures, and their bytes by name."""
    charts = [chart for chart in charts_of(body, lang).values() if is_printed(chart)]
    content = pngs(charts, scale=SCALE)
    pictures = {
        chart.id: Picture(f"{PICTURE}:{chart.id}", to_markup(chart.title), chart.alt)
        for chart in charts
    }
    return pictures, {identity: flattened(png) for identity, png in content.items()}


def flattened(png: bytes) -> bytes:
    """Return a picture without the opacity that the PDF maker would take apart pixel by pixel."""
    with Image.open(io.BytesIO(png)) as picture:
        buffer = io.BytesIO()
        picture.convert("RGB").quantize(64, Image.Quantize.FASTOCTREE).save(buffer, "PNG")
    return buffer.getvalue()


def render_pdf(body: dict[str, Any], edition: Edition, lang: str) -> bytes:
    """Return the report as a tagged PDF in French or Arabic."""
    pictures, content = drawn(body, lang)
    html = render_html(body, edition, lang, pictures)
    if LANGUAGES[lang].direction == "rtl":
        html = with_marks(html)
    return print_pdf(html, pictures=content)
