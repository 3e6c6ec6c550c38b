"""Answering, section by section."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import abort, flash, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.consultations.models import Consultation, Section
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.i18n import language
from app.core.jobs.queue import announce
from app.submissions import operations
from app.submissions.attachments import field as file_field
from app.submissions.attachments.uploads import take_files, with_taken
from app.submissions.blueprint import bp
from app.submissions.models import Draft
from app.submissions.places import load_places
from app.submissions.questionnaire_forms import PREFIX, SectionForm, mark_asked, section_form
from app.submissions.steps import Step, Way
from app.submissions.views.common import (
    Page,
    already_sent,
    carried_draft,
    is_open,
    lead_to,
    not_open,
    way_of,
)
from app.submissions.views.device import carry, token_of
from app.territories.queries import communes_of

# --- the door -----------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate")
@public
def begin(slug: str) -> Page:
    """Say what is going to be asked; continue what was begun."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    draft = carried_draft(consultation)
    return render_template(
        "submissions/begin.html",
        consultation=consultation,
        draft=draft,
        sent=None if draft else already_sent(consultation),
        next_step=way_of(draft).first_open() if draft else None,
    )


@bp.post("/consultations/<slug>/participate")
@public
def start(slug: str) -> Page:
    """Begin a draft, in place of the one that the device carried."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    operations.discard_draft(db.session(), token_of(consultation))
    draft = operations.begin_draft(
        db.session(), consultation, lang=language().code, now=clock.now()
    )
    db.session.commit()
    step = way_of(draft).steps[0]
    answer = lead_to("submissions.section", consultation, step=step.position)
    return carry(answer, consultation, draft.token)


# --- a section ----------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate/<int:step>")
@public
def section(slug: str, step: int) -> Page:
    """Show a section with what was typed so far."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    draft = carried_draft(consultation)
    if draft is None:
        return lead_to("submissions.begin", consultation)
    way = way_of(draft)
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
    if not is_open(consultation):
        return not_open(consultation)
    draft = carried_draft(consultation)
    if draft is None:
        if already_sent(consultation):
            return lead_to("submissions.receipt", consultation)
        # The cookie or the draft is gone, what was just typed need not be.
        draft = operations.begin_draft(
            db.session(), consultation, lang=language().code, now=clock.now()
        )
    way = way_of(draft)
    here = way.find(step)
    if here is None:
        return _onward(consultation, way.after(step))
    answer = make_response(_keep(draft, here))
    return carry(answer, consultation, draft.token)


def _keep(draft: Draft, here: Step) -> Any:
    """Keep what was typed and answer as the button pressed wants."""
    button = request.form.get("go", "next")
    taken = take_files(
        db.session(),
        draft,
        here.section,
        request.files,
        prefix=PREFIX,
        button=button,
        now=clock.now(),
    )
    form = _form(draft, way_of(draft), here.section, with_taken(draft.values, taken))
    values = {**draft.values, **form.typed()}
    way = way_of(draft, values)
    mark_asked(form, way)
    operations.keep_section(
        db.session(),
        draft,
        here.position,
        form.typed(),
        is_done=form.is_faultless(way),
        lang=language().code,
        now=clock.now(),
    )
    if taken.refusals or taken.jobs:
        db.session.commit()
        for job_id in taken.jobs:
            announce(job_id)
        for key, refusal in taken.refusals.items():
            form[f"{PREFIX}{key}"].refuse(refusal)
        if taken.refusals:
            return _show(draft, way, here, form), 422
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
        return lead_to(
            "submissions.section", draft.consultation, step=here.position,
            _anchor=f"ask-{opened[0]}",
        )
    return _onward(draft.consultation, way.after(here.position))


def _led_by(button: str, draft: Draft, way: Way, here: Step) -> Response:
    """Go where a button other than "Continue" leads; an unknown one stays here."""
    name, _sep, target = button.partition(":")
    if name == "previous":
        before = way.before(here.position)
        if before is None:
            return lead_to("submissions.begin", draft.consultation)
        return lead_to("submissions.section", draft.consultation, step=before.position)
    if name == "step" and target.isdecimal() and way.find(int(target)):
        return lead_to("submissions.section", draft.consultation, step=int(target))
    if name == "check":
        return lead_to("submissions.check", draft.consultation)
    places = {"communes": f"{PREFIX}{target}-commune"}
    places |= dict.fromkeys(("attach", "detach"), f"{PREFIX}{target}")
    anchor = places.get(name)
    return lead_to("submissions.section", draft.consultation, step=here.position, _anchor=anchor)


def _onward(consultation: Consultation, step: Step | None) -> Response:
    """Go to a step, or to the check after the last."""
    if step is None:
        return lead_to("submissions.check", consultation)
    return lead_to("submissions.section", consultation, step=step.position)


def _form(draft: Draft, way: Way, of: Section, values: dict[str, Any]) -> SectionForm:
    """Build the form of a section."""
    load = partial(load_places, db.session(), draft.consultation)
    return section_form(way, of, values, load, seed=draft.token)


def _show(draft: Draft, way: Way, here: Step, form: SectionForm) -> str:
    """Render a section."""
    problems = list(form.problems())
    return render_template(
        "submissions/section.html",
        consultation=draft.consultation,
        draft=draft,
        way=way,
        here=here,
        form=form,
        problems=problems,
        has_files=any(isinstance(one, file_field.FileField) for one in form.question_fields()),
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
