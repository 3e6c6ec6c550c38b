"""Addresses of static files, with a hash of their content so that browsers keep them for good."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Flask, current_app, url_for


@lru_cache(maxsize=256)
def _content_hash(path: Path, _modified_ns: int) -> str:
    """Return a short hash of a file, computed once for each state of it."""
    return blake2b(path.read_bytes(), digest_size=5).hexdigest()


def asset(name: str) -> str:
    """Return the address of ``static/<name>``; ``?v=`` changes when its content does.

    A file that was not built (a face, say) still has an address, without the hash.
    """
    path = Path(current_app.static_folder or "") / name
    if not path.is_file():
        return url_for("static", filename=name)
    return url_for("static", filename=name, v=_content_hash(path, path.stat().st_mtime_ns))


def init_app(app: Flask) -> None:
    """Lend ``asset`` to templates."""
    app.add_template_global(asset)
