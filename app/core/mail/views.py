"""The staff page of letters: what waits, what left, what was refused."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.mail.models import LetterState
from app.core.mail.operations import try_again
from app.core.mail.queries import count_by_state, get_letter, letters

bp = Blueprint("mail", __name__, template_folder="templates")
PAGE = 50

STATES = {
    LetterState.WAITING: _l("Waiting to be sent"),
    LetterState.SENT: _l("Accepted by the mail server"),
    LetterState.FAILED: _l("Refused by the mail server"),
}


@bp.get("/staff/letters")
@requires(Role.ADMINISTRATOR)
def index() -> str:
    """List the letters, the newest first, without their words."""
    state = request.args.get("state", "")
    state = state if state in set(LetterState) else ""
    before = request.args.get("before", type=int)
    found = db.session.scalars(letters(state=state, before=before).limit(PAGE + 1)).all()
    return render_template(
        "mail/index.html",
        letters=found[:PAGE],
        older=found[PAGE - 1].id if len(found) > PAGE else None,
        state=state,
        states={key: str(label) for key, label in STATES.items()},
        counts=count_by_state(db.session()),
        has_server=bool(current_app.config.get("SMTP_HOST")),
    )


@bp.get("/staff/letters/<int:id>")
@requires(Role.ADMINISTRATOR)
def show(id: int) -> str:  # noqa: A002
    """Show a letter as it is sent."""
    return render_template("mail/show.html", letter=get_letter(db.session(), id), states=STATES)


@bp.post("/staff/letters/<int:id>/retry")
@requires(Role.ADMINISTRATOR)
def retry(id: int) -> Response:  # noqa: A002
    """Let a letter be sent again at once."""
    try_again(db.session(), current_user, get_letter(db.session(), id), now=clock.now())
    db.session.commit()
    flash(_("The letter waits to be sent."))
    return redirect(url_for("mail.index"))
