"""The letter that tells somebody what became of their request."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.core.i18n import day, in_language, localized
from app.core.mail import post
from app.core.mail.links import public_url
from app.submissions.models import DataRequest
from app.submissions.rights.forms import RIGHTS


def tell_answer(
    session: Session, request: DataRequest, email: str, lang: str, *, now: datetime
) -> None:
    """Write that a request was answered, and where the answer is read; not the answer itself."""
    submission = request.submission
    with in_language(lang):
        title = localized(submission.consultation.title)
        values = {
            "right": str(RIGHTS[request.kind]),
            "title": title.striptags() if hasattr(title, "striptags") else title,
            "day": day(request.made_at),
            "address": public_url("commitments.contribution", code=submission.receipt_code),
        }
        subject = _("Your request about your data was answered")
        body = _(
            "Hello,\n\nYou made a request (%(right)s) on %(day)s about your contribution to "
            "“%(title)s”. It was answered. The answer is on this page:\n\n%(address)s\n\n"
            "You can have this address forgotten there at any moment.",
            **values,
        )
    post(
        session,
        key=f"submissions.request:{request.id}",
        kind="submissions.request",
        to=email,
        subject=subject,
        body=body,
        lang=lang,
        now=now,
    )
