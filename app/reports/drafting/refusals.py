"""What a publication is doing, and why one was refused, in the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.core.errors import DomainError, ForbiddenError
from app.core.i18n import language
from app.core.jobs import Job, JobState
from app.reports import errors
from app.reports.claims.wording import bare
from app.reports.models import ReportDraft
from app.reports.tasks import PROVING, RENDERING, WRITING

_STAGES: dict[str, Any] = {
    PROVING: _l("Every sentence is being proved again"),
    RENDERING: _l("The files are being made"),
    WRITING: _l("Proved once more, then published"),
}


def stage_of(job: Job) -> str:
    """Say what a publication is doing."""
    return str(_STAGES.get(job.stage) or _("The publication is about to begin"))


def refusal_of(job: Job, draft: ReportDraft) -> str:
    """Say why the draft as it stands was not published; nothing if it was not tried or not refused.

    The sentence that did not come out again is named in the reader's language.
    """
    if not job.is_over or job.payload.get("sha256") != draft.sha256:
        return ""
    if job.payload.get("draft_id") != draft.id:
        return ""
    if job.state == JobState.FAILED:
        return str(_("The publication broke off: %(error)s. Try again.", error=job.error))
    name = job.checkpoint.get("refused")
    if name is None:
        return ""
    values = dict(job.checkpoint.get("values", {}))
    for claim in draft.body["claims"]:
        if claim["id"] == values.get("claim"):
            code = "ar" if language().code == "ar" else "fr"
            values["sentence"] = bare(claim["sentence"][code])
    return str(_error(name)(**values).text())


def _error(name: str) -> type[DomainError]:
    """Return the error of a name; what is unknown here could not be done."""
    known: dict[str, type[DomainError]] = {"ForbiddenError": ForbiddenError}
    found = known.get(name) or getattr(errors, name, None) or DomainError
    return found if isinstance(found, type) and issubclass(found, DomainError) else DomainError
