"""What the pages of a draft share."""

from __future__ import annotations

from flask import request
from flask_login import current_user

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core.access import ensure
from app.core.db import db
from app.reports.blueprint import READERS
from app.reports.drafting.operations import WRITERS, approvals
from app.reports.drafting.queries import find_open
from app.reports.errors import NoDraftError
from app.reports.models import ReportDraft


def readable(slug: str) -> Consultation:
    """Return a consultation whose reports the reader may see before the public does."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *READERS, consultation=consultation.id)
    return consultation


def writable(slug: str) -> tuple[Consultation, ReportDraft]:
    """Return a consultation whose report the reader may write, with its open draft.

    :raises NoDraftError: if there is none.
    """
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *WRITERS, consultation=consultation.id)
    return consultation, open_draft(consultation)


def open_draft(consultation: Consultation) -> ReportDraft:
    """Return the open draft.

    :raises NoDraftError: if there is none.
    """
    draft = find_open(db.session(), consultation.id)
    if draft is None:
        raise NoDraftError
    return draft


def may_write(consultation: Consultation) -> bool:
    """Tell whether the reader writes and approves."""
    return bool(current_user.may(set(WRITERS), consultation=consultation.id))


def seen() -> int:
    """Return the revision that the form was made from, 0 if it does not say."""
    return request.form.get("revision", 0, type=int)


def n_approved(draft: ReportDraft) -> int:
    """Count those who vouch for the draft as it is, whose approval a change would end."""
    return len({row.user_id for row in approvals(draft)})
