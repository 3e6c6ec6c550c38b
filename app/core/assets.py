"""Addresses of static files, with a hash of their content so that browsers keep them for good.

The three sheets of the public pages are served as one: on a slow line each request costs more than
what it brings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, current_app, make_response, url_for
from werkzeug.wrappers import Response

from app.core.access import public
from app.core.moment import for_a_moment

#: What the joined sheet is made of, in order.
SHEETS = ("css/tokens.css", "css/base.css", "css/components.css")
JOINED = "css/site.css"
#: Endpoints whose answers are named by their content.
ENDPOINTS = frozenset({"static", "sheet"})

_WHOLE = re.compile(r"""("[^"]*"|'[^']*'|/\*.*?\*/)""", re.DOTALL)
_BLANK = re.compile(r"\s+")
#: Signs that need no blank around them anywhere (not ``+``, ``-``, ``:`` nor brackets).
_TIGHT = re.compile(r" ?([{};,>]) ?")
_FACE = re.compile(r"\.\./(fonts/[\w-]+\.woff2)(\?v=\w+)?")


@lru_cache(maxsize=256)
def _content_hash(path: Path, _modified_ns: int) -> str:
    """Return a short hash of a file, computed once for each state of it."""
    return blake2b(path.read_bytes(), digest_size=5).hexdigest()


def _folder() -> Path:
    """Return the folder of static files."""
    return Path(current_app.static_folder or "")


@for_a_moment(2)
def asset(name: str) -> str:
    """Return the address of ``static/<name>``; ``?v=`` changes when its content does.

    A file that was not built (a face, say) still has an address, without the hash.
    """
    if name == JOINED:
        content = _joined_sheet()
        return url_for("sheet", v=blake2b(content, digest_size=5).hexdigest())
    path = _folder() / name
    if not path.is_file():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_content_hash(path, path.stat().st_mtime_ns))


def minified(sheet: str) -> str:
    """Leave out of a style sheet what only its authors read."""
    # Strings and comments in one pass: each may hold the other's signs.
    parts = _WHOLE.split(sheet)
    parts[1::2] = ["" if part.startswith("/*") else part for part in parts[1::2]]
    parts[0::2] = [
        _TIGHT.sub(r"\1", _BLANK.sub(" ", part)).replace(";}", "}") for part in parts[0::2]
    ]
    return "".join(parts).strip()


def _joined_sheet() -> bytes:
    """Return the public pages' sheets as one, made once for each state of its parts."""
    paths = [_folder() / name for name in SHEETS]
    faces = sorted((_folder() / "fonts").glob("*.woff2"))
    return _join(tuple((path, path.stat().st_mtime_ns) for path in [*paths, *faces]))


@lru_cache(maxsize=8)
def _join(states: tuple[tuple[Path, int], ...]) -> bytes:
    """Join the sheets among the files, and name the faces as :func:`asset` does."""
    sheets = [path.read_text(encoding="utf-8") for path, _state in states if path.suffix == ".css"]
    return _FACE.sub(lambda found: asset(found[1]), minified("\n".join(sheets))).encode()


@public
def sheet() -> Response:
    """Answer with the joined sheet."""
    answer = make_response(_joined_sheet())
    answer.mimetype = "text/css"
    return answer


def init_app(app: Flask) -> None:
    """Lend ``asset`` to templates, and serve the joined sheet beside its parts."""
    app.add_template_global(asset)
    app.add_url_rule(f"/static/{JOINED}", endpoint="sheet", view_func=sheet)
