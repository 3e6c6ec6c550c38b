"""Selections of consultations."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.consultations.errors import ConsultationNotFoundError, DocumentNotFoundError
from app.consultations.models import Consultation, Document, consultation_regions


def with_slug(slug: str) -> Select[Consultation]:
    """Select the consultation of an address."""
    return select(Consultation).where(Consultation.slug == slug)


def get_consultation(session: Session, slug: str) -> Consultation:
    """Return the consultation of an address.

    :raises ConsultationNotFoundError: if there is none.
    """
    consultation = session.scalars(with_slug(slug)).one_or_none()
    if consultation is None:
        raise ConsultationNotFoundError
    return consultation


def region_codes_of(consultation_id: int) -> Select[str]:
    """Select the codes of the regions that take part; none where all do."""
    return select(consultation_regions.c.region_code).where(
        consultation_regions.c.consultation_id == consultation_id
    )


def all_consultations() -> Select[Consultation]:
    """Select every consultation, the newest first."""
    return select(Consultation).order_by(Consultation.opens_at.desc(), Consultation.id.desc())


def get_document(session: Session, consultation: Consultation, document_id: int) -> Document:
    """Return one of a consultation's documents.

    :raises DocumentNotFoundError: if there is none of that number in this consultation.
    """
    found = session.get(Document, document_id)
    if found is None or found.consultation_id != consultation.id:
        raise DocumentNotFoundError
    return found
