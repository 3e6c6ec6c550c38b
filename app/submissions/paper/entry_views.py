"""Staff pages of typing: a copy, what somebody said, and settling two readings of a copy."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Questionnaire
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError, ForbiddenError
from app.core.files import operations as files
from app.core.files.errors import FileRefusedError
from app.core.files.kinds import SCANS
from app.core.files.models import StoredFile
from app.core.i18n import language
from app.core.jobs.queue import announce
from app.organisations.models import ActorType
from app.submissions import answers
from app.submissions.attachments.operations import read_later
from app.submissions.blueprint import bp
from app.submissions.display import write
from app.submissions.models import PaperForm
from app.submissions.paper import operations
from app.submissions.paper.conditions import InWords
from app.submissions.paper.errors import AgreementMissingError
from app.submissions.paper.forms import SOURCES, EntryForm, entry_form
from app.submissions.paper.operations import ENTRY, Typed
from app.submissions.paper.settling import settle
from app.submissions.places import load_places
from app.submissions.receipts import written
from app.submissions.steps import Way

Page = Response | str | tuple[str, int]


def _form(
    consultation: Consultation, questionnaire: Questionnaire, values: dict[str, Any]
) -> EntryForm:
    """Build the form of a whole questionnaire."""
    load = partial(load_places, db.session(), consultation)
    form = entry_form(questionnaire, values, load)
    form.page_key.data = form.page_key.data or secrets.token_urlsafe(16)
    return form


def _show(
    consultation: Consultation,
    questionnaire: Questionnaire,
    form: EntryForm,
    *,
    copy: PaperForm | None,
    turn: int = 1,
    refusal: DomainError | None = None,
) -> str:
    """Render the page of typing."""
    return render_template(
        "submissions/paper/entry.html",
        consultation=consultation,
        questionnaire=questionnaire,
        form=form,
        copy=copy,
        code=written(copy.code) if copy else "",
        turn=turn,
        problems=list(form.problems()),
        refusal=refusal,
        words=InWords(questionnaire),
        shows_missing=form.answers_missing() or bool(form.keep_missing.data),
    )


def _copy_of(slug: str, code: str) -> tuple[Consultation, PaperForm, Questionnaire]:
    """Return a copy that the reader may type in."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    copy = operations.get_copy(db.session(), consultation, code)
    if not operations.covers(current_user, consultation, copy.run.region_code):
        raise ForbiddenError
    return consultation, copy, db.session.get_one(Questionnaire, copy.run.questionnaire_id)


@bp.get("/staff/consultations/<slug>/paper/copies/<code>")
@requires(*ENTRY)
def paper_copy(slug: str, code: str) -> Page:
    """Show the questionnaire of a copy, empty: the second reader sees nothing of the first."""
    consultation, copy, questionnaire = _copy_of(slug, code)
    turn = operations.turn_of(copy, current_user)
    return _show(
        consultation, questionnaire, _form(consultation, questionnaire, {}), copy=copy, turn=turn
    )


@bp.post("/staff/consultations/<slug>/paper/copies/<code>")
@requires(*ENTRY)
def paper_enter(slug: str, code: str) -> Page:
    """Write down what was read on a copy."""
    consultation, copy, questionnaire = _copy_of(slug, code)

    def record(typed: Typed) -> None:
        """Write down one reading."""
        operations.enter_copy(
            db.session(),
            current_user,
            consultation,
            questionnaire,
            copy,
            typed,
            now=clock.now(),
        )

    page = _take(consultation, questionnaire, copy, record)
    if page is not None:
        return page
    flash(_("Form %(code)s is recorded. Type the next code.", code=written(copy.code)))
    return redirect(url_for("submissions.paper", slug=slug, _anchor="code"), 303)


