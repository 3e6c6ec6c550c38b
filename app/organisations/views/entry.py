"""Pages without an account: declaring an organisation, following a link, suggestions of names."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_security.utils import hash_password, login_user
from werkzeug.wrappers import Response

from app.accounts.models import User
from app.accounts.security import limiter
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language
from app.organisations import mandates, queries, tokens
from app.organisations.blueprint import bp
from app.organisations.forms import DeclarationForm, FounderForm, FunctionForm, WelcomeForm
from app.organisations.letters import tell_declared
from app.organisations.models import OrganisationState
from app.organisations.views.common import Decorator, offer
from app.territories.queries import all_regions

_writing: Decorator = limiter.limit(
    "10 per hour", methods=["POST"], deduct_when=lambda answer: answer.status_code == 200
)
_following: Decorator = limiter.limit("60 per hour")
_typing: Decorator = limiter.limit("120 per minute")

#: Names suggested at once.
_SUGGESTIONS = 8


def _secret() -> str:
    """Return the key that signs the links."""
    return str(current_app.config["SECRET_KEY"])


@bp.route("/organisations/register", methods=["GET", "POST"])
@public
@_writing
def declare() -> Any:
    """Let an organisation register itself; a link confirms its address."""
    form = DeclarationForm(data={"lang": language().code})
    session = db.session()
    offer(form, list(session.scalars(all_regions())))
    if request.form.get("go") == "communes":
        return _declaration(form), 200
    if form.validate_on_submit():
        now = clock.now()
        try:
            organisation = mandates.declare(session, form.details(), now=now)
        except DomainError as error:
            session.rollback()
            form.name_fr.errors = [error.text()]
        else:
            tell_declared(session, organisation, lang=form.lang.data, now=now)
            session.commit()
            return render_template("organisations/declared.html", email=form.email.data)
    return _declaration(form), 422 if request.method == "POST" else 200


def _declaration(form: DeclarationForm) -> str:
    """Render the form."""
    return render_template("organisations/declare.html", form=form)


@bp.route("/organisations/confirm/<token>", methods=["GET", "POST"])
@public
@_following
def confirm(token: str) -> Any:
    """Make whoever declared an organisation its signatory, under an account of their own."""
    session, now = db.session(), clock.now()
    organisation = tokens.read_declaration(_secret(), session, token, now=now)
    contact = organisation.contact
    known = queries.account_of(session, contact.email) if contact else None
    has_password = known is not None and bool(known.password)
    form = (
        FunctionForm() if has_password else FounderForm(data={"name": contact and contact.person})
    )
    if form.validate_on_submit():
        user = mandates.confirm(session, organisation, title=form.title.data, now=now)
        if has_password:
            session.commit()
            flash(_("The registration is confirmed: sign in with your own account."))
            return redirect(url_for("security.login"), 303)
        return _enter(user, form)
    page = render_template("organisations/confirm.html", form=form, organisation=organisation)
    return page, 422 if request.method == "POST" else 200


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
@_following
def welcome(token: str) -> Any:
    """Let an invited person choose their password, and sign them in."""
    session, now = db.session(), clock.now()
    user = tokens.read_invitation(_secret(), session, token, now=now)
    form = WelcomeForm(data={"name": user.name})
    if form.validate_on_submit():
        return _enter(user, form)
    held = session.scalars(queries.mandates_of(user)).all()
    page = render_template("organisations/welcome.html", form=form, user=user, mandates=held)
    return page, 422 if request.method == "POST" else 200


def _enter(user: User, form: Any) -> Response:
    """Set the name and password, and sign the person in."""
    mandates.accept(
        db.session(),
        user,
        name=form.name.data,
        password=form.password.data,
        password_hash=hash_password(form.password.data),
        now=clock.now(),
    )
    db.session.commit()
    login_user(user)
    db.session.commit()
    flash(_("Your account is ready."))
    return redirect(url_for("submissions.space"), 303)


@bp.get("/organisations.json")
@public
@_typing
def suggest() -> Response:
    """Return the registered organisations that a few letters may mean, for the answering form."""
    words = request.args.get("words", "")[:100]
    rows = (
        db.session.scalars(queries.suggested(words, limit=_SUGGESTIONS)).all()
        if len(words.strip()) >= 3
        else []
    )
    lang = language().code
    answer: Response = jsonify(
        [
            {
                "name": row.name.best(lang)[0],
                "place": (row.province or row.region).names.best(lang)[0],
                "verified": row.state == OrganisationState.VERIFIED,
            }
            for row in rows
        ]
    )
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer
