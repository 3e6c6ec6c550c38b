"""Pictures: each with the words that stand for it, and the drawings that are made here."""

from __future__ import annotations

import io
import json
from importlib.resources import files
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Emu

from app.reports.presentation import RINGS, star_at
from app.reports.word.paper import Paper
from app.reports.word.xml import Element, holdable, make

#: English metric units in a centimetre.
CM = 360_000
#: The width of the text.
TEXT = round(16.4 * CM)
#: The seven shades of the map, and from which on words on them are light.
SHADES = ("f1f1e8", "dde8dc", "bcd5c2", "92bca2", "37785b", "176249", "083f2f")
LIGHT_FROM = 4


def picture(
    paper: Paper,
    png: bytes,
    alt: str,
    *,
    width: int = TEXT,
    title: str = "",
    keep: bool = False,
) -> None:
    """Add a picture with its alternative in words.

    :param keep: whether what follows explains it, and so stands on its page.
    """
    inline = _inline(paper, png, alt, width=width, title=title)
    paper.add(paper.paragraph("Figure", make("r", make("drawing", inline)), keep=keep))


def _inline(paper: Paper, png: bytes, alt: str, *, width: int, title: str = "") -> Element:
    """Return a drawing that stands in a line."""
    inline = paper.document.part.new_pic_inline(io.BytesIO(png), width=Emu(width))
    described = inline.find(qn("wp:docPr"))
    described.set("id", str(paper.next_id()))
    described.set("descr", holdable(alt))
    if title:
        described.set("title", holdable(title))
    return inline


def band(paper: Paper, png: bytes, *, height: int) -> Element:
    """Return the drawing at the head of the cover: over the whole width, mere ornament."""
    inline = _inline(paper, png, "", width=21 * CM)
    inline.find(qn("wp:extent")).set("cy", str(height))
    anchor = OxmlElement("wp:anchor")
    settings = {"simplePos": 0, "relativeHeight": 1, "behindDoc": 0, "locked": 0}
    settings |= {"layoutInCell": 1, "allowOverlap": 1}
    for name, value in ({f"dist{side}": 0 for side in "TBLR"} | settings).items():
        anchor.set(name, str(value))
    start = OxmlElement("wp:simplePos")
    start.set("x", "0")
    start.set("y", "0")
    anchor.append(start)
    for name in ("positionH", "positionV"):
        place, offset = OxmlElement(f"wp:{name}"), OxmlElement("wp:posOffset")
        place.set("relativeFrom", "page")
        offset.text = "0"
        place.append(offset)
        anchor.append(place)
    extent, *rest = list(inline)
    anchor.extend([extent, OxmlElement("wp:wrapTopAndBottom"), *rest])
    return make("r", make("drawing", anchor))


def rings() -> bytes:
    """Return the cover's ornament: a voice carrying, as rings of stars."""
    paths = "".join(
        f'<path d="{star_at(radius)}" fill="none" stroke="#fbfaf6" stroke-width=".4" '
        'stroke-opacity=".55"/>'
        for radius in RINGS
    )
    core = f'<path d="{star_at(10)}" fill="#fbfaf6" fill-opacity=".6"/>'
    return drawn(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 230">'
        '<rect width="420" height="230" fill="#073a2c"/>'
        f'<g transform="translate(300 120) scale(1.35)">{paths}{core}</g></svg>',
        scale=4,
    )


def region_map(shades: dict[str, int]) -> bytes:
    """Return the map of the regions, each with its number, in the shades given."""
    text = (files("app.territories") / "data" / "map.json").read_text(encoding="utf-8")
    shapes: dict[str, Any] = json.loads(text)
    parts = []
    for code, region in shapes["regions"].items():
        level = shades.get(code, 0)
        ink = "#fbfaf6" if level >= LIGHT_FROM else "#14211b"
        parts.append(
            f'<path d="{region["d"]}" fill="#{SHADES[level]}" stroke="#fff" stroke-width="1.5"/>'
            f'<text x="{region["x"]}" y="{region["y"] + 8}" text-anchor="middle" '
            f'font-family="DejaVu Sans" font-size="20" fill="{ink}">{int(code)}</text>'
        )
    size = f"0 0 {shapes['w']} {shapes['h']}"
    return drawn(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size}">{"".join(parts)}</svg>', scale=2
    )


def drawn(svg: str, *, scale: float) -> bytes:
    """Return a drawing as a picture."""
    import vl_convert

    png: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return png
