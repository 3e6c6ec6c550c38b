"""Staff pages of the builder: versions, the outline of the one being written, its parts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.blueprint import bp
from app.consultations.building import checking, labels, operations, queries, versions
from app.consultations.building.content import stamp
from app.consultations.building.differences import differences
from app.consultations.building.errors import (
    ChangedMeanwhileError,
    NotConfirmedError,
    NothingChangedError,
    NotPublishableError,
)
from app.consultations.building.forms import (
    PublishForm,
    SectionForm,
    subjects_of,
)
from app.consultations.building.rows import in_words
from app.consultations.models import Consultation, Question, Questionnaire, Section
from app.consultations.queries import get_consultation
from app.consultations.xlsform.forms import FormFileForm
from app.consultations.xlsform.remarks import remarks_of
from app.core import clock
from app.core.access import Role, ensure, requires
from app.core.db import db
from app.core.i18n import language
from app.organisations.models import ActorType

#: Who writes questionnaires.
WRITERS = (Role.ADMINISTRATOR, Role.ANALYST)
Page = Response | str | tuple[str, int]
BASE = "/staff/consultations/<slug>/questionnaire"
NUMBER = "<int(max=2147483647):id>"


def consultation_of(slug: str) -> Consultation:
    """Return a consultation whose questionnaire the reader may write."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *WRITERS, consultation=consultation.id)
    return consultation


def back(consultation: Consultation, anchor: str | None = None) -> Response:
    """Lead back to the outline."""
    address = url_for("consultations.questionnaire", slug=consultation.slug, _anchor=anchor)
    return redirect(address, 303)


# --- the outline --------------------------------------------------------------------------------


@bp.get(BASE)
@requires(*WRITERS)
def questionnaire(slug: str) -> str:
    """Show the versions, and the outline of the one being written."""
    consultation = consultation_of(slug)
    return outline_page(consultation)


def outline_page(
    consultation: Consultation,
    problem: str = "",
    publish_form: PublishForm | None = None,
    file_form: FormFileForm | None = None,
) -> str:
    """Render the outline."""
    draft = consultation.draft_questionnaire
    shown = draft or next(reversed(consultation.questionnaires), None)
    findings = checking.check(draft) if draft else []
    form = publish_form or PublishForm()
    form.version.data = draft.version if draft else ""
    return render_template(
        "consultations/building/questionnaire.html",
        consultation=consultation,
        draft=draft,
        shown=shown,
        versions=_with_differences(consultation),
        findings=findings,
        n_errors=sum(finding.is_error for finding in findings),
        remarks=remarks_of(shown.source) if shown else [],
        problem=problem,
        form=form,
        file_form=file_form or FormFileForm(),
        labels=labels,
        stamp=stamp,
        in_words=worded(shown),
    )


def _with_differences(consultation: Consultation) -> list[tuple[Questionnaire, Any]]:
    """Return the versions, the newest first, each with what it changed."""
    every = list(consultation.questionnaires)
    pairs = zip([None, *every], every, strict=False)
    return [(one, differences(before, one) if before else None) for before, one in pairs][::-1]


def worded(version: Questionnaire | None) -> Callable[[Any], str]:
    """Return the function by which the page writes conditions of a version."""
    questions = {one.key: one for one in version.questions} if version else {}

    def write(condition: Any) -> str:
        """Write a condition in words."""
        return in_words(condition, questions, language().code)

    return write


@bp.post(BASE)
@requires(*WRITERS)
def questionnaire_decide(slug: str) -> Page:
    """Begin a version, discard it or publish it."""
    consultation = consultation_of(slug)
    decision = request.form.get("decision", "")
    if decision == "begin":
        draft = versions.draft_of(db.session(), current_user, consultation, now=clock.now())
        db.session.commit()
        flash(_("Version %(number)s is open for writing.", number=draft.version))
    elif decision == "discard":
        versions.discard(db.session(), current_user, consultation, now=clock.now())
        db.session.commit()
        flash(_("The version being written was discarded; what is answered has not changed."))
    elif decision == "publish":
        return _publish(consultation)
    return back(consultation)


def _publish(consultation: Consultation) -> Page:
    """Publish the version being written, or say what is in the way."""
    form = PublishForm()
    number = form.version.data or ""
    try:
        version = versions.publish(
            db.session(),
            current_user,
            consultation,
            version=int(number) if number.isdecimal() and len(number) < 9 else 0,
            accepts_remarks=form.accept.data,
            now=clock.now(),
        )
    except (NotPublishableError, NotConfirmedError, NothingChangedError) as error:
        db.session.rollback()
        return outline_page(consultation, error.text(), form), error.status
    db.session.commit()
    flash(_("Version %(number)s is now the one being answered.", number=version.version))
    return back(consultation)


# --- sections -----------------------------------------------------------------------------------


