"""Who may prepare a meeting and its minutes."""

from __future__ import annotations

from app.core.access import Actor, Role, ensure
from app.meetings.models import Meeting

#: They prepare meetings: a coordinator those of their own region.
ORGANISERS = (Role.ADMINISTRATOR, Role.ANALYST, Role.COORDINATOR)


def ensure_organises(actor: Actor, meeting: Meeting) -> None:
    """Check that someone prepares this meeting.

    :raises ForbiddenError: if not.
    """
    ensure(actor, *ORGANISERS, region=meeting.region_code, consultation=meeting.consultation_id)
