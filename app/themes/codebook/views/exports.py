"""Staff pages: files of passages that a job writes, and that are kept for a day."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.files.operations import delete_file
from app.core.files.serving import download
from app.core.i18n import language
from app.core.jobs import JobState
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.themes.blueprint import bp
from app.themes.codebook import errors
from app.themes.codebook.exporting import (
    EXPORT,
    SMALL,
    begin_export,
    export_name,
    exportable_part,
    file_language,
    file_of,
    get_run,
    is_fresh,
    regions_of,
)
from app.themes.codebook.queries import n_coded
from app.themes.codebook.views.common import get_own_job, have_done, stage_text


@bp.post("/staff/consultations/<slug>/codebook/<any('passages.xlsx','project.qdpx'):kind>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def export_start(slug: str, kind: str) -> Response:
    """Have a file of passages written."""
    consultation = get_consultation(db.session(), slug)
    part = exportable_part(db.session(), current_user, consultation.id)
    count = db.session.scalar(n_coded(get_run(db.session(), consultation), part)) or 0
    lang = file_language(language().code)
    job = begin_export(db.session(), current_user, consultation, kind, lang, now=clock.now())
    leads = redirect(url_for("themes.export", id=job.id), 303)
    db.session.commit()
    have_done(job.id, is_small=count <= SMALL)
    return leads


@bp.get("/staff/codebook-exports/<int:id>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def export(id: int) -> Any:  # noqa: A002
    """Show how far a file is, then the file."""
    job, consultation = get_own_job(id, EXPORT)
    file = file_of(db.session(), job)
    answer = make_response(
        render_template(
            "themes/codebook/export.html",
            consultation=consultation,
            job=job,
            stage=stage_text(job),
            file=file,
            is_fresh=file is not None and is_fresh(db.session(), job),
            kept=job.checkpoint,
            name=export_name(job.payload["kind"]),
        )
    )
    if not job.is_over and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/codebook-exports/<int:id>/progress")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def export_progress(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far a file is, for the page's script."""
    job, _consultation = get_own_job(id, EXPORT)
    return progress_of(job, stage_text(job))


@bp.post("/staff/codebook-exports/<int:id>/file")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def export_file(id: int) -> Response:  # noqa: A002
    """Send the file, unless words of it may no longer leave: then it is deleted."""
    job, consultation = get_own_job(id, EXPORT)
    part = exportable_part(db.session(), current_user, consultation.id)
    file = file_of(db.session(), job)
    is_same = job.checkpoint.get("regions") == regions_of(part)
    if file is None or job.state != JobState.DONE or not is_same:
        raise errors.ExportGoneError
    if not is_fresh(db.session(), job):
        delete_file(db.session(), file, now=clock.now())
        db.session.commit()
        raise errors.ExportStaleError
    return download(file)
