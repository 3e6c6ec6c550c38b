"""The territories that a question offers, and the names of the one that was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.db import Texts
from app.territories.models import Commune, Province, Region
from app.territories.queries import all_regions, communes_of


@dataclass
class Places:
    """What the three lists of a territory hold.

    :ivar communes: those of the province chosen so far; none before one is.
    """

    regions: list[Region] = field(default_factory=list)
    provinces: list[Province] = field(default_factory=list)
    communes: list[Commune] = field(default_factory=list)

    def knows(self, value: Mapping[str, Any]) -> bool:
        """Tell whether the codes of a territory are all in the lists."""
        lists = (("region", self.regions), ("province", self.provinces), ("commune", self.communes))
        return all(
            not value.get(level) or value[level] in {territory.code for territory in known}
            for level, known in lists
        )

    @property
    def provinces_by_region(self) -> list[tuple[Region, list[Province]]]:
        """The provinces under their regions."""
        return [
            (region, [p for p in self.provinces if p.region_code == region.code])
            for region in self.regions
        ]


def load_places(session: Session, consultation: Consultation, value: Any) -> Places:
    """Return the lists for someone who has answered ``value`` so far, right or wrong."""
    regions = consultation.regions or list(session.scalars(all_regions()))
    codes = [region.code for region in regions]
    provinces = session.scalars(
        select(Province).where(Province.region_code.in_(codes)).order_by(Province.code)
    ).all()
    chosen = value.get("province") if isinstance(value, Mapping) else None
    known = isinstance(chosen, str) and chosen in {province.code for province in provinces}
    communes = session.scalars(communes_of(chosen or "")).all() if known else ()
    return Places(list(regions), list(provinces), list(communes))


def names_of(session: Session, value: Mapping[str, Any]) -> list[Texts]:
    """Return the names of a territory's levels, the smallest first."""
    levels: tuple[tuple[type[Any], str], ...] = (
        (Commune, "commune"),
        (Province, "province"),
        (Region, "region"),
    )
    found = [session.get(model, value[level]) for model, level in levels if value.get(level)]
    return [territory.names for territory in found if territory is not None]
