"""Charts in rows: a name, a bar or a disc along a scale, and its figure in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.reports.charts.canvas import (
    EDGE,
    FIGURE,
    GREEN,
    INK,
    INK_2,
    LINE,
    PAPER,
    RULE,
    Drawing,
    Field,
    Sheet,
    Y,
    layer,
    over,
    spacer,
    words,
)

#: Height of a row beside its name's lines.
STEP = 22


@dataclass(frozen=True)
class Row:
    """A row: nothing is drawn of it when it has no value."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    mark: float | None = None
    is_full: bool = True


@dataclass(frozen=True)
class Key:
    """A line of the key: how a sign looks, and what it means."""

    sign: str
    text: str


@dataclass(frozen=True)
class Panel:
    """Rows along one scale.

    :ivar most: where the scale ends.
    :ivar ticks: marks of the scale and their words.
    :ivar line: a value for everyone, drawn through all rows.
    :ivar form: ``bar`` or ``dot``.
    """

    rows: list[Row]
    most: float
    form: str = "bar"
    ticks: list[tuple[float, str]] = field(default_factory=list)
    line: float | None = None
    head: str = ""


class Ruled:
    """Rows with their heights, shared by the panels that stand beside each other."""

    def __init__(self, rows: list[Row], sheet: Sheet) -> None:
        room = sheet.width if sheet.narrow else sheet.labels
        self.sheet = sheet
        self.names: list[dict[str, Any]] = []
        self.middles: list[float] = []
        y = 18.0
        for row in rows:
            lines = sheet.lines(row.label, room)
            beside = max(STEP + 2, 6 + len(lines) * 15)
            height = len(lines) * LINE + STEP if sheet.narrow else beside
            middle = y + (len(lines) * LINE + 8 if sheet.narrow else height / 2)
            top = y + 8 if sheet.narrow else middle - (len(lines) - 1) * 7.5
            self.names += [
                {"text": sheet.said(line), "y": top + i * (LINE if sheet.narrow else 15)}
                for i, line in enumerate(lines)
            ]
            self.middles.append(middle)
            y += height + (4 if sheet.narrow else 0)
        self.height = y


def panel(one: Panel, ruled: Ruled, width: float, *, named: bool = True) -> Drawing:
    """Draw the rows of a panel; ``width`` is that of the marks alone."""
    sheet = ruled.sheet
    start = sheet.at(-sheet.labels if named else 0, width)
    layers = [spacer(start, sheet.at(width + FIGURE, width), ruled.height)]
    if one.ticks:
        layers += _scale(one, ruled)
    if one.line is not None:
        style = {"color": INK, "strokeWidth": 1.5, "strokeDash": [4, 3]}
        layers.append(_lines([one.line], one, ruled, style))
    layers += _marks(one, ruled)
    layers.append(_figures(one, ruled, width))
    if named:
        x = sheet.at(0 if sheet.narrow else -10, width)
        side = sheet.align("start" if sheet.narrow else "end")
        layers.append(words(ruled.names, sheet, x=x, align=side))
    if one.head:
        head = [{"text": sheet.said(one.head), "y": 6}]
        at, side = sheet.at(0, width), sheet.align("start")
        layers.append(words(head, sheet, x=at, align=side, colour=INK_2, smaller=1))
    return over(layers, width, ruled.height)


def _x(one: Panel, sheet: Sheet, name: str = "value") -> Field:
    """Return the scale along which values stand."""
    return Field(name, most=one.most, reverse=sheet.is_rtl)


#: Where the scale's lines begin.
_TOP = 14


def _stretches(ruled: Ruled) -> list[tuple[float, float]]:
    """Return where lines run: through all rows, or on a phone beside the names alone."""
    if ruled.sheet.narrow:
        return [(y - 9, y + 9) for y in ruled.middles]
    return [(_TOP, ruled.height)]


def _lines(values: list[float], one: Panel, ruled: Ruled, style: dict[str, Any]) -> Drawing:
    """Draw lines across the rows."""
    rows = [
        {"value": value, "y": top, "end": end} for value in values for top, end in _stretches(ruled)
    ]
    return layer("rule", rows, style=style, x=_x(one, ruled.sheet), y=Y, y2=Field("end"))


def _scale(one: Panel, ruled: Ruled) -> list[Drawing]:
    """Draw the scale's lines and write its figures."""
    rows = [{"value": value, "text": text} for value, text in one.ticks]
    style = {
        "baseline": "bottom",
        "color": INK_2,
        "fontSize": ruled.sheet.size - 2,
        "align": "center",
    }
    x = _x(one, ruled.sheet)
    return [
        _lines([value for value, _t in one.ticks], one, ruled, {"color": RULE, "strokeWidth": 1}),
        layer("text", rows, style=style, x=x, y=_TOP - 3, text=Field("text")),
    ]


def _marks(one: Panel, ruled: Ruled) -> list[Drawing]:
    """Draw bars or discs, intervals and marks of comparison."""
    drawn = [
        {
            "value": row.value,
            "zero": 0,
            "low": row.low,
            "high": None if row.high is None else min(row.high, one.most),
            "mark": row.mark,
            "full": row.is_full,
            "y": y,
        }
        for row, y in zip(one.rows, ruled.middles, strict=True)
        if row.value is not None
    ]
    intervals = _intervals(one, ruled.sheet, [row for row in drawn if row["low"] is not None])
    marks = _ticks(one, ruled.sheet, [row for row in drawn if row["mark"] is not None])
    if one.form == "bar":
        return [*_bars(one, ruled.sheet, drawn), *intervals, *marks]
    return [*intervals, *_discs(one, ruled.sheet, drawn), *marks]


