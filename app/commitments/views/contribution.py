"""The page "My contribution": found by its receipt's code, shown with what became of it."""

from __future__ import annotations

from flask import redirect, render_template, url_for

from app.commitments.answers.showing import progress_of, reply_of
from app.commitments.blueprint import bp
from app.commitments.forms import CodeForm
from app.commitments.queries import load_contribution
from app.consultations.models import Stage
from app.core import clock
from app.core.access import public
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.core.files.serving import download
from app.organisations.models import ActorType
from app.reports.presentation import View
from app.submissions.afterwards.contacts import find_contact
from app.submissions.afterwards.errors import CodeNotFoundError
from app.submissions.afterwards.operations import erased_at, may_correct
from app.submissions.afterwards.queries import find_by_code
from app.submissions.attachments import queries as attachments
from app.submissions.display import write_submission
from app.submissions.models import SubmissionState
from app.submissions.moderation import labels as moderation_labels
from app.submissions.moderation.queries import told_of
from app.submissions.rights.queries import requests_of
from app.submissions.views.codes import Page, guessing, private, submission_of


@bp.get("/my-contribution")
@public
def find() -> str:
    """Ask for a code."""
    return render_template("commitments/find.html", form=CodeForm())


@bp.post("/my-contribution")
@public
@guessing
def look_up() -> Page:
    """Open the contribution that has the code."""
    form = CodeForm()
    if form.validate():
        submission = find_by_code(db.session(), form.code.data)
        if submission is not None:
            address = url_for("commitments.contribution", code=submission.receipt_code)
            return redirect(address, 303)
        form.code.errors = [CodeNotFoundError().text()]
    return render_template("commitments/find.html", form=form), 422


@bp.get("/my-contribution/<code>/files/<token>")
@public
@guessing
def attachment(code: str, token: str) -> Page:
    """Give back a file that was sent with a contribution; the scan of a form is for staff alone."""
    session = db.session()
    submission = find_by_code(session, code)
    own = attachments.answered_by(session, submission.id) if submission else {}
    found = next((one for one in own.values() if one.file.token == token), None)
    if found is None:
        raise CodeNotFoundError
    return download(found.file)


@bp.get("/my-contribution/<code>")
@public
@guessing
def contribution(code: str) -> Page:
    """Show a contribution and what became of it."""
    session = db.session()
    submission = submission_of(code)
    if submission.receipt_code != code:
        return redirect(url_for("commitments.contribution", code=submission.receipt_code), 303)
    if submission.state == SubmissionState.ERASED:
        page = render_template(
            "commitments/erased.html",
            consultation=submission.consultation,
            submission=submission,
            requests=session.scalars(requests_of(submission.id)).all(),
        )
        return private(page)
    now = clock.now()
    found = load_contribution(session, submission)
    body = found.report.body if found.report else {}
    today = now.astimezone(CIVIL_ZONE).date()
    page = render_template(
        "commitments/contribution.html",
        consultation=submission.consultation,
        contribution=found,
        view=View(body) if "claims" in body else None,
        of=body.get("participation", {}).get("analysed", 0),
        reply_of=reply_of,
        progress_of=lambda measure: progress_of(measure, today=today),
        contact=find_contact(session, submission),
        submission=submission,
        decisions=session.scalars(told_of(submission.id)).all(),
        moderation=moderation_labels,
        answers=write_submission(session, submission),
        files=attachments.answered_by(session, submission.id),
        actor=ActorType(submission.actor_type).texts,
        may_correct=may_correct(submission, now=now),
        is_open=submission.consultation.stage_at(now) is Stage.OPEN,
        erased_at=erased_at(submission),
    )
    return private(page)
