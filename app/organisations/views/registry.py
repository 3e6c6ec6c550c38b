"""Staff pages of the registry: the list, one organisation, and what is decided on it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.core import clock
from app.core.access import STAFF, ensure, requires
from app.core.db import db
from app.core.errors import DomainError
from app.organisations import errors, labels, operations, queries
from app.organisations.blueprint import bp
from app.organisations.forms import DecisionForm, OrganisationForm, present
from app.organisations.letters import tell_decided
from app.organisations.models import ActorType, Organisation, OrganisationState
from app.organisations.queries import KEEPERS, Filter
from app.organisations.views.common import Page, all_codes, offer, own_regions
from app.territories.queries import provinces_of

#: Rows on a page of the list.
PAGE = 25


@bp.get("/staff/organisations")
@requires(*STAFF)
def index() -> str:
    """List the organisations of the reader's regions, filtered and searched."""
    session = db.session()
    own = queries.regions_of(current_user, all_codes(session))
    narrowed = Filter(
        actor_type=request.args.get("actor_type", ""),
        region=request.args.get("region", ""),
        province=request.args.get("province", ""),
        state=request.args.get("state", ""),
        words=request.args.get("words", "")[:200],
    )
    page = db.paginate(queries.registry(own, narrowed), per_page=PAGE, error_out=False)
    regions = own_regions()
    provinces = session.scalars(provinces_of(narrowed.region or None)).all()
    codes = {region.code for region in regions}
    return render_template(
        "organisations/index.html",
        page=page,
        narrowed=narrowed,
        regions=regions,
        provinces=[one for one in provinces if one.region_code in codes],
        counts=dict(session.execute(queries.counts_by_state(own)).all()),
        actor_type=ActorType,
        types=labels.ACTOR_TYPES,
        states=labels.STATES,
        may_keep=bool(own_regions(*KEEPERS)),
    )


@bp.route("/staff/organisations/new", methods=["GET", "POST"])
@requires(*KEEPERS)
def create() -> Any:
    """Enter an organisation."""
    form = OrganisationForm()
    offer(form, own_regions(*KEEPERS))
    if request.form.get("go") == "communes":
        return _form_page(form, None), 200
    if form.validate_on_submit():
        try:
            made = operations.register(db.session(), current_user, form.details(), now=clock.now())
        except DomainError as error:
            db.session.rollback()
            form.name_fr.errors = [error.text()]
        else:
            db.session.commit()
            flash(_("The organisation is in the registry, to verify."))
            return redirect(url_for("organisations.show", id=made.id), 303)
    return _form_page(form, None), 422 if request.method == "POST" else 200


@bp.route("/staff/organisations/<int(max=2147483647):id>/edit", methods=["GET", "POST"])
@requires(*KEEPERS)
def edit(id: int) -> Any:  # noqa: A002  (the name in the address)
    """Change what the registry says of an organisation."""
    organisation = queries.get_organisation(db.session(), id)
    ensure(current_user, *KEEPERS, region=organisation.region_code)
    form = OrganisationForm(data=present(organisation))
    offer(form, own_regions(*KEEPERS))
    if request.form.get("go") == "communes":
        return _form_page(form, organisation), 200
    if form.validate_on_submit():
        try:
            operations.change(
                db.session(), current_user, organisation, form.details(), now=clock.now()
            )
        except DomainError as error:
            db.session.rollback()
            form.name_fr.errors = [error.text()]
        else:
            db.session.commit()
            flash(_("The changes are saved."))
            return redirect(url_for("organisations.show", id=id), 303)
    shown = queries.get_organisation(db.session(), id)
    return _form_page(form, shown), 422 if request.method == "POST" else 200


def _form_page(form: OrganisationForm, organisation: Organisation | None) -> str:
    """Render the form of an organisation."""
    return render_template("organisations/form.html", form=form, organisation=organisation)


@bp.get("/staff/organisations/<int(max=2147483647):id>")
@requires(*STAFF)
def show(id: int) -> str:  # noqa: A002
    """Show one organisation; how to reach it is for those who keep its region's registry."""
    organisation = queries.get_organisation(db.session(), id)
    ensure(current_user, *STAFF, region=organisation.region_code)
    return _show(organisation, DecisionForm())


def _show(organisation: Organisation, form: DecisionForm, *, refusal: str = "") -> str:
    """Render the page of an organisation."""
    may_keep = current_user.may(KEEPERS, region=organisation.region_code)
    same = (
        db.session.scalars(
            queries.registry(
                frozenset({organisation.region_code}),
                Filter(actor_type=organisation.actor_type, words=request.args.get("double", "")),
            ).limit(50)
        ).all()
        if may_keep
        else []
    )
    decider = (
        db.session.get(User, organisation.decided_by_id) if organisation.decided_by_id else None
    )
    return render_template(
        "organisations/show.html",
        organisation=organisation,
        form=form,
        refusal=refusal,
        may_keep=may_keep,
        doubles=[one for one in same if one.id != organisation.id],
        decider=decider,
        actor=ActorType(organisation.actor_type).texts,
        states=labels.STATES,
        roles=labels.SHORT_ROLES,
        today=clock.now().astimezone(clock.CIVIL_ZONE).date(),
        online=queries.DECLARED_ONLINE,
    )


@bp.post("/staff/organisations/<int(max=2147483647):id>/decide")
@requires(*KEEPERS)
def decide(id: int) -> Page | Response:  # noqa: A002
    """Verify or refuse an organisation, or take the decision back."""
    session = db.session()
    organisation = queries.get_organisation(session, id)
    ensure(current_user, *KEEPERS, region=organisation.region_code)
    form = DecisionForm()
    wanted = request.form.get("state", "")
    if wanted not in set(OrganisationState) or not form.validate_on_submit():
        return _show(organisation, form), 422
    try:
        operations.decide(
            session,
            current_user,
            organisation,
            OrganisationState(wanted),
            reason=form.reason.data or "",
            now=clock.now(),
        )
    except (errors.ReasonMissingError, errors.AlreadyDecidedError) as error:
        session.rollback()
        form.reason.errors = [error.text()]
        return _show(queries.get_organisation(session, id), form), error.status
    if organisation.decided_at is not None:
        tell_decided(session, organisation, now=clock.now())
    session.commit()
    flash(_("The decision is recorded, and the signatories are told by e-mail."))
    return redirect(url_for("organisations.show", id=id), 303)


@bp.post("/staff/organisations/<int(max=2147483647):id>/merge")
@requires(*KEEPERS)
def merge(id: int) -> Page | Response:  # noqa: A002
    """Take a double into this organisation."""
    session = db.session()
    kept = queries.get_organisation(session, id)
    double = queries.get_organisation(session, request.form.get("double", type=int) or 0)
    try:
        operations.merge(session, current_user, kept, double, now=clock.now())
    except errors.MergeRefusedError as error:
        session.rollback()
        flash(error.text(), "error")
    else:
        session.commit()
        flash(_("The two entries are one now."))
    return redirect(url_for("organisations.show", id=id), 303)