def _parts(rows: list[dict[str, Any]]) -> list[tuple[list[dict[str, Any]], bool, str]]:
    """Return the rows that are drawn hollow, then those filled, each with its colour."""
    found = [([row for row in rows if not row["full"]], False, PAPER)]
    found.append(([row for row in rows if row["full"]], True, GREEN))
    return [part for part in found if part[0]]


def _bars(one: Panel, sheet: Sheet, rows: list[dict[str, Any]]) -> list[Drawing]:
    """Draw bars, hollow where nothing is claimed of a difference."""
    outline = {"stroke": GREEN, "strokeWidth": 1.2, "size": 11}
    x, zero = _x(one, sheet), Field("zero")
    return [
        layer("bar", part, style=outline | {"color": fill}, x=x, x2=zero, y=Y)
        for part, _full, fill in _parts(rows)
    ]


def _intervals(one: Panel, sheet: Sheet, rows: list[dict[str, Any]]) -> list[Drawing]:
    """Draw intervals, set off from the bars under them."""
    styles = ((PAPER, 4), (INK_2, 1.5)) if one.form == "bar" else ((EDGE, 2),)
    low, high = _x(one, sheet, "low"), Field("high")
    return [
        layer("rule", rows, style={"color": colour, "strokeWidth": thick}, x=low, x2=high, y=Y)
        for colour, thick in styles
        if rows
    ]


def _discs(one: Panel, sheet: Sheet, rows: list[dict[str, Any]]) -> list[Drawing]:
    """Draw discs, hollow where no difference was found."""
    return [
        layer("point", part, style=disc(130 if full else 95, fill), x=_x(one, sheet), y=Y)
        for part, full, fill in _parts(rows)
    ]


def disc(size: float, fill: str) -> dict[str, Any]:
    """Return how a disc looks."""
    return {
        "shape": "circle",
        "size": size,
        "fill": fill,
        "stroke": GREEN,
        "strokeWidth": 1.6,
        "filled": True,
        "opacity": 1,
    }


def _ticks(one: Panel, sheet: Sheet, rows: list[dict[str, Any]]) -> list[Drawing]:
    """Draw marks of comparison."""
    return ticks(rows, _x(one, sheet, "mark"), 18) if rows else []


def ticks(rows: list[dict[str, Any]], x: Field, size: float) -> list[Drawing]:
    """Draw upright marks, set off from the bars under them."""
    upright = {"size": size, "orient": "vertical", "opacity": 1}
    styles = ((PAPER, size / 3.6), (INK, size / 7.2))
    return [
        layer("tick", rows, style=upright | {"color": colour, "thickness": thick}, x=x, y=Y)
        for colour, thick in styles
    ]


def _figures(one: Panel, ruled: Ruled, width: float) -> Drawing:
    """Write the figures behind the marks, aligned on their units."""
    sheet = ruled.sheet
    rows = [{"text": row.text, "y": y} for row, y in zip(one.rows, ruled.middles, strict=True)]
    # Figures run from left to right in both scripts: they stay aligned on their last one.
    x = width + FIGURE - 2 if not sheet.is_rtl else -10
    return words(rows, sheet, x=x, align="right")


def key(items: list[Key], sheet: Sheet, *, before: float, after: float = FIGURE) -> Drawing:
    """Draw the key, a line for each sign.

    :param before: how far before the marks of the chart above it starts.
    :param after: how far behind them it ends.
    """
    width = sheet.width - before - after
    texts, layers, y = [], [], 8.0
    for item in items:
        lines = sheet.lines(item.text, sheet.width - 40)
        layers.append(_sign(item.sign, sheet.at(10 - before, width), y))
        texts += [{"text": sheet.said(line), "y": y + i * LINE} for i, line in enumerate(lines)]
        y += len(lines) * LINE + 2
    at, side = sheet.at(26 - before, width), sheet.align("start")
    layers.append(words(texts, sheet, x=at, align=side, colour=INK_2, smaller=1))
    layers.append(spacer(sheet.at(-before, width), sheet.at(width + after, width), y))
    return over(layers, width, y)


def _sign(sign: str, x: float, y: float) -> Drawing:
    """Draw a sign of the key."""
    if sign in {"full", "hollow"}:
        return layer("point", style=disc(100, GREEN if sign == "full" else PAPER), x=x, y=y)
    if sign in {"bar", "open"}:
        fill = GREEN if sign == "bar" else PAPER
        style = {"fill": fill, "stroke": GREEN, "strokeWidth": 1.2}
        return layer("rect", style=style, x=x - 9, x2=x + 9, y=y - 5, y2=y + 5)
    if sign == "interval":
        style = {"color": INK_2, "strokeWidth": 1.5}
        return layer("rule", style=style, x=x - 9, x2=x + 9, y=y, y2=y)
    style = {"color": INK, "strokeWidth": 2.5}
    if sign == "line":
        style |= {"strokeDash": [4, 3], "strokeWidth": 1.5}
    return layer("rule", style=style, x=x, x2=x, y=y - 8, y2=y + 8)
