"""Pages of moderation: the queue, a case, and the page on which readers point at words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.security import limiter
from app.consultations.queries import get_consultation
from app.core import audit, clock
from app.core.access import STAFF, public, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.text import clean_text
from app.organisations.models import ActorType
from app.submissions.blueprint import bp
from app.submissions.masking import Spot, masks_of
from app.submissions.models import Answer, ModerationCase, Redaction, Submission
from app.submissions.models.care import CaseReason, CaseSource, CaseState
from app.submissions.moderation import labels, letters, operations, queries
from app.submissions.moderation.forms import DecisionForm, ReportForm
from app.submissions.moderation.queries import CaseFilter
from app.submissions.reach import ensure_reach
from app.submissions.views.common import scope_for

Page = Response | str | tuple[str, int]

#: A reader points at few things; a program would at many.
seldom: Callable[[Callable[..., Page]], Callable[..., Page]] = limiter.limit("10 per hour")

#: Cases on a page.
PAGE = 20


@dataclass(frozen=True)
class Part:
    """A stretch of an answer, and the mask it is under if it is.

    :ivar kind: what is masked, empty for words that everybody may read.
    """

    words: str
    kind: str = ""


def parts_of(answer: Answer, masks: list[Redaction]) -> list[Part]:
    """Cut an answer's text at its masks."""
    text, parts, done = answer.text or "", [], 0
    spots = [Spot(m.start, m.end, m.kind) for m in masks if m.answer_id == answer.id]
    for spot in sorted(spots):
        if spot.start >= done:
            parts += [Part(text[done : spot.start]), Part(text[spot.start : spot.end], spot.kind)]
            done = spot.end
    return [part for part in [*parts, Part(text[done:])] if part.words]


