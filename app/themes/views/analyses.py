"""Staff pages: analyses with their progress."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.core.jobs.queue import announce
from app.themes import errors, labels, operations, queries
from app.themes.blueprint import bp, may_decide
from app.themes.forms import StartForm
from app.themes.review import (
    get_run,
    n_themes_by_run,
    readable_part,
)
from app.themes.stages import stage_label


def _runs_page(consultation: Consultation, form: StartForm, status: int = 200) -> Any:
    """Show the analyses of a consultation and the form that starts one."""
    runs = list(db.session.scalars(queries.runs_of(consultation.id)))
    page = render_template(
        "themes/runs.html",
        consultation=consultation,
        runs=runs,
        form=form,
        n_themes=n_themes_by_run(db.session(), runs),
        may_decide=may_decide(consultation.id),
        under_way=db.session.scalars(queries.open_run(consultation.id)).first(),
    )
    return page, status


@bp.get("/staff/consultations/<slug>/analyses")
@requires(*STAFF)
def runs(slug: str) -> Any:
    """List the analyses of a consultation."""
    consultation = get_consultation(db.session(), slug)
    readable_part(db.session(), current_user, consultation.id)
    return _runs_page(consultation, StartForm(formdata=None))


@bp.post("/staff/consultations/<slug>/analyses")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def start(slug: str) -> Any:
    """Start an analysis and show its progress."""
    consultation = get_consultation(db.session(), slug)
    form = StartForm()
    if not form.validate_on_submit():
        return _runs_page(consultation, form, 422)
    try:
        run = operations.start_analysis(
            db.session(),
            current_user,
            consultation,
            n_themes=form.n_themes.data,
            seed=form.seed.data,
            now=clock.now(),
        )
    except errors.AnalysisUnderWayError as error:
        db.session.rollback()
        flash(error.text())
        return redirect(url_for("themes.run", id=error.run_id))
    db.session.commit()
    announce(run.job_id)
    return redirect(url_for("themes.run", id=run.id))


@bp.get("/staff/analyses/<int:id>")
@requires(*STAFF)
def run(id: int) -> Response:  # noqa: A002
    """Show how far an analysis is, or what came of it.

    Without a script the browser is asked to fetch the page again by itself; the script asks for the
    page that does not (``live``) and reads the progress instead.
    """
    shown = get_run(db.session(), id)
    readable_part(db.session(), current_user, shown.consultation_id)
    found = n_themes_by_run(db.session(), [shown]).get(shown.id, 0)
    answer = make_response(
        render_template(
            "themes/run.html", run=shown, consultation=shown.consultation, n_themes=found
        )
    )
    if not shown.job.is_over and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/analyses/<int:id>/progress")
@requires(*STAFF)
def progress(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far an analysis is, for the page's script."""
    shown = get_run(db.session(), id)
    readable_part(db.session(), current_user, shown.consultation_id)
    job = shown.job
    return progress_of(job, stage_label(job.stage) if job.stage else labels.job_state_name(job))
