"""The check of the whole, sending it once, and the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import Texts, db
from app.core.errors import DomainError
from app.core.forms import checked_by_view
from app.core.i18n import language
from app.organisations.models import ActorType
from app.submissions import answers, operations
from app.submissions.afterwards.contacts import keep_contact
from app.submissions.afterwards.forms import ContactForm
from app.submissions.blueprint import bp
from app.submissions.display import Written, write
from app.submissions.models import Draft, Submission
from app.submissions.questionnaire_forms import SendForm, numbered
from app.submissions.steps import Step, Way
from app.submissions.views.common import (
    Page,
    already_sent,
    answered,
    carried_draft,
    is_open,
    lead_to,
    not_open,
    way_of,
)
from app.submissions.views.device import carry, ensure_own_page, proof_of
from app.submissions.views.drawing import qr_code


@dataclass(frozen=True)
class CheckedSection:
    """A step as the check shows it.

    :ivar lines: each question asked, its number, its answer and what is wrong with it.
    """

    step: Step
    lines: list[tuple[int | None, Written, list[str]]]
    has_actor: bool


@bp.get("/consultations/<slug>/participate/check")
@public
def check(slug: str) -> Page:
    """Show all the answers before they are sent."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    draft = carried_draft(consultation)
    if draft is None:
        return lead_to("submissions.begin", consultation)
    return _check_page(draft, SendForm())


def _check_page(
    draft: Draft,
    form: SendForm,
    refusal: DomainError | None = None,
    contact: ContactForm | None = None,
) -> str:
    """Render the check; ``refusal`` is why sending was just refused."""
    checked = operations.check_draft(db.session(), draft)
    way = way_of(draft)
    wrong: dict[str, list[str]] = {}
    for problem in checked.problems:
        wrong.setdefault(problem.key, []).append(problem.error.text())
    consultation, notice = draft.consultation, draft.consultation.notice
    agreed = draft.corrects.consent if draft.corrects else None
    return render_template(
        "submissions/check.html",
        consultation=consultation,
        draft=draft,
        way=way,
        form=form,
        notice=agreed.notice if agreed else notice,
        agreed=agreed,
        contact=None if draft.corrects else contact or ContactForm(formdata=None),
        refusal=refusal,
        wrong=wrong,
        sections=list(_checked_sections(way, checked, wrong)),
        actor=_actor(draft),
        places=_where(way, wrong),
        proof=proof_of(draft),
    )


def copy_of_check(draft: Draft) -> str:
    """Render the last step as a device keeps it: the answers are not repeated, the notice is."""
    return render_template(
        "submissions/check_copy.html",
        consultation=draft.consultation,
        draft=draft,
        way=way_of(draft),
        notice=draft.consultation.notice,
        proof=proof_of(draft),
    )


def _checked_sections(
    way: Way, checked: answers.Checked, wrong: dict[str, list[str]]
) -> Iterator[CheckedSection]:
    """Yield what the check shows of each step."""
    numbers = numbered(way)
    for step in way.steps:
        lines = [
            (
                numbers.get(question.key),
                write(db.session(), question, checked.values.get(question.key)),
                wrong.get(question.key, []),
            )
            for question in way.asked_in(step.section)
            if answers.is_answerable(question)
        ]
        yield CheckedSection(step, lines, way.is_first(step.section))


def _actor(draft: Draft) -> tuple[Texts, str]:
    """Return the capacity chosen and the organisation named, as far as they are."""
    chosen = draft.values.get("actor_type")
    kind = next((kind for kind in answers.ACTOR_TYPES if kind == chosen), None)
    if kind is None:
        return Texts(), ""
    return kind.texts, (draft.values.get("organisation") or "") if kind.is_organisation else ""


def _where(way: Way, wrong: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Return the address and the message of each thing to correct, in the order of the pages."""
    slug = request.view_args["slug"] if request.view_args else ""
    rows: list[tuple[str, str]] = []
    for step in way.steps:
        address = partial(url_for, "submissions.section", slug=slug, step=step.position)
        keys = ["actor_type", "organisation"] if way.is_first(step.section) else []
        keys += [question.key for question in way.asked_in(step.section)]
        for key in keys:
            rows += [(address(_anchor=f"ask-{key}"), message) for message in wrong.get(key, [])]
    return rows


@bp.post("/consultations/<slug>/participate/send")
@public
@checked_by_view
def send(slug: str) -> Page:
    """Send what the device carries, once; then show the receipt."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    ensure_own_page(draft)
    sent = None if draft else already_sent(consultation)
    if sent:
        return _receipt_of(sent)
    if not is_open(consultation):
        return not_open(consultation)
    if draft is None:
        return lead_to("submissions.begin", consultation)
    return _send(draft)


def _send(draft: Draft) -> Page:
    """Send a draft, with the contact that goes with it, or say what is to be corrected."""
    form = SendForm()
    # The page may be a copy kept on the device, whose token is an old one: its proof was checked.
    contact = ContactForm(meta={"csrf": False})
    if draft.corrects_id is None and not contact.validate():
        return answered(make_response(_check_page(draft, form, contact=contact), 422), draft)
    is_correction = draft.corrects_id is not None
    try:
        sent = operations.submit(
            db.session(),
            draft,
            notice_id=form.notice_id,
            has_agreed=bool(form.agree.data),
            lang=language().code,
            now=clock.now(),
        )
    except DomainError as refusal:
        page = _check_page(draft, form, refusal, contact)
        return answered(make_response(page, refusal.status), draft)
    if is_correction:
        db.session.commit()
        flash(_("Your correction is recorded. The code stays the same."))
        address = url_for("commitments.contribution", code=sent.receipt_code)
        return answered(redirect(address, 303))
    if contact.is_filled:
        keep_contact(
            db.session(),
            sent,
            email=contact.email.data or "",
            phone=contact.phone.data or "",
            lang=language().code,
            now=clock.now(),
        )
    db.session.commit()
    return _receipt_of(sent)


@bp.get("/consultations/<slug>/participate/send")
@public
def send_again(slug: str) -> Page:
    """Lead someone who reloads a refused page, or changes its language, back to the check."""
    return lead_to("submissions.check", get_consultation(db.session(), slug))


def _receipt_of(sent: Submission) -> Response:
    """Lead to the receipt."""
    answer = answered(lead_to("submissions.receipt", sent.consultation))
    return carry(answer, sent.consultation, sent.idempotency_key, is_sent=True)


# --- the receipt --------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/receipt")
@public
def receipt(slug: str) -> Page:
    """Show the receipt of what this device has sent."""
    consultation = get_consultation(db.session(), slug)
    sent = already_sent(consultation)
    if sent is None:
        return redirect(url_for("commitments.find"), 303)
    page = make_response(
        render_template(
            "submissions/receipt.html",
            consultation=consultation,
            submission=sent,
            actor=ActorType(sent.actor_type).texts,
            n_answers=len(sent.answers),
            n_texts=sum(answer.text is not None for answer in sent.answers),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.get("/consultations/<slug>/receipt/qr.svg")
@public
def qr(slug: str) -> Response:
    """Draw the address of the contribution, for a phone to read from paper."""
    sent = already_sent(get_consultation(db.session(), slug))
    if sent is None:
        abort(404)
    address = url_for("commitments.contribution", code=sent.receipt_code, _external=True)
    return qr_code(address)
