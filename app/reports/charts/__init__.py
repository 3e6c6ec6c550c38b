"""Accessible charts of a report: a sentence, a table, words for those who do not see, a drawing.

:func:`charts_of` gives all charts of a body in a language, by these identifiers::

    participation.regions         contributions for 100,000 inhabitants, beside the population
    participation.weeks           contributions of each week
    themes.ranking                share of each theme, its interval, its weighted share
    themes.by_region              a small panel for each region
    theme.<id>.region             a theme's share in each region, with intervals
    theme.<id>.actor_type         the same by kind of contributor
    region.<code>.themes          what a region speaks of most, beside everyone

Drawing is Altair's and happens only when ``spec`` is asked for; :func:`svg` and :func:`png` draw
without any network. Nothing is said by colour alone: what differs is filled, what does not is
hollow, everyone is a line. Groups too small to be described are absent from the drawing, have no
figure in the table, and are named in the alternative.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from app.core.i18n import in_language
from app.reports.charts import participation, regions, themes
from app.reports.charts.canvas import Sheet
from app.reports.charts.chart import Chart
from app.reports.charts.gathering import Gathered
from app.reports.charts.rendering import png, pngs, svg

__all__ = ["Chart", "charts_of", "find_chart", "png", "pngs", "svg"]


def charts_of(body: dict[str, Any], lang: str, *, narrow: bool = False) -> dict[str, Chart]:
    """Return the charts of a body in a language, by their identifiers.

    :param narrow: for half a page or a phone: 336 pixels wide and not 640, names above the marks.
    """
    with in_language(lang):
        found = [make() for make in _makers(Gathered(body, Sheet(lang, narrow))).values()]
    return {chart.id: chart for chart in found}


def find_chart(
    body: dict[str, Any], lang: str, identity: str, *, narrow: bool = False
) -> Chart | None:
    """Return one chart of a body, None if it has no such chart."""
    with in_language(lang):
        make = _makers(Gathered(body, Sheet(lang, narrow))).get(identity)
        return make() if make else None


def _makers(of: Gathered) -> dict[str, Callable[[], Chart]]:
    """Return what makes each chart that a body has the figures for."""
    took_part, themed = of.body["participation"], of.body["themes"]
    found: dict[str, Callable[[], Chart]] = {}
    if took_part["by_region"]:
        found["participation.regions"] = partial(participation.regions, of)
    if took_part["by_week"]:
        found["participation.weeks"] = partial(participation.weeks, of)
    if not themed:
        return found
    found["themes.ranking"] = partial(themes.ranking, of)
    if took_part["by_region"]:
        found["themes.by_region"] = partial(regions.side_by_side, of)
    for theme in themed:
        for by in ("region", "actor_type"):
            found[f"theme.{theme['id']}.{by}"] = partial(themes.by_group, of, theme, by)
    for row in took_part["by_region"]:
        found[f"region.{row['code']}.themes"] = partial(regions.sheet, of, row["code"])
    return found
