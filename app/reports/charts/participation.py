"""Who took part: each region beside its population, and the weeks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flask_babel
from babel.dates import format_date

from app.core.i18n import day, language
from app.reports.charts import words
from app.reports.charts.canvas import FIGURE, GAP, Drawing, Sheet, beside, finished
from app.reports.charts.chart import Chart
from app.reports.charts.columns import Column, columns
from app.reports.charts.gathering import Gathered
from app.reports.charts.rows import Key, Panel, Row, Ruled, key, panel

_: Callable[..., str] = flask_babel.gettext


def regions(of: Gathered) -> Chart:
    """Contributions per 100,000 inhabitants, beside the share of the population."""
    rows = of.body["participation"]["by_region"]
    named = [(of.names.region(row["code"]), row) for row in rows]
    rates = [Row(name, row["per_100k"], words.number(row["per_100k"], 1)) for name, row in named]
    shares = [
        Row(name, row["share"], words.share(row["share"]), mark=row["population_share"])
        for name, row in named
    ]
    heads = _("Per 100,000 inhabitants"), _("Share of the contributions")
    keys = [Key("tick", _("Upright mark: the region’s share of the population."))]
    ranked = [(row.label, row.value or 0.0, row.text) for row in rates]
    return Chart(
        id="participation.regions",
        title=words.kept(of.claims, of.lang, "participation.densest-region") or _most(ranked),
        alt=words.sentences(
            _("Bars: contributions of each region for 100,000 inhabitants, beside its share."),
            words.extremes(ranked),
        ),
        head=[
            _("Region"),
            _("Contributions"),
            _("Share"),
            _("Share of the population"),
            _("Per 100,000"),
        ],
        rows=[
            [
                name,
                words.number(row["count"]),
                words.share(row["share"]),
                words.share(row["population_share"]),
                words.number(row["per_100k"], 1),
            ]
            for name, row in named
        ],
        draw=lambda: _two(rates, shares, heads, keys, of.sheet),
    )


def _most(ranked: list[tuple[str, float, str]]) -> str:
    """Return the title: who answered most for its population."""
    most = max((value for _name, value, _text in ranked), default=0)
    leaders = [one for one in ranked if one[1] == most]
    if not most or len(leaders) > 1:
        return _("Who answered, region by region")
    return words.plain(
        _("Most answers for its population: %(region)s, %(rate)s per 100,000 inhabitants"),
        region=leaders[0][0],
        rate=words.isolated(leaders[0][2]),
    )


def _two(
    rates: list[Row], shares: list[Row], heads: tuple[str, str], keys: list[Key], sheet: Sheet
) -> Drawing:
    """Draw two panels on the same rows."""
    ruled = Ruled(rates, sheet)
    width = (sheet.width - sheet.labels - 2 * FIGURE - GAP) / 2
    tops = [max([row.value or 0 for row in rates] + [0.01])]
    tops.append(max([max(row.value or 0, row.mark or 0) for row in shares] + [0.01]))
    first = panel(Panel(rates, tops[0], head=heads[0]), ruled, width)
    second = panel(Panel(shares, tops[1], head=heads[1]), ruled, width, named=False)
    both = beside([first, second], sheet, GAP + FIGURE)
    return finished([both, key(keys, sheet, before=sheet.labels)], sheet)


def weeks(of: Gathered) -> Chart:
    """Contributions of each week."""
    rows = [
        (date.fromisoformat(row["monday"]), row["count"])
        for row in of.body["participation"]["by_week"]
    ]
    locale = language().locale
    drawn = [
        Column(
            label=format_date(monday, "d MMM", locale=locale),
            value=count,
            text=words.number(count),
        )
        for monday, count in rows
    ]
    named = [(day(monday), float(count), words.number(count)) for monday, count in rows]
    return Chart(
        id="participation.weeks",
        title=words.kept(of.claims, of.lang, "participation.week") or _busiest(named),
        alt=words.sentences(_("Columns: contributions received each week."), words.extremes(named)),
        head=[_("Week of"), _("Contributions")],
        rows=[[name, text] for name, _value, text in named],
        draw=lambda: columns(drawn, of.sheet),
    )


def _busiest(named: list[tuple[str, float, str]]) -> str:
    """Return the title: the week with most contributions."""
    most = max((value for _name, value, _text in named), default=0)
    leaders = [name for name, value, _text in named if value == most]
    if len(leaders) != 1:
        return _("When the answers came")
    return words.plain(_("Most answers came in the week of %(day)s"), day=leaders[0])
