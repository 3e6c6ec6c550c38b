"""Who reads answers before everybody does."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.commitments.answers.operations import READERS
from app.core.access import Actor
from app.core.errors import ForbiddenError
from app.submissions.queries import scope_of
from app.territories.models import Region


def ensure_reader(session: Session, actor: Actor, consultation_id: int) -> None:
    """Check that somebody reads answers of a consultation; a coordinator of any region does.

    :raises ForbiddenError: if they do not.
    """
    codes = list(session.scalars(select(Region.code).order_by(Region.code)))
    if scope_of(actor, consultation_id, codes, roles=READERS) is None:
        raise ForbiddenError
