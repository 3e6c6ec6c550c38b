"""What the pages of exports and imports share: jobs, done here or by a worker."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.consultations.models import Consultation
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.core.jobs.queue import announce
from app.themes import labels
from app.themes.codebook.tasks import CHECKING, WRITING

_STAGES: dict[str, Any] = {
    WRITING: _l("The file is being written"),
    CHECKING: _l("The file is being read"),
}


def get_own_job(number: int, kind: str) -> tuple[Job, Consultation]:
    """Return a job that the reader began, with its consultation.

    :raises NotFoundError: if there is none, or it is somebody else's.
    """
    job = db.session.get(Job, number)
    if job is None or job.kind != kind or job.created_by_id != current_user.id:
        raise NotFoundError
    return job, db.session.get_one(Consultation, job.payload["consultation_id"])


def have_done(job_id: int, *, is_small: bool) -> None:
    """Have a committed job done: small ones at once, before the page is answered.

    What goes wrong is written on the job, and its page says it.
    """
    if not is_small:
        announce(job_id)
        return
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    try:
        run_job(app, job_id)
    except Exception:
        current_app.logger.exception("job %s failed", job_id)


def stage_text(job: Job) -> str:
    """Say what a job is doing."""
    return str(_STAGES.get(job.stage) or labels.job_state_name(job))
