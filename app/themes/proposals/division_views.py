"""Staff pages: a division of a theme that somebody asked for, and how far it is."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError, NotFoundError
from app.core.jobs import Job
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.core.jobs.queue import announce
from app.themes import labels
from app.themes.blueprint import bp
from app.themes.card.forms import PlainForm
from app.themes.card.page import Refused, card_page
from app.themes.models import Theme
from app.themes.proposals import dividing
from app.themes.review import get_theme, readable_part
from app.themes.stages import stage_label


@bp.post("/staff/themes/<int:id>/divide")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def divide(id: int) -> Any:  # noqa: A002
    """Ask the machine how a theme could be divided, and show how far it is."""
    form = PlainForm()
    theme = get_theme(db.session(), id)
    try:
        job = dividing.ask(db.session(), current_user, theme, seen=form.seen.data, now=clock.now())
    except DomainError as error:
        db.session.rollback()
        if error.status != 409:
            raise
        theme = get_theme(db.session(), id)
        return card_page(theme, Refused(form, status=409, text=error.text()))
    db.session.commit()
    announce(job.id)
    return redirect(url_for("themes.division", id=job.id))


def _get_division(job_id: int) -> Job:
    """Return the job of a division that the reader may see.

    :raises NotFoundError: if there is none of that number.
    """
    job = db.session.get(Job, job_id)
    if job is None or job.kind != dividing.DIVIDE:
        raise NotFoundError
    readable_part(db.session(), current_user, job.payload["consultation_id"])
    return job


@bp.get("/staff/divisions/<int:id>")
@requires(*STAFF)
def division(id: int) -> Response:  # noqa: A002
    """Show how far a division is, or lead to the proposals that came of it."""
    job = _get_division(id)
    consultation = db.session.get_one(Consultation, job.payload["consultation_id"])
    if job.checkpoint.get("n_made"):
        flash(_("The machine proposes to divide the theme."))
        return redirect(url_for("themes.proposals", slug=consultation.slug, _anchor="split"))
    answer = make_response(
        render_template(
            "themes/proposals/division.html",
            consultation=consultation,
            theme=db.session.get_one(Theme, job.payload["theme_id"]),
            job=job,
            n_decided=job.checkpoint.get("n_decided", 0),
        )
    )
    if not job.is_over and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/divisions/<int:id>/progress")
@requires(*STAFF)
def division_progress(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far a division is, for the page's script."""
    job = _get_division(id)
    return progress_of(job, stage_label(job.stage) if job.stage else labels.job_state_name(job))