@bp.route(f"{BASE}/sections/new", methods=["GET", "POST"])
@requires(*WRITERS)
def section_new(slug: str) -> Page:
    """Add a section at the end."""
    consultation = consultation_of(slug)
    draft = queries.get_draft(db.session(), consultation)
    form = SectionForm(None, subjects(draft.questions))
    if request.method == "GET":
        form.seen.data = str(len(draft.sections) + 1)
        return _section_page(consultation, form, None)
    if add_row(form):
        return _section_page(consultation, form, None)
    values = form.values(kinds_of(draft.questions)) if form.validate() else {}
    if list(form.problems()):
        return _section_page(consultation, form, None), 422
    position = form.seen.data or ""
    section = operations.add_section(
        db.session(),
        current_user,
        consultation,
        values,
        position=int(position) if position.isdecimal() and len(position) < 9 else 0,
        now=clock.now(),
    )
    db.session.commit()
    return back(consultation, f"section-{section.id}")


@bp.route(f"{BASE}/sections/{NUMBER}", methods=["GET", "POST"])
@requires(*WRITERS)
def section_edit(slug: str, id: int) -> Page:  # noqa: A002
    """Change a section."""
    consultation = consultation_of(slug)
    draft = queries.get_draft(db.session(), consultation)
    section = queries.get_section(db.session(), draft, id)
    earlier = [one for one in draft.questions if is_before(one, section, draft)]
    form = SectionForm(section, subjects(earlier))
    if request.method == "GET":
        form.seen.data = stamp(section)
        return _section_page(consultation, form, section)
    if add_row(form):
        return _section_page(consultation, form, section)
    values = form.values(kinds_of(earlier)) if form.validate() else {}
    if list(form.problems()):
        return _section_page(consultation, form, section), 422
    try:
        operations.edit_section(
            db.session(), current_user, consultation, id, values,
            seen=form.seen.data or "", now=clock.now(),
        )  # fmt: skip
    except ChangedMeanwhileError as error:
        db.session.rollback()
        form.seen.data = stamp(section)
        return _section_page(consultation, form, section, error.text()), error.status
    db.session.commit()
    return back(consultation, f"section-{id}")


def is_before(question: Question, section: Section, draft: Questionnaire) -> bool:
    """Tell whether a question is asked before a section begins."""
    places = {one.id: one.position for one in draft.sections}
    return places[question.section_id] < section.position


def _section_page(
    consultation: Consultation, form: SectionForm, section: Section | None, problem: str = ""
) -> str:
    """Render a section's form."""
    return render_template(
        "consultations/building/section.html",
        consultation=consultation,
        form=form,
        section=section,
        problem=problem,
        actors=actors(),
        in_words=worded(consultation.draft_questionnaire),
    )


@bp.post(f"{BASE}/sections/{NUMBER}/move")
@requires(*WRITERS)
def section_move(slug: str, id: int) -> Page:  # noqa: A002
    """Move a section to the place that the button names."""
    consultation = consultation_of(slug)
    operations.move_section(
        db.session(), current_user, consultation, id, position=position(), now=clock.now()
    )
    db.session.commit()
    return back(consultation, f"section-{id}")


@bp.post(f"{BASE}/sections/{NUMBER}/delete")
@requires(*WRITERS)
def section_delete(slug: str, id: int) -> Page:  # noqa: A002
    """Delete a section without questions."""
    consultation = consultation_of(slug)
    operations.delete_section(db.session(), current_user, consultation, id, now=clock.now())
    db.session.commit()
    flash(_("The section was deleted."))
    return back(consultation, "outline")


# --- what they share ----------------------------------------------------------------------------


def position() -> int:
    """Return the place that a button names; nonsense is the first."""
    text = request.form.get("position", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 1


def subjects(questions: list[Question]) -> list[tuple[str, str]]:
    """Return what a condition may speak of."""
    capacity = ("actor_type", _("In what capacity one answers"))
    return [capacity, *subjects_of(questions, language().code)]


def kinds_of(questions: list[Question]) -> dict[str, str]:
    """Return the kinds of questions by their keys."""
    return {one.key: one.kind for one in questions}


def actors() -> Mapping[str, str]:
    """Return the capacities in which one answers, by code."""
    lang = language().code
    return {kind.value: kind.texts.best(lang)[0] for kind in ActorType}


def add_row(form: Any) -> bool:
    """Do what a button inside the form asks: one more row, or the fields of another kind."""
    go = request.form.get("go", "save")
    verb, _sign, name = go.partition(":")
    if verb == "kind":
        return True
    if verb == "add" and name in form and hasattr(form[name], "append_entry"):
        rows = form[name]
        if len(rows.entries) < (rows.max_entries or 0):
            rows.append_entry()
            if hasattr(rows[-1].form, "subject"):
                rows[-1].form.subject.choices = rows[0].form.subject.choices
        return True
    if verb in {"up", "down"}:
        name, _sign, number = name.partition(":")
        return _swap(form, name, number, -1 if verb == "up" else 1)
    return False


def _swap(form: Any, name: str, number: str, by: int) -> bool:
    """Change the places of two rows of options."""
    rows = form[name].entries if name in {"options", "columns"} and name in form else []
    at = int(number) if number.isdecimal() and len(number) < 5 else -1
    if 0 <= at < len(rows) and 0 <= at + by < len(rows):
        for part in ("code", "fr", "ar", "en", "is_open"):
            one, other = rows[at].form[part], rows[at + by].form[part]
            one.data, other.data = other.data, one.data
    return bool(rows)