@bp.get("/staff/consultations/<slug>/paper/assisted")
@requires(*ENTRY)
def assisted(slug: str) -> Page:
    """Show the questionnaire, for somebody who speaks to an agent."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    questionnaire = consultation.questionnaire
    return _show(consultation, questionnaire, _form(consultation, questionnaire, {}), copy=None)


@bp.post("/staff/consultations/<slug>/paper/assisted")
@requires(*ENTRY)
def assisted_enter(slug: str) -> Page:
    """Record what somebody said, and show the receipt to be read to them."""
    consultation = get_consultation(db.session(), slug)
    operations.ensure_may_enter(current_user, consultation)
    made = []

    def record(typed: Typed) -> None:
        """Write down what was said."""
        key = request.form.get("page_key", "")[:64]
        made.append(
            operations.enter_assisted(
                db.session(), current_user, consultation, typed, key=key, now=clock.now()
            )
        )

    page = _take(consultation, consultation.questionnaire, None, record)
    if page is not None:
        return page
    flash(
        _(
            "Recorded. Read this code to the person, or write it down for them: %(code)s",
            code=made[0].receipt,
        )
    )
    return redirect(url_for("submissions.show", id=made[0].id), 303)


def _take(
    consultation: Consultation,
    questionnaire: Questionnaire,
    copy: PaperForm | None,
    record: Callable[[Typed], None],
) -> Page | None:
    """Check what was typed and record it; return the page again if that cannot be done."""
    form = _form(consultation, questionnaire, {})
    turn = 1 if copy is None else len(copy.entries) + 1
    show = partial(_show, consultation, questionnaire, form, copy=copy, turn=turn)
    if request.form.get("go", "").startswith("communes:"):
        return show()
    way = Way(questionnaire, form.typed(), [])
    try:
        scan = _kept_scan(form) if form.examine(way) else None
    except FileRefusedError as error:
        form.scan.errors = [error.text()]
        return show(), error.status
    if list(form.problems()):
        return show(), 422
    try:
        record(_typed(form, way, is_paper=copy is not None, scan=scan))
        job = read_later(db.session(), scan, now=clock.now()) if scan is not None else None
        db.session.commit()
    except DomainError as error:
        db.session.rollback()
        if isinstance(error, AgreementMissingError):
            form.agree.errors = [error.text()]
            return show(), error.status
        return show(refusal=error), error.status
    if job is not None:
        announce(job)
    return None


def _kept_scan(form: EntryForm) -> StoredFile | None:
    """Keep the picture of the form, if one was sent."""
    upload = form.scan.data
    if not upload or not upload.filename:
        return None
    return files.keep(
        db.session(),
        upload.stream,
        name=upload.filename,
        actor_id=current_user.id,
        now=clock.now(),
        allowed=SCANS,
    )


def _typed(form: EntryForm, way: Way, *, is_paper: bool, scan: StoredFile | None) -> Typed:
    """Return what was typed, validated."""
    given = form.typed()
    checked = answers.check(way.questionnaire.questions, given, given.get("actor_type"))
    try:
        actor, organisation = answers.validate_actor(
            given.get("actor_type"), given.get("organisation")
        )
    except DomainError:
        # Whoever types has said that the form leaves it empty.
        actor, organisation = _actor_as_left(given), str(given.get("organisation") or "")
    source = form.source.data if form.source.data in dict(SOURCES) else "counter"
    return Typed(
        values=checked.values,
        actor_type=actor,
        organisation=organisation,
        source="paper" if is_paper else source,
        lang=language().code,
        said_by=form.said_by.data or "",
        said_at=_noon(form.said_on.data),
        has_agreed=bool(form.agree.data),
        scan=scan,
    )


def _actor_as_left(given: dict[str, Any]) -> ActorType:
    """Return in what capacity somebody answers who did not say all of it."""
    return next(
        (kind for kind in answers.ACTOR_TYPES if kind == given.get("actor_type")),
        ActorType.UNKNOWN,
    )


def _noon(day: date | None) -> datetime | None:
    """Return the middle of a civil day."""
    return None if day is None else datetime.combine(day, time(12), clock.CIVIL_ZONE)


# --- settling -----------------------------------------------------------------------------------


@bp.get("/staff/consultations/<slug>/paper/copies/<code>/differences")
@requires(*ENTRY)
def paper_differences(slug: str, code: str) -> str:
    """Show the two readings of a copy, question by question."""
    return _differences(*_copy_of(slug, code))


def _differences(
    consultation: Consultation,
    copy: PaperForm,
    questionnaire: Questionnaire,
    refusal: DomainError | None = None,
) -> str:
    """Render the two readings."""
    found = copy.entries[1].differences if len(copy.entries) > 1 else {}
    questions = {question.key: question for question in questionnaire.questions}
    rows = []
    for key, one in found.items():
        question = questions.get(key)
        readings = [
            write(db.session(), question, one[name]) if question else one[name]
            for name in ("first", "second")
        ]
        rows.append((key, question, readings, one.get("kept")))
    return render_template(
        "submissions/paper/differences.html",
        consultation=consultation,
        copy=copy,
        code=written(copy.code),
        rows=rows,
        is_open=any(kept is None for *_row, kept in rows),
        refusal=refusal,
        chosen=request.form,
        actors={str(kind): kind.texts for kind in ActorType},
    )


@bp.post("/staff/consultations/<slug>/paper/copies/<code>/differences")
@requires(*ENTRY)
def paper_settle(slug: str, code: str) -> Page:
    """Keep one reading of each difference."""
    _consultation, copy, questionnaire = _copy_of(slug, code)
    chosen = {
        name.removeprefix("keep-"): value
        for name, value in request.form.items()
        if name.startswith("keep-")
    }
    try:
        settle(db.session(), current_user, questionnaire, copy, chosen, now=clock.now())
    except DomainError as error:
        db.session.rollback()
        return _differences(*_copy_of(slug, code), refusal=error), error.status
    db.session.commit()
    flash(_("The differences of form %(code)s are settled.", code=written(copy.code)))
    return redirect(url_for("submissions.paper_run", id=copy.run_id), 303)
