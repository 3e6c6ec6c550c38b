"""What becomes of a letter: taken by one sender, sent, put off, given up, tried again."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import CursorResult, update
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


def claim(session: Session, letter_id: int, *, now: datetime) -> bool:
    """Take a due letter for sending: true for exactly one caller. The caller commits, then sends.

    A sender that dies after the server accepted the letter and before ``mark_sent`` is committed
    leaves it due again once the lease is over: it then leaves a second time, under the same
    Message-ID. Never to lose one costs that.
    """
    result = session.execute(
        update(Letter)
        .where(
            Letter.id == letter_id, Letter.state == LetterState.WAITING, Letter.next_try_at <= now
        )
        .values(n_tries=Letter.n_tries + 1, next_try_at=now + LEASE)
        .execution_options(synchronize_session=False)
    )
    return isinstance(result, CursorResult) and result.rowcount == 1


def mark_sent(letter: Letter, *, now: datetime) -> None:
    """Write that the mail server accepted the letter."""
    letter.state, letter.sent_at, letter.next_try_at = LetterState.SENT, now, None
    letter.error = ""


def put_off(letter: Letter, error: str, *, now: datetime) -> None:
    """Let a letter that was refused for the moment wait; after too many times, give it up."""
    if letter.n_tries > len(DELAYS):
        give_up(letter, error)
        return
    letter.error = error[:2000]
    letter.next_try_at = now + DELAYS[letter.n_tries - 1]


def give_up(letter: Letter, error: str) -> None:
    """Write that the letter was refused for good, with the server's answer."""
    letter.state, letter.next_try_at = LetterState.FAILED, None
    letter.error = error[:2000]


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
