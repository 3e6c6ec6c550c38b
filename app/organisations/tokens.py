"""Links sent by e-mail: signed, for one person or one declaration, good for 14 days and once.

The link of an invitation is bound to the account's ``fs_uniquifier``, which changes when it is
followed; that of a declaration to the address it was sent to, until the organisation has somebody.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.organisations.errors import InvitationGoneError
from app.organisations.models import Organisation, OrganisationState

LIFE = timedelta(days=14)


def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    """Return the signer of one kind of link."""
    return URLSafeSerializer(secret, salt=f"organisations.{purpose}")


def _digest(text: str) -> str:
    """Return enough of a hash to tell two values apart."""
    return sha256(text.encode()).hexdigest()[:16]


def _read(secret: str, purpose: str, token: str, *, now: datetime) -> tuple[int, str]:
    """Return what a link is for and what it is bound to.

    :raises InvitationGoneError: if it was altered or is too old.
    """
    try:
        known: Any = _serializer(secret, purpose).loads(token)
        identity, bound, until = int(known["id"]), str(known["to"]), int(known["until"])
    except (BadData, KeyError, TypeError, ValueError) as error:
        raise InvitationGoneError from error
    if now.timestamp() > until:
        raise InvitationGoneError
    return identity, bound


def _write(secret: str, purpose: str, identity: int, bound: str, *, now: datetime) -> str:
    """Return the signed part of a link."""
    until = int((now + LIFE).timestamp())
    token = _serializer(secret, purpose).dumps({"id": identity, "to": bound, "until": until})
    return token if isinstance(token, str) else token.decode()


def invitation_of(secret: str, user: User, *, now: datetime) -> str:
    """Return the link by which an invited person sets their password."""
    return _write(secret, "invitation", user.id, _digest(user.fs_uniquifier), now=now)


def read_invitation(secret: str, session: Session, token: str, *, now: datetime) -> User:
    """Return whom a link invites.

    :raises InvitationGoneError: if it holds no longer.
    """
    identity, bound = _read(secret, "invitation", token, now=now)
    user = session.get(User, identity)
    if user is None or not user.active or user.password or bound != _digest(user.fs_uniquifier):
        raise InvitationGoneError
    return user


def declaration_of(secret: str, organisation: Organisation, email: str, *, now: datetime) -> str:
    """Return the link that confirms the address under which an organisation was declared."""
    return _write(secret, "declaration", organisation.id, _digest(email.lower()), now=now)


def read_declaration(secret: str, session: Session, token: str, *, now: datetime) -> Organisation:
    """Return the organisation whose declaration a link confirms.

    :raises InvitationGoneError: if it holds no longer: it was followed, say.
    """
    identity, bound = _read(secret, "declaration", token, now=now)
    organisation = session.get(Organisation, identity)
    if (
        organisation is None
        or organisation.contact is None
        or organisation.mandates
        or organisation.state == OrganisationState.REFUSED
        or bound != _digest(organisation.contact.email.lower())
    ):
        raise InvitationGoneError
    return organisation
