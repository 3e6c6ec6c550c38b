"""Making the PDF of a report: from its own template, in one language."""

from __future__ import annotations

import io
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import render_template
from PIL import Image

from app.core.i18n import LANGUAGES, in_language
from app.core.marking import with_marks
from app.core.printing import PICTURE, Laid, lay_out
from app.reports.charts import Chart, charts_of, pngs
from app.reports.claims.wording import to_markup
from app.reports.operations import Edition
from app.reports.presentation import RINGS, star_at
from app.reports.printed import CHAPTERS, Picture, Printed

#: Pixels of a printed picture for each of a chart's own: 640 of them are 170 mm wide.
SCALE = 2.4


#: How often a report is laid out for its themes and regions to keep to their sheets.
ATTEMPTS = 4


def render_html(
    body: dict[str, Any],
    edition: Edition,
    lang: str,
    pictures: dict[str, Picture] | None = None,
    fewer: Mapping[str, int] | None = None,
) -> str:
    """Return the page that the PDF is made from.

    :param fewer: quotations that themes and regions print less than was reckoned, by their places.
    """
    with in_language(lang):
        return render_template(
            "reports/pdf.html",
            view=Printed(body, pictures or {}, fewer),
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
    """Return the report as a tagged PDF in French or Arabic.

    How many quotations a sheet has room for is reckoned by their letters. Where that was too many,
    the report is laid out again with one less there.
    """
    pictures, content = drawn(body, lang)
    fewer: Counter[str] = Counter()
    for _attempt in range(ATTEMPTS):
        html = render_html(body, edition, lang, pictures, fewer)
        if LANGUAGES[lang].direction == "rtl":
            html = with_marks(html)
        laid = lay_out(html, pictures=content)
        crowded = _crowded(body, lang, laid)
        if not crowded:
            break
        fewer.update(crowded)
    return laid.pdf()


def _crowded(body: dict[str, Any], lang: str, laid: Laid) -> list[str]:
    """Return the places of themes and regions that take more than their sheets.

    They have two; a theme has one where nothing is told of regions.
    """
    with in_language(lang):
        view = Printed(body, {})
        parts = {view.anchor(one): one["kind"] for one in view.parts}
        sheets = {"region": 2, "theme": 2 if view.has_regions else 1}
    heads = sorted(
        {laid.places[name] for name in {*parts, *CHAPTERS} if name in laid.places}
        | {laid.sheets + 1}
    )
    return [
        name
        for name, kind in parts.items()
        if kind in sheets and name in laid.places
        if heads[bisect_right(heads, laid.places[name])] - laid.places[name] > sheets[kind]
    ]
