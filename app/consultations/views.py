"""Public pages of the consultations: the list, each one, and its documents."""

from __future__ import annotations

from flask import render_template

from app.consultations.blueprint import bp
from app.consultations.building import question_views as questions
from app.consultations.building import views as building
from app.consultations.calendar import days_left, last_day, meetings
from app.consultations.models import Consultation, Stage
from app.consultations.notices import views as notices
from app.consultations.queries import all_consultations, get_consultation, get_document
from app.consultations.xlsform import views as xlsform
from app.core import clock
from app.core.access import public
from app.core.db import db

__all__ = ["bp", "building", "questions", "xlsform"]

notices.add_to(bp)


@bp.app_template_filter("last_day")
def _last_day(consultation: Consultation) -> object:
    """Lend the last day on which one may answer to templates."""
    return last_day(consultation)


@bp.get("/consultations")
@public
def index() -> str:
    """List the consultations: open ones, then those to come, then those that have closed."""
    now = clock.now()
    consultations = list(db.session.scalars(all_consultations()))
    by_stage = {
        stage: [one for one in consultations if one.stage_at(now) is stage]
        for stage in (Stage.OPEN, Stage.COMING, Stage.CLOSED)
    }
    left = {one.id: days_left(one, now) for one in by_stage[Stage.OPEN]}
    return render_template("consultations/index.html", by_stage=by_stage, days_left=left)


@bp.get("/consultations/<slug>")
@public
def show(slug: str) -> str:
    """Show a consultation: in brief, what is asked, calendar, documents, notice."""
    now = clock.now()
    consultation = get_consultation(db.session(), slug)
    sections = consultation.questionnaire.sections
    minutes = sum(section.minutes for section in sections)
    return render_template(
        "consultations/show.html",
        consultation=consultation,
        stage=consultation.stage_at(now),
        days_left=days_left(consultation, now),
        meetings=meetings(consultation, now),
        sections=sections,
        minutes=minutes,
    )


@bp.get("/consultations/<slug>/documents/<int:id>")
@public
def document(slug: str, id: int) -> str:  # noqa: A002
    """Show one of a consultation's documents."""
    consultation = get_consultation(db.session(), slug)
    shown = get_document(db.session(), consultation, id)
    return render_template("consultations/document.html", consultation=consultation, document=shown)
