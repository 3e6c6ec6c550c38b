"""Whom to call in the provinces from which nothing came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session, selectinload

from app.core.access import Role
from app.organisations.models import Organisation, OrganisationState
from app.territories.models import Province

#: Those who read how to reach organisations, within their regions.
CALLERS = (Role.COORDINATOR, Role.ADMINISTRATOR)

#: Verified ones first, then those that have not been looked at.
_ORDER = case((Organisation.state == OrganisationState.VERIFIED, 0), else_=1)


@dataclass(frozen=True)
class ToCall:
    """A silent province with its organisations."""

    province: Province
    organisations: list[Organisation]


def organisations_in(province_codes: Iterable[str]) -> Select[Organisation]:
    """Select the organisations of some provinces that are not refused, verified ones first."""
    return (
        select(Organisation)
        .where(
            Organisation.province_code.in_(list(province_codes)),
            Organisation.state != OrganisationState.REFUSED,
        )
        .order_by(_ORDER, Organisation.id)
        .options(selectinload(Organisation.contact))
    )


def n_organisations_by_province(session: Session) -> dict[str, int]:
    """Return how many organisations the registry knows in each province."""
    rows = session.execute(
        select(Organisation.province_code, func.count(Organisation.id))
        .where(
            Organisation.province_code.is_not(None),
            Organisation.state != OrganisationState.REFUSED,
        )
        .group_by(Organisation.province_code)
    )
    return {str(code): count for code, count in rows}


def calls(session: Session, silent: list[Province]) -> list[ToCall]:
    """Return the silent provinces, the most populous first, each with whom to call."""
    found = session.scalars(organisations_in([one.code for one in silent])).all()
    return [ToCall(one, [row for row in found if row.province_code == one.code]) for one in silent]
