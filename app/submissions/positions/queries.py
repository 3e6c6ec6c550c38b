"""Selections of common drafts, of what was said about them, and of official positions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.organisations.models import Organisation
from app.submissions.models import (
    Position,
    PositionApproval,
    PositionComment,
    PositionEdit,
    Submission,
)
from app.submissions.positions.errors import PositionNotFoundError
from app.submissions.queries import Scope


def position_of(organisation_id: int, consultation_id: int) -> Select[Position]:
    """Select the position of an organisation in a consultation."""
    return select(Position).where(
        Position.organisation_id == organisation_id, Position.consultation_id == consultation_id
    )


def get_position(
    session: Session, organisation: Organisation, consultation: Consultation
) -> Position:
    """Return the position of an organisation in a consultation.

    :raises PositionNotFoundError: if nobody has begun it.
    """
    selection = position_of(organisation.id, consultation.id)
    found = session.scalars(selection).one_or_none()
    if found is None:
        raise PositionNotFoundError
    return found


def edits_of(position: Position) -> Select[PositionEdit]:
    """Select what was changed in a common draft, the newest first."""
    return (
        select(PositionEdit)
        .where(PositionEdit.position_id == position.id)
        .order_by(PositionEdit.id.desc())
    )


def comments_on(position: Position) -> Select[PositionComment]:
    """Select the remarks on a common draft, the oldest first."""
    return (
        select(PositionComment)
        .where(PositionComment.position_id == position.id)
        .order_by(PositionComment.id)
    )


def approvals_of(position: Position) -> Select[PositionApproval]:
    """Select who approved a common draft, at whatever revision, the newest first."""
    return (
        select(PositionApproval)
        .where(PositionApproval.position_id == position.id)
        .order_by(PositionApproval.id.desc())
    )


def values_at(session: Session, position: Position, seen: int) -> Mapping[str, Any]:
    """Return what the answers changed since a revision said at that revision.

    Answers that did not change since are not in it.
    """
    since = session.scalars(
        select(PositionEdit)
        .where(PositionEdit.position_id == position.id, PositionEdit.revision > seen)
        .order_by(PositionEdit.revision, PositionEdit.id)
    )
    before: dict[str, Any] = {}
    for edit in since:
        for key, (old, _new) in edit.changes.items():
            before.setdefault(key, old)
    return before


def official_of(consultation_id: int, organisation_id: int) -> Select[Submission]:
    """Select every official position that an organisation ever signed in a consultation."""
    return select(Submission).where(
        Submission.consultation_id == consultation_id,
        Submission.organisation_id == organisation_id,
        Submission.is_official,
    )


def official_count(scope: Scope) -> Select[int]:
    """Select how many official positions stand within a reader's scope."""
    return select(func.count(Submission.id)).where(
        scope.condition, Submission.is_official, Submission.state == "received"
    )
