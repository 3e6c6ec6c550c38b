"""What the pages of the imports share: uploaded files, and jobs done here or by a worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.consultations.models import Consultation
from app.core import clock
from app.core.db import db
from app.core.jobs import Job, JobState
from app.core.jobs import run as run_job
from app.core.jobs.queue import announce
from app.core.tables import Table, open_table
from app.submissions.imports import errors, report
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.scope import ensure_may_import
from app.submissions.imports.tasks import CHECKING, WRITING
from app.submissions.imports.uploads import LIMIT, Upload, UploadStore

#: Refused rows that a page shows; the CSV report has all of them.
SHOWN = 100

#: Nothing decided so far.
NOTHING = ColumnMapping()

_STAGES: dict[str, Any] = {
    CHECKING: _l("The rows are being checked"),
    WRITING: _l("The rows are being written"),
}
_STATES: dict[str, Any] = {
    JobState.QUEUED: _l("Waiting for a worker"),
    JobState.RUNNING: _l("Under way"),
    JobState.DONE: _l("Done"),
    JobState.FAILED: _l("Failed"),
}


def store() -> UploadStore:
    """Return the folder of uploaded files."""
    return UploadStore(current_app.config["INSTANCE"] / "uploads")


def application() -> Flask:
    """Return the application itself, for jobs."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return app


@dataclass(frozen=True)
class Waiting:
    """An uploaded file with its consultation."""

    upload: Upload
    consultation: Consultation

    def table(self) -> Table:
        """Open the file."""
        # What an archive held may weigh more than the archive did.
        return open_table(self.upload.path, self.upload.options, limit=10 * LIMIT)

    def job(self) -> Job | None:
        """Return the job that checks it, if there is one."""
        return db.session.get(Job, self.upload.job_id) if self.upload.job_id else None


def waiting(token: str) -> Waiting:
    """Return an uploaded file that the reader sent and may still import."""
    upload = store().get(token, owner_id=current_user.id, now=clock.now())
    consultation = db.session.get(Consultation, upload.consultation_id)
    if consultation is None:
        raise errors.UploadGoneError
    ensure_may_import(current_user, consultation)
    return Waiting(upload, consultation)


def get_done(job_id: int, *, is_small: bool) -> None:
    """Have a committed job done: small ones at once, before the page is answered.

    What goes wrong is written on the job, and the page of the job says it.
    """
    if not is_small:
        announce(job_id)
        return
    try:
        run_job(application(), job_id)
    except Exception as error:
        if isinstance(error, errors.ImportRefusedError):
            return
        current_app.logger.exception("job %s failed", job_id)


def stage_text(job: Job) -> str:
    """Say what a job is doing."""
    return str(_STAGES.get(job.stage, "") or state_text(job))


def state_text(job: Job) -> str:
    """Say where a job is in its life."""
    return str(_l("Stopped")) if job.was_cancelled else str(_STATES[JobState(job.state)])


def said(refusals: Sequence[Any]) -> list[tuple[Any, str]]:
    """Put beside each refusal the sentence that says why."""
    return [(refusal, report.sentence(refusal, is_isolated=True)) for refusal in refusals]
