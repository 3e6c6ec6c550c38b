"""Pages of requests: making one by the code, answering it among staff; and reading a contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import flash, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.utils import redirect

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, ensure, public, requires
from app.core.clock import CIVIL_ZONE
from app.core.db import db
from app.core.errors import DomainError, ForbiddenError, NotFoundError
from app.core.i18n import LANGUAGES
from app.submissions import queries
from app.submissions.afterwards import contacts
from app.submissions.afterwards.queries import load_versions
from app.submissions.blueprint import bp
from app.submissions.models import DataRequest, Submission
from app.submissions.rights import operations
from app.submissions.rights.errors import RequestOpenError
from app.submissions.rights.forms import RIGHTS, STATES, AnswerForm, RequestForm
from app.submissions.rights.letters import tell_answer
from app.submissions.rights.queries import get_request, requests_in
from app.submissions.views.codes import (
    Page,
    back_to,
    guessing,
    kept_submission_of,
    private,
)
from app.territories.queries import all_regions

#: Answered requests that the list shows.
_SHOWN = 50


@bp.app_template_filter("eve")
def _eve(instant: datetime) -> date:
    """Return the last civil day before an instant at which something is over."""
    return (instant - timedelta(seconds=1)).astimezone(CIVIL_ZONE).date()


# --- by the code --------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/request")
@public
@guessing
def ask(code: str) -> Page:
    """Show the form of a request."""
    return private(_ask_page(kept_submission_of(code), RequestForm()))


def _ask_page(submission: Submission, form: RequestForm, refusal: DomainError | None = None) -> str:
    """Render the form; ``refusal`` is why the request was just refused."""
    return render_template(
        "submissions/request.html",
        consultation=submission.consultation,
        submission=submission,
        form=form,
        refusal=refusal,
        days=operations.DAYS,
    )


@bp.post("/my-contribution/<code>/request")
@public
@guessing
def make_request(code: str) -> Page:
    """Make a request."""
    submission = kept_submission_of(code)
    form = RequestForm()
    if not form.validate():
        return private((_ask_page(submission, form), 422))
    right = operations.Right(form.right.data)
    try:
        operations.ask(db.session(), submission, right, form.message.data or "", now=clock.now())
    except RequestOpenError as refusal:
        return private((_ask_page(submission, form, refusal), refusal.status))
    db.session.commit()
    flash(_("Your request is recorded. Its answer will stand on this page."))
    return back_to(submission, "submissions.your_data")


# --- among staff --------------------------------------------------------------------------------


@bp.get("/staff/consultations/<slug>/requests")
@requires(*operations.ANSWERERS)
def requests(slug: str) -> str:
    """List the requests that wait, the most urgent first, and those answered last."""
    session = db.session()
    consultation = get_consultation(session, slug)
    scope = _scope(consultation.id)
    return render_template(
        "submissions/requests.html",
        consultation=consultation,
        now=clock.now(),
        may_publish=current_user.may({Role.ADMINISTRATOR}, consultation=consultation.id),
        waiting=session.scalars(requests_in(scope, is_open=True)).all(),
        answered=session.scalars(requests_in(scope, is_open=False).limit(_SHOWN)).all(),
        rights=RIGHTS,
        states=STATES,
    )


def _scope(consultation_id: int) -> queries.Scope:
    """Return the submissions whose requests the reader answers.

    :raises ForbiddenError: if there are none.
    """
    roles = operations.ANSWERERS
    if current_user.may(roles, consultation=consultation_id):
        return queries.Scope(consultation_id)
    codes = frozenset(
        region.code
        for region in db.session.scalars(all_regions())
        if current_user.may(roles, region=region.code, consultation=consultation_id)
    )
    if not codes:
        raise ForbiddenError
    return queries.Scope(consultation_id, codes)


@bp.get("/staff/requests/<int(max=2147483647):id>")
@requires(*operations.ANSWERERS)
def request(id: int) -> str:  # noqa: A002  (the name in the address)
    """Show one request with what is needed to answer it."""
    return _request_page(_request(id), AnswerForm())


def _request(identity: int) -> DataRequest:
    """Return a request that the reader may answer.

    :raises RequestNotFoundError: if there is none.
    :raises ForbiddenError: if it is not theirs.
    """
    row = get_request(db.session(), identity)
    _ensure_may(row.submission, *operations.ANSWERERS)
    return row


def _ensure_may(submission: Submission, *roles: Role) -> None:
    """Check that the reader holds a role where the submission is from."""
    ensure(
        current_user,
        *roles,
        region=submission.region_code,
        consultation=submission.consultation_id,
    )


def _request_page(row: DataRequest, form: AnswerForm) -> str:
    """Render a request."""
    submission = row.submission
    return render_template(
        "submissions/request_answer.html",
        consultation=submission.consultation,
        row=row,
        submission=submission,
        form=form,
        now=clock.now(),
        rights=RIGHTS,
        states=STATES,
        spoken=LANGUAGES.get(submission.lang),
    )


@bp.post("/staff/requests/<int(max=2147483647):id>")
@requires(*operations.ANSWERERS)
def answer_request(id: int) -> Page:  # noqa: A002
    """Grant or refuse a request."""
    row = _request(id)
    form = AnswerForm()
    if not form.validate():
        return _request_page(row, form), 422
    contact = contacts.find_contact(db.session(), row.submission)
    reach = (contact.email, contact.lang) if contact and contact.email else None
    operations.answer(
        db.session(),
        current_user,
        id,
        is_granted=form.decision.data == "granted",
        words=form.words.data or "",
        now=clock.now(),
    )
    if reach is not None:
        tell_answer(db.session(), row, *reach, now=clock.now())
    db.session.commit()
    flash(_("The answer is recorded; the person reads it with their code."))
    return redirect(url_for("submissions.requests", slug=row.submission.consultation.slug), 303)


# --- a contact, and the versions ----------------------------------------------------------------


@bp.post("/staff/submissions/<int(max=2147483647):id>/contact")
@requires(*contacts.READERS)
def read_contact(id: int) -> Page:  # noqa: A002
    """Show how to reach the author of one submission; that it was read is written down."""
    submission = _submission(id)
    _ensure_may(submission, *contacts.READERS)
    contact = contacts.read_contact(db.session(), current_user, submission, now=clock.now())
    db.session.commit()
    page = render_template(
        "submissions/contact_staff.html",
        consultation=submission.consultation,
        submission=submission,
        contact=contact,
        until=contacts.kept_until(submission),
        spoken=LANGUAGES.get(contact.lang) if contact else None,
    )
    return private(page)


@bp.get("/staff/submissions/<int(max=2147483647):id>/versions")
@requires(*STAFF)
def staff_versions(id: int) -> Page:  # noqa: A002
    """Show what each correction of a submission changed."""
    submission = _submission(id)
    _ensure_may(submission, *STAFF)
    return render_template(
        "submissions/versions.html",
        layout="staff.html",
        consultation=submission.consultation,
        submission=submission,
        versions=load_versions(db.session(), submission),
    )


def _submission(identity: int) -> Submission:
    """Return a submission.

    :raises NotFoundError: if there is none of that number.
    """
    submission = db.session.get(Submission, identity)
    if submission is None:
        raise NotFoundError
    return submission
