"""Selections of people and of what they did."""

from __future__ import annotations

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.errors import PersonNotFoundError
from app.accounts.models import Grant, Role, User
from app.core.access import Role as RoleName
from app.core.audit import AuditEntry


def all_people() -> Select[User]:
    """Select everyone who can sign in, by name."""
    return select(User).order_by(func.lower(User.name), User.id)


def with_email(email: str) -> Select[User]:
    """Select the person of an address, whatever its case."""
    return select(User).where(func.lower(User.email) == email.strip().lower())


def get_person(session: Session, identity: int) -> User:
    """Return a person.

    :raises PersonNotFoundError: if there is none with that number.
    """
    user = session.get(User, identity)
    if user is None:
        raise PersonNotFoundError
    return user


def unconfined_administrators() -> Select[User]:
    """Select the active people who administer the whole instance."""
    return (
        select(User)
        .join(Grant, Grant.user_id == User.id)
        .join(Role)
        .where(
            Role.name == RoleName.ADMINISTRATOR.value,
            Grant.region_code.is_(None),
            Grant.consultation_id.is_(None),
            User.active,
        )
        .distinct()
    )


def audit_entries(
    *, before: int | None = None, action: str = "", actor: str = ""
) -> Select[AuditEntry]:
    """Select entries of the audit log, the newest first, older than entry ``before`` if given."""
    selection = select(AuditEntry).order_by(AuditEntry.id.desc())
    if before is not None:
        selection = selection.where(AuditEntry.id < before)
    if action:
        selection = selection.where(AuditEntry.action.startswith(action, autoescape=True))
    if actor:
        selection = selection.where(
            func.lower(AuditEntry.actor_label).contains(actor.lower(), autoescape=True)
        )
    return selection
