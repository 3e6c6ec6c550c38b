"""What the pages of the registry share."""

from __future__ import annotations

from collections.abc import Callable

from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.core.access import Role
from app.core.db import db
from app.organisations.forms import OrganisationForm
from app.organisations.queries import regions_of
from app.territories.models import Region
from app.territories.queries import all_regions, communes_of, provinces_of

Page = tuple[str, int] | str
Answer = Response | Page
Decorator = Callable[[Callable[..., Answer]], Callable[..., Answer]]


def all_codes(session: Session) -> list[str]:
    """Return the codes of every region."""
    return [region.code for region in session.scalars(all_regions())]


def own_regions(*roles: Role) -> list[Region]:
    """Return the regions for which the reader holds one of the roles (any staff role if none)."""
    session = db.session()
    codes = all_codes(session)
    own = regions_of(current_user, codes, roles) if roles else regions_of(current_user, codes)
    return [one for one in session.scalars(all_regions()) if own is None or one.code in own]


def offer(form: OrganisationForm, regions: list[Region]) -> None:
    """Fill a form's lists of territories, the communes being those of the province chosen."""
    session = db.session()
    form.offer(
        regions,
        session.scalars(provinces_of()),
        session.scalars(communes_of(form.province.data or "")),
    )
