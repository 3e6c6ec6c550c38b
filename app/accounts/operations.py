"""Making accounts and giving roles."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.errors import EmailTakenError, LastAdministratorError, WeakPasswordError
from app.accounts.models import Grant, Role, User
from app.accounts.queries import unconfined_administrators, with_email
from app.core import audit
from app.core.access import Actor
from app.core.access import Role as RoleName

SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Scope:
    """A role with where it holds: everywhere, or in one region and/or one consultation."""

    role: RoleName
    region_code: str | None = None
    consultation_id: int | None = None

    def described(self) -> dict[str, str | int | None]:
        """Return the scope for the audit log."""
        return {
            "role": self.role.value,
            "region": self.region_code,
            "consultation": self.consultation_id,
        }


def check_password(password: str) -> None:
    """Refuse a short password.

    :raises WeakPasswordError: if it has fewer than 12 characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise WeakPasswordError(least=SHORTEST_PASSWORD)


def create_person(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    password_hash: str,
    scopes: Iterable[Scope],
    now: datetime,
) -> User:
    """Make an account with its roles, flushed.

    :raises EmailTakenError: if someone already signs in with the address.
    """
    user = User(
        email=email.strip().lower(),
        name=name.strip(),
        password=password_hash,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        create_datetime=now,
        confirmed_at=now,
        login_count=0,
    )
    wanted = list(dict.fromkeys(scopes))
    user.grants = [_granted(session, scope) for scope in wanted]
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError as error:
        if session.scalars(with_email(email)).first() is None:
            raise
        raise EmailTakenError(email=email) from error
    session.refresh(user)
    detail = {"email": user.email, "scopes": [scope.described() for scope in wanted]}
    audit.record(session, actor, "accounts.create", at=now, target=user, detail=detail)
    return user


def change_person(
    session: Session,
    actor: Actor,
    user: User,
    *,
    name: str,
    is_active: bool,
    scopes: Iterable[Scope],
    now: datetime,
) -> None:
    """Change a person's name, state and roles, flushed; a deactivated person's sessions end.

    :raises LastAdministratorError: if nobody would administer the instance any more.
    """
    wanted = list(dict.fromkeys(scopes))
    user.name = name.strip()
    if user.active and not is_active:
        user.fs_uniquifier = secrets.token_hex(32)
    user.active = is_active
    user.grants.clear()
    session.flush()
    user.grants.extend(_granted(session, scope) for scope in wanted)
    session.flush()
    session.refresh(user)
    if session.scalars(unconfined_administrators()).first() is None:
        raise LastAdministratorError
    detail = {"active": is_active, "scopes": [scope.described() for scope in wanted]}
    audit.record(session, actor, "accounts.change", at=now, target=user, detail=detail)


def set_password(
    session: Session, actor: Actor, user: User, *, password_hash: str, now: datetime
) -> None:
    """Give a person a new password, flushed; their sessions end."""
    user.password = password_hash
    user.fs_uniquifier = secrets.token_hex(32)
    session.flush()
    audit.record(session, actor, "accounts.set_password", at=now, target=user)


def _granted(session: Session, scope: Scope) -> Grant:
    """Return the row of a scope."""
    role = session.scalars(select(Role).where(Role.name == scope.role.value)).one()
    return Grant(
        role=role,
        role_id=role.id,
        region_code=scope.region_code,
        consultation_id=scope.consultation_id,
    )
