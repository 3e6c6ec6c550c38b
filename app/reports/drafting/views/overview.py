"""Staff pages: the versions, the draft, its approval and publication."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.accounts.models import User
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import Role, requires
from app.core.db import db
from app.core.errors import NotFoundError
from app.core.jobs import Job
from app.core.jobs.progress import REFRESH_SECONDS, progress_of
from app.core.jobs.queue import announce
from app.reports import queries
from app.reports.blueprint import READERS, bp
from app.reports.body import record
from app.reports.claims.narrative import flags
from app.reports.comparison import Comparison, Stated
from app.reports.drafting import operations as drafting
from app.reports.drafting import publishing
from app.reports.drafting.comments import open_by_section
from app.reports.drafting.queries import discarded, find_draft, find_open
from app.reports.drafting.refusals import refusal_of, stage_of
from app.reports.drafting.views.common import may_write, open_draft, readable, seen, writable
from app.reports.models import Report, ReportDraft
from app.reports.operations import Edition, next_label
from app.reports.views.public import report_page
from app.themes.queries import newest_run


@bp.get("/staff/consultations/<slug>/reports")
@requires(*READERS)
def index(slug: str) -> Any:
    """Show the draft, who approved it, what came since, and the versions."""
    consultation = readable(slug)
    draft = find_open(db.session(), consultation.id)
    reports = list(db.session.scalars(queries.reports_of(consultation.id)))
    job = publishing.newest_job(db.session(), consultation.id)
    is_busy = job is not None and not job.is_over
    answer = make_response(
        render_template(
            "reports/index.html",
            consultation=consultation,
            reports=reports,
            draft=draft,
            may_write=may_write(consultation),
            has_analysis=db.session.scalars(newest_run(consultation.id)).first() is not None,
            job=job if is_busy else None,
            stage=stage_of(job) if job and is_busy else "",
            refusal=refusal_of(job, draft) if job and draft else "",
            discarded=list(db.session.scalars(discarded(consultation.id))),
            names=_names(draft),
            **_of_draft(consultation, draft, reports),
        )
    )
    if is_busy and "live" not in request.args:
        answer.headers["Refresh"] = str(REFRESH_SECONDS)
    return answer


def _of_draft(
    consultation: Consultation, draft: ReportDraft | None, reports: list[Report]
) -> dict[str, Any]:
    """Return what the page says of the draft, or of the newest version if there is none."""
    newest = reports[0] if reports else None
    cells = queries.cells_of(db.session(), newest) if newest else {}
    if draft is None:
        came = newest and record.since(db.session(), consultation.id, newest.run_id, cells)
        return {"since": came or None}
    given = drafting.approvals(draft)
    return {
        "since": record.since(db.session(), consultation.id, draft.run_id, draft.cells),
        "given": given,
        "lapsed": [row for row in draft.approvals if row not in given],
        "is_approved": len({row.user_id for row in given}) >= drafting.N_APPROVALS,
        "mine": any(row.user_id == current_user.id for row in given),
        "n_comments": open_by_section(draft).total(),
        "n_flags": len(flags(draft.body)),
        "label": next_label(newest, draft.body),
        "comparison": newest
        and Comparison(
            Stated(newest.label, newest.body, cells), Stated("", draft.body, draft.cells)
        ),
    }


def _compared(newest: Report, cells: dict[str, Any], draft: ReportDraft) -> Comparison:
    """Compare the draft with the newest version."""
    before = Stated(newest.label, newest.body, cells)
    return Comparison(before, Stated("", draft.body, draft.cells))


def _names(draft: ReportDraft | None) -> dict[str, str]:
    """Return who began the draft."""
    if draft is None or draft.created_by_id is None:
        return {}
    person = db.session.get(User, draft.created_by_id)
    return {"created": person.name} if person else {}


@bp.get("/staff/consultations/<slug>/reports/progress")
@requires(*READERS)
def progress(slug: str) -> BaseResponse:
    """Say how far a publication is."""
    consultation = readable(slug)
    job = publishing.newest_job(db.session(), consultation.id)
    if job is None:
        raise NotFoundError
    return jsonify(progress_of(job, stage_of(job)))


@bp.get("/staff/consultations/<slug>/reports/preview")
@requires(*READERS)
def preview(slug: str) -> str:
    """Show the open draft, or one that was given up, as a report."""
    consultation = readable(slug)
    number = request.args.get("draft", type=int)
    draft = (
        open_draft(consultation)
        if number is None
        else find_draft(db.session(), consultation.id, number)
    )
    if draft is None:
        raise NotFoundError
    newest = queries.newest_report(db.session(), consultation.id)
    edition = Edition(
        version=0,
        label=next_label(newest, draft.body),
        published_at=draft.updated_at,
        sha256=draft.sha256,
        is_preview=True,
    )
    return report_page("staff.html", consultation, draft.body, edition)


def _back(slug: str) -> BaseResponse:
    """Lead back to the page of the reports."""
    return redirect(url_for("reports.index", slug=slug), 303)


@bp.post("/staff/consultations/<slug>/reports/draft")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def start(slug: str) -> BaseResponse:
    """Make the first draft."""
    consultation = get_consultation(db.session(), slug)
    drafting.start(db.session(), current_user, consultation, now=clock.now())
    db.session.commit()
    flash(_("The first draft is written: read it, change it, have it approved."))
    return _back(slug)


@bp.post("/staff/consultations/<slug>/reports/renew")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def renew(slug: str) -> BaseResponse:
    """Build the draft anew from the data as they stand."""
    _consultation, draft = writable(slug)
    drafting.renew(db.session(), current_user, draft, seen=seen(), now=clock.now())
    db.session.commit()
    flash(_("The draft holds the data as they stand now; what you decided of it was kept."))
    return _back(slug)


@bp.post("/staff/consultations/<slug>/reports/discard")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def discard(slug: str) -> BaseResponse:
    """Give the draft up."""
    _consultation, draft = writable(slug)
    drafting.discard(db.session(), current_user, draft, seen=seen(), now=clock.now())
    db.session.commit()
    flash(_("The draft is given up; it is kept below with its comments."))
    return _back(slug)


@bp.post("/staff/consultations/<slug>/reports/approve")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def approve(slug: str) -> BaseResponse:
    """Approve the draft as it was shown."""
    _consultation, draft = writable(slug)
    sha256 = request.form.get("sha256", "")
    drafting.approve(db.session(), current_user, draft, sha256=sha256, now=clock.now())
    db.session.commit()
    flash(_("You approved the draft as it stands."))
    return _back(slug)


@bp.post("/staff/consultations/<slug>/reports/withdraw")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def withdraw(slug: str) -> BaseResponse:
    """Take one's approval back."""
    _consultation, draft = writable(slug)
    drafting.withdraw_approval(db.session(), current_user, draft, now=clock.now())
    db.session.commit()
    flash(_("Your approval is taken back."))
    return _back(slug)


@bp.post("/staff/consultations/<slug>/reports")
@requires(Role.ADMINISTRATOR, Role.ANALYST)
def publish(slug: str) -> BaseResponse:
    """Have the approved draft published by a job."""
    _consultation, draft = writable(slug)
    sha256 = request.form.get("sha256", "")
    job: Job = publishing.ask(db.session(), current_user, draft, sha256=sha256, now=clock.now())
    db.session.commit()
    announce(job.id)
    return redirect(url_for("reports.index", slug=slug, _anchor="publication"), 303)
