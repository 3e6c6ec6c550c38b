"""Tables that the pages of the imports give out."""

from __future__ import annotations

from flask import Response


def csv_file(text: str, name: str) -> Response:
    """Send a table."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text, content_type="text/csv; charset=utf-8", headers=headers)
