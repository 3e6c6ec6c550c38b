"""Keeping the registry: who is in it, and what the coordination has said of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import audit
from app.core.access import Actor, ensure
from app.core.clock import today_on
from app.core.db import Texts
from app.core.text import clean_text, fold
from app.organisations import errors, queries
from app.organisations.models import (
    ActorType,
    Mandate,
    MandateRole,
    Organisation,
    OrganisationContact,
    OrganisationState,
)
from app.organisations.queries import KEEPERS
from app.territories.models import Commune, Province, Region

_TYPES = frozenset(kind.value for kind in ActorType if kind.is_organisation)


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How to reach an organisation."""

    person: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    lang: str = "fr"

    def __bool__(self) -> bool:
        return any((self.person, self.email, self.phone, self.address))


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the registry says of an organisation."""

    name: Texts
    actor_type: str
    region: str
    province: str | None = None
    commune: str | None = None
    acronym: str = ""
    registration: str = ""
    reach: Reach = field(default_factory=Reach)

    @property
    def folded(self) -> str:
        """The name as searches compare it, the acronym included."""
        return folded_name(self.name, self.acronym)


def folded_name(name: Texts, acronym: str) -> str:
    """Return names and acronym as searches compare them."""
    words = [fold(name[code]) for code in ("fr", "ar", "en") if name.get(code)]
    return " ".join([*words, fold(acronym)]).strip()


def register(
    session: Session,
    actor: Actor,
    details: Details,
    *,
    now: datetime,
    source: str | None = None,
    source_id: str | None = None,
) -> Organisation:
    """Enter an organisation, declared and not verified yet, flushed.

    :raises AlreadyKnownError: if one of the same type, name and province is there.
    :raises RegistrationTakenError: if its registration number is there.
    """
    ensure(actor, *KEEPERS, region=details.region)
    organisation = enter(
        session, details, now=now, source=source, source_id=source_id, created_by=actor.id
    )
    audit.record(
        session,
        actor,
        "organisations.register",
        at=now,
        target=organisation,
        detail={"name": dict(details.name), "type": details.actor_type},
    )
    return organisation


def enter(
    session: Session,
    details: Details,
    *,
    now: datetime,
    source: str | None,
    source_id: str | None,
    created_by: int | None,
) -> Organisation:
    """Add the row with its contact, flushed; whoever calls has checked who may."""
    _check(session, details)
    _ensure_new(session, details, apart_from=None)
    organisation = Organisation(
        state=OrganisationState.DECLARED,
        source=source,
        source_id=source_id,
        created_at=now,
        created_by_id=created_by,
    )
    _write(organisation, details)
    if details.reach:
        organisation.contact = OrganisationContact(**asdict(details.reach), updated_at=now)
    session.add(organisation)
    session.flush()
    return organisation


def change(
    session: Session, actor: Actor, organisation: Organisation, details: Details, *, now: datetime
) -> None:
    """Change what the registry says of an organisation, flushed.

    :raises AlreadyKnownError: if it would become another one's double.
    """
    ensure(actor, *KEEPERS, region=organisation.region_code)
    ensure(actor, *KEEPERS, region=details.region)
    _check(session, details)
    _ensure_new(session, details, apart_from=organisation.id)
    before = _described(organisation)
    _write(organisation, details)
    _write_reach(organisation, details.reach, now=now)
    session.flush()
    changed = {
        key: [value, after]
        for key, value in before.items()
        if (after := _described(organisation)[key]) != value
    }
    audit.record(
        session, actor, "organisations.change", at=now, target=organisation, detail=changed
    )


def _described(organisation: Organisation) -> dict[str, Any]:
    """Return what the audit log keeps of an organisation: nothing of how to reach it."""
    return {
        "name": dict(organisation.name),
        "acronym": organisation.acronym,
        "type": organisation.actor_type,
        "region": organisation.region_code,
        "province": organisation.province_code,
        "commune": organisation.commune_code,
        "registration": organisation.registration,
    }


def _write(organisation: Organisation, details: Details) -> None:
    """Put the details into the row."""
    organisation.name = Texts(details.name)
    organisation.acronym = details.acronym
    organisation.folded_name = details.folded
    organisation.actor_type = details.actor_type
    organisation.region_code = details.region
    organisation.province_code = details.province
    organisation.commune_code = details.commune
    organisation.registration = details.registration


def _write_reach(organisation: Organisation, reach: Reach, *, now: datetime) -> None:
    """Put the contact into its own row, or take it out."""
    if not reach:
        organisation.contact = None
        return
    if organisation.contact is None:
        organisation.contact = OrganisationContact(updated_at=now)
    for name, value in asdict(reach).items():
        setattr(organisation.contact, name, value)
    organisation.contact.updated_at = now


def _check(session: Session, details: Details) -> None:
    """Check a row before the database does, with words for whoever typed it."""
    if not any(map(str.strip, details.name.values())):
        raise errors.NameMissingError
    if details.actor_type not in _TYPES:
        raise errors.NotAnOrganisationError
    if session.get(Region, details.region) is None:
        raise errors.PlaceOutsideError
    province = session.get(Province, details.province) if details.province else None
    commune = session.get(Commune, details.commune) if details.commune else None
    if details.province and (province is None or province.region_code != details.region):
        raise errors.PlaceOutsideError
    if details.commune and (commune is None or commune.province_code != details.province):
        raise errors.PlaceOutsideError


def _ensure_new(session: Session, details: Details, *, apart_from: int | None) -> None:
    """Check that nobody else is called so there, or bears the number; one at a time.

    No unique key can say this (names are in two languages, and double entries come from outside),
    so writers of one region take turns.
    """
    turn = select(Region.code).where(Region.code == details.region)
    session.execute(turn.with_for_update(key_share=True))
    if details.registration:
        selection = queries.registered_under(details.registration, details.actor_type)
        known = _other(session.scalars(selection), apart_from)
        if known is not None:
            raise errors.RegistrationTakenError(name=known.name.best("fr")[0])
    known = _other(
        session.scalars(
            queries.alike(
                folded_name=details.folded,
                actor_type=details.actor_type,
                region=details.region,
                province=details.province,
            )
        ),
        apart_from,
    )
    if known is not None:
        raise errors.AlreadyKnownError(name=known.name.best("fr")[0])


def _other(found: Iterable[Organisation], apart_from: int | None) -> Organisation | None:
    """Return the first of the organisations that is another one."""
    return next((one for one in found if one.id != apart_from), None)


# --- verification -------------------------------------------------------------------------------


def decide(
    session: Session,
    actor: Actor,
    organisation: Organisation,
    state: OrganisationState,
    *,
    reason: str,
    now: datetime,
) -> None:
    """Verify or refuse an organisation, flushed; a later decision replaces an earlier one.

    :raises ForbiddenError: if the actor does not coordinate its region.
    :raises ReasonMissingError: if it is refused without a word.
    :raises AlreadyDecidedError: if that is what was decided already.
    """
    ensure(actor, *KEEPERS, region=organisation.region_code)
    session.refresh(organisation, with_for_update=True)
    reason = clean_text(reason)
    if state is OrganisationState.REFUSED and not reason:
        raise errors.ReasonMissingError
    if organisation.state == state and organisation.decided_at is not None:
        raise errors.AlreadyDecidedError(day=today_on(organisation.decided_at))
    before = organisation.state
    organisation.state = state
    organisation.decision = reason
    organisation.decided_at = None if state is OrganisationState.DECLARED else now
    organisation.decided_by_id = None if state is OrganisationState.DECLARED else actor.id
    session.flush()
    audit.record(
        session,
        actor,
        "organisations.decide",
        at=now,
        target=organisation,
        detail={"before": before, "state": state.value, "reason": reason},
    )


def merge(
    session: Session, actor: Actor, kept: Organisation, double: Organisation, *, now: datetime
) -> None:
    """Make one organisation of two entries: mandates and contact pass over, the double goes.

    What others have written about the double (contributions, positions, meetings) keeps it from
    going; the database says so.

    :raises MergeRefusedError: if the double is used elsewhere, or is the same entry.
    """
    ensure(actor, *KEEPERS, region=kept.region_code)
    ensure(actor, *KEEPERS, region=double.region_code)
    if kept.id == double.id:
        raise errors.MergeRefusedError
    held = {mandate.user_id for mandate in kept.mandates}
    detail = {"double": double.id, "described": _described(double)}
    try:
        with session.begin_nested():
            for mandate in list(double.mandates):
                if mandate.user_id not in held:
                    mandate.organisation = kept
            if kept.contact is None and double.contact is not None:
                kept.contact = OrganisationContact(
                    **{name: getattr(double.contact, name) for name in asdict(Reach())},
                    updated_at=now,
                )
            if not kept.registration:
                kept.registration = double.registration
            session.flush()
            session.refresh(double)
            session.delete(double)
    except IntegrityError as error:
        raise errors.MergeRefusedError from error
    session.refresh(kept)
    audit.record(session, actor, "organisations.merge", at=now, target=kept, detail=detail)


# --- who may act for an organisation ------------------------------------------------------------


def ensure_mandate(
    session: Session,
    user: User,
    organisation: Organisation,
    *roles: MandateRole,
    today: date,
) -> Mandate:
    """Return the mandate by which a person acts for an organisation today.

    :param roles: those that allow it; any if none is named.
    :raises OrganisationNotFoundError: without any mandate: nothing is said of the organisation.
    :raises MandateEndedError: if the mandate has ended, was revoked, or has not begun.
    :raises OrganisationRefusedError: if the organisation was refused.
    :raises MandateTooNarrowError: if the mandate is for less.
    """
    mandate = session.scalars(queries.mandate_of(user.id, organisation.id)).one_or_none()
    if mandate is None or not user.active:
        raise errors.OrganisationNotFoundError
    if not mandate.holds_on(today):
        raise errors.MandateEndedError
    if organisation.state == OrganisationState.REFUSED:
        raise errors.OrganisationRefusedError
    if roles and mandate.role not in roles:
        raise errors.MandateTooNarrowError
    return mandate


def find_registered(
    session: Session, name: str, actor_type: str, region: str | None
) -> Organisation | None:
    """Return the one verified organisation that bears a name as it was written, if only one does.

    :param region: where the person who wrote it says to be; None searches the whole country.
    """
    selection = select(Organisation).where(
        Organisation.actor_type == actor_type,
        Organisation.state == OrganisationState.VERIFIED,
        func.length(Organisation.folded_name) >= len(fold(name)),
        Organisation.folded_name.contains(fold(name), autoescape=True),
    )
    found = [
        one
        for one in session.scalars(selection)
        if fold(name) in {fold(text) for text in one.name.values()}
        and region in {None, one.region_code}
    ]
    return found[0] if len(found) == 1 else None
