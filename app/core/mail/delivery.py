"""Handing letters to the mail server, and what its answers mean."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from typing import Any, Self

from sqlalchemy.orm import Session

from app.core.mail import operations
from app.core.mail.message import compose
from app.core.mail.queries import due

#: Letters sent over one connection.
BATCH = 100


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """The mail server, as the configuration names it."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    ssl: bool
    sender: str
    timeout: float = 20.0

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Self | None:
        """Return the configured server, None where there is none."""
        if not config.get("SMTP_HOST"):
            return None
        return cls(
            host=config["SMTP_HOST"],
            port=config["SMTP_PORT"],
            user=config["SMTP_USER"],
            password=config["SMTP_PASSWORD"],
            starttls=config["SMTP_STARTTLS"],
            ssl=config["SMTP_SSL"],
            sender=config["MAIL_FROM"],
        )

    def open(self) -> smtplib.SMTP:
        """Return a connection, encrypted and signed in to where the configuration wants it.

        :raises OSError: if there is none to be had (:class:`smtplib.SMTPException` is one).
        """
        if self.ssl:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout, context=ssl.create_default_context()
            )
        else:
            connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            if self.starttls:
                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
        except BaseException:
            connection.close()
            raise
        return connection


@dataclass
class Sent:
    """What one round of sending did."""

    n_sent: int = 0
    n_put_off: int = 0
    n_given_up: int = 0
    #: Why the server could not be reached, empty if it was.
    outage: str = ""


def send_due(
    session: Session,
    server: MailServer,
    *,
    now: Callable[[], datetime],
    report: Callable[[int, int], None] = lambda _done, _all: None,
) -> Sent:
    """Send every letter that is due; commits before and after each one.

    No transaction is open while the server is spoken to. What became of a letter is committed with
    the claim on the next one: on SQLite each commit keeps every other writer waiting for the disk.

    :param report: told how many letters are done, of how many.
    """
    done = Sent()
    ids = list(session.scalars(due(now())))
    session.commit()
    for start in range(0, len(ids), BATCH):
        try:
            line = _Line(server)
        except OSError as error:
            done.outage = _text(error)
            operations.put_all_off(session, done.outage, now=now())
            session.commit()
            return done
        try:
            for number, letter_id in enumerate(ids[start : start + BATCH], start + 1):
                report(number, len(ids))
                _send_one(session, line, letter_id, done, now)
        finally:
            try:
                session.commit()
            finally:
                line.close()
    return done


class _Line:
    """A connection to the server, opened again when the server has closed it."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self._connection = server.open()

    def send(self, message: EmailMessage) -> None:
        """Hand a message over."""
        if getattr(self._connection, "sock", None) is None:
            self._connection = self.server.open()
        self._connection.send_message(message)

    def close(self) -> None:
        """Take leave of the server, which may have gone already."""
        try:
            self._connection.quit()
        except OSError:
            self._connection.close()


def _send_one(
    session: Session, line: _Line, letter_id: int, done: Sent, now: Callable[[], datetime]
) -> None:
    """Send a letter if nobody else does; what became of it is left for the caller to commit."""
    letter = operations.claim(session, letter_id, now=now())
    if letter is None:
        return
    n_tries = letter.n_tries
    try:
        message = compose(letter, sender=line.server.sender, now=now())
    except (ValueError, IndexError, MessageError) as error:
        operations.give_up(session, letter_id, _text(error))
        done.n_given_up += 1
        return
    session.commit()
    refusal = _hand_over(line, message)
    if refusal is None:
        operations.mark_sent(session, letter_id, now=now())
        done.n_sent += 1
    elif refusal.is_temporary:
        operations.put_off(session, letter_id, n_tries, refusal.text, now=now())
        done.n_put_off += 1
    else:
        operations.give_up(session, letter_id, refusal.text)
        done.n_given_up += 1


@dataclass(frozen=True)
class _Refusal:
    """Why the server did not take a letter."""

    text: str
    is_temporary: bool


def _hand_over(line: _Line, message: EmailMessage) -> _Refusal | None:
    """Give a message to the server; None once it has accepted it."""
    try:
        line.send(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        return _answered(code, answer)
    except smtplib.SMTPResponseException as error:
        return _answered(error.smtp_code, error.smtp_error)
    except smtplib.SMTPNotSupportedError as error:
        return _Refusal(_text(error), is_temporary=False)
    except OSError as error:
        return _Refusal(_text(error), is_temporary=True)
    return None


def _answered(code: int, answer: bytes | str) -> _Refusal:
    """Read an answer of the server: 4xx is for now, 5xx is for good."""
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return _Refusal(f"{code} {words}", is_temporary=code < 500)


def _text(error: BaseException) -> str:
    """Return what an error says, in one line."""
    return f"{type(error).__name__}: {error}"
