"""Addresses drawn for a phone to read from paper or from another screen."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import make_response
from werkzeug.wrappers import Response


def qr_code(address: str) -> Response:
    """Draw an address; nothing between here and the reader keeps it."""
    drawing = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing,
        kind="svg",
        border=3,
        dark="#14211b",
        light="#ffffff",
        svgclass=None,
        lineclass=None,
        omitsize=True,
        nl=False,
    )
    answer = make_response(drawing.getvalue())
    answer.mimetype = "image/svg+xml"
    answer.headers["Cache-Control"] = "no-store"
    return answer
