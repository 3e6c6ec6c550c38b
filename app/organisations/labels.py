"""Words for the states of organisations, the roles of mandates and the columns of files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.organisations.models import ActorType, MandateRole, OrganisationState

#: Types that the registry holds, in the order of the lists.
ACTOR_TYPES = tuple(kind for kind in ActorType if kind.is_organisation)

STATES = {
    OrganisationState.DECLARED: _l("Declared, to verify"),
    OrganisationState.VERIFIED: _l("Verified"),
    OrganisationState.REFUSED: _l("Refused"),
}

ROLES = {
    MandateRole.SIGNATORY: _l("Signatory: signs the official position, invites others"),
    MandateRole.DELEGATE: _l("Delegate: writes, comments and approves the common draft"),
    MandateRole.MEMBER: _l("Member: reads and comments"),
}

SHORT_ROLES = {
    MandateRole.SIGNATORY: _l("Signatory"),
    MandateRole.DELEGATE: _l("Delegate"),
    MandateRole.MEMBER: _l("Member"),
}

FIELD_LABELS = {
    "name_fr": _l("Name in French"),
    "name_ar": _l("Name in Arabic"),
    "acronym": _l("Acronym"),
    "actor_type": _l("Type of organisation"),
    "region": _l("Region"),
    "province": _l("Province or prefecture"),
    "commune": _l("Commune"),
    "registration": _l("Registration number"),
    "source_id": _l("Number in the source"),
    "person": _l("Contact person"),
    "email": _l("E-mail"),
    "phone": _l("Telephone"),
    "address": _l("Address"),
    "lang": _l("Language of letters"),
}
