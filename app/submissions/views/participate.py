"""Answering: section by section, the check of the whole, sending, the receipt."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import segno
from flask import abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Section, Stage
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import Texts, db
from app.core.errors import DomainError
from app.core.i18n import language
from app.organisations.models import ActorType
from app.submissions import answers, operations, queries
from app.submissions.blueprint import bp
from app.submissions.display import Written, write
from app.submissions.errors import ConsultationNotOpenError
from app.submissions.models import Draft, Submission
from app.submissions.places import load_places
from app.submissions.questionnaire_forms import (
    PREFIX,
    SectionForm,
    SendForm,
    mark_asked,
    numbered,
    section_form,
)
from app.submissions.steps import Step, Way
from app.submissions.views.device import carry, token_of
from app.territories.queries import communes_of

Page = Response | str | tuple[str, int]


def _not_open(consultation: Consultation) -> tuple[str, int]:
    """Say since when or until when nothing can be answered."""
    stage = consultation.stage_at(clock.now())
    page = render_template(
        "submissions/not_open.html", consultation=consultation, is_coming=stage is Stage.COMING
    )
    return page, ConsultationNotOpenError.status


def _is_open(consultation: Consultation) -> bool:
    """Tell whether answers are taken now."""
    return consultation.stage_at(clock.now()) is Stage.OPEN


def _draft(consultation: Consultation) -> Draft | None:
    """Return the draft that the device carries; what is about to change waits for its turn."""
    query = queries.live_draft(token_of(consultation), consultation.id, now=clock.now())
    if request.method == "POST":
        query = query.with_for_update()
    return db.session.scalars(query).one_or_none()


def _sent(consultation: Consultation) -> Submission | None:
    """Return what the device has sent already."""
    token = token_of(consultation)
    if not token:
        return None
    sent = db.session.scalars(queries.sent_with(token)).one_or_none()
    return sent if sent and sent.consultation_id == consultation.id else None


def _to(endpoint: str, consultation: Consultation, **values: Any) -> Response:
    """Redirect to a page of the consultation."""
    return redirect(url_for(endpoint, slug=consultation.slug, **values), 303)


def _way(draft: Draft, values: dict[str, Any] | None = None) -> Way:
    """Return the steps of a draft."""
    return Way(
        draft.questionnaire, draft.values if values is None else values, draft.done_sections
    )


# --- the door -----------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate")
@public
def begin(slug: str) -> Page:
    """Say what is going to be asked; continue what was begun."""
    consultation = get_consultation(db.session(), slug)
    if not _is_open(consultation):
        return _not_open(consultation)
    draft = _draft(consultation)
    return render_template(
        "submissions/begin.html", consultation=consultation, draft=draft,
        sent=None if draft else _sent(consultation),
        next_step=_way(draft).first_open() if draft else None,
    )


@bp.post("/consultations/<slug>/participate")
@public
def start(slug: str) -> Page:
    """Begin a draft, in place of the one that the device carried."""
    consultation = get_consultation(db.session(), slug)
    if not _is_open(consultation):
        return _not_open(consultation)
    operations.discard_draft(db.session(), token_of(consultation))
    draft = operations.begin_draft(
        db.session(), consultation, lang=language().code, now=clock.now()
    )
    db.session.commit()
    step = _way(draft).steps[0]
    answer = _to("submissions.section", consultation, step=step.position)
    return carry(answer, consultation, draft.token)


# --- a section ----------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate/<int:step>")
@public
def section(slug: str, step: int) -> Page:
    """Show a section with what was typed so far."""
    consultation = get_consultation(db.session(), slug)
    if not _is_open(consultation):
        return _not_open(consultation)
    draft = _draft(consultation)
    if draft is None:
        return _to("submissions.begin", consultation)
    way = _way(draft)
    here = way.find(step)
    if here is None:
        return _onward(consultation, way.after(step))
    form = _form(draft, way, here.section, draft.values)
    mark_asked(form, way)
    return _show(draft, way, here, form)


@bp.post("/consultations/<slug>/participate/<int:step>")
@public
def keep(slug: str, step: int) -> Page:
    """Keep a section, then go where the button pressed leads."""
    consultation = get_consultation(db.session(), slug)
    if not _is_open(consultation):
        return _not_open(consultation)
    draft = _draft(consultation)
    if draft is None:
        if _sent(consultation):
            return _to("submissions.receipt", consultation)
        # The cookie or the draft is gone, what was just typed need not be.
        draft = operations.begin_draft(
            db.session(), consultation, lang=language().code, now=clock.now()
        )
    way = _way(draft)
    here = way.find(step)
    if here is None:
        return _onward(consultation, way.after(step))
    answer = make_response(_keep(draft, here))
    return carry(answer, consultation, draft.token)


def _keep(draft: Draft, here: Step) -> Any:
    """Keep what was typed and answer as the button pressed wants."""
    form = _form(draft, _way(draft), here.section, draft.values)
    values = {**draft.values, **form.typed()}
    way = _way(draft, values)
    mark_asked(form, way)
    operations.keep_section(
        db.session(), draft, here.position, form.typed(),
        is_done=form.is_faultless(way), lang=language().code, now=clock.now(),
    )
    button = request.form.get("go", "next")
    if button == "save":
        db.session.commit()
        return "", 204
    if button == "next":
        return _judge(draft, way, here, form)
    db.session.commit()
    return _led_by(button, draft, way, here)


def _judge(draft: Draft, way: Way, here: Step, form: SectionForm) -> Any:
    """Go on if nothing has to be corrected and no question was just opened; else say so."""
    opened = form.judge(way, request.form.getlist("shown"))
    db.session.commit()
    if list(form.problems()):
        return _show(draft, way, here, form), 422
    if opened:
        flash(_("Your answer opens another question on this page."))
        anchor = f"ask-{opened[0]}"
        return _to(
            "submissions.section", draft.consultation, step=here.position, _anchor=anchor
        )
    return _onward(draft.consultation, way.after(here.position))


def _led_by(button: str, draft: Draft, way: Way, here: Step) -> Response:
    """Go where a button other than "Continue" leads; an unknown one stays here."""
    name, _sep, target = button.partition(":")
    if name == "previous":
        before = way.before(here.position)
        if before is None:
            return _to("submissions.begin", draft.consultation)
        return _to("submissions.section", draft.consultation, step=before.position)
    if name == "step" and target.isdecimal() and way.find(int(target)):
        return _to("submissions.section", draft.consultation, step=int(target))
    if name == "check":
        return _to("submissions.check", draft.consultation)
    anchor = f"{PREFIX}{target}-commune" if name == "communes" else None
    return _to("submissions.section", draft.consultation, step=here.position, _anchor=anchor)


def _onward(consultation: Consultation, step: Step | None) -> Response:
    """Go to a step, or to the check after the last."""
    if step is None:
        return _to("submissions.check", consultation)
    return _to("submissions.section", consultation, step=step.position)


def _form(draft: Draft, way: Way, of: Section, values: dict[str, Any]) -> SectionForm:
    """Build the form of a section."""
    return section_form(way, of, values, partial(load_places, db.session(), draft.consultation))


def _show(draft: Draft, way: Way, here: Step, form: SectionForm) -> str:
    """Render a section."""
    problems = list(form.problems())
    return render_template(
        "submissions/section.html", consultation=draft.consultation, draft=draft, way=way,
        here=here, form=form, problems=problems, actor_types=answers.ACTOR_TYPES,
        organisations=[kind.value for kind in answers.ACTOR_TYPES if kind.is_organisation],
        longest=answers.longest,
    )


@bp.get("/communes/<province>.json")
@public
def communes(province: str) -> Response:
    """Return a province's communes, for the script that narrows the lists."""
    rows = db.session.scalars(communes_of(province)).all()
    if not rows:
        abort(404)
    lang = language().code
    answer: Response = jsonify([[row.code, row.names.best(lang)[0]] for row in rows])
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


