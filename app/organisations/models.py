"""The types of territorial actors (الفاعلون الترابيون)."""

from __future__ import annotations

from enum import StrEnum

from app.core.db import Texts


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
