"""Staff pages: what importing a codebook or coded passages would do, and doing it."""

from __future__ import annotations

from typing import Any

from flask import flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import Role, ensure, requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language
from app.core.jobs import Job
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.themes.blueprint import bp
from app.themes.codebook.exporting import file_language
from app.themes.codebook.forms import ConfirmForm, UploadForm
from app.themes.codebook.importing import CHECK, SMALL, begin_check, confirm, discard
from app.themes.codebook.plans import MOST_LISTED, outcome_from_json, plan_from_json
from app.themes.codebook.views.common import get_own_job, have_done, stage_text
from app.themes.exchange.labels import label
from app.themes.ledger.recording import DECIDERS


@bp.get("/staff/consultations/<slug>/codebook/import")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def codebook_import(slug: str) -> str:
    """Ask for a file."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *DECIDERS, consultation=consultation.id)
    return _upload_page(consultation, UploadForm(formdata=None))


def _upload_page(consultation: Consultation, form: UploadForm) -> str:
    """Render the form."""
    return render_template("themes/codebook/import.html", consultation=consultation, form=form)


@bp.post("/staff/consultations/<slug>/codebook/import")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def codebook_upload(slug: str) -> Response | tuple[str, int]:
    """Keep a file and have it looked at."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *DECIDERS, consultation=consultation.id)
    form = UploadForm()
    if not form.validate_on_submit():
        return _upload_page(consultation, form), 422
    try:
        job, file = begin_check(
            db.session(),
            current_user,
            consultation,
            form.file.data.stream,
            name=form.file.data.filename or "",
            lang=file_language(language().code),
            now=clock.now(),
        )
    except DomainError as error:
        db.session.rollback()
        form.file.errors = [error.text()]
        return _upload_page(consultation, form), error.status
    leads = redirect(url_for("themes.import_plan", id=job.id), 303)
    is_small = file.size <= SMALL
    db.session.commit()
    have_done(job.id, is_small=is_small)
    return leads


@bp.get("/staff/codebook-imports/<int:id>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def import_plan(id: int) -> Any:  # noqa: A002
    """Show what importing a file would do, or what it did."""
    job, consultation = get_own_job(id, CHECK)
    return _page(job, consultation)


def _page(job: Job, consultation: Consultation) -> Any:
    """Render the page."""
    kept = job.checkpoint
    lang = file_language(language().code)
    answer = make_response(
        render_template(
            "themes/codebook/plan.html",
            consultation=consultation,
            job=job,
            stage=stage_text(job),
            plan=plan_from_json(kept["plan"]) if "plan" in kept else None,
            outcome=outcome_from_json(kept["outcome"]) if "outcome" in kept else None,
            file_name=kept.get("file_name", ""),
            said_in=kept.get("lang", lang),
            form=ConfirmForm(formdata=None),
            field_label=lambda name: label(name, lang),
            most=MOST_LISTED,
        )
    )
    if not job.is_over and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/codebook-imports/<int:id>/progress")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def import_looking(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far the look at a file is, for the page's script."""
    job, _consultation = get_own_job(id, CHECK)
    return progress_of(job, stage_text(job))


@bp.post("/staff/codebook-imports/<int:id>")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def import_decide(id: int) -> Response | tuple[str, int]:  # noqa: A002
    """Do what the page said, or delete the file."""
    job, consultation = get_own_job(id, CHECK)
    if request.form.get("decision") == "discard":
        discard(db.session(), job, now=clock.now())
        db.session.commit()
        flash(_("The file was deleted; nothing of it was imported."))
        return redirect(url_for("themes.codebook", slug=consultation.slug), 303)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return _page(job, consultation), 422
    confirm(
        db.session(),
        current_user,
        job,
        also_changed=bool(form.also_changed.data),
        now=clock.now(),
    )
    db.session.commit()
    return redirect(url_for("themes.import_plan", id=id), 303)
