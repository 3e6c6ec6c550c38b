"""Contact data: kept apart from what was said, read by few, gone when its time is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, Role
from app.core.mail import Letter
from app.submissions.models import Contact, Submission

#: Who may read a contact, one at a time, with an entry in the audit log.
READERS = (Role.ADMINISTRATOR, Role.MODERATOR)


def find_contact(session: Session, submission: Submission) -> Contact | None:
    """Return how to reach the author of a submission, if they wished it."""
    return session.scalars(
        select(Contact).where(Contact.submission_id == submission.id)
    ).one_or_none()


def keep_contact(
    session: Session, submission: Submission, *, email: str, phone: str, lang: str, now: datetime
) -> None:
    """Keep or change a contact, flushed; with neither address nor number it is deleted."""
    if not (email or phone):
        delete_contact(session, submission)
        return
    row = find_contact(session, submission)
    if row is None:
        row = Contact(submission_id=submission.id, given_at=now)
        session.add(row)
    elif row.email and row.email.casefold() != email.casefold():
        _forget_letters(session, row)
    row.email, row.phone, row.lang, row.given_at = email, phone, lang, now
    # Who leaves a contact asks to be told, also after having stopped the letters.
    row.stopped_at = None
    session.flush()


def delete_contact(session: Session, submission: Submission) -> bool:
    """Delete a contact and the letters sent there; tell whether there was one."""
    # Held first: a letter that is being written there is then found, and goes with the others.
    row = session.scalars(
        select(Contact).where(Contact.submission_id == submission.id).with_for_update()
    ).one_or_none()
    if row is None:
        return False
    _forget_letters(session, row)
    session.delete(row)
    session.flush()
    return True


def _forget_letters(session: Session, contact: Contact) -> None:
    """Delete what was, or was about to be, written to an address about a submission."""
    if contact.email:
        session.execute(
            delete(Letter).where(
                func.lower(Letter.recipient) == contact.email.lower(),
                Letter.kind.startswith("submissions."),
            )
        )


def read_contact(
    session: Session, actor: Actor, submission: Submission, *, now: datetime
) -> Contact | None:
    """Return a contact to a member of staff, and write down that it was read."""
    audit.record(session, actor, "submissions.read_contact", at=now, target=submission)
    return find_contact(session, submission)


def kept_until(submission: Submission) -> datetime:
    """Return when the purge deletes the contact of a submission."""
    consultation = submission.consultation
    return consultation.closes_at + timedelta(days=consultation.contacts_kept_days)
