"""Staff pages: coding rounds, blind coding, and what was measured."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.i18n import in_language, localized, plain_number
from app.territories.models import Region
from app.themes import errors, labels
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.choosing import choices_of, place_of
from app.themes.ledger.recording import newest_event_id
from app.themes.models import CodingRound, PassageState
from app.themes.queue.showing import card_of
from app.themes.reliability import applying, coding, measuring, queries
from app.themes.reliability.forms import RoundForm
from app.themes.review import readable_part


@bp.get("/staff/consultations/<slug>/reliability")
@requires(*STAFF)
def reliability(slug: str) -> Any:
    """List the coding rounds of a consultation, and the form that draws another."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    return _rounds_page(consultation, RoundForm(formdata=None))


def _rounds_page(consultation: Consultation, form: RoundForm, status: int = 200) -> Any:
    """Show the rounds."""
    known = db.session()
    rounds = list(known.scalars(queries.rounds_of(consultation.id)))
    decides = may_decide(consultation.id)
    if decides:
        people = queries.possible_coders(known, consultation.id)
        own = [(person.id, person.name) for person in people]
        form.first.choices = form.second.choices = [(0, _("Choose a person")), *own]
        form.third.choices = [(0, _("Nobody yet")), *own]
    page = render_template(
        "themes/reliability/index.html",
        consultation=consultation,
        run=newest_of(consultation),
        rounds=rounds,
        progress={one.id: coding.progress_of(known, one) for one in rounds if not one.closed_at},
        people=_people(rounds),
        form=form,
        may_decide=decides,
    )
    return page, status


def _people(rounds: list[CodingRound]) -> dict[int, str]:
    """Return the names of the coders."""
    ids = {one.first_coder_id for one in rounds} | {one.second_coder_id for one in rounds}
    ids |= {one.third_coder_id for one in rounds if one.third_coder_id}
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in rows}


@bp.post("/staff/consultations/<slug>/reliability")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def round_new(slug: str) -> Any:
    """Draw a blind sample."""
    consultation = get_consultation(db.session(), slug)
    form = RoundForm()
    if not form.validate_on_submit():
        return _rounds_page(consultation, form, 422)
    coders = coding.Coders(form.first.data or 0, form.second.data or 0, form.third.data or None)
    try:
        made = coding.open_round(
            db.session(),
            current_user,
            consultation,
            coders,
            size=form.size.data or 0,
            seed=form.seed.data or 0,
            now=clock.now(),
        )
    except (errors.CodersError, errors.SampleTooSmallError) as error:
        db.session.rollback()
        field = form.first if isinstance(error, errors.CodersError) else form.size
        field.errors = [error.text()]
        return _rounds_page(consultation, form, 422)
    db.session.commit()
    flash(_("The sample is drawn. The two coders find it under “Reliability”."))
    return redirect(url_for("themes.round", id=made.id))


@bp.get("/staff/coding/<int:id>/results")
@requires(*STAFF)
def round(id: int) -> str:  # noqa: A001, A002
    """Show how far a round is and, once it is closed, what it measured."""
    shown = queries.get_round(db.session(), id)
    readable_part(db.session(), current_user, shown.consultation_id)
    consultation = db.session.get_one(Consultation, shown.consultation_id)
    coders = [shown.first_coder_id, shown.second_coder_id, shown.third_coder_id]
    regions = {region.code: region for region in db.session.scalars(select(Region))}
    return render_template(
        "themes/reliability/round.html",
        consultation=consultation,
        round=shown,
        progress=coding.progress_of(db.session(), shown),
        people=_people([shown]),
        is_coder=current_user.id in coders,
        may_decide=may_decide(consultation.id),
        seen=newest_event_id(db.session(), consultation.id),
        regions=regions,
        code_name=lambda code: _code_name(shown, code),
    )


def _code_name(shown: CodingRound, code: str) -> Any:
    """Return the name that a code had when the round was closed."""
    state, theme_id = place_of(code)
    if theme_id is not None:
        return localized(shown.results.get("names", {}).get(code)) or code
    if state == PassageState.TO_ARBITRATE:
        return _("No theme fits")
    return labels.STATES[PassageState(state)]


@bp.post("/staff/coding/<int:id>/close")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def round_close(id: int) -> Response:  # noqa: A002
    """Close a round: its measures are published with the report."""
    shown = queries.get_round(db.session(), id)
    measuring.close_round(db.session(), current_user, shown, now=clock.now())
    db.session.commit()
    flash(_("The round is closed. The next report prints its measures."))
    return redirect(url_for("themes.round", id=id))


@bp.post("/staff/coding/<int:id>/apply")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def round_apply(id: int) -> Response:  # noqa: A002
    """Take the settled codes over as decisions."""
    shown = queries.get_round(db.session(), id)
    with in_language("fr"):
        # The ledger is the ministry's: its reasons are in one language.
        reason = str(_("Settled in coding round %(number)s", number=str(shown.id)))
    n_decided = applying.apply_round(
        db.session(),
        current_user,
        shown,
        reason=reason,
        seen=request.form.get("seen", type=int) or 0,
        now=clock.now(),
    )
    db.session.commit()
    flash(_("Passages decided as they were settled: %(number)s.", number=plain_number(n_decided)))
    return redirect(url_for("themes.round", id=id))


@bp.get("/staff/coding/<int:id>", endpoint="coding")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def coding_page(id: int) -> Any:  # noqa: A002
    """Show a coder the next passage, and nothing of what anybody said of it."""
    return _coding_page(queries.get_round(db.session(), id))


def _coding_page(shown: CodingRound, problem: str = "") -> Any:
    """Show the next passage of a round."""
    known = db.session()
    task = coding.task_of(known, shown, current_user.id)
    consultation = known.get_one(Consultation, shown.consultation_id)
    readable_part(known, current_user, consultation.id)
    page = render_template(
        "themes/reliability/coding.html",
        consultation=consultation,
        round=shown,
        task=task,
        card=card_of(known, task.item.passage) if task.item else None,
        choices=choices_of(known, shown.run),
        problem=problem,
    )
    return page, 422 if problem else 200


@bp.post("/staff/coding/<int:id>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def code(id: int) -> Any:  # noqa: A002
    """Write down what a coder says of a passage."""
    shown = queries.get_round(db.session(), id)
    state, theme_id = place_of(request.form.get("to", ""))
    item_id = request.form.get("item", type=int)
    if item_id is None or not 0 < item_id < 2**31:
        coding.part_of(shown, current_user.id)
        raise NotFoundError
    try:
        coding.code(
            db.session(),
            current_user,
            shown,
            item_id,
            state=state,
            theme_id=theme_id,
            now=clock.now(),
        )
    except DomainError as error:
        db.session.rollback()
        if error.status != 422:
            raise
        return _coding_page(queries.get_round(db.session(), id), error.text())
    db.session.commit()
    return redirect(url_for("themes.coding", id=id))
