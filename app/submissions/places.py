"""The territories that a question offers, and the names of the one that was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.consultations.queries import region_codes_of
from app.core.db import Texts
from app.territories.models import Commune, Province, Region
from app.territories.queries import all_regions, communes_of

#: Seconds after which a process reads the names of regions and provinces anew.
_KEPT_FOR = 300.0


@dataclass(frozen=True)
class Place:
    """A territory as a list offers it."""

    code: str
    names: Texts
    region_code: str


@dataclass(frozen=True)
class _Country:
    """All regions and provinces, which change once in years: every page of a territory names them.

    :ivar read_at: when they were read, on the process's own clock.
    """

    regions: tuple[Place, ...]
    provinces: tuple[Place, ...]
    read_at: float


_kept: dict[str, _Country] = {}


def _country(session: Session) -> _Country:
    """Return the regions and provinces, read once in a while."""
    database = str(session.get_bind().engine.url)
    country = _kept.get(database)
    if country is None or monotonic() - country.read_at > _KEPT_FOR:
        country = _Country(
            tuple(Place(row.code, row.names, row.code) for row in session.scalars(all_regions())),
            tuple(
                Place(row.code, row.names, row.region_code)
                for row in session.scalars(select(Province).order_by(Province.code))
            ),
            monotonic(),
        )
        if country.provinces:  # not before they are loaded
            _kept[database] = country
    return country


@dataclass
class Places:
    """What the three lists of a territory hold.

    :ivar communes: those of the province chosen so far; none before one is.
    """

    regions: list[Place] = field(default_factory=list)
    provinces: list[Place] = field(default_factory=list)
    communes: list[Commune] = field(default_factory=list)

    def knows(self, value: Mapping[str, Any]) -> bool:
        """Tell whether the codes of a territory are all in the lists."""
        return all(
            not value.get(level) or value[level] in codes
            for level, codes in (
                ("region", {place.code for place in self.regions}),
                ("province", {place.code for place in self.provinces}),
                ("commune", {commune.code for commune in self.communes}),
            )
        )

    @property
    def provinces_by_region(self) -> list[tuple[Place, list[Place]]]:
        """The provinces under their regions."""
        return [
            (region, [p for p in self.provinces if p.region_code == region.code])
            for region in self.regions
        ]


def load_places(session: Session, consultation: Consultation, value: Any) -> Places:
    """Return the lists for someone who has answered ``value`` so far, right or wrong."""
    country = _country(session)
    codes = set(session.scalars(region_codes_of(consultation.id)))
    regions = [place for place in country.regions if not codes or place.code in codes]
    provinces = [place for place in country.provinces if not codes or place.region_code in codes]
    chosen = value.get("province") if isinstance(value, Mapping) else None
    known = isinstance(chosen, str) and chosen in {province.code for province in provinces}
    communes = session.scalars(communes_of(chosen or "")).all() if known else ()
    return Places(regions, provinces, list(communes))


def names_of(session: Session, value: Mapping[str, Any]) -> list[Texts]:
    """Return the names of a territory's levels, the smallest first."""
    levels: tuple[tuple[type[Any], str], ...] = (
        (Commune, "commune"),
        (Province, "province"),
        (Region, "region"),
    )
    found = [session.get(model, value[level]) for model, level in levels if value.get(level)]
    return [territory.names for territory in found if territory is not None]
