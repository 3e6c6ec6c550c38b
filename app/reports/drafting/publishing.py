"""Publication asked for from a page: rendering takes long, so a job does it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Actor, ensure
from app.core.jobs import Job, JobOpenError, enqueue
from app.reports.drafting.operations import N_APPROVALS, WRITERS, approvals
from app.reports.errors import DraftChangedError, NoDraftError, NotApprovedError
from app.reports.models import DraftState, ReportDraft

#: Kind of the job; :mod:`app.reports.tasks` does it.
PUBLISH = "reports.publish"


def ask(session: Session, actor: Actor, draft: ReportDraft, *, sha256: str, now: datetime) -> Job:
    """Add the job that publishes a draft as it was shown, flushed; asked for twice, it is one.

    The caller commits, then announces it.

    :raises DraftChangedError: if the draft is another one by now.
    :raises NotApprovedError: unless two people approved it exactly as it is.
    """
    ensure(actor, *WRITERS, consultation=draft.consultation_id)
    if draft.state != DraftState.OPEN:
        raise NoDraftError
    if draft.sha256 != sha256:
        raise DraftChangedError
    given = approvals(draft)
    if len({row.user_id for row in given}) < N_APPROVALS:
        raise NotApprovedError(count=len(given))
    payload = {"consultation_id": draft.consultation_id, "draft_id": draft.id, "sha256": sha256}
    name = _name(draft.consultation_id)
    try:
        return enqueue(session, PUBLISH, payload, actor=actor, now=now, exclusive=name)
    except JobOpenError:
        under_way = newest_job(session, draft.consultation_id)
        if under_way is None:
            raise
        return under_way


def newest_job(session: Session, consultation_id: int) -> Job | None:
    """Return the job asked for last, whatever became of it."""
    mine = select(Job).where(Job.kind == PUBLISH, Job.exclusive == _name(consultation_id))
    return session.scalars(mine.order_by(Job.id.desc()).limit(1)).first()


def _name(consultation_id: int) -> str:
    """Return the name that only one open job may bear."""
    return f"{PUBLISH}:{consultation_id}"
