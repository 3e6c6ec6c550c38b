"""Finding the version being written and its parts."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.consultations.building.errors import (
    NoDraftVersionError,
    QuestionNotFoundError,
    SectionNotFoundError,
)
from app.consultations.models import (
    Consultation,
    Question,
    Questionnaire,
    QuestionnaireState,
    Section,
)


def draft_version(consultation_id: int) -> Select[Questionnaire]:
    """Select the version being written."""
    return select(Questionnaire).where(
        Questionnaire.consultation_id == consultation_id,
        Questionnaire.state == QuestionnaireState.DRAFT,
    )


def get_draft(session: Session, consultation: Consultation) -> Questionnaire:
    """Return the version being written; writers of one version wait for one another.

    :raises NoDraftVersionError: if there is none.
    """
    found = session.scalars(draft_version(consultation.id).with_for_update()).one_or_none()
    if found is None:
        raise NoDraftVersionError
    return found


def find_version(
    session: Session, consultation: Consultation, version: int
) -> Questionnaire | None:
    """Return a version by its number."""
    return session.scalars(
        select(Questionnaire).where(
            Questionnaire.consultation_id == consultation.id, Questionnaire.version == version
        )
    ).one_or_none()


def get_section(session: Session, draft: Questionnaire, section_id: int) -> Section:
    """Return a section of the draft.

    :raises SectionNotFoundError: if it is not in it (any more).
    """
    found = session.get(Section, section_id)
    if found is None or found.questionnaire_id != draft.id:
        raise SectionNotFoundError
    return found


def get_question(session: Session, draft: Questionnaire, question_id: int) -> Question:
    """Return a question of the draft.

    :raises QuestionNotFoundError: if it is not in it (any more).
    """
    found = session.get(Question, question_id)
    if found is None or found.questionnaire_id != draft.id:
        raise QuestionNotFoundError
    return found
