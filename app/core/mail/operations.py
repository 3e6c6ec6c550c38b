"""What becomes of a letter: taken by one sender, sent, put off, given up, tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor
from app.core.mail.errors import LetterSentError
from app.core.mail.models import Letter, LetterState

#: How long a sender that took a letter may stay silent before another one takes it.
LEASE = timedelta(minutes=10)

#: How long a letter waits after each temporary refusal; after the last one it is given up.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))

#: How long all letters wait when the mail server cannot be reached.
OUTAGE = timedelta(minutes=2)


def claim(session: Session, letter_id: int, *, now: datetime) -> Letter | None:
    """Take a due letter for sending: exactly one caller gets it. The caller commits, then sends.

    A sender that dies after the server accepted the letter and before ``mark_sent`` is committed
    leaves it due again once the lease is over: it then leaves a second time, under the same
    Message-ID. Never to lose one costs that.
    """
    taken = (
        update(Letter)
        .where(
            Letter.id == letter_id, Letter.state == LetterState.WAITING, Letter.next_try_at <= now
        )
        .values(n_tries=Letter.n_tries + 1, next_try_at=now + LEASE)
        .returning(Letter)
    )
    options = {"synchronize_session": False, "populate_existing": True}
    return session.scalars(taken, execution_options=options).one_or_none()


def mark_sent(session: Session, letter_id: int, *, now: datetime) -> None:
    """Write that the mail server accepted the letter."""
    _write(session, letter_id, state=LetterState.SENT, sent_at=now, next_try_at=None, error="")


def put_off(session: Session, letter_id: int, n_tries: int, error: str, *, now: datetime) -> None:
    """Let a letter that was refused for the moment wait; after too many times, give it up."""
    if n_tries > len(DELAYS):
        give_up(session, letter_id, error)
        return
    _write(session, letter_id, error=error[:2000], next_try_at=now + DELAYS[n_tries - 1])


def give_up(session: Session, letter_id: int, error: str) -> None:
    """Write that the letter was refused for good, with the server's answer."""
    _write(session, letter_id, state=LetterState.FAILED, next_try_at=None, error=error[:2000])


def _write(session: Session, letter_id: int, **values: Any) -> None:
    """Change the row by one statement; it may have been forgotten while the letter was sent."""
    session.execute(
        update(Letter)
        .where(Letter.id == letter_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def put_all_off(session: Session, error: str, *, now: datetime) -> None:
    """Let every due letter wait while the server cannot be reached; no letter's tries are used."""
    session.execute(
        update(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.next_try_at <= now)
        .values(next_try_at=now + OUTAGE, error=error[:2000])
        .execution_options(synchronize_session=False)
    )


def try_again(session: Session, actor: Actor, letter: Letter, *, now: datetime) -> None:
    """Let a letter that was given up, or that waits, be sent at once, flushed.

    :raises LetterSentError: if it has left.
    """
    if letter.state == LetterState.SENT:
        raise LetterSentError
    letter.state, letter.n_tries, letter.next_try_at = LetterState.WAITING, 0, now
    audit.record(session, actor, "mail.retry", at=now, target=letter)
