"""Regions: what each speaks of most, beside everyone, and all of them side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel

from app.reports.charts import words
from app.reports.charts.chart import Chart
from app.reports.charts.gathering import Gathered
from app.reports.charts.multiples import Small, multiples
from app.reports.charts.rows import Key, Row
from app.reports.charts.themes import drawn

_: Callable[..., str] = flask_babel.gettext

#: Themes on a region's sheet.
MOST = 8


def cells(of: Gathered, code: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the themes with a region's cell in each."""
    return [
        (theme, cell)
        for theme in of.body["themes"]
        for cell in theme["by_region"]
        if cell["code"] == code
    ]


def sheet(of: Gathered, code: str) -> Chart:
    """The themes most spoken of in a region, beside the share of everyone."""
    name = of.names.region(code)
    found = [(t, cell) for t, cell in cells(of, code) if cell["count"] is not None]
    found.sort(key=lambda pair: (-pair[1]["share"], pair[0]["rank"]))
    rows = [
        Row(
            of.names.theme(theme["id"]),
            cell["share"],
            words.share(cell["share"]),
            mark=theme["share"],
            is_full=bool(cell["differs"]),
        )
        for theme, cell in found[:MOST]
    ]
    keys = [
        Key("bar", _("Filled bar: the region differs from the rest.")),
        Key("open", _("Empty bar: that cannot be said.")),
        Key("tick", _("Upright mark: everyone.")),
    ]
    extremes = [(row.label, row.value or 0.0, row.text) for row in rows]
    return Chart(
        id=f"region.{code}.themes",
        title=words.kept(of.claims, of.lang, f"region.{code}.first") or _first(rows),
        alt=words.sentences(
            words.plain(
                _("Bars: what contributors raise most in %(region)s, beside everyone."),
                region=name,
            ),
            words.extremes(extremes) if rows else words.absent([name]),
        ),
        head=[_("Theme"), _("Share"), _("Voices"), _("Everyone"), _("Against everyone else")],
        rows=[
            [
                row.label,
                row.text,
                words.number(cell["count"]),
                words.share(theme["share"]),
                {"more": _("more"), "less": _("less")}.get(cell["differs"] or "")
                or _("no difference"),
            ]
            for row, (theme, cell) in zip(rows, found[:MOST], strict=True)
        ],
        draw=lambda: drawn(rows, "bar", keys, of.sheet),
    )


def _first(rows: list[Row]) -> str:
    """Return the title of a region's chart."""
    if not rows:
        return _("Too few contributors to say")
    return words.plain(_("Most raised here: %(theme)s"), theme=rows[0].label)


def side_by_side(of: Gathered) -> Chart:
    """A small panel for each region: every theme's share there, beside that of everyone."""
    themes = of.body["themes"]
    codes = [row["code"] for row in of.body["participation"]["by_region"]]
    table = {code: [cell for _theme, cell in cells(of, code)] for code in codes}
    hidden = [c for c in codes if all(cell["count"] is None for cell in table[c])]
    panels = [
        Small(
            of.names.region(code),
            [
                (cell["share"], theme["share"], bool(cell["differs"]))
                for theme, cell in zip(themes, table[code], strict=True)
            ]
            if code not in hidden
            else [],
        )
        for code in codes
    ]
    ranks = [words.number(theme["rank"]) for theme in themes]
    keys = [
        Key("bar", _("Filled bar: the region differs from the rest.")),
        Key("tick", _("Upright mark: everyone. The numbers are the themes’ ranks.")),
    ]
    nothing = _("Too few contributors to say")
    return Chart(
        id="themes.by_region",
        title=words.kept(of.claims, of.lang, "participation.themes") or _("Themes and regions"),
        alt=words.sentences(
            _("A small chart for each region: share of its contributors who raise each theme."),
            _highest(of, [(code, table[code]) for code in codes]),
            words.absent([of.names.region(code) for code in hidden]),
        ),
        head=[_("Region"), *ranks],
        rows=[
            [of.names.region(code), *(words.share(cell["share"], 0) for cell in table[code])]
            for code in codes
        ]
        + [[_("Everyone"), *(words.share(theme["share"], 0) for theme in themes)]],
        draw=lambda: multiples(panels, ranks, keys, of.sheet, nothing),
    )


def _highest(of: Gathered, table: list[tuple[str, list[dict[str, Any]]]]) -> str:
    """Say where a theme has its highest share of all."""
    found = [
        (cell["share"], theme["id"], code)
        for code, row in table
        for theme, cell in zip(of.body["themes"], row, strict=True)
        if cell["share"] is not None
    ]
    if not found:
        return ""
    share, theme, code = max(found, key=lambda one: one[0])
    return words.plain(
        _("Highest: “%(theme)s” in %(region)s, %(share)s."),
        theme=of.names.theme(theme),
        region=of.names.region(code),
        share=words.isolated(words.share(share)),
    )
