"""Making consultations from their files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.files import instant
from app.consultations.models import (
    CalendarEvent,
    Consultation,
    Document,
    PrivacyNotice,
    Question,
    Questionnaire,
    QuestionnaireState,
    Section,
    StrategyAxis,
    TargetPopulation,
)
from app.consultations.queries import with_slug
from app.core import audit
from app.core.access import Actor
from app.core.db import Texts
from app.territories.models import Region


def load_consultation(
    session: Session, actor: Actor, document: dict[str, Any], *, now: datetime
) -> tuple[Consultation, bool]:
    """Create the consultation that a checked document describes, flushed.

    Loading a slug that exists brings its texts, dates, documents and calendar up to date and leaves
    its questionnaire and notice, to which answers and consents point, as they are.

    :returns: the consultation, and whether it is new.
    """
    consultation = session.scalars(with_slug(document["slug"])).one_or_none()
    is_new = consultation is None
    if consultation is None:
        consultation = Consultation(slug=document["slug"], created_at=now)
    _describe(session, consultation, document)
    if is_new:
        session.add(consultation)
        session.flush()
        _add_notice(consultation, document["notice"], now=now)
        _add_questionnaire(session, consultation, document["sections"], now=now)
    session.flush()
    verb = "consultations.create" if is_new else "consultations.update"
    audit.record(session, actor, verb, at=now, target=consultation)
    return consultation, is_new


def _describe(session: Session, consultation: Consultation, document: dict[str, Any]) -> None:
    """Set everything that answers do not point at."""
    for name in ("title", "summary", "purpose", "who_may_answer", "outcome"):
        setattr(consultation, name, Texts(document.get(name, {})))
    consultation.opens_at = instant(document["opens_on"])
    consultation.closes_at = instant(document["closes_on"])
    consultation.is_fictional = bool(document.get("is_fictional", False))
    consultation.publishes_words = bool(document.get("publishes_words", False))
    codes = document.get("regions")
    regions = select(Region).order_by(Region.code)
    consultation.regions = list(
        session.scalars(regions if codes is None else regions.where(Region.code.in_(codes)))
    )
    consultation.documents = [
        Document(
            position=position,
            title=Texts(item["title"]),
            body=Texts(item["body"]),
            published_on=date.fromisoformat(item["published_on"]),
        )
        for position, item in enumerate(document.get("documents", []), 1)
    ]
    consultation.events = [
        CalendarEvent(
            on=date.fromisoformat(item["on"]),
            kind=item.get("kind", "meeting"),
            region_code=item.get("region"),
            title=Texts(item.get("title", {})),
            place=Texts(item.get("place", {})),
        )
        for item in document.get("calendar", [])
    ]
    _describe_targets(consultation, document)


def _describe_targets(consultation: Consultation, document: dict[str, Any]) -> None:
    """Set axes and populations, keeping the rows whose codes stay."""
    for model, rows, name in (
        (StrategyAxis, consultation.axes, "axes"),
        (TargetPopulation, consultation.populations, "populations"),
    ):
        known = {row.code: row for row in rows}
        kept = []
        for position, item in enumerate(document.get(name, []), 1):
            row = known.get(item["code"]) or model(code=item["code"])
            row.position, row.title = position, Texts(item["title"])
            kept.append(row)
        setattr(consultation, name, kept)


def _add_notice(consultation: Consultation, notice: dict[str, Any], *, now: datetime) -> None:
    """Add the first version of the privacy notice."""
    consultation.notices.append(
        PrivacyNotice(
            version=1,
            body=Texts(notice["body"]),
            statement=Texts(notice["statement"]),
            published_at=now,
        )
    )


def _add_questionnaire(
    session: Session, consultation: Consultation, sections: list[dict[str, Any]], *, now: datetime
) -> None:
    """Add the first version of the questionnaire, published."""
    questionnaire = Questionnaire(
        version=1, state=QuestionnaireState.PUBLISHED, created_at=now, published_at=now
    )
    consultation.questionnaires.append(questionnaire)
    session.flush()
    axes = {axis.code: axis.id for axis in consultation.axes}
    for position, item in enumerate(sections, 1):
        section = Section(
            position=position,
            title=Texts(item["title"]),
            intro=Texts(item.get("intro", {})),
            minutes=item.get("minutes", 2),
            key=item.get("key"),
            visible_if=item.get("visible_if"),
        )
        questionnaire.sections.append(section)
        session.flush()
        section.questions = [
            _question(questionnaire, number, question, axes)
            for number, question in enumerate(item.get("questions", []), 1)
        ]
    session.flush()


def _question(
    questionnaire: Questionnaire, position: int, item: dict[str, Any], axes: dict[str, int]
) -> Question:
    """Make a question from its description."""
    return Question(
        questionnaire_id=questionnaire.id,
        position=position,
        key=item["key"],
        kind=item["kind"],
        label=Texts(item["label"]),
        hint=Texts(item.get("hint", {})),
        is_required=bool(item.get("is_required", False)),
        options=item.get("options", []),
        rules=item.get("rules", {}),
        visible_if=item.get("visible_if"),
        validity=item.get("validity"),
        axis_id=axes.get(item.get("axis", "")),
    )
