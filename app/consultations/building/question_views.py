"""Staff pages of the builder: the questions of the version being written."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.consultations.blueprint import bp
from app.consultations.building import labels, operations, queries
from app.consultations.building.content import stamp
from app.consultations.building.errors import BadKeyError, ChangedMeanwhileError, KeyTakenError
from app.consultations.building.forms import QuestionForm
from app.consultations.building.views import (
    BASE,
    NUMBER,
    WRITERS,
    Page,
    actors,
    add_row,
    back,
    consultation_of,
    is_before,
    kinds_of,
    outline_page,
    position,
    subjects,
    worded,
)
from app.consultations.models import Consultation, Question, Section
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language


@bp.route(f"{BASE}/sections/{NUMBER}/questions/new", methods=["GET", "POST"])
@requires(*WRITERS)
def question_new(slug: str, id: int) -> Page:  # noqa: A002
    """Add a question at the end of a section."""
    consultation = consultation_of(slug)
    draft = queries.get_draft(db.session(), consultation)
    section = queries.get_section(db.session(), draft, id)
    earlier = [
        one for one in draft.questions if is_before(one, section, draft) or one in section.questions
    ]
    form = _question_form(consultation, None, earlier, request.args.get("kind", ""))
    if request.method == "GET" or add_row(form):
        return _question_page(consultation, form, section)
    own = form.key.data or operations.suggested_key(
        form.label_fr.data or form.label_ar.data or form.label_en.data or "",
        {one.key for one in draft.questions},
    )
    values = form.values(kinds_of(earlier), own) if form.validate() else {}
    if list(form.problems()):
        return _question_page(consultation, form, section), 422
    try:
        question = operations.add_question(
            db.session(), current_user, consultation, id, values, now=clock.now()
        )
    except (BadKeyError, KeyTakenError) as error:
        db.session.rollback()
        form.key.errors = [error.text()]
        return _question_page(consultation, form, section), error.status
    db.session.commit()
    return back(consultation, f"question-{question.id}")


@bp.route(f"{BASE}/questions/{NUMBER}", methods=["GET", "POST"])
@requires(*WRITERS)
def question_edit(slug: str, id: int) -> Page:  # noqa: A002
    """Change a question."""
    consultation = consultation_of(slug)
    draft = queries.get_draft(db.session(), consultation)
    question = queries.get_question(db.session(), draft, id)
    section = queries.get_section(db.session(), draft, question.section_id)
    order = draft.questions
    earlier = order[: order.index(question)]
    form = _question_form(consultation, question, earlier)
    if request.method == "GET":
        form.seen.data = stamp(question)
        return _question_page(consultation, form, section, question)
    if add_row(form):
        return _question_page(consultation, form, section, question)
    own = form.key.data or question.key
    values = form.values(kinds_of(earlier), own) if form.validate() else {}
    if list(form.problems()):
        return _question_page(consultation, form, section, question), 422
    try:
        operations.edit_question(
            db.session(), current_user, consultation, id, values,
            seen=form.seen.data or "", now=clock.now(),
        )  # fmt: skip
    except (BadKeyError, KeyTakenError) as error:
        db.session.rollback()
        form.key.errors = [error.text()]
        return _question_page(consultation, form, section, question), error.status
    except ChangedMeanwhileError as error:
        db.session.rollback()
        form.seen.data = stamp(question)
        page = _question_page(consultation, form, section, question, error.text())
        return page, error.status
    db.session.commit()
    return back(consultation, f"question-{id}")


def _question_form(
    consultation: Consultation, question: Question | None, earlier: list[Question], kind: str = ""
) -> QuestionForm:
    """Return a question's form."""
    lang = language().code
    axes = {axis.id: axis.title.best(lang)[0] for axis in consultation.axes}
    return QuestionForm(question, subjects(earlier), axes, kind)


def _question_page(
    consultation: Consultation,
    form: QuestionForm,
    section: Section,
    question: Question | None = None,
    problem: str = "",
) -> str:
    """Render a question's form."""
    return render_template(
        "consultations/building/question.html",
        consultation=consultation,
        form=form,
        section=section,
        question=question,
        problem=problem,
        labels=labels,
        actors=actors(),
        in_words=worded(consultation.draft_questionnaire),
    )


@bp.post(f"{BASE}/questions/{NUMBER}/move")
@requires(*WRITERS)
def question_move(slug: str, id: int) -> Page:  # noqa: A002
    """Move a question to the section and the place that the button names."""
    consultation = consultation_of(slug)
    section = request.form.get("section", "")
    operations.move_question(
        db.session(),
        current_user,
        consultation,
        id,
        section_id=int(section) if section.isdecimal() and len(section) < 10 else 0,
        position=position(),
        now=clock.now(),
    )
    db.session.commit()
    return back(consultation, f"question-{id}")


@bp.post(f"{BASE}/questions/{NUMBER}/delete")
@requires(*WRITERS)
def question_delete(slug: str, id: int) -> Page:  # noqa: A002
    """Delete a question."""
    consultation = consultation_of(slug)
    seen = request.form.get("seen", "")
    try:
        operations.delete_question(
            db.session(), current_user, consultation, id, seen=seen, now=clock.now()
        )
    except DomainError as error:
        db.session.rollback()
        return outline_page(consultation, error.text()), error.status
    db.session.commit()
    flash(_("The question was deleted from the version being written."))
    return back(consultation, "outline")
