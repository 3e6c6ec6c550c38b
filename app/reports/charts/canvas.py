"""Where marks stand: rows, columns and words on a sheet that is mirrored for Arabic.

Words and figures are written beforehand in the language, so nothing is formatted while drawing.
Distances along the figures are Altair's scales, reversed from right to left; all else is in pixels.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from app.core.i18n import LANGUAGES

#: The one face in which the converter draws Latin, Arabic and Tifinagh letters right together.
FACE = "DejaVu Sans"

# The colours of static/css/tokens.css (the light ones; a reader's dark mode swaps them).
INK, INK_2, EDGE, RULE = "#14211b", "#46524b", "#7f877f", "#d9d6c9"
GREEN, PAPER = "#0b5540", "#fbfaf6"

#: Signs that give a run of text its direction.
_RTL, _END = "\u202b", "\u202c"

#: Width of a whole chart.
WIDE, NARROW = 640, 336
#: Room for a figure behind its mark, and between two parts.
FIGURE, GAP = 64, 20
LINE = 16


@dataclass(frozen=True)
class Sheet:
    """A language's way of drawing, on a wide sheet or on a phone's."""

    lang: str
    narrow: bool = False

    @property
    def is_rtl(self) -> bool:
        """Whether it is read from the right."""
        return LANGUAGES[self.lang].direction == "rtl"

    @property
    def size(self) -> float:
        """Size of its letters: Arabic ones are smaller in their body."""
        return 13.5 if self.is_rtl else 12

    @property
    def width(self) -> int:
        """Width of a whole chart."""
        return NARROW if self.narrow else WIDE

    @property
    def labels(self) -> int:
        """Width of the column of names; on a phone, names stand above their marks."""
        return 0 if self.narrow else 214

    def said(self, text: str) -> str:
        """Return words that read right in the middle of any drawing."""
        return f"{_RTL}{text}{_END}" if self.is_rtl else text

    def lines(self, text: str, width: float) -> list[str]:
        """Break a name into lines of about a width."""
        return textwrap.wrap(text, max(12, int(width / 6.9)), break_long_words=False) or [""]

    def align(self, side: str) -> str:
        """Return ``left`` or ``right`` for the start or the end of a line."""
        return "left" if (side == "start") != self.is_rtl else "right"

    def at(self, distance: float, width: float) -> float:
        """Return where something stands that is so far from the start of a panel."""
        return width - distance if self.is_rtl else distance

    def in_order(self, parts: list[Any]) -> list[Any]:
        """Return what stands side by side, from left to right."""
        return parts[::-1] if self.is_rtl else parts


Drawing = dict[str, Any]


class Field(NamedTuple):
    """A figure of each row, along a channel: in pixels unless it has a domain."""

    name: str
    most: float | None = None
    reverse: bool = False
    span: tuple[float, float] | None = None


@lru_cache(maxsize=1024)
def _template(mark: str, style: tuple[Any, ...], fields: tuple[tuple[str, Field], ...]) -> Drawing:
    """Return a layer as Altair writes it; Altair takes its time, so each kind is written once."""
    import altair as alt

    channels = {name: _channel(name, field) for name, field in fields}
    chart = alt.Chart(alt.NamedData("rows"))
    layer = getattr(chart, f"mark_{mark}")(**dict(style)).encode(**channels).to_dict()
    return {"mark": layer["mark"], "encoding": layer.get("encoding", {})}


def _channel(name: str, field: Field) -> Any:
    """Return a channel: only places have scales."""
    import altair as alt

    if name == "text":
        return alt.Text(field.name, type="nominal")
    if name in {"x2", "y2"}:
        return {"x2": alt.X2, "y2": alt.Y2}[name](field.name)
    scale = None
    if field.most is not None:
        span = {"range": list(field.span)} if field.span else {}
        scale = alt.Scale(
            domain=[0, field.most], reverse=field.reverse, nice=False, zero=True, **span
        )
    kind = alt.X if name == "x" else alt.Y
    return kind(field.name, type="quantitative", scale=scale, axis=None)


def layer(
    mark: str,
    rows: list[dict[str, Any]] | None = None,
    *,
    style: dict[str, Any],
    **places: Field | float,
) -> Drawing:
    """Return marks: a field puts them where their figures say, a number puts all of them there."""
    fields = tuple((name, at) for name, at in places.items() if isinstance(at, Field))
    fixed = {name: {"value": at} for name, at in places.items() if not isinstance(at, Field)}
    frozen = tuple((k, tuple(v) if isinstance(v, list) else v) for k, v in style.items())
    template = _template(mark, frozen, fields)
    return {
        "data": {"values": [{}] if rows is None else rows},
        "mark": template["mark"],
        "encoding": template["encoding"] | fixed,
    }


Y = Field("y")


def words(
    rows: list[dict[str, Any]],
    sheet: Sheet,
    *,
    x: float,
    align: str,
    colour: str = INK,
    smaller: float = 0,
) -> Drawing:
    """Return a column of words: each row has ``text`` and ``y``."""
    style = {
        "align": align,
        "baseline": "middle",
        "color": colour,
        "fontSize": sheet.size - smaller,
    }
    return layer("text", rows, style=style, x=x, y=Y, text=Field("text"))


def spacer(left: float, right: float, height: float) -> Drawing:
    """Return an invisible line, so that every chart has the same width."""
    return layer("rule", style={"opacity": 0}, x=left, x2=right, y=height, y2=height)


def over(layers: list[Drawing], width: float, height: float) -> Drawing:
    """Lay marks over each other."""
    return {"layer": layers, "width": width, "height": height}


def beside(parts: list[Drawing], sheet: Sheet, spacing: float) -> Drawing:
    """Put parts beside each other, the first one where reading starts."""
    return {"hconcat": sheet.in_order(parts), "spacing": spacing, "bounds": "flush"}


def finished(parts: list[Drawing], sheet: Sheet, spacing: float = 10) -> Drawing:
    """Return parts under each other as a specification, without any decoration."""
    from altair import SCHEMA_URL

    return {
        "$schema": SCHEMA_URL,
        "background": "white",
        "padding": 4,
        "usermeta": {"width": sheet.width},
        "config": {"font": FACE, "aria": False, "view": {"stroke": None}},
        "vconcat": parts,
        "spacing": spacing,
    }