@bp.get("/staff/consultations/<slug>/moderation")
@requires(*operations.MODERATORS)
def moderation(slug: str) -> Page:
    """List what waits for a decision, or what was decided."""
    session = db.session()
    consultation = get_consultation(session, slug)
    scope = scope_for(session, current_user, consultation, roles=operations.MODERATORS)
    narrowed = CaseFilter(
        state=request.args.get("state", CaseState.OPEN),
        reason=request.args.get("reason", ""),
        source=request.args.get("source", ""),
    )
    number = max(request.args.get("page", 1, type=int), 1)
    total = session.scalar(queries.n_cases(scope, narrowed)) or 0
    rows = session.scalars(
        queries.cases(scope, narrowed).limit(PAGE).offset((number - 1) * PAGE)
    ).all()
    masks = masks_of(session, [a.id for case in rows for a in case.submission.answers])
    return render_template(
        "submissions/moderation.html",
        consultation=consultation,
        scope=scope,
        narrowed=narrowed,
        rows=rows,
        masks=masks,
        total=total,
        number=number,
        n_pages=-(-total // PAGE),
        labels=labels,
        actor_type=ActorType,
        n_machine=session.scalar(queries.n_cases(scope, CaseFilter(source=CaseSource.MACHINE))),
    )


@bp.get("/staff/moderation/<int(max=2147483647):id>")
@requires(*operations.MODERATORS)
def moderation_case(id: int) -> Page:  # noqa: A002  (the name in the address)
    """Show a case with all that was said."""
    case = queries.get_case(db.session(), id)
    operations.ensure_moderator(current_user, case.submission)
    return _case_page(case, DecisionForm(formdata=None))


def _case_page(case: ModerationCase, form: DecisionForm) -> Page:
    """Render a case."""
    session = db.session()
    submission = case.submission
    masks = list(session.scalars(queries.masks_in(submission.id)))
    shown = [one for one in masks if not one.is_lifted]
    texts = [(answer, parts_of(answer, shown)) for answer in submission.answers if answer.text]
    page = render_template(
        "submissions/moderation_case.html",
        consultation=submission.consultation,
        case=case,
        submission=submission,
        others=[one for one in session.scalars(queries.cases_of(submission.id)) if one is not case],
        texts=texts,
        masks=masks,
        form=form,
        labels=labels,
        actor=ActorType(submission.actor_type).texts,
    )
    return (page, 422) if form.errors else page


@bp.post("/staff/moderation/<int(max=2147483647):id>")
@requires(*operations.MODERATORS)
def moderation_decide(id: int) -> Page:  # noqa: A002
    """Decide a case, tell its author, go on to the next."""
    session = db.session()
    case = queries.get_case(session, id)
    operations.ensure_moderator(current_user, case.submission)
    form = DecisionForm()
    if not form.validate():
        return _case_page(case, form)
    words = [line.strip() for line in clean_text(form.words.data).splitlines() if line.strip()]
    try:
        operations.decide(
            session,
            current_user,
            case,
            CaseState(form.state.data),
            explanation=clean_text(form.explanation.data),
            words=words,
            now=clock.now(),
        )
    except DomainError as error:
        session.rollback()
        if error.status == 409:
            flash(error.text())
            return redirect(url_for("submissions.moderation_case", id=id), 303)
        if error.status != 422:
            raise
        field = (
            form.words if words and "words" in type(error).__name__.lower() else form.explanation
        )
        field.errors = [error.text()]
        return _case_page(queries.get_case(session, id), form)
    letters.tell_author(session, case, now=clock.now())
    session.commit()
    flash(_("The decision is recorded; its author reads it by their code."))
    return redirect(url_for("submissions.moderation", slug=case.submission.consultation.slug), 303)


@bp.post("/staff/moderation/<int(max=2147483647):id>/masks/<int(max=2147483647):mask>")
@requires(*operations.MODERATORS)
def moderation_mask(id: int, mask: int) -> Page:  # noqa: A002
    """Lift a mask, or put it back."""
    session = db.session()
    case = queries.get_case(session, id)
    row = session.get(Redaction, mask)
    if row is None or row.answer.submission_id != case.submission_id:
        raise NotFoundError
    is_lifted = request.form.get("lift") == "yes"
    operations.set_lifted(session, current_user, row, is_lifted=is_lifted, now=clock.now())
    session.commit()
    return redirect(url_for("submissions.moderation_case", id=id, _anchor="masks"), 303)


@bp.post("/staff/consultations/<slug>/moderation/accept")
@requires(*operations.MODERATORS)
def moderation_accept(slug: str) -> Page:
    """Accept what the machine masked in the cases that the page showed."""
    session = db.session()
    consultation = get_consultation(session, slug)
    scope_for(session, current_user, consultation, roles=operations.MODERATORS)
    n_done = 0
    for identity in request.form.getlist("case", type=int)[:PAGE]:
        case = session.get(ModerationCase, identity)
        if case is None or case.source != CaseSource.MACHINE or case.state != CaseState.OPEN:
            continue
        operations.decide(session, current_user, case, CaseState.MASKED, now=clock.now())
        letters.tell_author(session, case, now=clock.now())
        n_done += 1
    session.commit()
    flash(ngettext("%(num)s case is decided.", "%(num)s cases are decided.", n_done))
    return redirect(url_for("submissions.moderation", slug=slug), 303)


# --- pointing at something ------------------------------------------------------------------------


@bp.get("/staff/submissions/<int(max=2147483647):id>/report")
@requires(*STAFF)
def staff_report(id: int) -> Page:  # noqa: A002
    """Ask what is the matter with a submission."""
    submission = _readable(db.session(), id)
    return _report_page(submission, ReportForm(formdata=None), is_staff=True)


@bp.post("/staff/submissions/<int(max=2147483647):id>/report")
@requires(*STAFF)
def staff_report_send(id: int) -> Page:  # noqa: A002
    """Point at a submission."""
    session = db.session()
    submission = _readable(session, id)
    form = ReportForm()
    if not form.validate():
        return _report_page(submission, form, is_staff=True), 422
    operations.open_case(
        session,
        submission,
        reason=CaseReason(form.reason.data),
        source=CaseSource.STAFF,
        note=clean_text(form.note.data),
        actor=current_user,
        now=clock.now(),
    )
    session.commit()
    flash(_("The moderators will look at it."))
    return redirect(url_for("submissions.show", id=id), 303)


def _readable(session: Session, identity: int) -> Submission:
    """Return a submission that the signed-in person may read."""
    submission = session.get(Submission, identity)
    if submission is None:
        raise NotFoundError
    ensure_reach(current_user, STAFF, submission)
    return submission


@bp.get("/consultations/<slug>/words/<int(max=2147483647):id>")
@public
def report_words(slug: str, id: int) -> Page:  # noqa: A002
    """Ask a reader what is the matter with words that are quoted."""
    return _report_page(_quoted(slug, id), ReportForm(formdata=None))


@bp.post("/consultations/<slug>/words/<int(max=2147483647):id>")
@public
@seldom
def report_words_send(slug: str, id: int) -> Page:  # noqa: A002
    """Put it before the moderators."""
    session = db.session()
    submission = _quoted(slug, id)
    form = ReportForm()
    if not form.validate():
        return _report_page(submission, form), 422
    operations.open_case(
        session,
        submission,
        reason=CaseReason(form.reason.data),
        source=CaseSource.PUBLIC,
        note=clean_text(form.note.data),
        now=clock.now(),
    )
    session.commit()
    flash(_("Thank you. A person will look at these words."))
    return redirect(url_for("consultations.show", slug=slug), 303)


def _quoted(slug: str, identity: int) -> Submission:
    """Return a submission of a consultation; nothing of what it says is shown."""
    consultation = get_consultation(db.session(), slug)
    submission = db.session.get(Submission, identity)
    if submission is None or submission.consultation_id != consultation.id:
        raise NotFoundError
    return submission


def _report_page(submission: Submission, form: ReportForm, *, is_staff: bool = False) -> str:
    """Render the page on which one points at a submission."""
    return render_template(
        "submissions/report_words.html",
        consultation=submission.consultation,
        submission=submission,
        form=form,
        is_staff=is_staff,
    )


# --- the original words ---------------------------------------------------------------------------


@bp.post("/staff/submissions/<int(max=2147483647):id>/original")
@requires(*operations.SEE_ORIGINALS)
def original(id: int) -> Any:  # noqa: A002
    """Show the words under the masks, once, and write down who asked."""
    from app.submissions.views.staff import submission_page

    session = db.session()
    submission = _readable(session, id)
    ensure_reach(current_user, operations.SEE_ORIGINALS, submission)
    audit.record(
        session, current_user, "moderation.see_original", at=clock.now(), target=submission
    )
    session.commit()
    return submission_page(id, is_original=True)
