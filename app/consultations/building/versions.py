"""Versions: a draft is copied from what is being answered, and published in its turn."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.building import checking, guard
from app.consultations.building.content import QUESTION_PARTS, SECTION_PARTS, content_of
from app.consultations.building.errors import (
    NotConfirmedError,
    NothingChangedError,
    NotPublishableError,
)
from app.consultations.building.queries import draft_version, get_draft
from app.consultations.models import (
    Consultation,
    Question,
    Questionnaire,
    QuestionnaireState,
    Section,
)
from app.core import audit
from app.core.access import Actor

guard.watch()


def draft_of(
    session: Session, actor: Actor, consultation: Consultation, *, now: datetime
) -> Questionnaire:
    """Return the version being written, made of the newest published one if there is none yet.

    Questions keep their keys, by which answers to one version line up with those to another.
    """
    found = session.scalars(draft_version(consultation.id)).one_or_none()
    if found is not None:
        return found
    # Two people can begin at once: the unique index lets one of them make it.
    try:
        with session.begin_nested():
            draft = _copied(session, actor, consultation, now=now)
    except IntegrityError:
        session.expire(consultation, ["questionnaires"])
        return get_draft(session, consultation)
    session.expire(consultation, ["questionnaires"])
    audit.record(
        session,
        actor,
        "consultations.draft_version",
        at=now,
        target=draft,
        detail={"version": draft.version},
    )
    return draft


def _copied(
    session: Session, actor: Actor, consultation: Consultation, *, now: datetime
) -> Questionnaire:
    """Copy the newest published version, or begin an empty one."""
    numbers = select(func.max(Questionnaire.version)).where(
        Questionnaire.consultation_id == consultation.id
    )
    published = [one for one in consultation.questionnaires if one.is_published]
    base = published[-1] if published else None
    draft = Questionnaire(
        consultation_id=consultation.id,
        version=(session.scalar(numbers) or 0) + 1,
        state=QuestionnaireState.DRAFT,
        created_at=now,
        created_by_id=actor.id,
        source=deepcopy(base.source) if base else {},
    )
    session.add(draft)
    session.flush()
    for section in base.sections if base else []:
        _copy_section(session, draft, section)
    session.flush()
    return draft


def _copy_section(session: Session, draft: Questionnaire, section: Section) -> None:
    """Copy a section with its questions."""
    parts = {name: deepcopy(getattr(section, name)) for name in SECTION_PARTS}
    copy = Section(position=section.position, source=deepcopy(section.source), **parts)
    draft.sections.append(copy)
    session.flush()
    copy.questions = [
        Question(
            questionnaire_id=draft.id,
            position=question.position,
            source=deepcopy(question.source),
            **{name: deepcopy(getattr(question, name)) for name in QUESTION_PARTS},
        )
        for question in section.questions
    ]


def discard(session: Session, actor: Actor, consultation: Consultation, *, now: datetime) -> None:
    """Throw the version being written away; nothing that was published changes."""
    draft = session.scalars(draft_version(consultation.id).with_for_update()).one_or_none()
    if draft is None:
        return
    detail = {"version": draft.version, "questions": [one.key for one in draft.questions]}
    audit.record(
        session, actor, "consultations.discard_version", at=now, target=draft, detail=detail
    )
    session.delete(draft)
    session.flush()
    session.expire(consultation, ["questionnaires"])


def publish(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    version: int,
    accepts_remarks: bool = False,
    now: datetime,
) -> Questionnaire:
    """Make the version being written the one that is answered.

    Answers, and drafts of contributors begun before, keep the version they were given to.

    :param version: the number of the version that was looked at; published already, it stays so.
    :raises NotPublishableError: if something has to be mended first.
    :raises NotConfirmedError: if there are remarks and they were not accepted.
    :raises NothingChangedError: if it says what the version being answered says.
    """
    done = [one for one in consultation.questionnaires if one.is_published]
    for one in done:
        if one.version == version:
            return one
    draft = get_draft(session, consultation)
    findings = checking.check(draft)
    if any(finding.is_error for finding in findings):
        raise NotPublishableError
    if findings and not accepts_remarks:
        raise NotConfirmedError
    if done and said(done[-1]) == said(draft):
        raise NothingChangedError
    draft.state, draft.published_at = QuestionnaireState.PUBLISHED, now
    session.flush()
    session.expire(consultation, ["questionnaires"])
    audit.record(
        session,
        actor,
        "consultations.publish_version",
        at=now,
        target=draft,
        detail={"version": draft.version, "remarks": len(findings)},
    )
    return draft


def said(questionnaire: Questionnaire) -> list[object]:
    """Return all that a version says, in order; what a form file says of itself included."""
    return [
        questionnaire.source,
        *(
            [content_of(section), [content_of(question) for question in section.questions]]
            for section in questionnaire.sections
        ),
    ]
