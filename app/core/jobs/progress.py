"""How far a job is, for the script of a page that shows it."""

from __future__ import annotations

from typing import Any

from app.core.i18n import language, plain_number
from app.core.jobs.models import Job

#: How often a browser without scripts fetches the progress again.
REFRESH_SECONDS = 5


def progress_of(job: Job, text: str) -> dict[str, Any]:
    """Say how far a job is, in numbers and in the page's language."""
    return {
        "state": job.state,
        "is_over": job.is_over,
        "stage": job.stage,
        "progress": job.progress,
        "percent": f"{plain_number(job.progress * 100)}{'' if language().code == 'ar' else ' '}%",
        "text": text,
    }
