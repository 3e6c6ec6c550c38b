"""The page behind a letter's last link: to receive no more of them, or to receive them again."""

from __future__ import annotations

from flask import flash, render_template, request
from flask_babel import gettext as _

from app.commitments.answers.letters import stop, write_again
from app.commitments.blueprint import bp
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.forms import checked_by_view
from app.core.mail.one_click import is_one_click, no_more_letters
from app.submissions.afterwards.contacts import find_contact
from app.submissions.afterwards.queries import find_by_code
from app.submissions.views.codes import (
    Page,
    back_to,
    count_as_guess,
    guessing,
    kept_submission_of,
    private,
)


@bp.get("/my-contribution/<code>/letters")
@public
@guessing
def letters(code: str) -> Page:
    """Ask whether letters should stop; a link that is only followed changes nothing."""
    submission = kept_submission_of(code)
    page = render_template(
        "commitments/letters.html",
        consultation=submission.consultation,
        submission=submission,
        contact=find_contact(db.session(), submission),
    )
    return private(page)


@bp.post("/my-contribution/<code>/letters")
@public
@guessing
@checked_by_view
def decide_letters(code: str) -> Page:
    """Stop the letters, or let them come again; twice is once. The code proves who asks."""
    if is_one_click():
        return _one_click(code)
    submission = kept_submission_of(code)
    session = db.session()
    if request.form.get("go") == "again":
        if write_again(session, submission):
            flash(_("We will write to you when something becomes of your contribution."))
    elif stop(session, submission, now=clock.now()):
        flash(_("We will not write to you any more about your contribution."))
    session.commit()
    return back_to(submission, "commitments.letters")


def _one_click(code: str) -> Page:
    """Stop what a mail program wants stopped; it learns nothing of a wrong code."""
    submission = find_by_code(db.session(), code)
    if submission is None:
        count_as_guess()
    else:
        stop(db.session(), submission, now=clock.now())
        db.session.commit()
    return no_more_letters()
