"""The page "My contribution": found by its receipt's code, shown with what became of it."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.accounts.security import limiter
from app.commitments.errors import CodeNotFoundError
from app.commitments.forms import CodeForm
from app.commitments.queries import find_contribution, load_contribution
from app.core.access import public
from app.core.db import db
from app.core.files.serving import download
from app.organisations.models import ActorType
from app.submissions.attachments import queries as attachments
from app.submissions.display import write_submission
from app.submissions.moderation import labels as moderation_labels
from app.submissions.moderation.queries import told_of

bp = Blueprint("commitments", __name__, template_folder="templates")

Page = AnyResponse | str | tuple[str, int]


def _is_wrong(response: Response) -> bool:
    """Tell whether an answer was to a code that opens nothing."""
    return response.status_code in {404, 422}


#: Wrong codes only: a village that shares one address may look as often as it likes.
guessing: Callable[[Callable[..., Page]], Callable[..., Page]] = limiter.shared_limit(
    "20 per minute", scope="receipt codes", deduct_when=_is_wrong
)


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
        submission = find_contribution(db.session(), form.code.data)
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
    submission = find_contribution(session, code)
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
    submission = find_contribution(session, code)
    if submission is None:
        raise CodeNotFoundError
    if submission.receipt_code != code:
        return redirect(url_for("commitments.contribution", code=submission.receipt_code), 303)
    page = make_response(
        render_template(
            "commitments/contribution.html",
            consultation=submission.consultation,
            contribution=load_contribution(session, submission),
            submission=submission,
            decisions=session.scalars(told_of(submission.id)).all(),
            moderation=moderation_labels,
            answers=write_submission(session, submission),
            files=attachments.answered_by(session, submission.id),
            actor=ActorType(submission.actor_type).texts,
        )
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page
