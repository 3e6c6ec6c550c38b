"""Who acts for an organisation: invited, each under an account of their own, for a time."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.operations import check_password
from app.accounts.queries import with_email
from app.core import audit
from app.core.access import Actor, ensure
from app.core.clock import CIVIL_ZONE
from app.core.text import clean_text
from app.organisations import errors, queries
from app.organisations.models import Mandate, MandateRole, Organisation, OrganisationState
from app.organisations.operations import Details, ensure_mandate, enter
from app.organisations.queries import DECLARED_ONLINE, KEEPERS
from app.organisations.tokens import LIFE


@dataclass(frozen=True, kw_only=True)
class Term:
    """What a mandate is for and how long it holds."""

    role: MandateRole
    begins_on: date
    ends_on: date | None = None
    title: str = ""


def civil_day(instant: datetime) -> date:
    """Return the civil day of an instant."""
    return instant.astimezone(CIVIL_ZONE).date()


def ensure_may_give(
    session: Session, actor: Actor, organisation: Organisation, *, now: datetime
) -> None:
    """Check that someone may give and take mandates: a keeper of the registry, or a signatory.

    :raises ForbiddenError: if not.
    """
    if actor.may(KEEPERS, region=organisation.region_code):
        return
    if isinstance(actor, User):
        signatory = MandateRole.SIGNATORY
        ensure_mandate(session, actor, organisation, signatory, today=civil_day(now))
        return
    ensure(actor, *KEEPERS, region=organisation.region_code)


def invite(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    *,
    email: str,
    name: str,
    term: Term,
    now: datetime,
) -> Mandate:
    """Give someone a mandate, flushed; who has no account gets one without a password.

    Inviting the same person again changes the mandate's terms and revives one that had ended.

    :raises DatesReversedError: if it would end before it begins.
    """
    ensure_may_give(session, actor, organisation, now=now)
    user = _person(session, email=email, name=name, now=now)
    mandate = session.scalars(queries.mandate_of(user.id, organisation.id)).one_or_none()
    if mandate is None:
        mandate = _add(session, actor, organisation, user, term, now=now)
    _apply(mandate, term)
    mandate.revoked_at = None
    session.flush()
    _record(session, actor, "organisations.invite", mandate, now=now)
    return mandate


def _person(session: Session, *, email: str, name: str, now: datetime) -> User:
    """Return the account of an address, made without a password if there is none."""
    known = session.scalars(with_email(email)).first()
    if known is not None:
        return known
    user = User(
        email=email.strip().lower(),
        name=clean_text(name),
        password=None,
        active=True,
        fs_uniquifier=secrets.token_hex(32),
        create_datetime=now,
        login_count=0,
    )
    try:
        with session.begin_nested():
            session.add(user)
    except IntegrityError:
        return session.scalars(with_email(email)).one()
    session.refresh(user)
    return user


def _add(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    user: User,
    term: Term,
    *,
    now: datetime,
) -> Mandate:
    """Add a mandate; of two invitations at once the second finds the first."""
    mandate = Mandate(
        organisation_id=organisation.id,
        user_id=user.id,
        role=term.role,
        begins_on=term.begins_on,
        created_at=now,
        created_by_id=actor.id,
    )
    _apply(mandate, term)
    try:
        with session.begin_nested():
            session.add(mandate)
    except IntegrityError:
        return session.scalars(queries.mandate_of(user.id, organisation.id)).one()
    return mandate


def _apply(mandate: Mandate, term: Term) -> None:
    """Put the terms into the row."""
    if term.ends_on is not None and term.ends_on < term.begins_on:
        raise errors.DatesReversedError
    mandate.role, mandate.title = term.role, clean_text(term.title)
    mandate.begins_on, mandate.ends_on = term.begins_on, term.ends_on


def change_mandate(
    session: Session, actor: Actor, mandate: Mandate, term: Term, *, now: datetime
) -> None:
    """Change or renew a mandate, flushed; one that was revoked stands again.

    :raises DatesReversedError: if it would end before it begins.
    """
    ensure_may_give(session, actor, mandate.organisation, now=now)
    _apply(mandate, term)
    mandate.revoked_at = None
    session.flush()
    _record(session, actor, "organisations.change_mandate", mandate, now=now)


def revoke(session: Session, actor: Actor, mandate: Mandate, *, now: datetime) -> None:
    """End a mandate at once, flushed; doing it again changes nothing."""
    ensure_may_give(session, actor, mandate.organisation, now=now)
    if mandate.revoked_at is not None:
        return
    mandate.revoked_at = now
    session.flush()
    _record(session, actor, "organisations.revoke_mandate", mandate, now=now)


def _record(
    session: Session, actor: Actor, action: str, mandate: Mandate, *, now: datetime
) -> None:
    """Write a mandate into the audit log."""
    detail = {
        "organisation": mandate.organisation_id,
        "person": mandate.user_id,
        "role": str(mandate.role),
        "from": mandate.begins_on.isoformat(),
        "until": mandate.ends_on.isoformat() if mandate.ends_on else None,
    }
    audit.record(session, actor, action, at=now, target=mandate, detail=detail)


# --- following a link ---------------------------------------------------------------------------


def accept(
    session: Session, user: User, *, name: str, password: str, password_hash: str, now: datetime
) -> None:
    """Give an invited person their name and password, flushed; the link is used up by that.

    :raises WeakPasswordError: if the password is too short.
    :raises InvitationGoneError: if they have a password already.
    """
    check_password(password)
    session.refresh(user, with_for_update=True)
    if user.password:
        raise errors.InvitationGoneError
    user.name = clean_text(name) or user.name
    user.password = password_hash
    user.fs_uniquifier = secrets.token_hex(32)
    user.confirmed_at = now
    session.flush()
    audit.record(session, user, "organisations.accept", at=now, target=user)


def declare(session: Session, details: Details, *, now: datetime) -> Organisation:
    """Enter an organisation that somebody declares online, flushed.

    It has nobody until the link sent to its address is followed; those that nobody confirmed in
    time are deleted on the way.

    :raises AlreadyKnownError: if it is there: its own people, or the coordination, can be asked.
    """
    forget_unconfirmed(session, now=now)
    return enter(
        session,
        details,
        now=now,
        source=DECLARED_ONLINE,
        source_id=secrets.token_hex(16),
        created_by=None,
    )


def forget_unconfirmed(session: Session, *, now: datetime) -> None:
    """Delete the declarations that nobody confirmed while their link was good."""
    stale = delete(Organisation).where(
        Organisation.source == DECLARED_ONLINE,
        Organisation.state == OrganisationState.DECLARED,
        Organisation.created_at < now - LIFE,
        ~exists(select(Mandate.id).where(Mandate.organisation_id == Organisation.id)),
    )
    # One that somebody has meanwhile invited to a meeting stays, and the others with it.
    with suppress(IntegrityError), session.begin_nested():
        session.execute(stale)


def confirm(session: Session, organisation: Organisation, *, title: str, now: datetime) -> User:
    """Make whoever declared an organisation its signatory, flushed; return their account.

    The account is then given a password, or has one already.

    :param title: their function in the organisation.
    :raises InvitationGoneError: if it was confirmed meanwhile.
    """
    session.refresh(organisation, with_for_update=True)
    contact = organisation.contact
    if organisation.mandates or contact is None:
        raise errors.InvitationGoneError
    user = _person(session, email=contact.email, name=contact.person, now=now)
    term = Term(role=MandateRole.SIGNATORY, begins_on=civil_day(now), title=title)
    mandate = _add(session, user, organisation, user, term, now=now)
    session.refresh(organisation)
    _record(session, user, "organisations.confirm", mandate, now=now)
    return user
