"""Consultations and questionnaires as the interface for programs gives them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.consultations.models import Consultation, Question, Questionnaire, Section


def consultation_item(consultation: Consultation, *, now: datetime) -> dict[str, Any]:
    """Return what a list says of a consultation."""
    return {
        "slug": consultation.slug,
        "title": consultation.title,
        "summary": consultation.summary,
        "opens_at": consultation.opens_at,
        "closes_at": consultation.closes_at,
        "stage": consultation.stage_at(now).value,
        "is_fictional": consultation.is_fictional,
    }


def consultation_data(consultation: Consultation, *, now: datetime) -> dict[str, Any]:
    """Return all that is public of a consultation."""
    notice = consultation.notice
    return consultation_item(consultation, now=now) | {
        "purpose": consultation.purpose,
        "who_may_answer": consultation.who_may_answer,
        "outcome": consultation.outcome,
        "regions": [{"code": region.code, "name": region.names} for region in consultation.regions],
        "notice": {
            "version": notice.version,
            "statement": notice.statement,
            "body": notice.body,
        },
        "questionnaire_version": consultation.questionnaire.version,
    }


def questionnaire_item(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return what a list says of a version."""
    return {"version": questionnaire.version, "published_at": questionnaire.published_at}


def questionnaire_data(questionnaire: Questionnaire) -> dict[str, Any]:
    """Return a version with its questions."""
    sections = [_section(section) for section in questionnaire.sections]
    return questionnaire_item(questionnaire) | {"sections": sections}


def _section(section: Section) -> dict[str, Any]:
    """Return a section."""
    return {
        "title": section.title,
        "intro": section.intro,
        "visible_if": section.visible_if,
        "questions": [_question(question) for question in section.questions],
    }


def _question(question: Question) -> dict[str, Any]:
    """Return a question."""
    return {
        "key": question.key,
        "kind": question.kind,
        "label": question.label,
        "hint": question.hint,
        "is_required": question.is_required,
        "options": question.options,
        "rules": question.rules,
        "visible_if": question.visible_if,
    }
