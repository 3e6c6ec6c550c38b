"""Telling the contributor what moderation decided, where they left an address."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.i18n import in_language
from app.core.mail import post, public_url
from app.submissions.models import Contact, ModerationCase
from app.submissions.models.care import CaseState


def tell_author(session: Session, case: ModerationCase, *, now: datetime) -> bool:
    """Put a letter into the outbox; false if nothing is withheld or no address was left."""
    if case.state not in {CaseState.MASKED, CaseState.HIDDEN}:
        return False
    submission = case.submission
    contact = session.scalars(
        select(Contact).where(Contact.submission_id == submission.id, Contact.email != "")
    ).one_or_none()
    if contact is None:
        return False
    with in_language(contact.lang):
        link = public_url("commitments.contribution", code=submission.receipt_code)
        if case.state == CaseState.HIDDEN:
            what = _("Your contribution is counted and analysed, but it will not be quoted.")
        else:
            what = _("Some words of your contribution are masked in what is published.")
        lines = [
            _("Hello,"),
            what,
            case.explanation,
            _("You can read your contribution, correct it or object to this decision here:"),
            link,
        ]
        post(
            session,
            key=f"submissions.moderation:{case.id}",
            kind="submissions.moderation",
            to=contact.email,
            subject=_("What is shown of your contribution"),
            body="\n\n".join(line for line in lines if line),
            lang=contact.lang,
            now=now,
        )
    return True
