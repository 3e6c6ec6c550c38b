"""Staff pages of what was imported: counts, progress, what was left out, receipts."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.core import audit, clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import ForbiddenError
from app.core.jobs import Job
from app.core.jobs.folders import remove_folder
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.submissions.blueprint import bp
from app.submissions.imports import operations, queries, report
from app.submissions.imports.fields import fields_of
from app.submissions.imports.forms import field_label, kind_label
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.scope import IMPORTERS, covers, ensure_may_import
from app.submissions.imports.views.common import (
    SHOWN,
    application,
    said,
    stage_text,
    state_text,
)
from app.submissions.imports.views.files import csv_file
from app.submissions.models import ImportBatch


def _batch(batch_id: int) -> tuple[ImportBatch, Consultation, Job | None]:
    """Return an import that the reader may see, with its job."""
    batch = queries.get_batch(db.session(), batch_id)
    consultation = db.session.get_one(Consultation, batch.consultation_id)
    ensure_may_import(current_user, consultation)
    if not covers(current_user, consultation, None) and batch.created_by_id != current_user.id:
        raise ForbiddenError
    return batch, consultation, db.session.get(Job, batch.job_id) if batch.job_id else None


@bp.get("/staff/imports/batches/<int:id>")
@requires(*IMPORTERS)
def import_report(id: int) -> Response:  # noqa: A002
    """Show an import: how far it is, or its counts, how it was understood, what it left out."""
    batch, consultation, job = _batch(id)
    fields = fields_of(consultation.questionnaire.questions)
    mapping = ColumnMapping.from_json(batch.mapping)
    columns = [
        (column, field_label(fields[key]) if key in fields else key)
        for column, key in mapping.columns.items()
    ]
    refusals = db.session.scalars(queries.refusals_of(batch.id).limit(SHOWN)).all()
    is_open = job is not None and not job.is_over
    answer = make_response(
        render_template(
            "submissions/import_report.html",
            batch=batch,
            consultation=consultation,
            job=job,
            is_open=is_open,
            stage=stage_text(job) if job else "",
            state=state_text(job) if job else "",
            reason=report.failure(job.error) if job and job.error else "",
            mapping=mapping,
            kind=kind_label(mapping.kind),
            columns=columns,
            refusals=said(refusals),
            author=queries.author_of(db.session(), batch),
        )
    )
    if is_open and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


@bp.get("/staff/imports/batches/<int:id>/progress")
@requires(*IMPORTERS)
def import_progress(id: int) -> dict[str, Any]:  # noqa: A002
    """Tell how far an import is, for the page's script."""
    _batch_row, _consultation, job = _batch(id)
    return progress_of(job, stage_text(job)) if job is not None else {"is_over": True}


@bp.post("/staff/imports/batches/<int:id>/stop")
@requires(*IMPORTERS)
def import_stop(id: int) -> Response:  # noqa: A002
    """Stop an import; the rows that are in stay."""
    batch, _consultation, job = _batch(id)
    if job is not None and operations.stop_import(
        db.session(), current_user, batch, now=clock.now()
    ):
        db.session.commit()
        remove_folder(application(), job.id)
    return redirect(url_for("submissions.import_report", id=id), 303)


@bp.get("/staff/imports/batches/<int:id>/refused.csv")
@requires(*IMPORTERS)
def import_report_refused(id: int) -> Response:  # noqa: A002
    """Send the report of what an import left out."""
    batch, _consultation, _job = _batch(id)
    refusals = db.session.scalars(queries.refusals_of(batch.id))
    return csv_file(report.as_csv(refusals), "refused-rows")


@bp.post("/staff/imports/batches/<int:id>/receipts.csv")
@requires(*IMPORTERS)
def import_receipts(id: int) -> Response:  # noqa: A002
    """Send which receipt code each row got, so that its source can hand the codes out.

    A code opens a contribution: that the list was taken is written into the audit log.
    """
    batch, _consultation, _job = _batch(id)
    rows = db.session.execute(queries.receipts_of(batch.id)).all()
    detail = {"receipts": len(rows)}
    audit.record(
        db.session(),
        current_user,
        "submissions.import_receipts",
        at=clock.now(),
        target=batch,
        detail=detail,
    )
    db.session.commit()
    return csv_file(report.receipts_csv(rows), f"receipts-{batch.id}")
