"""Tables of people and of what they may do."""

from __future__ import annotations

from collections.abc import Iterable

from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.access import Role as RoleName
from app.core.db import Instant, Key, Model


class Role(Model, RoleMixin):  # type: ignore[misc]
    """A role, one row for each name of :class:`app.core.access.Role`."""

    __tablename__ = "roles"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40), unique=True)


class Grant(Model):
    """A role held by a person, everywhere or only for one region and/or one consultation."""

    __tablename__ = "grants"
    __table_args__ = (
        UniqueConstraint(
            "user_id",
            "role_id",
            "region_code",
            "consultation_id",
            name="uq_grants_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("length(region_code) = 2 OR region_code IS NULL", name="region_code_form"),
    )

    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("roles.id"))
    region_code: Mapped[str | None] = mapped_column(ForeignKey("regions.code"))
    consultation_id: Mapped[int | None] = mapped_column(
        ForeignKey("consultations.id", ondelete="CASCADE")
    )
    role: Mapped[Role] = relationship(lazy="joined")

    def covers(self, *, region: str | None, consultation: int | None) -> bool:
        """Tell whether the grant reaches an object of that region and consultation."""
        here = self.region_code is None or self.region_code == region
        return here and (self.consultation_id is None or self.consultation_id == consultation)


class User(Model, UserMixin):  # type: ignore[misc]
    """A person who signs in."""

    __tablename__ = "users"

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    #: Changing it ends every session of the person.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    create_datetime: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]
    last_login_at: Mapped[Instant | None]
    current_login_at: Mapped[Instant | None]
    login_count: Mapped[int] = mapped_column(Integer, default=0)
    grants: Mapped[list[Grant]] = relationship(
        cascade="all, delete-orphan", lazy="selectin", order_by=Grant.id
    )
    roles: Mapped[list[Role]] = relationship(secondary="grants", viewonly=True, lazy="selectin")

    @property
    def label(self) -> str:
        """The name the audit log keeps."""
        return self.name

    @property
    def role_names(self) -> frozenset[RoleName]:
        """The roles held, whatever their scope."""
        return frozenset(RoleName(grant.role.name) for grant in self.grants)

    @property
    def region_codes(self) -> frozenset[str] | None:
        """Regions the person is confined to, or None where some grant covers the whole country."""
        codes = {grant.region_code for grant in self.grants}
        return None if None in codes else frozenset(code for code in codes if code)

    def may(
        self,
        roles: Iterable[RoleName],
        *,
        region: str | None = None,
        consultation: int | None = None,
    ) -> bool:
        """Tell whether one of ``roles`` is held for that region and consultation."""
        wanted = set(roles)
        return self.active and any(
            RoleName(grant.role.name) in wanted
            and grant.covers(region=region, consultation=consultation)
            for grant in self.grants
        )
