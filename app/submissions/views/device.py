"""What ties a device to its draft: a random secret in a cookie of its own.

The session's cookie lasts hours, a draft a month; hence another cookie. Once the draft is sent the
cookie goes when the browser closes, since what it opens from then on is the receipt.
"""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.submissions.operations import DRAFT_LIFE


def _name(consultation: Consultation) -> str:
    """Return the cookie's name for a consultation."""
    return f"draft-{consultation.id}"


def token_of(consultation: Consultation) -> str:
    """Return the secret that the device carries, empty if none."""
    token = request.cookies.get(_name(consultation), "")
    return token if len(token) <= 64 and token.isascii() else ""


def carry(
    response: Response, consultation: Consultation, token: str, *, is_sent: bool = False
) -> Response:
    """Give the secret to the device."""
    response.set_cookie(
        _name(consultation),
        token,
        max_age=None if is_sent else DRAFT_LIFE,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SERVE_OVER_HTTPS"],
    )
    return response
