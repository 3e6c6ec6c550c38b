"""Selections for the interface for programs."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.api.models import Partner
from app.consultations.errors import ConsultationNotFoundError
from app.consultations.models import Consultation, Questionnaire, QuestionnaireState
from app.consultations.queries import with_slug

_PUBLISHED = Consultation.questionnaires.any(Questionnaire.state == QuestionnaireState.PUBLISHED)


def public_consultations(before: int | None) -> Select[Consultation]:
    """Select the consultations that can be read, the newest first."""
    selection = select(Consultation).where(_PUBLISHED).order_by(Consultation.id.desc())
    return selection if before is None else selection.where(Consultation.id < before)


def get_public(session: Session, slug: str) -> Consultation:
    """Return a consultation that can be read.

    :raises ConsultationNotFoundError: if there is none at that address.
    """
    if "\0" in slug:  # no database has it, and one of ours does not even compare it
        raise ConsultationNotFoundError
    found = session.scalars(with_slug(slug).where(_PUBLISHED)).one_or_none()
    if found is None:
        raise ConsultationNotFoundError
    return found


def all_partners() -> Select[Partner]:
    """Select the partners, by name."""
    return select(Partner).order_by(Partner.name)


def find_partner(session: Session, token_hash: str) -> Partner | None:
    """Return the partner of a token that was not revoked."""
    return session.scalars(
        select(Partner).where(Partner.token_hash == token_hash, Partner.revoked_at.is_(None))
    ).one_or_none()
