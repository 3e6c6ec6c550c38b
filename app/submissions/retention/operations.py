"""The purge: drafts nobody came back to, contacts and names whose time is over, withdrawals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, delete, or_, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor
from app.core.files.models import StoredFile
from app.core.mail import Letter, LetterState
from app.organisations.models import ActorType
from app.submissions.afterwards.contacts import delete_contact
from app.submissions.afterwards.forgetting import erase_everything, forget_files
from app.submissions.afterwards.operations import WITHDRAWN_KEPT
from app.submissions.models import Attachment, Contact, Draft, Submission, SubmissionState

Row = TypeVar("Row")

#: How long a letter about a request, or about what became of words, stays in the outbox after it
#: left or failed.
LETTERS_KEPT = timedelta(days=30)
PURGED_LETTERS = ("submissions.request", "submissions.answer", "submissions.measure")

#: Rows that a transaction takes at once, so that nobody waits for it.
BATCH = 200


@dataclass(frozen=True)
class Purged:
    """How many of each went, or would go."""

    drafts: int = 0
    contacts: int = 0
    names: int = 0
    withdrawn: int = 0
    letters: int = 0

    def __bool__(self) -> bool:
        return any(asdict(self).values())


def expired_drafts(now: datetime) -> Select[Draft]:
    """Select the drafts that nobody touched until they expired."""
    return select(Draft).where(Draft.expires_at <= now).order_by(Draft.id)


def _over(session: Session, now: datetime) -> list[int]:
    """Return the consultations whose time of keeping contacts is over."""
    return [
        row.id
        for row in session.scalars(select(Consultation).where(Consultation.closes_at < now))
        if row.closes_at + timedelta(days=row.contacts_kept_days) <= now
    ]


def old_contacts(session: Session, now: datetime) -> Select[Submission]:
    """Select the submissions whose contact has been kept long enough."""
    return (
        select(Submission)
        .join(Contact, Contact.submission_id == Submission.id)
        .where(Submission.consultation_id.in_(_over(session, now)))
        .order_by(Submission.id)
    )


def old_names(session: Session, now: datetime) -> Select[Submission]:
    """Select the submissions of people, not organisations, that still bear a name."""
    personal = [kind.value for kind in ActorType if not kind.is_organisation]
    return (
        select(Submission)
        .where(
            Submission.consultation_id.in_(_over(session, now)),
            Submission.actor_type.in_(personal),
            Submission.organisation != "",
            Submission.organisation_id.is_(None),
        )
        .order_by(Submission.id)
    )


def old_withdrawals(now: datetime) -> Select[Submission]:
    """Select what was withdrawn long enough ago to be erased."""
    return (
        select(Submission)
        .where(
            Submission.state == SubmissionState.WITHDRAWN,
            Submission.changed_at <= now - WITHDRAWN_KEPT,
        )
        .order_by(Submission.id)
    )


def old_letters(now: datetime) -> Select[Letter]:
    """Select the letters to contributors that have left, or failed, long enough ago."""
    before = now - LETTERS_KEPT
    return (
        select(Letter)
        .where(
            Letter.kind.in_(PURGED_LETTERS),
            Letter.state != LetterState.WAITING,
            or_(Letter.sent_at <= before, Letter.created_at <= before),
        )
        .order_by(Letter.id)
    )


def count(session: Session, *, now: datetime) -> Purged:
    """Return what a purge would take now; nothing is changed."""
    return Purged(
        drafts=len(session.scalars(expired_drafts(now)).all()),
        contacts=len(session.scalars(old_contacts(session, now)).all()),
        names=len(session.scalars(old_names(session, now)).all()),
        withdrawn=len(session.scalars(old_withdrawals(now)).all()),
        letters=len(session.scalars(old_letters(now)).all()),
    )


def purge_some(session: Session, actor: Actor, *, now: datetime) -> Purged:
    """Delete or erase up to :data:`BATCH` rows of each kind, flushed, with one entry in the log.

    Nothing else is touched, and doing it again finds nothing: an empty result says that it is over.
    """
    done = Purged(
        drafts=_each(session, expired_drafts(now), lambda row: _drop_draft(session, row, now)),
        contacts=_each(
            session, old_contacts(session, now), lambda row: delete_contact(session, row)
        ),
        names=_each(session, old_names(session, now), _unname),
        withdrawn=_each(
            session,
            old_withdrawals(now),
            lambda row: erase_everything(session, row, actor=actor, now=now),
        ),
        letters=_each(session, old_letters(now), session.delete),
    )
    session.flush()
    if done:
        audit.record(session, actor, "submissions.purge", at=now, detail=asdict(done))
    return done


def _each(session: Session, rows: Select[Row], act: Callable[[Row], object]) -> int:
    """Act on some rows; return how many there were."""
    found = session.scalars(rows.limit(BATCH)).all()
    for row in found:
        act(row)
    return len(found)


def _drop_draft(session: Session, draft: Draft, now: datetime) -> None:
    """Delete a draft with the files that it alone held."""
    files = session.scalars(
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.draft_id == draft.id, Attachment.submission_id.is_(None))
    ).all()
    session.execute(delete(Draft).where(Draft.id == draft.id))
    forget_files(session, files, now=now)


def _unname(row: Submission) -> None:
    """Take out the name that somebody gave though they answered for themselves."""
    row.organisation = row.folded_organisation = ""
