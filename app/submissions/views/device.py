"""What ties a device to its draft: a random secret in a cookie of its own.

The session's cookie lasts hours, a draft a month; hence another cookie. Once the draft is sent the
cookie goes when the browser closes, since what it opens from then on is the receipt.

A second cookie remembers which changes this device made itself: going back to a page and sending
it again is no conflict, but a change made elsewhere in between is.
"""

from __future__ import annotations

import hmac
import re
from hashlib import sha256

from flask import current_app, request
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core.forms import csrf
from app.submissions.models import Draft
from app.submissions.operations import DRAFT_LIFE

_CHANGE = re.compile(r"(\d{1,4})\.(\d{1,9})")


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
    _set(response, _name(consultation), token, is_sent=is_sent)
    if is_sent:
        response.delete_cookie(f"own-{consultation.id}")
    return response


def _set(response: Response, name: str, value: str, *, is_sent: bool = False) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name,
        value,
        max_age=None if is_sent else DRAFT_LIFE,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SERVE_OVER_HTTPS"],
    )


def own_changes(consultation: Consultation) -> dict[str, int]:
    """Return the revision that this device itself gave to each section last."""
    kept = request.cookies.get(f"own-{consultation.id}", "")
    return {position: int(revision) for position, revision in _CHANGE.findall(kept[:2000])}


def remember_change(response: Response, draft: Draft, position: int) -> Response:
    """Note the section's revision as made by this device."""
    own = own_changes(draft.consultation)
    revision = draft.section_revisions.get(str(position), 0)
    if own.get(str(position), 0) != revision:
        own[str(position)] = revision
        written = "_".join(f"{key}.{value}" for key, value in sorted(own.items()))
        _set(response, f"own-{draft.consultation_id}", written)
    return response


def forget(response: Response, consultation: Consultation) -> Response:
    """Take everything off the device that a server can: cookies, copies, workers."""
    response.delete_cookie(_name(consultation))
    response.delete_cookie(f"own-{consultation.id}")
    # Browsers that know this header also empty what scripts keep; the script does it elsewhere.
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    return response


def proof_of(draft: Draft) -> str:
    """Return what a form of this draft's pages proves itself by.

    The session's own proof dies with the session, while pages that a device keeps for the time
    without a network live as long as the draft: they are proved by the draft's secret instead,
    which only they can know.
    """
    key = current_app.config["SECRET_KEY"].encode()
    return hmac.new(key, b"draft:" + draft.token.encode(), sha256).hexdigest()[:40]


def ensure_own_page(draft: Draft | None) -> None:
    """Check that a form was sent from a page of ours: by the draft's proof, or the session's.

    :raises CSRFError: if neither holds.
    """
    given = request.form.get("proof", "")
    if draft is not None and hmac.compare_digest(given.encode(), proof_of(draft).encode()):
        return
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
