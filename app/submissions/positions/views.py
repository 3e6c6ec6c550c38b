"""The space of an organisation: its people's organisations and the common draft."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Stage
from app.consultations.queries import all_consultations, get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.i18n import language
from app.organisations.labels import SHORT_ROLES, STATES
from app.organisations.mandates import civil_day
from app.organisations.models import Mandate, OrganisationState
from app.organisations.operations import ensure_mandate
from app.organisations.queries import get_organisation, mandates_of
from app.submissions.answers import check_value
from app.submissions.blueprint import bp
from app.submissions.display import write
from app.submissions.models import Position
from app.submissions.places import load_places
from app.submissions.positions import errors, operations, queries, signing
from app.submissions.positions.forms import CommentForm
from app.submissions.positions.page import view_of
from app.submissions.positions.way import PositionWay, position_way
from app.submissions.questionnaire_forms import PREFIX, SectionForm, mark_asked, section_form
from app.submissions.steps import Step

#: Where the pages of one organisation's common draft are.
AT = "/space/<int(max=2147483647):id>/<slug>"


def holder(identity: int) -> Mandate:
    """Return the mandate by which the reader enters an organisation's space."""
    session = db.session()
    organisation = get_organisation(session, identity)
    return ensure_mandate(session, current_user, organisation, today=civil_day(clock.now()))


def _draft(identity: int, slug: str) -> tuple[Mandate, Consultation, Position]:
    """Return the common draft at an address, with the reader's mandate."""
    mandate = holder(identity)
    consultation = get_consultation(db.session(), slug)
    return (
        mandate,
        consultation,
        queries.get_position(db.session(), mandate.organisation, consultation),
    )


def back(identity: int, slug: str, anchor: str | None = None) -> Response:
    """Lead to the page of the common draft."""
    return redirect(url_for("submissions.position", id=identity, slug=slug, _anchor=anchor), 303)


@bp.get("/space")
@requires()
def space() -> str:
    """Show the organisations for which the reader acts, with their open consultations."""
    session, now = db.session(), clock.now()
    today = civil_day(now)
    held = session.scalars(mandates_of(current_user)).all()
    standing = [
        mandate
        for mandate in held
        if mandate.holds_on(today) and mandate.organisation.state != OrganisationState.REFUSED
    ]
    consultations = [
        one for one in session.scalars(all_consultations()) if one.stage_at(now) is not Stage.COMING
    ]
    return render_template(
        "positions/space.html",
        standing=standing,
        ended=[mandate for mandate in held if mandate not in standing],
        today=today,
        rows={
            mandate.id: [(one, _state(mandate, one), one.stage_at(now)) for one in consultations]
            for mandate in standing
        },
        states=STATES,
        roles=SHORT_ROLES,
    )


def _state(mandate: Mandate, consultation: Consultation) -> str:
    """Return where an organisation's position stands, ``none`` before it is begun."""
    selection = queries.position_of(mandate.organisation_id, consultation.id)
    position = db.session.scalars(selection).one_or_none()
    return position.state if position else "none"


@bp.get(AT)
@requires()
def position(id: int, slug: str) -> str:  # noqa: A002  (the name in the address)
    """Show the common draft as it stands."""
    return _page(holder(id), get_consultation(db.session(), slug), CommentForm())


def _page(mandate: Mandate, consultation: Consultation, form: CommentForm) -> str:
    """Render the page of the common draft."""
    view = view_of(db.session(), mandate, consultation, now=clock.now())
    return render_template(
        "positions/position.html",
        consultation=consultation,
        organisation=mandate.organisation,
        view=view,
        form=form,
        roles=SHORT_ROLES,
    )


@bp.post(f"{AT}/begin")
@requires()
def position_begin(id: int, slug: str) -> Response:  # noqa: A002
    """Begin the common draft, or find that somebody has."""
    session = db.session()
    mandate, consultation = holder(id), get_consultation(session, slug)
    begun = operations.begin(
        session,
        current_user,
        mandate.organisation,
        consultation,
        lang=language().code,
        now=clock.now(),
    )
    session.commit()
    if begun.draft is None:
        return back(id, slug)
    step = position_way(begun.draft).steps[0]
    return redirect(
        url_for("submissions.position_section", id=id, slug=slug, step=step.position), 303
    )


# --- a section ----------------------------------------------------------------------------------


@bp.route(f"{AT}/sections/<int(max=9999):step>", methods=["GET", "POST"])
@requires()
def position_section(id: int, slug: str, step: int) -> Any:  # noqa: A002
    """Show a section of the common draft, and keep what is typed in it."""
    mandate, _consultation, found = _draft(id, slug)
    draft = found.draft
    here = position_way(draft).find(step) if draft else None
    if draft is None or here is None:
        return back(id, slug)
    if request.method == "GET":
        way = position_way(draft)
        form = _form(found, way, here, draft.values)
        mark_asked(form, way)
        return _section(mandate, found, here, form)
    return _keep(mandate, found, here)


def _form(found: Position, way: PositionWay, here: Step, values: dict[str, Any]) -> SectionForm:
    """Build the form of a section."""
    load = partial(load_places, db.session(), found.consultation)
    seed = found.draft.token if found.draft else ""
    return section_form(way, here.section, values, load, seed=seed)


