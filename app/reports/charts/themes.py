"""Themes: their ranking, and who raises each more or less than everyone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel

from app.reports import sentences
from app.reports.charts import words
from app.reports.charts.canvas import FIGURE, Drawing, Sheet, finished
from app.reports.charts.chart import Chart
from app.reports.charts.gathering import Gathered
from app.reports.charts.rows import Key, Panel, Row, Ruled, key, panel
from app.reports.charts.scales import marks

_: Callable[..., str] = flask_babel.gettext

#: Groups that are not a group: those who did not say.
UNSTATED = frozenset({"", "unknown"})


def ranking(of: Gathered) -> Chart:
    """Each theme's share with its interval, and its weighted share where there is one."""
    themes = of.body["themes"]
    weighted = {t["id"]: t["weighted"]["share"] for t in themes if t.get("weighted")}
    rows = [
        Row(
            of.names.theme(t["id"]),
            t["share"],
            words.share(t["share"]),
            t["low"],
            t["high"],
            weighted.get(t["id"]),
        )
        for t in themes
    ]
    keys = [Key("interval", _("Grey line: 95 percent interval."))]
    head = [_("Theme"), _("Voices"), _("Share"), _("Interval")]
    if weighted:
        keys.append(Key("tick", _("Upright mark: share once the regions are weighted.")))
        head.append(_("Weighted share"))
    found = [(row.label, row.value or 0.0, row.text) for row in rows]
    return Chart(
        id="themes.ranking",
        title=words.kept(of.claims, of.lang, "summary.first") or _("The themes, ranked"),
        alt=words.sentences(
            _("Bars: share of the contributors who raise each theme, the highest first."),
            words.extremes(found),
        ),
        head=head,
        rows=[
            [
                row.label,
                words.number(theme["voices"]),
                row.text,
                words.between(theme["low"], theme["high"]),
                *([words.share(weighted.get(theme["id"]))] if weighted else []),
            ]
            for row, theme in zip(rows, themes, strict=True)
        ],
        draw=lambda: drawn(rows, "bar", keys, of.sheet),
    )


def by_group(of: Gathered, theme: dict[str, Any], dimension: str) -> Chart:
    """A theme's share in each region, or among each kind of contributor, with intervals."""
    groups = sorted(
        theme[f"by_{dimension}"],
        key=lambda g: (g["count"] is None, g["code"] in UNSTATED, -(g["share"] or 0)),
    )
    named = [(of.names.group(dimension, group["code"]), group) for group in groups]
    rows = [
        Row(
            name,
            group["share"],
            words.share(group["share"]),
            group["low"],
            group["high"],
            is_full=bool(group["differs"]),
        )
        for name, group in named
        if group["count"] is not None
    ]
    everyone = words.share(theme["share"])
    keys = _dots(everyone)
    ticks = marks(_top(rows, theme["share"]))
    return Chart(
        id=f"theme.{theme['id']}.{dimension}",
        title=_contrast(of, theme, dimension, named),
        alt=words.sentences(
            _about(of.names.theme(theme["id"]), dimension),
            words.extremes([(row.label, row.value or 0.0, row.text) for row in rows]),
            words.plain(_("Everyone: %(share)s."), share=words.isolated(everyone)),
            words.absent([name for name, group in named if group["hidden"]]),
        ),
        head=[
            _("Region") if dimension == "region" else _("Contributor"),
            _("Share"),
            _("Interval"),
            _("Voices"),
            _("Out of"),
            _("Against everyone else"),
        ],
        rows=[_cells(name, group) for name, group in named if group["of"]]
        + [
            [
                _("Everyone"),
                everyone,
                words.between(theme["low"], theme["high"]),
                words.number(theme["voices"]),
                words.number(of.body["participation"]["analysed"]),
                "",
            ]
        ],
        draw=lambda: drawn(rows, "dot", keys, of.sheet, ticks=ticks, line=theme["share"]),
    )


def _dots(everyone: str) -> list[Key]:
    """Return the key of a chart of discs."""
    return [
        Key("full", _("Filled disc: the group differs from the rest.")),
        Key("hollow", _("Empty circle: that cannot be said.")),
        Key(
            "line",
            words.plain(
                _("Dashed line: everyone, %(share)s. Grey line: 95 percent interval."),
                share=words.isolated(everyone),
            ),
        ),
    ]


def _about(theme: str, dimension: str) -> str:
    """Say what a chart of discs shows."""
    if dimension == "region":
        return words.plain(
            _("Discs: share of the contributors of each region who raise “%(theme)s”."),
            theme=theme,
        )
    return words.plain(
        _("Discs: share of each kind of contributor who raise “%(theme)s”."), theme=theme
    )


def _cells(name: str, group: dict[str, Any]) -> list[str]:
    """Return a group's row of the table."""
    differs = {"more": _("more"), "less": _("less")}.get(group["differs"] or "", "")
    return [
        name,
        words.share(group["share"]),
        words.between(group["low"], group["high"]),
        words.number(group["count"]),
        words.number(group["of"]),
        words.NONE if group["count"] is None else differs or _("no difference"),
    ]


def _contrast(
    of: Gathered, theme: dict[str, Any], dimension: str, named: list[tuple[str, dict[str, Any]]]
) -> str:
    """Return the title: the claim of the strongest difference, else a sentence that says it."""
    word = "actor" if dimension == "actor_type" else dimension
    for way, choose in (("more", max), ("less", min)):
        found = [group for _name, group in named if group["differs"] == way]
        if found:
            extreme = choose(found, key=lambda group: group["share"])
            claim = f"theme.{theme['id']}.{word}.{extreme['code']}"
            kept = words.kept(of.claims, of.lang, claim)
            if kept:
                return kept
            break
    return sentences.contrast(
        [group for _name, group in named],
        lambda code: of.names.group(dimension, code),
        dimension,
    )


def _top(rows: list[Row], line: float) -> float:
    """Return the highest value of a chart with intervals."""
    return max([row.high or row.value or 0.0 for row in rows] + [line])


def drawn(
    rows: list[Row],
    form: str,
    keys: list[Key],
    sheet: Sheet,
    *,
    ticks: list[tuple[float, str]] | None = None,
    line: float | None = None,
) -> Drawing:
    """Draw one panel of rows and its key."""
    ruled = Ruled(rows, sheet)
    most = ticks[-1][0] if ticks else max([_top(rows, 0.01)] + [row.mark or 0 for row in rows])
    width = sheet.width - sheet.labels - FIGURE
    main = panel(Panel(rows, most, form=form, ticks=ticks or [], line=line), ruled, width)
    return finished([main, key(keys, sheet, before=sheet.labels)], sheet)
