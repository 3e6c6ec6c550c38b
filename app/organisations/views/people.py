"""Who acts for an organisation: the same page for the coordination and for the signatories."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.organisations import errors, labels, mandates, queries
from app.organisations.blueprint import bp
from app.organisations.forms import InvitationForm, TermForm
from app.organisations.letters import tell_invited
from app.organisations.models import Mandate, Organisation


def _organisation(identity: int) -> Organisation:
    """Return the organisation whose mandates the reader may give and take."""
    session = db.session()
    organisation = queries.get_organisation(session, identity)
    mandates.ensure_may_give(session, current_user, organisation, now=clock.now())
    return organisation


@bp.get("/organisations/<int(max=2147483647):id>/people")
@requires()
def people(id: int) -> str:  # noqa: A002  (the name in the address)
    """List the mandates of an organisation, with a form to invite."""
    form = InvitationForm(data={"begins_on": mandates.civil_day(clock.now()), "role": "delegate"})
    return _page(_organisation(id), form)


@bp.post("/organisations/<int(max=2147483647):id>/people")
@requires()
def invite(id: int) -> Any:  # noqa: A002
    """Invite somebody: an account of their own, and a mandate."""
    organisation = _organisation(id)
    form = InvitationForm()
    if form.validate_on_submit():
        session, now = db.session(), clock.now()
        try:
            mandate = mandates.invite(
                session,
                current_user,
                organisation,
                email=form.email.data,
                name=form.name.data,
                term=form.term(),
                now=now,
            )
        except errors.DatesReversedError as error:
            session.rollback()
            form.ends_on.errors = [error.text()]
        else:
            tell_invited(session, mandate, lang=form.lang.data, now=now)
            session.commit()
            flash(
                _(
                    "The mandate is given; a letter is on its way to %(email)s.",
                    email=mandate.user.email,
                )
            )
            return _back(id)
    return _page(_organisation(id), form), 422


def _back(identity: int) -> Response:
    """Lead to the list."""
    return redirect(url_for("organisations.people", id=identity), 303)


def _page(organisation: Organisation, form: InvitationForm) -> str:
    """Render the list."""
    return render_template(
        "organisations/people.html",
        organisation=organisation,
        form=form,
        roles=labels.SHORT_ROLES,
        today=mandates.civil_day(clock.now()),
    )


@bp.route(
    "/organisations/<int(max=2147483647):id>/people/<int(max=2147483647):mandate_id>",
    methods=["GET", "POST"],
)
@requires()
def mandate(id: int, mandate_id: int) -> Any:  # noqa: A002
    """Change, renew or end a mandate, or send its letter again."""
    session, now = db.session(), clock.now()
    organisation = _organisation(id)
    held = queries.get_mandate(session, organisation, mandate_id)
    button = request.form.get("go", "")
    if button in {"revoke", "send"}:
        return _at_once(held, button)
    form = TermForm(obj=held)
    if form.validate_on_submit():
        try:
            mandates.change_mandate(session, current_user, held, form.term(), now=now)
        except errors.DatesReversedError as error:
            session.rollback()
            form.ends_on.errors = [error.text()]
            held = queries.get_mandate(session, _organisation(id), mandate_id)
        else:
            session.commit()
            flash(_("The mandate is changed."))
            return _back(id)
    page = render_template(
        "organisations/mandate.html",
        organisation=held.organisation,
        mandate=held,
        form=form,
        today=mandates.civil_day(now),
    )
    return page, 422 if request.method == "POST" else 200


def _at_once(held: Mandate, button: str) -> Response:
    """Do what needs no form."""
    session, now = db.session(), clock.now()
    if button == "revoke":
        mandates.revoke(session, current_user, held, now=now)
        message = _("The mandate is ended.")
    else:
        lang = held.organisation.contact.lang if held.organisation.contact else "fr"
        tell_invited(session, held, lang=lang, now=now)
        message = _("The letter goes out again, once a day at most.")
    session.commit()
    flash(message)
    return _back(held.organisation_id)
