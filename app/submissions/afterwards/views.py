"""Pages opened by a receipt's code: correct, withdraw, erase, be told, take away what was said."""

from __future__ import annotations

import json

from flask import Response as FlaskResponse
from flask import flash, render_template, request
from flask_babel import gettext as _

from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.i18n import language
from app.organisations.models import ActorType
from app.submissions.afterwards import contacts, forgetting, operations
from app.submissions.afterwards.errors import DeviceBusyError
from app.submissions.afterwards.export import as_data, as_pdf
from app.submissions.afterwards.forms import ContactForm, EraseForm
from app.submissions.afterwards.queries import load_versions
from app.submissions.blueprint import bp
from app.submissions.models import Submission
from app.submissions.rights.forms import RIGHTS, STATES
from app.submissions.rights.queries import requests_of
from app.submissions.views.codes import (
    Page,
    back_to,
    guessing,
    kept_submission_of,
    making_files,
    private,
)
from app.submissions.views.common import carried_draft, lead_to, way_of
from app.submissions.views.device import carry

# --- what is kept -------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/data")
@public
@guessing
def your_data(code: str) -> Page:
    """Say in words what is kept of a contribution and until when, and what one can require."""
    submission = kept_submission_of(code)
    session = db.session()
    page = render_template(
        "submissions/your_data.html",
        consultation=submission.consultation,
        submission=submission,
        actor=ActorType(submission.actor_type).texts,
        contact=contacts.find_contact(session, submission),
        contact_until=contacts.kept_until(submission),
        may_correct=operations.may_correct(submission, now=clock.now()),
        erased_at=operations.erased_at(submission),
        requests=session.scalars(requests_of(submission.id)).all(),
        rights=RIGHTS,
        states=STATES,
    )
    return private(page)


@bp.get("/my-contribution/<code>/versions")
@public
@guessing
def versions(code: str) -> Page:
    """Show what each correction changed."""
    submission = kept_submission_of(code)
    page = render_template(
        "submissions/versions.html",
        layout="base.html",
        consultation=submission.consultation,
        submission=submission,
        versions=load_versions(db.session(), submission),
    )
    return private(page)


