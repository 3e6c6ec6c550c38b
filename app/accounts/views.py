"""Pages for people and roles, and for the audit log."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import hash_password
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.accounts.errors import EmailTakenError, LastAdministratorError
from app.accounts.forms import ROLE_LABELS, EditPersonForm, NewPersonForm, PersonForm
from app.accounts.models import User
from app.accounts.operations import change_person, create_person, set_password
from app.accounts.queries import all_people, audit_entries, get_person
from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.i18n import localized

bp = Blueprint("accounts", __name__, template_folder="templates")
PAGE = 100


def _places() -> dict[str, str]:
    """Return the names of the regions by code, read from their table."""
    regions = db.metadata.tables["regions"]
    rows = db.session.execute(select(regions).order_by(regions.c.code)).mappings()
    return {
        row["code"]: str(
            localized({"fr": row["name_fr"], "ar": row["name_ar"], "en": row["name_fr"]})
        )
        for row in rows
    }


def _consultations() -> dict[int, str]:
    """Return the titles of the consultations by number, read from their table."""
    table = db.metadata.tables["consultations"]
    rows = db.session.execute(select(table.c.id, table.c.title).order_by(table.c.id))
    return {identity: str(localized(title)) for identity, title in rows}


def _offer(form: PersonForm) -> None:
    """Fill a form's choices."""
    form.offer(
        list(_places().items()),
        [(str(identity), title) for identity, title in _consultations().items()],
    )


@bp.get("/staff/people")
@requires(Role.ADMINISTRATOR)
def index() -> str:
    """List the people who sign in."""
    return render_template(
        "accounts/index.html",
        people=db.session.scalars(all_people()).all(),
        places=_places(),
        consultations=_consultations(),
        labels=ROLE_LABELS,
    )


@bp.route("/staff/people/new", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
def create() -> Any:
    """Make an account."""
    form = NewPersonForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            create_person(
                db.session(),
                current_user,
                email=form.email.data,
                name=form.name.data,
                password_hash=hash_password(form.password.data),
                scopes=form.chosen,
                now=clock.now(),
            )
        except EmailTakenError as error:
            form.email.errors = [error.text()]
        else:
            db.session.commit()
            flash(_("The account is ready."))
            return redirect(url_for("accounts.index"))
    return _answer(form, None)


@bp.route("/staff/people/<int:identity>", methods=["GET", "POST"])
@requires(Role.ADMINISTRATOR)
def edit(identity: int) -> Any:
    """Change a person's name, state, roles or password."""
    user = get_person(db.session(), identity)
    form = EditPersonForm(data=_present(user))
    _offer(form)
    if form.validate_on_submit():
        try:
            _change(user, form)
        except LastAdministratorError as error:
            db.session.rollback()
            form.is_active.errors = [error.text()]
        else:
            db.session.commit()
            flash(_("The changes are saved."))
            return redirect(url_for("accounts.index"))
    return _answer(form, get_person(db.session(), identity))


def _change(user: User, form: EditPersonForm) -> None:
    """Apply the form."""
    now = clock.now()
    change_person(
        db.session(),
        current_user,
        user,
        name=form.name.data,
        is_active=form.is_active.data,
        scopes=form.chosen,
        now=now,
    )
    if form.password.data:
        set_password(
            db.session(),
            current_user,
            user,
            password_hash=hash_password(form.password.data),
            now=now,
        )


def _present(user: User) -> dict[str, Any]:
    """Return what the form shows first: the person's scopes and an empty row to add one."""
    held = [
        {
            "role": grant.role.name,
            "region": grant.region_code or "",
            "consultation": str(grant.consultation_id or ""),
        }
        for grant in user.grants
    ]
    return {"name": user.name, "is_active": user.active, "scopes": [*held, {}][:8]}


def _answer(form: PersonForm, user: User | None) -> Response | tuple[str, int]:
    """Show the form, with status 422 if it was refused."""
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/person.html", form=form, user=user), status


@bp.get("/staff/audit-log")
@requires(Role.ADMINISTRATOR)
def audit() -> str:
    """Show who did what, the newest first."""
    before = request.args.get("before", type=int)
    action, actor = request.args.get("action", ""), request.args.get("actor", "")
    selection = audit_entries(before=before, action=action, actor=actor).limit(PAGE + 1)
    entries = db.session.scalars(selection).all()
    return render_template(
        "accounts/audit.html",
        entries=entries[:PAGE],
        action=action,
        actor=actor,
        older=entries[PAGE - 1].id if len(entries) > PAGE else None,
    )
