"""What a letter looks like on its way: headers, words, enclosures."""

from __future__ import annotations

from base64 import b64decode
from datetime import datetime
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime, parseaddr
from hashlib import sha256
from typing import Any

from app.core.mail.leaving import FIELD, ONE_CLICK, address_to_leave
from app.core.mail.models import Letter

#: Sets the direction of a line that begins with a figure or a Latin word; not seen.
_RIGHT_TO_LEFT_MARK = "\u200f"


class _WholeHeader(UnstructuredHeader, BaseHeader):
    """A header of one long address: folded as words are, it would be encoded and lost."""

    def fold(self, *, policy: Policy) -> str:
        """Write it in one line."""
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type(FIELD, _WholeHeader)
_POLICY = SMTP.clone(header_factory=_headers)


def compose(letter: Letter, *, sender: str, now: datetime) -> EmailMessage:
    """Return the letter as a message.

    Its Message-ID is made of the letter's key: a letter that left twice, because the machine
    stopped between sending it and writing so, is recognised as one by mail programs.

    :param sender: ``Name <address>`` or an address.
    :raises ValueError: if an address cannot be one.
    """
    name, address = parseaddr(sender)
    message = EmailMessage(policy=_POLICY)
    message["From"] = Address(name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    digest = sha256(letter.key.encode()).hexdigest()[:40]
    message["Message-ID"] = f"<{digest}@{address.rpartition('@')[2]}>"
    # Keeps absence notices from being answered to it (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    _let_leave(message, address_to_leave(letter))
    is_arabic = letter.lang == "ar"
    message.set_content(
        _directed(letter.body) if is_arabic else letter.body,
        charset="utf-8",
        cte="base64" if is_arabic else "quoted-printable",
    )
    for enclosure in letter.enclosures:
        _enclose(message, enclosure)
    # Last: setting the content takes such headers away.
    message["Content-Language"] = letter.lang
    return message


def _let_leave(message: EmailMessage, address: str) -> None:
    """Say where letters like this one are ended; by one click only where nobody can listen."""
    if address:
        message[FIELD] = f"<{address}>"
    if address.startswith("https://"):
        message[f"{FIELD}-Post"] = f"{FIELD}={ONE_CLICK}"


def _directed(body: str) -> str:
    """Set each line of an Arabic letter from right to left; addresses of pages stay as they are."""
    return "\n".join(
        line if not line.strip() or line.startswith("http") else _RIGHT_TO_LEFT_MARK + line
        for line in body.split("\n")
    )


def _enclose(message: EmailMessage, enclosure: dict[str, Any]) -> None:
    """Add a file; its type may carry parameters: ``text/calendar; method=REQUEST``."""
    kind, *more = [part.strip() for part in str(enclosure["type"]).split(";")]
    main, _slash, sub = kind.partition("/")
    message.add_attachment(
        b64decode(enclosure["content"]),
        maintype=main,
        subtype=sub,
        filename=str(enclosure["name"]),
        params={key: value for key, _equals, value in (part.partition("=") for part in more)},
    )
