"""Answers are sent compressed: on a slow line the weight of a page is the time one waits.

Compressing pages that hold secrets is harmless here: the cookies are ``SameSite=Lax``, so no other
site can have a page of someone's fetched again and again with words of its choice in it.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path

import brotli
from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from app.core.assets import ENDPOINTS

_TYPES = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)
#: Below this the header costs what compressing saves.
_LEAST = 500
#: For pages, made each time: little time for most of the gain.
_QUICK = {"br": 4, "gzip": 5}
#: For files, which are compressed once.
_THOROUGH = {"br": 11, "gzip": 9}


def compress(content: bytes, coding: str, quality: int) -> bytes:
    """Compress by one of the two codings."""
    if coding == "br":
        packed: bytes = brotli.compress(content, quality=quality)
        return packed
    return gzip.compress(content, quality, mtime=0)


@lru_cache(maxsize=128)
def _file(path: Path, _modified_ns: int, coding: str) -> bytes:
    """Return a static file compressed, once for each state of it."""
    return compress(path.read_bytes(), coding, _THOROUGH[coding])


@lru_cache(maxsize=16)
def _made(content: bytes, coding: str) -> bytes:
    """Return a sheet that was made here, compressed once."""
    return compress(content, coding, _THOROUGH[coding])


def _packed(response: Response, coding: str) -> bytes | None:
    """Return the content of an answer compressed, None if it is better sent as it is."""
    if request.endpoint in ENDPOINTS:
        name = (request.view_args or {}).get("filename")
        if name is None:
            return _made(response.get_data(), coding)
        path = Path(current_app.static_folder or "") / name
        return _file(path, path.stat().st_mtime_ns, coding)
    if response.is_streamed or response.direct_passthrough:
        return None
    content = response.get_data()
    return None if len(content) < _LEAST else compress(content, coding, _QUICK[coding])


def init_app(app: Flask) -> None:
    """Compress what browsers that can read it ask for."""

    @app.after_request
    def _compress(response: Response) -> Response:
        """Compress an answer."""
        if response.mimetype not in _TYPES:
            return response
        response.headers.add("Vary", "Accept-Encoding")
        coding = request.accept_encodings.best_match(["br", "gzip"])
        if (
            coding is None
            or response.status_code not in {200, 409, 422}
            or "Content-Encoding" in response.headers
            or "Content-Range" in response.headers
            or request.method == "HEAD"
        ):
            return response
        packed = _packed(response, coding)
        if packed is not None:
            opened = getattr(response.response, "close", None)
            if opened is not None:
                opened()  # the file that is not going to be read
            response.direct_passthrough = False
            response.set_data(packed)
            response.headers["Content-Encoding"] = coding
            tag, _is_weak = response.get_etag()
            if tag:
                response.set_etag(f"{tag}-{coding}", weak=True)
        return response
