"""Publication as a durable job: proved, rendered, proved again and written."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core import clock
from app.core.access import Actor, System
from app.core.db import db, reading_only
from app.core.errors import DomainError, ForbiddenError
from app.core.jobs import Job, JobControl, handler
from app.reports.drafting.publishing import PUBLISH
from app.reports.errors import DraftChangedError
from app.reports.models import ReportDraft
from app.reports.operations import next_edition, render_files
from app.reports.operations import publish as publish_report

#: Stages, as pages name them.
PROVING, RENDERING, WRITING = "report_proving", "report_rendering", "report_writing"


@handler(PUBLISH)
def publish_draft(control: JobControl) -> None:
    """Publish a draft; what the domain refuses is noted for the page and ends the job.

    Done again from the start if it is interrupted; a draft that is published already is left alone.
    """
    if control.checkpoint:
        return
    try:
        _publish(control)
    except DomainError as refused:
        values = {name: str(value) for name, value in refused.values.items()}
        control.note(refused=type(refused).__name__, values=values)


def _publish(control: JobControl) -> None:
    """Do the work; no transaction is open while the files are made."""
    payload = control.payload
    control.report(PROVING, 0.05)
    with reading_only(), Session(db.engine, expire_on_commit=False) as session:
        actor = _actor(session, control.job_id)
        draft = _draft(session, payload["draft_id"], payload["sha256"])
        if draft.report_id is not None:
            return
        edition, body = next_edition(session, draft, now=clock.now()), draft.body
    control.report(RENDERING, 0.25)
    prepared = render_files(body, edition)
    control.report(WRITING, 0.9)
    with Session(db.engine) as session:
        control.secure(session)
        draft = _draft(session, payload["draft_id"], payload["sha256"])
        report = publish_report(session, actor, draft, now=edition.published_at, prepared=prepared)
        control.write(session, checkpoint={"version": report.version, "label": report.label})
        # Proving again may have outlasted the lease; who waits for the row finds it renewed.
        control.secure(session)
        session.commit()


def _draft(session: Session, draft_id: int, sha256: str) -> ReportDraft:
    """Return the draft, which must be the one that was shown.

    :raises DraftChangedError: if it is another one by now.
    """
    draft = session.get_one(ReportDraft, draft_id)
    if draft.sha256 != sha256:
        raise DraftChangedError
    return draft


def _actor(session: Session, job_id: int) -> Actor:
    """Return who asked, with what they may do today.

    :raises ForbiddenError: if the account is gone.
    """
    user_id = session.get_one(Job, job_id).created_by_id
    if user_id is None:
        return System("command line")
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise ForbiddenError
    list(user.grants)  # read now, to be asked when the session is closed
    return user
