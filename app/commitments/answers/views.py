"""Staff pages: which themes are answered, and one answer with its history."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.commitments.answers import queries
from app.commitments.answers.content import Content
from app.commitments.answers.differences import history
from app.commitments.answers.errors import AnswerChangedError
from app.commitments.answers.forms import AnswerForm
from app.commitments.answers.labels import STATES
from app.commitments.answers.operations import READERS, WRITERS, answerable, save
from app.commitments.answers.scope import ensure_reader
from app.commitments.answers.showing import progress_of
from app.commitments.blueprint import bp
from app.commitments.models import ThemeAnswer
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.reports.presentation import View
from app.reports.queries import newest_report
from app.reports.withheld import body_shown
from app.submissions.views.codes import Page
from app.themes.models import Theme


def _found(slug: str) -> Consultation:
    """Return a consultation whose answers the reader may read."""
    consultation = get_consultation(db.session(), slug)
    ensure_reader(db.session(), current_user, consultation.id)
    return consultation


def _may_write(consultation: Consultation) -> bool:
    """Tell whether the reader writes answers."""
    return bool(current_user.may(WRITERS, consultation=consultation.id))


@bp.get("/staff/consultations/<slug>/answers")
@requires(*READERS)
def answers(slug: str) -> str:
    """List the themes of the newest report, those without an answer first."""
    consultation = _found(slug)
    session = db.session()
    report = newest_report(session, consultation.id)
    rows, view = [], None
    if report is not None:
        view = View(report.body)
        rows = queries.load_answered(session, report, report.body, with_drafts=True)
        rows.sort(key=_progress)
    return render_template(
        "commitments/answers.html",
        consultation=consultation,
        report=report,
        view=view,
        rows=rows,
        states=STATES,
        may_write=_may_write(consultation),
    )


def _progress(row: queries.Answered) -> int:
    """Return how far an answer is: none, a draft, published."""
    return 0 if row.answer is None else 2 if row.state else 1


@bp.get("/staff/consultations/<slug>/answers/<int:id>")
@requires(*READERS)
def answer(slug: str, id: int) -> Page:  # noqa: A002
    """Show the answer to a theme, its history, and the form that changes it."""
    consultation = _found(slug)
    theme = answerable(db.session(), consultation, id)
    if theme.id != id:
        return redirect(url_for("commitments.answer", slug=slug, id=theme.id))
    row = queries.find_answer(db.session(), theme.id)
    form = AnswerForm.of(Content.of(row) if row else None, row.revision if row else 0)
    return _page(consultation, theme, row, form)


@bp.post("/staff/consultations/<slug>/answers/<int:id>")
@requires(*WRITERS)
def save_answer(slug: str, id: int) -> Page:  # noqa: A002
    """Save an answer as a draft, or let everybody read it."""
    consultation = _found(slug)
    session = db.session()
    theme = answerable(session, consultation, id)
    row = queries.find_answer(session, theme.id)
    form = AnswerForm()
    publish = request.form.get("go") == "publish"
    is_public = publish or (row is not None and row.published_at is not None)
    if not form.validate_for(public=is_public):
        return _page(consultation, theme, row, form), 422
    try:
        save(
            session,
            current_user,
            consultation,
            theme,
            form.content,
            seen=form.revision_seen,
            publish=publish,
            now=clock.now(),
        )
    except AnswerChangedError as error:
        session.rollback()
        return _conflict(consultation, theme, form, error), 409
    session.commit()
    flash(
        _("The answer is published. Those who asked to be told will be.")
        if is_public
        else _("The draft is saved. Nobody outside sees it.")
    )
    return redirect(url_for("commitments.answer", slug=slug, id=theme.id), 303)


def _conflict(
    consultation: Consultation, theme: Theme, form: AnswerForm, error: AnswerChangedError
) -> str:
    """Show what was typed beside what stands now; saving again is then done knowingly."""
    row = queries.find_answer(db.session(), theme.id)
    form.seen.data = str(row.revision if row else 0)
    return _page(consultation, theme, row, form, conflict=error.text())


def _page(
    consultation: Consultation,
    theme: Theme,
    row: ThemeAnswer | None,
    form: AnswerForm,
    conflict: str = "",
) -> str:
    """Render the editor."""
    session = db.session()
    report = newest_report(session, consultation.id)
    body = body_shown(session, report) if report else {"themes": []}
    families = queries.Families(session, consultation.id)
    reported = next((one for one in body["themes"] if families.holder(one["id"]) == theme.id), None)
    today = clock.now().astimezone(CIVIL_ZONE).date()
    followed = queries.load_followed(session, consultation.id, families)
    return render_template(
        "commitments/answer.html",
        consultation=consultation,
        theme=theme,
        reported=reported,
        report=report,
        body=body,
        view=View(body) if report else None,
        answer=row,
        form=form,
        conflict=conflict,
        states=STATES,
        steps=history(list(row.versions)) if row else [],
        left_behind=queries.answers_left_behind(session, families, theme.id),
        measures=[progress_of(one, today=today) for one in followed.of(theme.id)],
        may_write=_may_write(consultation),
    )
