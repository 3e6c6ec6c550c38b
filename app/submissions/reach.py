"""Who reaches a submission: roles are held for a region and a consultation."""

from __future__ import annotations

from collections.abc import Iterable

from app.core.access import Actor, Role
from app.core.errors import ForbiddenError
from app.submissions.models import Submission


def reaches(actor: Actor, roles: Iterable[Role], submission: Submission) -> bool:
    """Tell whether ``actor`` holds one of ``roles`` where the submission comes from."""
    return actor.may(roles, region=submission.region_code, consultation=submission.consultation_id)


def ensure_reach(actor: Actor, roles: Iterable[Role], submission: Submission) -> None:
    """Check that ``actor`` holds one of ``roles`` where the submission comes from.

    :raises ForbiddenError: if not.
    """
    if not reaches(actor, roles, submission):
        raise ForbiddenError
