"""Who may import what: roles, held for a consultation and perhaps for some regions of it."""

from __future__ import annotations

from app.consultations.models import Consultation
from app.core.access import Actor, Role
from app.core.errors import ForbiddenError

#: Roles that bring files in.
IMPORTERS = (Role.ADMINISTRATOR, Role.ANALYST, Role.DATA_ENTRY)


def covers(actor: Actor, consultation: Consultation, region: str | None) -> bool:
    """Tell whether ``actor`` may import an answer from a region (None: from no known one)."""
    return actor.may(IMPORTERS, region=region, consultation=consultation.id)


def ensure_may_import(actor: Actor, consultation: Consultation) -> None:
    """Check that there is something of the consultation that ``actor`` may import.

    :raises ForbiddenError: if there is not.
    """
    regions = [None, *(region.code for region in consultation.regions)]
    if not any(covers(actor, consultation, region) for region in regions):
        raise ForbiddenError