# --- the check, and sending ---------------------------------------------------------------------


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
    if not _is_open(consultation):
        return _not_open(consultation)
    draft = _draft(consultation)
    if draft is None:
        return _to("submissions.begin", consultation)
    return _check_page(draft, SendForm())


def _check_page(draft: Draft, form: SendForm, refusal: DomainError | None = None) -> str:
    """Render the check; ``refusal`` is why sending was just refused."""
    checked = operations.check_draft(db.session(), draft)
    way = _way(draft)
    wrong: dict[str, list[str]] = {}
    for problem in checked.problems:
        wrong.setdefault(problem.key, []).append(problem.error.text())
    consultation, notice = draft.consultation, draft.consultation.notice
    return render_template(
        "submissions/check.html", consultation=consultation, draft=draft, way=way, form=form,
        notice=notice, refusal=refusal, wrong=wrong,
        sections=list(_checked_sections(way, checked, wrong)),
        actor=_actor(draft), places=_where(way, wrong),
    )


def _checked_sections(
    way: Way, checked: answers.Checked, wrong: dict[str, list[str]]
) -> Iterator[CheckedSection]:
    """Yield what the check shows of each step."""
    numbers = numbered(way)
    for step in way.steps:
        lines = [
            (numbers.get(question.key),
             write(db.session(), question, checked.values.get(question.key)),
             wrong.get(question.key, []))
            for question in way.asked_in(step.section)
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
def send(slug: str) -> Page:
    """Send what the device carries, once; then show the receipt."""
    consultation = get_consultation(db.session(), slug)
    draft = _draft(consultation)
    sent = None if draft else _sent(consultation)
    if sent:
        return _receipt_of(sent)
    if not _is_open(consultation):
        return _not_open(consultation)
    if draft is None:
        return _to("submissions.begin", consultation)
    form = SendForm()
    try:
        sent = operations.submit(
            db.session(), draft, notice_id=form.notice_id, has_agreed=bool(form.agree.data),
            lang=language().code, now=clock.now(),
        )
    except DomainError as refusal:
        return _check_page(draft, form, refusal), refusal.status
    db.session.commit()
    return _receipt_of(sent)


@bp.get("/consultations/<slug>/participate/send")
@public
def send_again(slug: str) -> Page:
    """Lead someone who reloads a refused page, or changes its language, back to the check."""
    return _to("submissions.check", get_consultation(db.session(), slug))


def _receipt_of(sent: Submission) -> Response:
    """Lead to the receipt."""
    answer = _to("submissions.receipt", sent.consultation)
    return carry(answer, sent.consultation, sent.idempotency_key, is_sent=True)


# --- the receipt --------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/receipt")
@public
def receipt(slug: str) -> Page:
    """Show the receipt of what this device has sent."""
    consultation = get_consultation(db.session(), slug)
    sent = _sent(consultation)
    if sent is None:
        return redirect(url_for("commitments.find"), 303)
    page = make_response(render_template(
        "submissions/receipt.html", consultation=consultation, submission=sent,
        actor=ActorType(sent.actor_type).texts, n_answers=len(sent.answers),
        n_texts=sum(answer.text is not None for answer in sent.answers),
    ))
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.get("/consultations/<slug>/receipt/qr.svg")
@public
def qr(slug: str) -> Response:
    """Draw the address of the contribution, for a phone to read from paper."""
    sent = _sent(get_consultation(db.session(), slug))
    if sent is None:
        abort(404)
    address = url_for("commitments.contribution", code=sent.receipt_code, _external=True)
    drawing = BytesIO()
    segno.make(address, error="m", micro=False).save(
        drawing, kind="svg", border=3, dark="#14211b", light="#ffffff", svgclass=None,
        lineclass=None, omitsize=True, nl=False,
    )
    answer = make_response(drawing.getvalue())
    answer.mimetype = "image/svg+xml"
    answer.headers["Cache-Control"] = "no-store"
    return answer
