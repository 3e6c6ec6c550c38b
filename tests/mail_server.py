"""A real mail server on this machine: it keeps what it is sent and refuses as it is told."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class PostOffice:
    """What came in.

    :ivar answers: what to answer to recipients, by address; each list is used up from its start.
    """

    host: str = "127.0.0.1"
    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, list[str]] = field(default_factory=dict)
    #: What to answer to the content of every message, used up from its start.
    on_content: list[str] = field(default_factory=list)
    n_connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_EHLO(  # noqa: N802
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        name: str,
        answers: list[str],
    ) -> list[str]:
        """Greet who connects."""
        self.n_connections += 1
        session.host_name = name
        return answers

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse as told."""
        told = self.answers.get(address)
        if told:
            return told.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, or refuse it as told."""
        if self.on_content:
            return self.on_content.pop(0)
        message: Any = message_from_bytes(envelope.content or b"", policy=default)
        with self._lock:
            self.messages.append(message)
        return "250 Accepted"

    def to(self, address: str) -> list[EmailMessage]:
        """Return the messages that came for an address, in order."""
        return [one for one in self.messages if one["To"] == address]

    @property
    def settings(self) -> dict[str, Any]:
        """What an application is told to use it."""
        return {
            "SMTP_HOST": self.host,
            "SMTP_PORT": self.port,
            "MAIL_FROM": "Tachawor <no-reply@tachawor.example>",
        }


def words(message: EmailMessage) -> str:
    """Return the words of a message."""
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def one_click_in(message: EmailMessage) -> tuple[str, dict[str, str]]:
    """Return where a mail program posts to have such letters ended, and what."""
    path = str(message["List-Unsubscribe"]).strip("<>").partition("tachawor.example")[2]
    name, _equals, value = str(message["List-Unsubscribe-Post"]).partition("=")
    return path, {name: value}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """Open the server for a while."""
    office = PostOffice(port=free_port())
    controller = Controller(office, hostname=office.host, port=office.port)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()
