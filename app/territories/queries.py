"""Selections of territories."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.territories.models import Commune, Province, Region


def all_regions() -> Select[Region]:
    """Select the 12 regions in the official order."""
    return select(Region).order_by(Region.code)


def provinces_of(region_code: str | None = None) -> Select[Province]:
    """Select the provinces and prefectures, of one region if given."""
    selection = select(Province).order_by(Province.code)
    return (
        selection if region_code is None else selection.where(Province.region_code == region_code)
    )


def communes_of(province_code: str) -> Select[Commune]:
    """Select the communes of a province."""
    return select(Commune).where(Commune.province_code == province_code).order_by(Commune.code)
