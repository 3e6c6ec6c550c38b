"""Territorial actors (الفاعلون الترابيون): their types, the registry, and who speaks for them."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.core.db import Instant, Key, Localized, Model, Texts
from app.core.text import fold
from app.territories.models import Commune, Province, Region


class ActorType(StrEnum):
    """In what capacity someone answers."""

    CITIZEN = "citizen"
    ASSOCIATION = "association"
    COOPERATIVE = "cooperative"
    TERRITORIAL_COUNCIL = "territorial_council"
    CONSULTATIVE_BODY = "consultative_body"
    ELECTED_OFFICIAL = "elected_official"
    LOCAL_AUTHORITY = "local_authority"
    PUBLIC_SERVICE = "public_service"
    SOCIAL_INSTITUTION = "social_institution"
    INDH = "indh"
    UNIVERSITY = "university"
    PRIVATE_SECTOR = "private_sector"
    JUDICIARY = "judiciary"
    EXPERT = "expert"
    #: Imported answers whose source does not say; never offered in a form.
    UNKNOWN = "unknown"

    @property
    def texts(self) -> Texts:
        """The type's name, as official documents write it."""
        return Texts(zip(("fr", "ar", "en"), _NAMES[self], strict=True))

    @property
    def is_organisation(self) -> bool:
        """Tell whether one answers for an organisation, which then has a name."""
        return self not in {ActorType.CITIZEN, ActorType.EXPERT, ActorType.UNKNOWN}


_NAMES = {
    ActorType.CITIZEN: ("Citoyenne ou citoyen", "مواطنة أو مواطن", "Citizen"),
    ActorType.ASSOCIATION: ("Association", "جمعية", "Association"),
    ActorType.COOPERATIVE: ("Coopérative", "تعاونية", "Cooperative"),
    ActorType.TERRITORIAL_COUNCIL: ("Conseil territorial", "مجلس ترابي", "Territorial council"),
    ActorType.CONSULTATIVE_BODY: ("Instance consultative", "هيئة استشارية", "Consultative body"),
    ActorType.ELECTED_OFFICIAL: ("Élue ou élu", "منتخبة أو منتخب", "Elected official"),
    ActorType.LOCAL_AUTHORITY: ("Autorité locale", "سلطة محلية", "Local authority"),
    ActorType.PUBLIC_SERVICE: (
        "Service déconcentré de l’État",
        "مصلحة لاممركزة للدولة",
        "Deconcentrated State service",
    ),
    ActorType.SOCIAL_INSTITUTION: (
        "Établissement du pôle social",
        "مؤسسة تابعة للقطب الاجتماعي",
        "Institution of the social sector",
    ),
    ActorType.INDH: (
        "Coordination de l’INDH",
        "تنسيقية المبادرة الوطنية للتنمية البشرية",
        "INDH coordination",
    ),
    ActorType.UNIVERSITY: ("Université", "جامعة", "University"),
    ActorType.PRIVATE_SECTOR: ("Secteur privé", "قطاع خاص", "Private sector"),
    ActorType.JUDICIARY: (
        "Parquet et justice",
        "النيابة العامة والقضاء",
        "Public prosecution and justice",
    ),
    ActorType.EXPERT: ("Experte ou expert", "خبيرة أو خبير", "Expert"),
    ActorType.UNKNOWN: ("Non précisé", "غير محدد", "Not stated"),
}


_ACTOR_TYPES = ", ".join(f"'{kind}'" for kind in ActorType)


def _folded_names(context: Any) -> str:
    """Return the names of a new row as searches compare them."""
    names = context.get_current_parameters().get("name") or {}
    return " ".join(fold(name) for name in names.values())


class OrganisationState(StrEnum):
    """What the regional coordinator has said of an organisation."""

    DECLARED = "declared"
    VERIFIED = "verified"
    REFUSED = "refused"