@bp.get("/my-contribution/<code>/contribution.<any(json, pdf):kind>")
@public
@guessing
@making_files
def take_away(code: str, kind: str) -> Page:
    """Send what is kept of a contribution as a file."""
    submission, now = kept_submission_of(code), clock.now()
    name = f"contribution-{submission.receipt}.{kind}"
    answer: FlaskResponse
    if kind == "json":
        data = as_data(db.session(), submission, now=now)
        text = json.dumps(data, ensure_ascii=False, indent=2)
        answer = FlaskResponse(text, mimetype="application/json")
    else:
        content = as_pdf(db.session(), submission, language().code, now=now)
        answer = FlaskResponse(content, mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(answer)


# --- correcting ---------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/correct")
@public
@guessing
def correct(code: str) -> Page:
    """Say what correcting does, before it begins."""
    submission = kept_submission_of(code)
    now = clock.now()
    page = render_template(
        "submissions/correct.html",
        consultation=submission.consultation,
        submission=submission,
        may_correct=operations.may_correct(submission, now=now),
        is_shared=operations.is_shared(submission),
        under_way=operations.find_correction(db.session(), submission, now=now),
        is_busy=_is_busy(submission),
    )
    return private(page)


@bp.post("/my-contribution/<code>/correct")
@public
@guessing
def begin_correction(code: str) -> Page:
    """Give the device a draft filled with what was sent, and open its first page."""
    submission = kept_submission_of(code)
    if _is_busy(submission):
        raise DeviceBusyError
    draft = operations.begin_correction(db.session(), submission, now=clock.now())
    db.session.commit()
    consultation = draft.consultation
    answer = lead_to("submissions.section", consultation, step=way_of(draft).steps[0].position)
    return carry(answer, consultation, draft.token)


def _is_busy(submission: Submission) -> bool:
    """Tell whether the device carries answers that a correction would push aside."""
    draft = carried_draft(submission.consultation)
    return draft is not None and draft.corrects_id != submission.id


# --- withdrawing --------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/withdraw")
@public
@guessing
def withdraw(code: str) -> Page:
    """Ask whether a contribution is really to be withdrawn."""
    return private(_withdrawal(kept_submission_of(code)))


def _withdrawal(submission: Submission) -> str:
    """Render the question."""
    return render_template(
        "submissions/withdraw.html",
        consultation=submission.consultation,
        submission=submission,
        n_days=operations.WITHDRAWN_KEPT.days,
    )


@bp.post("/my-contribution/<code>/withdraw")
@public
@guessing
def confirm_withdrawal(code: str) -> Page:
    """Withdraw."""
    submission = kept_submission_of(code)
    operations.withdraw(db.session(), submission, now=clock.now())
    db.session.commit()
    flash(_("Your contribution is withdrawn. It is counted and shown nowhere any more."))
    return back_to(submission)


@bp.post("/my-contribution/<code>/take-back")
@public
@guessing
def take_back(code: str) -> Page:
    """Undo a withdrawal."""
    submission = kept_submission_of(code)
    operations.take_back(db.session(), submission, now=clock.now())
    db.session.commit()
    flash(_("Your contribution counts again."))
    return back_to(submission)


# --- erasing ------------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/erase")
@public
@guessing
def erase_contribution(code: str) -> Page:
    """Ask what is to be erased."""
    return private(_erasure(kept_submission_of(code), EraseForm()))


def _erasure(submission: Submission, form: EraseForm) -> str:
    """Render the question."""
    return render_template(
        "submissions/erase_contribution.html",
        consultation=submission.consultation,
        submission=submission,
        form=form,
    )


@bp.post("/my-contribution/<code>/erase")
@public
@guessing
def confirm_erasure(code: str) -> Page:
    """Erase what was chosen."""
    submission = kept_submission_of(code)
    form = EraseForm()
    if not form.validate():
        return private((_erasure(submission, form), 422))
    if form.what.data == "everything":
        forgetting.erase_everything(db.session(), submission, now=clock.now())
        db.session.commit()
        return back_to(submission)
    forgetting.erase_personal(db.session(), submission, now=clock.now())
    db.session.commit()
    flash(_("What told who you are is erased. Your answers stay."))
    return back_to(submission, "submissions.your_data")


# --- being told ---------------------------------------------------------------------------------


@bp.get("/my-contribution/<code>/contact")
@public
@guessing
def contact(code: str) -> Page:
    """Show how one wished to be reached, to change it."""
    submission = kept_submission_of(code)
    kept = contacts.find_contact(db.session(), submission)
    form = ContactForm(
        email=kept.email if kept else "",
        phone=kept.phone if kept else "",
        may_reach=kept is not None,
    )
    return private(_contact_page(submission, form))


def _contact_page(submission: Submission, form: ContactForm) -> str:
    """Render the form."""
    return render_template(
        "submissions/contact.html",
        consultation=submission.consultation,
        submission=submission,
        form=form,
        kept=contacts.find_contact(db.session(), submission),
        until=contacts.kept_until(submission),
    )


@bp.post("/my-contribution/<code>/contact")
@public
@guessing
def keep_contact(code: str) -> Page:
    """Keep, change or delete a contact."""
    submission = kept_submission_of(code)
    session = db.session()
    form = ContactForm()
    if request.form.get("go") == "delete":
        contacts.delete_contact(session, submission)
        message = _("Your contact is deleted.")
    elif not form.validate():
        return private((_contact_page(submission, form), 422))
    else:
        contacts.keep_contact(
            session,
            submission,
            email=form.email.data or "",
            phone=form.phone.data or "",
            lang=language().code,
            now=clock.now(),
        )
        message = _("Your contact is kept.") if form.is_filled else _("Your contact is deleted.")
    session.commit()
    flash(message)
    return back_to(submission, "submissions.your_data")
