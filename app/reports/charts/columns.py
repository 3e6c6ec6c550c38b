"""Charts in columns, for what follows in time; time runs from the right in Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from app.reports.charts.canvas import (
    EDGE,
    GREEN,
    INK,
    INK_2,
    Drawing,
    Field,
    Sheet,
    finished,
    layer,
    over,
    spacer,
)

#: Height of the columns, and the room under them.
HEIGHT, UNDER = 170, 26


@dataclass(frozen=True)
class Column:
    """A column: what stands under it and above it."""

    label: str
    value: float
    text: str


def columns(found: list[Column], sheet: Sheet) -> Drawing:
    """Draw columns, with as many words as there is room for."""
    width = sheet.width
    step = width / max(1, len(found))
    top = max([one.value for one in found] + [1])
    every = max(1, ceil(64 / step))
    rows = [
        {
            "x": sheet.at((i + 0.5) * step, width),
            "value": one.value,
            "text": one.text if step >= 28 or one.value == top else "",
            "label": sheet.said(one.label) if i % every == 0 else "",
        }
        for i, one in enumerate(found)
    ]
    x, y = Field("x"), Field("value", most=top, span=(HEIGHT, 20))
    above = {"baseline": "bottom", "dy": -4, "fontSize": sheet.size, "color": INK}
    under = {"baseline": "top", "color": INK_2, "fontSize": sheet.size - 1}
    layers = [
        layer("bar", rows, style={"color": GREEN, "size": max(2, step * 0.72)}, x=x, y=y),
        layer("text", rows, style=above, x=x, y=y, text=Field("text")),
        layer("text", rows, style=under, x=x, y=HEIGHT + 8, text=Field("label")),
        layer("rule", style={"color": EDGE}, x=0, x2=width, y=HEIGHT, y2=HEIGHT),
        spacer(0, width, HEIGHT + UNDER),
    ]
    return finished([over(layers, width, HEIGHT + UNDER)], sheet)