def _keep(mandate: Mandate, found: Position, here: Step) -> Any:
    """Keep what was typed; where somebody else wrote meanwhile, show both texts."""
    session, draft = db.session(), found.draft
    if draft is None:
        return back(found.organisation_id, found.consultation.slug)
    form = _form(found, position_way(draft), here, draft.values)
    way = position_way(draft, {**draft.values, **form.typed()})
    mark_asked(form, way)
    try:
        operations.edit(
            session,
            current_user,
            found,
            here.position,
            form.typed(),
            is_done=form.is_faultless(way),
            seen=max(request.form.get("seen", 0, type=int), 0),
            lang=language().code,
            now=clock.now(),
        )
    except errors.PositionConflictError as conflict:
        session.rollback()
        return _section(mandate, found, here, form, conflict), conflict.status
    session.commit()
    return _after(mandate, found, here, way, form)


def _after(
    mandate: Mandate, found: Position, here: Step, way: PositionWay, form: SectionForm
) -> Any:
    """Go where the button pressed leads, once the section is kept."""
    identity, slug = found.organisation_id, found.consultation.slug
    address = partial(url_for, "submissions.position_section", id=identity, slug=slug)
    name, _sep, target = request.form.get("go", "next").partition(":")
    if name == "communes":
        anchor = f"{PREFIX}{target}-commune"
        return redirect(address(step=here.position, _anchor=anchor), 303)
    if name == "next":
        opened = form.judge(way, request.form.getlist("shown"))
        if list(form.problems()):
            return _section(mandate, found, here, form), 422
        if opened:
            flash(_("Your answer opens another question on this page."))
            return redirect(address(step=here.position, _anchor=f"ask-{opened[0]}"), 303)
        following = way.after(here.position)
        if following is not None:
            return redirect(address(step=following.position), 303)
    flash(_("The common draft is kept."))
    return back(identity, slug)


def _section(
    mandate: Mandate,
    found: Position,
    here: Step,
    form: SectionForm,
    conflict: errors.PositionConflictError | None = None,
) -> str:
    """Render a section; on a conflict, what the others wrote stands beside each such answer."""
    view = view_of(db.session(), mandate, found.consultation, now=clock.now())
    draft = found.draft
    theirs = {}
    if conflict is not None and draft is not None:
        questions = {question.key: question for question in draft.questionnaire.questions}
        theirs = {key: _as_written(questions[key], value) for key, value in conflict.theirs.items()}
    return render_template(
        "positions/section.html",
        consultation=found.consultation,
        organisation=mandate.organisation,
        view=view,
        way=position_way(draft) if draft else None,
        here=here,
        form=form,
        problems=list(form.problems()),
        conflict=conflict,
        theirs=theirs,
        last_edit=view.edits[0] if view.edits else None,
        comments={
            line.written.question.key: line.comments for part in view.parts for line in part.lines
        },
    )


def _as_written(question: Any, value: Any) -> Any:
    """Write an answer as it was typed, which may not be valid yet."""
    kept, _problems = check_value(question, value)
    return write(db.session(), question, kept)


# --- remarks, proposal, approval ----------------------------------------------------------------


@bp.post(f"{AT}/comments")
@requires()
def position_comment(id: int, slug: str) -> Any:  # noqa: A002
    """Add a remark."""
    mandate, consultation, found = _draft(id, slug)
    form = CommentForm()
    try:
        made = operations.comment(
            db.session(),
            current_user,
            found,
            question=form.question.data or "",
            body=form.body.data or "",
            now=clock.now(),
        )
    except (errors.CommentMissingError, errors.CommentTooLongError) as error:
        db.session.rollback()
        form.body.errors = [error.text()]
        return _page(mandate, consultation, form), error.status
    db.session.commit()
    return back(id, slug, f"remark-{made.id}")


@bp.post(f"{AT}/comments/<int(max=2147483647):comment>")
@requires()
def position_resolve(id: int, slug: str, comment: int) -> Response:  # noqa: A002
    """Close a remark."""
    _mandate, _consultation, found = _draft(id, slug)
    operations.resolve(db.session(), current_user, found, comment, now=clock.now())
    db.session.commit()
    return back(id, slug, f"remark-{comment}")


@bp.post(f"{AT}/<any(propose, approve, reopen):verb>")
@requires()
def position_move(id: int, slug: str, verb: str) -> Response:  # noqa: A002
    """Propose the draft, approve it, or reopen the signed position."""
    _mandate, _consultation, found = _draft(id, slug)
    session, now = db.session(), clock.now()
    revision = request.form.get("revision", -1, type=int)
    try:
        if verb == "propose":
            operations.propose(session, current_user, found, revision=revision, now=now)
            message = _("The draft is put to the delegates, who can approve it.")
        elif verb == "approve":
            operations.approve(session, current_user, found, revision=revision, now=now)
            message = _("Your approval is recorded.")
        else:
            signing.reopen(session, current_user, found, now=now)
            message = _("The position is withdrawn and open to changes again.")
    except (
        errors.RevisionChangedError,
        errors.NotProposedError,
        errors.PositionIncompleteError,
        errors.PositionSignedError,
        errors.NothingToReopenError,
    ) as refusal:
        session.rollback()
        flash(refusal.text(), "error")
    else:
        session.commit()
        flash(message)
    return back(id, slug)
