"""Tables of the territories, with the official codes of the High Commission for Planning."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.db import Model, Texts


class Named:
    """A territory's names."""

    name_fr: Mapped[str] = mapped_column(String(120))
    name_ar: Mapped[str] = mapped_column(String(120))

    @property
    def names(self) -> Texts:
        """The names by language (English uses the French spelling, as official maps do)."""
        return Texts(fr=self.name_fr, ar=self.name_ar, en=self.name_fr)


class Region(Named, Model):
    """One of the 12 regions."""

    __tablename__ = "regions"
    __table_args__ = (CheckConstraint("length(code) = 2", name="code_form"),)

    code: Mapped[str] = mapped_column(String(2), primary_key=True)
    iso: Mapped[str] = mapped_column(String(5), unique=True)
    name_zgh: Mapped[str] = mapped_column(String(120))
    #: Inhabitants at the 2024 census.
    population: Mapped[int]
    households: Mapped[int]
    provinces: Mapped[list[Province]] = relationship(
        back_populates="region", order_by="Province.code"
    )


class Province(Named, Model):
    """A province, or a prefecture (a mostly urban one)."""

    __tablename__ = "provinces"
    __table_args__ = (CheckConstraint("kind IN ('province', 'prefecture')", name="kind_is_known"),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    population: Mapped[int]
    region: Mapped[Region] = relationship(back_populates="provinces")
    communes: Mapped[list[Commune]] = relationship(
        back_populates="province", order_by="Commune.code"
    )


class Commune(Named, Model):
    """A commune, urban or rural, or an arrondissement of a large city."""

    __tablename__ = "communes"
    __table_args__ = (
        CheckConstraint("kind IN ('urban', 'rural', 'arrondissement')", name="kind_is_known"),
    )

    code: Mapped[str] = mapped_column(String(14), primary_key=True)
    province_code: Mapped[str] = mapped_column(ForeignKey("provinces.code"), index=True)
    kind: Mapped[str] = mapped_column(String(14))
    province: Mapped[Province] = relationship(back_populates="communes")
