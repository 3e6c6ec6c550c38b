"""Selections of organisations, of mandates, and of who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from app.accounts.models import User
from app.accounts.queries import with_email
from app.core.access import STAFF, Actor, Role
from app.core.text import fold
from app.organisations.errors import MandateNotFoundError, OrganisationNotFoundError
from app.organisations.models import Mandate, Organisation, OrganisationState

#: Who writes in the registry, decides on organisations and reads how to reach them.
KEEPERS = (Role.ADMINISTRATOR, Role.COORDINATOR)

#: Source of the organisations that registered themselves.
DECLARED_ONLINE = "online"


@dataclass(frozen=True)
class Filter:
    """What the registry is narrowed to; empty strings narrow nothing."""

    actor_type: str = ""
    region: str = ""
    province: str = ""
    state: str = ""
    words: str = ""

    def __bool__(self) -> bool:
        return any((self.actor_type, self.region, self.province, self.state, self.words.strip()))


def regions_of(
    actor: Actor, codes: list[str], roles: tuple[Role, ...] = tuple(STAFF)
) -> frozenset[str] | None:
    """Return the regions for which ``actor`` holds one of ``roles``, None for the whole country.

    :param codes: codes of every region there is.
    """
    if actor.may(roles):
        return None
    return frozenset(code for code in codes if actor.may(roles, region=code))


def registry(regions: frozenset[str] | None, narrowed: Filter) -> Select[Organisation]:
    """Select the organisations of some regions that pass the filter, by name."""
    conditions: list[ColumnElement[bool]] = []
    if regions is not None:
        conditions.append(Organisation.region_code.in_(regions))
    columns = {
        Organisation.actor_type: narrowed.actor_type,
        Organisation.region_code: narrowed.region,
        Organisation.province_code: narrowed.province,
        Organisation.state: narrowed.state,
    }
    conditions += [column == value for column, value in columns.items() if value]
    conditions += [_bears(word) for word in fold(narrowed.words).split()[:8]]
    return select(Organisation).where(*conditions).order_by(*_BY_NAME)


_BY_NAME = (Organisation.folded_name, Organisation.id)


def _bears(word: str) -> ColumnElement[bool]:
    """Return the condition that a name, acronym or registration number contains a folded word."""
    return or_(
        Organisation.folded_name.contains(word, autoescape=True),
        func.lower(Organisation.registration).contains(word, autoescape=True),
    )


def get_organisation(session: Session, identity: int) -> Organisation:
    """Return an organisation.

    :raises OrganisationNotFoundError: if there is none with that number.
    """
    found = session.get(Organisation, identity)
    if found is None:
        raise OrganisationNotFoundError
    return found


def counts_by_state(regions: frozenset[str] | None) -> Select[str, int]:
    """Select how many organisations of some regions there are in each state."""
    selection = select(Organisation.state, func.count()).group_by(Organisation.state)
    return selection if regions is None else selection.where(Organisation.region_code.in_(regions))


def alike(
    *, folded_name: str, actor_type: str, region: str, province: str | None
) -> Select[Organisation]:
    """Select the organisations of one type and place that bear a folded name."""
    return select(Organisation).where(
        Organisation.folded_name == folded_name,
        Organisation.actor_type == actor_type,
        Organisation.region_code == region,
        Organisation.province_code == province
        if province
        else Organisation.province_code.is_(None),
    )


def registered_under(registration: str, actor_type: str) -> Select[Organisation]:
    """Select the organisations of a type that bear a registration number."""
    return select(Organisation).where(
        func.lower(Organisation.registration) == registration.lower(),
        Organisation.actor_type == actor_type,
    )


def suggested(words: str, *, limit: int) -> Select[Organisation]:
    """Select the organisations that a few letters may mean, the verified ones first.

    One that somebody has only declared online, and nobody has looked at yet, is not suggested.
    """
    looked_at = or_(
        Organisation.state == OrganisationState.VERIFIED,
        and_(
            Organisation.state == OrganisationState.DECLARED,
            func.coalesce(Organisation.source, "") != DECLARED_ONLINE,
        ),
    )
    conditions = [
        Organisation.folded_name.contains(word, autoescape=True) for word in fold(words).split()[:6]
    ]
    first = case((Organisation.state == OrganisationState.VERIFIED, 0), else_=1)
    return (
        select(Organisation).where(looked_at, *conditions).order_by(first, *_BY_NAME).limit(limit)
    )


# --- mandates -----------------------------------------------------------------------------------


def mandates_of(user: User) -> Select[Mandate]:
    """Select the mandates of a person with their organisations."""
    return (
        select(Mandate)
        .where(Mandate.user_id == user.id)
        .options(selectinload(Mandate.organisation))
        .order_by(Mandate.id)
    )


def mandate_of(user_id: int | None, organisation_id: int) -> Select[Mandate]:
    """Select the mandate of a person for an organisation."""
    return select(Mandate).where(
        Mandate.user_id == user_id, Mandate.organisation_id == organisation_id
    )


def get_mandate(session: Session, organisation: Organisation, identity: int) -> Mandate:
    """Return a mandate of an organisation.

    :raises MandateNotFoundError: if it has none with that number.
    """
    found = session.get(Mandate, identity)
    if found is None or found.organisation_id != organisation.id:
        raise MandateNotFoundError
    return found


def standing_mandates(session: Session, user: User, today: date) -> list[Mandate]:
    """Return the mandates by which a person may act today."""
    return [
        mandate
        for mandate in session.scalars(mandates_of(user))
        if mandate.holds_on(today) and mandate.organisation.state != OrganisationState.REFUSED
    ]


def account_of(session: Session, email: str) -> User | None:
    """Return the account of an address, if there is one."""
    return session.scalars(with_email(email)).first()
