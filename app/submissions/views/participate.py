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
from app.core.forms import checked_by_view
from app.core.i18n import language
from app.core.jobs.queue import announce
from app.submissions import answers, operations
from app.submissions.attachments import field as file_field
from app.submissions.attachments.uploads import Taken, take_files, with_taken
from app.submissions.blueprint import bp
from app.submissions.errors import DraftConflictError
from app.submissions.models import Draft
from app.submissions.places import load_places
from app.submissions.questionnaire_forms import PREFIX, SectionForm, mark_asked, section_form
from app.submissions.resuming import give_code
from app.submissions.steps import Step, Way
from app.submissions.views import conflicts
from app.submissions.views.common import (
    Page,
    already_sent,
    answered,
    carried_draft,
    is_open,
    lead_to,
    not_open,
    way_of,
    whole_way,
)
from app.submissions.views.device import (
    carry,
    ensure_own_page,
    own_changes,
    proof_of,
    remember_change,
    token_of,
)
from app.territories.queries import communes_of

# --- the door -----------------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate")
@public
def begin(slug: str) -> Page:
    """Say what is going to be asked; continue what was begun."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    return door(consultation, carried_draft(consultation))


def door(consultation: Consultation, draft: Draft | None) -> str:
    """Render the page before the first section."""
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
        after = way.after(step)
        if after is None:
            return lead_to("submissions.check", consultation)
        return lead_to("submissions.section", consultation, step=after.position)
    form = _form(draft, way, here.section, draft.values)
    mark_asked(form, way)
    return _show(draft, way, here, form)


@bp.post("/consultations/<slug>/participate/<int:step>")
@public
@checked_by_view
def keep(slug: str, step: int) -> Page:
    """Keep a section, then go where the button pressed leads."""
    consultation = get_consultation(db.session(), slug)
    if not is_open(consultation):
        return not_open(consultation)
    draft = carried_draft(consultation)
    ensure_own_page(draft)
    if draft is None:
        if already_sent(consultation):
            return answered(lead_to("submissions.receipt", consultation), was_kept=False)
        # The cookie or the draft is gone, what was just typed need not be.
        draft = operations.begin_draft(
            db.session(), consultation, lang=language().code, now=clock.now()
        )
    # What a device wrote without a network may stand in a section that is no longer on the way.
    here = way_of(draft).find(step) or whole_way(draft).find(step)
    if here is None:
        return answered(lead_to("submissions.check", consultation), was_kept=False)
    answer = answered(make_response(_keep(draft, here)), draft)
    if answer.status_code != DraftConflictError.status:
        remember_change(answer, draft, step)
    carry(answer, consultation, draft.token)
    # Last, since what is read of the draft after it would be read from the database again.
    db.session.commit()
    return answer


def _keep(draft: Draft, here: Step) -> Any:
    """Keep what was typed and answer as the button pressed wants."""
    taken = take_files(
        db.session(),
        draft,
        here.section,
        request.files,
        prefix=PREFIX,
        button=request.form.get("go", "next"),
        now=clock.now(),
    )
    held = with_taken(draft.values, taken)
    form = _form(draft, way_of(draft), here.section, held)
    typed = conflicts.chosen(draft, _typed(draft, here, form, held))
    way = way_of(draft, {**draft.values, **typed})
    mark_asked(form, way)
    try:
        operations.keep_section(
            db.session(),
            draft,
            here.position,
            typed,
            is_done=_is_left(draft, here) and form.is_faultless(way),
            lang=language().code,
            now=clock.now(),
            seen=_seen(draft, here),
        )
    except DraftConflictError as refusal:
        return conflicts.show(draft, way, here, typed), refusal.status
    if taken.refusals:
        return _refuse_files(draft, way, here, form, taken)
    answer = _leave(draft, way, here, form)
    for job_id in taken.jobs:
        announce(job_id)
    return answer


def _refuse_files(draft: Draft, way: Way, here: Step, form: SectionForm, taken: Taken) -> Any:
    """Keep what was typed, and say why a file was not taken."""
    db.session.commit()
    for key, refusal in taken.refusals.items():
        form[f"{PREFIX}{key}"].refuse(refusal)
    return _show(draft, way, here, form), 422


def _is_left(draft: Draft, here: Step) -> bool:
    """Tell whether somebody was through with the section, now or before."""
    return request.form.get("go", "next") == "next" or here.position in draft.done_sections


def _typed(draft: Draft, here: Step, form: SectionForm, held: dict[str, Any]) -> dict[str, Any]:
    """Return what was typed, also under questions that the draft does not ask as it stands."""
    whole = _form(draft, whole_way(draft), here.section, held).typed()
    given = {key: value for key, value in whole.items() if not answers.is_empty(value)}
    return given | form.typed()


def _seen(draft: Draft, here: Step) -> int | None:
    """Return the newest revision of the section that this device has seen or made itself."""
    text = request.form.get("seen", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return max(int(text), own_changes(draft.consultation).get(str(here.position), 0))


def _leave(draft: Draft, way: Way, here: Step, form: SectionForm) -> Any:
    """Go where the button pressed leads."""
    button = request.form.get("go", "next")
    if button == "save":
        return "", 204
    if button != "next":
        return _led_by(button, draft, way, here)
    if conflicts.was_chosen():
        return lead_to("submissions.section", draft.consultation, step=here.position)
    return _judge(draft, way, here, form)


def _judge(draft: Draft, way: Way, here: Step, form: SectionForm) -> Any:
    """Go on if nothing has to be corrected and no question was just opened; else say so."""
    opened = form.judge(way, request.form.getlist("shown"))
    if list(form.problems()):
        db.session.commit()  # right or wrong, what was typed is kept whatever becomes of the page
        return _show(draft, way, here, form), 422
    if opened:
        flash(_("Your answer opens another question on this page."))
        return lead_to(
            "submissions.section",
            draft.consultation,
            step=here.position,
            _anchor=f"ask-{opened[0]}",
        )
    return _onward(draft, way.after(here.position))


def _led_by(button: str, draft: Draft, way: Way, here: Step) -> Response:
    """Go where a button other than "Continue" leads; an unknown one stays here."""
    name, _sep, target = button.partition(":")
    consultation = draft.consultation
    if name == "previous":
        before = way.before(here.position)
        if before is None:
            return lead_to("submissions.begin", consultation)
        return lead_to("submissions.section", consultation, step=before.position)
    if name == "step" and target.isdecimal() and way.find(int(target)):
        return _onward(draft, way.find(int(target)))
    if name == "device":
        give_code(db.session(), draft)
    if name in _PLACES:
        return lead_to(_PLACES[name], consultation)
    if name == "check":
        return _onward(draft, None)
    anchors = {"communes": f"{PREFIX}{target}-commune"}
    anchors |= dict.fromkeys(("attach", "detach"), f"{PREFIX}{target}")
    anchor = anchors.get(name)
    return lead_to("submissions.section", consultation, step=here.position, _anchor=anchor)


#: Pages that a button of a section leads to.
_PLACES = {"device": "submissions.device", "erase": "submissions.erase"}


def _onward(draft: Draft, step: Step | None) -> Response:
    """Go to a step, or to the check after the last."""
    if step is None:
        furthest = draft.questionnaire.sections[-1].position
        operations.note_progress(db.session(), draft, furthest, has_checked=True)
        return lead_to("submissions.check", draft.consultation)
    operations.note_progress(db.session(), draft, step.position)
    return lead_to("submissions.section", draft.consultation, step=step.position)


def _form(draft: Draft, way: Way, of: Section, values: dict[str, Any]) -> SectionForm:
    """Build the form of a section."""
    load = partial(load_places, db.session(), draft.consultation)
    return section_form(way, of, values, load, seed=draft.token)


def _show(draft: Draft, way: Way, here: Step, form: SectionForm, *, is_copy: bool = False) -> str:
    """Render a section; ``is_copy`` for the one that the device keeps for want of a network."""
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
        proof=proof_of(draft),
        is_copy=is_copy,
    )


def copy_of_section(draft: Draft, section: Section) -> str:
    """Render a section as a device keeps it: with every question that it may come to ask.

    Without a network only the script can tell which of them the other sections' answers open.
    """
    way = way_of(draft)
    everything = whole_way(draft)
    here = way.find(section.position) or everything.find(section.position)
    if here is None:
        raise AssertionError("the whole way has every section")
    form = _form(draft, everything, section, draft.values)
    mark_asked(form, way)
    for field in form.question_fields():
        field.is_branch = answers.asked_if(field.question) is not None
    return _show(draft, way if way.find(section.position) else everything, here, form, is_copy=True)


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
