"""Small multiples: the same bars, a panel for each group."""

from __future__ import annotations

from dataclasses import dataclass

from app.reports.charts.canvas import (
    GREEN,
    INK_2,
    PAPER,
    RULE,
    Drawing,
    Field,
    Sheet,
    Y,
    beside,
    finished,
    layer,
    over,
    spacer,
    words,
)
from app.reports.charts.rows import Key, key, ticks

#: Room above the bars, and height of a bar's row.
HEAD, STEP, RANKS = 26, 11, 20


@dataclass(frozen=True)
class Small:
    """A panel: its name and, for each bar, its value, that of everyone, and whether it differs."""

    name: str
    bars: list[tuple[float | None, float, bool]]


def multiples(
    found: list[Small], ranks: list[str], keys: list[Key], sheet: Sheet, nothing: str
) -> Drawing:
    """Draw the panels, three in a row (two on a phone), on one scale."""
    across, gap = (2, 16) if sheet.narrow else (3, 24)
    width = (sheet.width - gap * (across - 1)) / across - RANKS
    values = [max(own or 0, everyone) for one in found for own, everyone, _full in one.bars]
    most = max([*values, 0.01])
    height = HEAD + len(ranks) * STEP + 4
    panels = [over(_panel(one, ranks, sheet, width, most, nothing), width, height) for one in found]
    while len(panels) % across:
        line = spacer(sheet.at(-RANKS, width), sheet.at(width, width), height)
        panels.append(over([line], width, height))
    rows = [
        beside(panels[i : i + across], sheet, gap + RANKS) for i in range(0, len(panels), across)
    ]
    return finished([*rows, key(keys, sheet, before=RANKS, after=0)], sheet, spacing=14)


def _panel(
    one: Small, ranks: list[str], sheet: Sheet, width: float, most: float, nothing: str
) -> list[Drawing]:
    """Draw a panel."""
    start, zero = sheet.align("start"), sheet.at(0, width)
    height = HEAD + len(ranks) * STEP + 4
    title = [{"text": sheet.said(one.name), "y": 8}]
    layers = [
        words(title, sheet, x=sheet.at(-RANKS, width), align=start, smaller=1),
        spacer(sheet.at(-RANKS, width), sheet.at(width, width), height),
        layer("rule", style={"color": RULE}, x=zero, x2=zero, y=HEAD - 6, y2=height),
    ]
    if not one.bars:
        said = [
            {"text": sheet.said(line), "y": HEAD + 8 + 15 * i}
            for i, line in enumerate(sheet.lines(nothing, width))
        ]
        at = sheet.at(6, width)
        return [*layers, words(said, sheet, x=at, align=start, colour=INK_2, smaller=2)]
    numbers = [{"text": rank, "y": HEAD + STEP * i + 4} for i, rank in enumerate(ranks)]
    # Ranks stand in a narrow column: aligned on their units, whichever side they are on.
    edge = width + RANKS - 3 if sheet.is_rtl else -5
    layers.append(words(numbers, sheet, x=edge, align="right", colour=INK_2, smaller=3))
    return layers + _bars(one, sheet, most)


def _bars(one: Small, sheet: Sheet, most: float) -> list[Drawing]:
    """Draw the bars and the marks for everyone."""
    rows = [
        {"value": own, "zero": 0, "mark": everyone, "full": full, "y": HEAD + STEP * i + 4}
        for i, (own, everyone, full) in enumerate(one.bars)
        if own is not None
    ]
    outline = {"stroke": GREEN, "strokeWidth": 1, "size": 6}
    x, zero = Field("value", most=most, reverse=sheet.is_rtl), Field("zero")
    bars = [
        layer("bar", part, style=outline | {"color": fill}, x=x, x2=zero, y=Y)
        for fill, part in (
            (PAPER, [row for row in rows if row["value"] and not row["full"]]),
            (GREEN, [row for row in rows if row["value"] and row["full"]]),
        )
        if part
    ]
    return bars + ticks(rows, x._replace(name="mark"), 10)
