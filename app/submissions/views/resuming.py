"""Going on with a draft on another device, and leaving nothing on this one."""

from __future__ import annotations

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.submissions import operations
from app.submissions.blueprint import bp
from app.submissions.errors import DraftCodeNotFoundError
from app.submissions.models import Draft
from app.submissions.questionnaire_forms import DraftCodeForm
from app.submissions.receipts import written
from app.submissions.resuming import get_by_code, give_code
from app.submissions.views.codes import guessing
from app.submissions.views.common import (
    Page,
    already_sent,
    carried_draft,
    is_open,
    lead_to,
    not_open,
    way_of,
)
from app.submissions.views.device import carry, forget
from app.submissions.views.drawing import qr_code

# --- the device that has the draft --------------------------------------------------------------


@bp.get("/consultations/<slug>/participate/device")
@public
def device(slug: str) -> Page:
    """Show the draft's code, its address and its picture."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    if draft is None:
        return lead_to("submissions.begin", consultation)
    page = make_response(
        render_template(
            "submissions/device.html",
            consultation=consultation,
            draft=draft,
            code=written(draft.code) if draft.code else "",
            step=way_of(draft).first_open(),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page


@bp.post("/consultations/<slug>/participate/device")
@public
def name_draft(slug: str) -> Page:
    """Give the draft a code."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    if draft is None:
        return lead_to("submissions.begin", consultation)
    give_code(db.session(), draft)
    db.session.commit()
    return lead_to("submissions.device", consultation)


@bp.get("/consultations/<slug>/participate/device/qr.svg")
@public
def device_qr(slug: str) -> Response:
    """Draw the address that opens the draft."""
    draft = carried_draft(get_consultation(db.session(), slug))
    if draft is None or draft.code is None:
        abort(404)
    return qr_code(url_for("submissions.take_up", code=draft.code, _external=True))


# --- the device that takes it up ----------------------------------------------------------------


@bp.get("/resume")
@public
def resume() -> str:
    """Ask for a draft's code."""
    return render_template("submissions/resume.html", form=DraftCodeForm())


@bp.post("/resume")
@public
@guessing
def look_up_draft() -> Page:
    """Lead to the draft that has the code."""
    form = DraftCodeForm()
    if form.validate():
        try:
            draft = get_by_code(db.session(), form.code.data, now=clock.now())
        except DraftCodeNotFoundError as refusal:
            form.code.errors = [refusal.text()]
        else:
            return redirect(url_for("submissions.take_up", code=draft.code), 303)
    return render_template("submissions/resume.html", form=form), 422


@bp.get("/resume/<code>")
@public
@guessing
def take_up(code: str) -> Page:
    """Ask whether this device shall open the draft."""
    draft = get_by_code(db.session(), code, now=clock.now())
    consultation = draft.consultation
    if not is_open(consultation):
        return not_open(consultation)
    page = make_response(
        render_template(
            "submissions/take_up.html",
            consultation=consultation,
            draft=draft,
            other=_other(consultation, draft),
        )
    )
    page.headers["Cache-Control"] = "no-store"
    page.headers["X-Robots-Tag"] = "noindex"
    return page


def _other(consultation: Consultation, draft: Draft) -> Draft | None:
    """Return the draft that this device would put aside."""
    carried = carried_draft(consultation)
    return carried if carried and carried.id != draft.id else None


@bp.post("/resume/<code>")
@public
@guessing
def take(code: str) -> Page:
    """Give the draft to this device; what it carried before stays to be found by a code."""
    draft = get_by_code(db.session(), code, now=clock.now())
    consultation = draft.consultation
    if not is_open(consultation):
        return not_open(consultation)
    other = _other(consultation, draft)
    if other is not None:
        kept = written(give_code(db.session(), other))
        flash(
            _(
                "The answers begun on this device before are kept under the code %(code)s.",
                code=kept,
            )
        )
    db.session.commit()
    step = way_of(draft).first_open()
    if step is None:
        return carry(lead_to("submissions.check", consultation), consultation, draft.token)
    answer = lead_to("submissions.section", consultation, step=step.position)
    return carry(answer, consultation, draft.token)


# --- leaving nothing ----------------------------------------------------------------------------


@bp.get("/consultations/<slug>/participate/erase")
@public
def erase(slug: str) -> str:
    """Say what erasing takes away and what it leaves."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    return render_template(
        "submissions/erase.html",
        consultation=consultation,
        draft=draft,
        sent=None if draft else already_sent(consultation),
    )


@bp.post("/consultations/<slug>/participate/erase")
@public
def erase_device(slug: str) -> Response:
    """Take everything off this device; the draft stays unless it is to go as well."""
    consultation = get_consultation(db.session(), slug)
    draft = carried_draft(consultation)
    code = ""
    expires_at = draft.expires_at if draft else None
    if draft is not None and request.form.get("draft") == "delete":
        operations.discard_draft(db.session(), draft.token)
    elif draft is not None:
        code = written(give_code(db.session(), draft))
    db.session.commit()
    page = render_template(
        "submissions/erased.html", consultation=consultation, code=code, expires_at=expires_at
    )
    return forget(make_response(page), consultation)
