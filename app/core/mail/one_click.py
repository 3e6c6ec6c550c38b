"""What a mail program posts when its reader wants no more letters, and what it is answered."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _

from app.core.mail.leaving import FIELD, ONE_CLICK


def is_one_click() -> bool:
    """Tell whether a mail program asks, not a reader on the page."""
    return request.form.get(FIELD) == ONE_CLICK


def no_more_letters() -> Response:
    """Answer the same whether letters ended now, had ended before, or the address is of nobody."""
    return Response(_("No more letters like this one will be sent."), mimetype="text/plain")