class Organisation(Model):
    """A territorial actor that is an organisation."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint(f"actor_type IN ({_ACTOR_TYPES})", name="actor_type_is_known"),
        CheckConstraint("state IN ('declared', 'verified', 'refused')", name="state_is_known"),
        CheckConstraint(
            "(state = 'declared') = (decided_at IS NULL)", name="decided_at_an_instant"
        ),
        UniqueConstraint("source", "source_id"),
        Index("ix_organisations_place", "region_code", "actor_type"),
    )

    id: Mapped[Key]
    #: Its name in French, in Arabic, or in both; as its members write it.
    name: Mapped[Localized]
    folded_name: Mapped[str] = mapped_column(Text, default=_folded_names)
    acronym: Mapped[str] = mapped_column(String(40), default="")
    actor_type: Mapped[str] = mapped_column(String(24))
    region_code: Mapped[str] = mapped_column(ForeignKey("regions.code"))
    province_code: Mapped[str | None] = mapped_column(ForeignKey("provinces.code"))
    commune_code: Mapped[str | None] = mapped_column(ForeignKey("communes.code"))
    #: The number under which it is registered with the authorities, where it has one.
    registration: Mapped[str] = mapped_column(String(60), default="")
    state: Mapped[str] = mapped_column(String(16), default=OrganisationState.DECLARED)
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: Why it was refused, or on what papers it was verified.
    decision: Mapped[str] = mapped_column(Text, default="")
    #: The file and the row it was imported from: what is imported twice is one row.
    source: Mapped[str | None] = mapped_column(String(80))
    source_id: Mapped[str | None] = mapped_column(String(120))
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))

    region: Mapped[Region] = relationship()
    province: Mapped[Province | None] = relationship()
    commune: Mapped[Commune | None] = relationship()
    contact: Mapped[OrganisationContact | None] = relationship(
        cascade="all, delete-orphan", uselist=False
    )
    mandates: Mapped[list[Mandate]] = relationship(
        cascade="all, delete-orphan", order_by="Mandate.id", back_populates="organisation"
    )

    def signed_for_by(self, user: User) -> bool:
        """Tell whether a person is named as its signatory, today or not."""
        return any(
            mandate.user_id == user.id and mandate.role == MandateRole.SIGNATORY
            for mandate in self.mandates
        )


class OrganisationContact(Model):
    """How to reach an organisation; apart from the registry, so that it can be purged alone."""

    __tablename__ = "organisation_contacts"

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), unique=True
    )
    person: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(255), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    updated_at: Mapped[Instant]


class MandateRole(StrEnum):
    """What someone may do for an organisation."""

    #: Signs the official position; also all that a delegate may do.
    SIGNATORY = "signatory"
    #: Writes, comments and approves the common draft.
    DELEGATE = "delegate"
    #: Reads and comments.
    MEMBER = "member"


class Mandate(Model):
    """One person's right to act for one organisation, under their own account, for a time."""

    __tablename__ = "mandates"
    __table_args__ = (
        UniqueConstraint("organisation_id", "user_id"),
        CheckConstraint("role IN ('signatory', 'delegate', 'member')", name="role_is_known"),
        CheckConstraint("ends_on IS NULL OR ends_on >= begins_on", name="ends_after_beginning"),
    )

    id: Mapped[Key]
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(16))
    #: Their function in the organisation, as they sign: "présidente", "الكاتب العام".
    title: Mapped[str] = mapped_column(String(200), default="")
    begins_on: Mapped[date]
    ends_on: Mapped[date | None]
    revoked_at: Mapped[Instant | None]
    created_at: Mapped[Instant]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    organisation: Mapped[Organisation] = relationship(back_populates="mandates")
    user: Mapped[User] = relationship(foreign_keys=[user_id])

    def holds_on(self, day: date) -> bool:
        """Tell whether the mandate stands on a civil day."""
        begun = self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)
        return begun and self.revoked_at is None
