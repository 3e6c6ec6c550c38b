"""Addresses that stand in letters: whole, and the same whoever causes the letter."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, request

from app.core.i18n import language


def public_url(endpoint: str, **values: Any) -> str:
    """Return the whole address of a page, in the present language unless ``lang`` is given.

    The site's address is the configured one (``PUBLIC_URL``); without it, that of the request.
    """
    app = current_app
    if app.url_map.is_endpoint_expecting(endpoint, "lang"):
        values.setdefault("lang", language().code)
    path: str = app.url_map.bind("localhost").build(endpoint, values)
    return _site() + path


def _site() -> str:
    """Return the site's address, without a slash at its end."""
    configured = str(current_app.config.get("PUBLIC_URL") or "")
    if not configured and has_request_context():
        configured = request.host_url
    return (configured or "http://localhost:8000").rstrip("/")
