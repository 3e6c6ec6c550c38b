"""Staff pages of what importing a file would do, and of deciding to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.jobs import Job, cancel
from app.core.jobs.folders import give_file
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.submissions.blueprint import bp
from app.submissions.imports import errors, operations, queries, report
from app.submissions.imports.fields import fields_of
from app.submissions.imports.forms import ConfirmForm, field_label, value_choices
from app.submissions.imports.operations import Outcome, outcome_from_json
from app.submissions.imports.preview import PreviewRow, preview
from app.submissions.imports.scope import IMPORTERS
from app.submissions.imports.uploads import MAX_ROWS, Upload
from app.submissions.imports.views.common import (
    NOTHING,
    SHOWN,
    Waiting,
    application,
    get_done,
    said,
    stage_text,
    store,
    waiting,
)
from app.submissions.imports.views.files import csv_file

#: Unknown values that are offered for translation at once.
UNKNOWN_SHOWN = 30


# --- what importing would do --------------------------------------------------------------------


def stop_check(upload: Upload) -> None:
    """Stop the check of a file, if one is under way."""
    if upload.job_id is not None:
        cancel(db.session(), upload.job_id, now=clock.now())


def have_checked(upload: Upload) -> Response:
    """Have every row checked under the decisions as they are now."""
    stop_check(upload)
    store().forget_outcomes(upload)
    job = operations.begin_check(db.session(), current_user, upload.token, now=clock.now())
    store().save(replace(upload, job_id=job.id))
    leads = redirect(url_for("submissions.import_map", token=upload.token, step="check"), 303)
    db.session.commit()
    get_done(job.id, is_small=upload.is_small)
    return leads


def checked(here: Waiting) -> str | Response | None:
    """Show what a check found, or how far it is; None if there is none, or if it failed."""
    found, job = store().find_outcome(here.upload), here.job()
    if found is not None:
        return _check_page(here, outcome_from_json(found))
    if job is not None and not job.is_over:
        return _progress_page(here, job)
    return None


def why_not_checked(here: Waiting) -> str:
    """Say why the rows could not be checked, empty if nobody tried."""
    job = here.job()
    if job is None or not job.error:
        return ""
    try:
        _preview(here)
    except errors.ImportRefusedError as error:
        return error.text()
    return report.failure(job.error, limit=MAX_ROWS)


def _preview(here: Waiting) -> list[PreviewRow]:
    """Return the first rows as they will be read."""
    mapping = here.upload.mapping or NOTHING
    return preview(
        db.session(), current_user, here.consultation, here.table(), mapping, now=clock.now()
    )


def _progress_page(here: Waiting, job: Job) -> Response:
    """Show the first rows while the others are being checked."""
    answer = make_response(
        render_template(
            "submissions/import_progress.html",
            upload=here.upload,
            consultation=here.consultation,
            job=job,
            stage=stage_text(job),
            rows=_preview(here),
            said=said,
        )
    )
    if "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/imports/<token>/progress")
@requires(*IMPORTERS)
def import_checking(token: str) -> dict[str, Any]:
    """Tell how far a check is, for the page's script."""
    job = waiting(token).job()
    return progress_of(job, stage_text(job)) if job is not None else {"is_over": True}


def _check_page(here: Waiting, outcome: Outcome, problem: str = "") -> str:
    """Render the dry run: counts, words to translate, first and refused rows, and the button."""
    fields = fields_of(here.consultation.questionnaire.questions)
    unknown = [
        (fields[key], field_label(fields[key]), value, count, value_choices(fields[key]))
        for (key, value), count in outcome.unknown.most_common(UNKNOWN_SHOWN)
    ]
    return render_template(
        "submissions/import_check.html",
        upload=here.upload,
        consultation=here.consultation,
        outcome=outcome,
        unknown=unknown,
        n_unknown=len(outcome.unknown),
        problem=problem,
        refusals=said(outcome.refusals[:SHOWN]),
        n_listed=len(outcome.refusals),
        form=ConfirmForm(),
        rows=_preview(here),
        said=said,
    )


@bp.get("/staff/imports/<token>/refused.csv")
@requires(*IMPORTERS)
def import_refused(token: str) -> Response:
    """Send the report of a dry run."""
    here = waiting(token)
    if here.upload.is_done:
        return lead_to_result(here.upload)
    found = store().find_outcome(here.upload)
    if found is None:
        return redirect(url_for("submissions.import_map", token=token), 303)
    return csv_file(report.as_csv(outcome_from_json(found).refusals), "refused-rows")


# --- doing it -----------------------------------------------------------------------------------


def confirm(here: Waiting) -> Response | tuple[str, int]:
    """Begin the import, once however often the button is pressed."""
    form = ConfirmForm()
    found = store().find_outcome(here.upload)
    to_check = redirect(
        url_for("submissions.import_map", token=here.upload.token, step="check"), 303
    )
    if not form.validate_on_submit() or found is None:
        return to_check
    outcome = outcome_from_json(found)
    if outcome.n_refused and not form.accept_valid.data:
        error = errors.RowsRefusedError(refused=outcome.n_refused, rows=outcome.n_rows)
        return _check_page(here, outcome, error.text()), error.status
    # Who waits for a turn must not hold the database, which the one whose turn it is needs.
    db.session.commit()
    with store().taking_turns(here.upload) as upload:
        if upload.is_done:
            return lead_to_result(upload)
        try:
            job_id = _begin(here, upload, accept_valid=form.accept_valid.data)
        except errors.ImportUnderWayError as error:
            db.session.rollback()
            return _check_page(waiting(upload.token), outcome, error.text()), error.status
        is_small = upload.is_small
        batch_id = _batch_of(job_id)
        store().finish(upload, batch_id)
    leads = lead_to_result(replace(upload, batch_id=batch_id))
    get_done(job_id, is_small=is_small)
    return leads


def _begin(here: Waiting, upload: Upload, *, accept_valid: bool) -> int:
    """Write the import and its job down, with the file that the job will read."""
    batch = operations.begin_import(
        db.session(),
        current_user,
        here.consultation,
        here.table(),
        upload.mapping or NOTHING,
        options=upload.options,
        file_name=upload.file_name,
        accept_valid=accept_valid,
        limit=MAX_ROWS,
        now=clock.now(),
    )
    job_id = batch.job_id or 0
    give_file(application(), job_id, upload.path, "rows")
    db.session.commit()
    return job_id


def _batch_of(job_id: int) -> int:
    """Return the import that a job does."""
    return queries.batch_of_job(db.session(), job_id).id


def lead_to_result(upload: Upload) -> Response:
    """Lead to the import that a file has become."""
    return redirect(url_for("submissions.import_report", id=upload.batch_id), 303)
