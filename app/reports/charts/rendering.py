"""Charts as pictures: SVG for pages, PNG for files; drawn in this process, nothing is fetched.

The converter is one JavaScript engine behind a lock: a drawing takes about 30 ms in it and threads
do not make it faster. A drawing is therefore kept, in memory and in the instance's folder, under
the hash of its specification. The engine must not be started before a server's processes part;
nothing does that, for it starts with the first drawing.
"""

from __future__ import annotations

import json
import re
import secrets
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

from flask import current_app, has_app_context

from app.reports.charts.canvas import FACE
from app.reports.charts.chart import Chart

#: Raised when drawings change though specifications do not.
EDITION = "1"

#: Drawings kept in memory, and in the instance's folder.
MOST_KEPT = 256
MOST_FILES = 4000

#: What a reader's device may have instead of the face that charts were measured in.
FACES = f"{FACE}, 'Noto Sans', 'Noto Sans Arabic', 'Segoe UI', Tahoma, sans-serif"

#: Light colours and what a dark page has in their place (static/css/tokens.css).
DARK = {
    "#14211b": "#efece2",
    "#46524b": "#b9c0b8",
    "#7f877f": "#7d887f",
    "#d9d6c9": "#333c36",
    "#0b5540": "#86cdae",
    "#fbfaf6": "#101512",
}

#: What dark pages change in a drawing, and the policy that allows it and nothing else to a drawing
#: opened by itself.
STYLE = "@media (prefers-color-scheme:dark){{{}}}".format(
    "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}'
        for light, dark in DARK.items()
    )
)
POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'"
)

_kept: OrderedDict[str, str] = OrderedDict()
_lock = Lock()


def svg(chart: Chart) -> str:
    """Return a chart as SVG: no script, no address, transparent, and dark on a dark page."""
    return for_pages(_drawing(chart))


def png(chart: Chart, *, scale: float = 2.0) -> bytes:
    """Return a chart as PNG on white, ``scale`` pixels to each of its own."""
    return _pixels(_drawing(chart), scale)


def pngs(charts: Iterable[Chart], *, scale: float = 2.0) -> dict[str, bytes]:
    """Return many charts as PNG by their identifiers: one is drawn while another is painted."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        painted = {chart.id: pool.submit(_pixels, _drawing(chart), scale) for chart in charts}
        return {identity: future.result() for identity, future in painted.items()}


def convert(spec: dict[str, Any]) -> str:
    """Return a specification as SVG; one that names an address is refused.

    :raises ValueError: if it does.
    """
    import vl_convert

    drawing: str = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[], show_warnings=False)
    return drawing


def for_pages(drawing: str) -> str:
    """Return a drawing as pages show it: without its white ground, with a dark page's colours."""
    style = f"<style>{STYLE}</style>"
    drawing = drawing.replace('fill="white"', 'fill="none"', 1)
    drawing = drawing.replace(f'font-family="{FACE}"', f'font-family="{FACES}"')
    return re.sub(r"(<svg[^>]*>)", lambda found: found.group(1) + style, drawing, count=1)


def print_of(chart: Chart) -> str:
    """Return what a drawing is kept under."""
    plain = json.dumps(chart.spec, sort_keys=True, ensure_ascii=False)
    return sha256(f"{EDITION}{plain}".encode()).hexdigest()


def _pixels(drawing: str, scale: float) -> bytes:
    """Paint a drawing."""
    import vl_convert

    content: bytes = vl_convert.svg_to_png(drawing, scale=scale)
    return content


def _drawing(chart: Chart) -> str:
    """Return a chart's drawing, made once."""
    name = print_of(chart)
    with _lock:
        if name in _kept:
            _kept.move_to_end(name)
            return _kept[name]
    path = _folder() / f"{name}.svg" if has_app_context() else None
    drawing = _read(path) or convert(chart.spec)
    with _lock:
        _kept[name] = drawing
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    if path is not None and not path.exists():
        _keep(path, drawing)
    return drawing


def _folder() -> Path:
    """Return where drawings are kept."""
    return Path(current_app.config["INSTANCE"]) / "charts"


def _read(path: Path | None) -> str | None:
    """Return a drawing kept in a file."""
    try:
        return path.read_text(encoding="utf-8") if path else None
    except FileNotFoundError:
        return None


def _keep(path: Path, drawing: str) -> None:
    """Write a drawing down, in one piece; the oldest go when there are too many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}")
    part.write_text(drawing, encoding="utf-8")
    part.replace(path)
    files = list(path.parent.glob("*.svg"))
    if len(files) > MOST_FILES:
        files.sort(key=lambda file: file.stat().st_mtime if file.exists() else 0)
        for old in files[: MOST_FILES // 4]:
            old.unlink(missing_ok=True)
