"""Pages about the interface for programs: what it offers, and who may send by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from app.api import errors, operations, queries
from app.api.forms import PartnerForm
from app.api.models import Partner
from app.api.rest import READS, SENDS, document
from app.consultations.models import Consultation
from app.consultations.queries import all_consultations
from app.core import clock
from app.core.access import Role, public, requires
from app.core.db import db
from app.core.i18n import localized

bp = Blueprint("api", __name__, template_folder="templates")

#: What each operation does, in the reader's language; in the order of the page.
_OPERATIONS: dict[str, Any] = {
    "/consultations": _l("The consultations, the newest first."),
    "/consultations/{slug}": _l("One consultation: purpose, dates, regions, privacy notice."),
    "/consultations/{slug}/questionnaires": _l("The published versions of its questionnaire."),
    "/consultations/{slug}/questionnaires/{version}": _l(
        "One version: sections, questions, options, conditions."
    ),
    "/consultations/{slug}/results": _l(
        "The published results: who took part, and what became of every passage."
    ),
    "/consultations/{slug}/results/themes": _l(
        "The published themes by rank, with their figures and exact quotations."
    ),
    "/consultations/{slug}/open-data": _l("The published figures, a row for each theme and group."),
    "/consultations/{slug}/open-data.csv": _l("The same figures as CSV."),
    "/consultations/{slug}/submissions": _l(
        "Send what one contributor says. For partners, with a token."
    ),
    "/openapi.json": _l("The description of this interface for programs (OpenAPI 3.1)."),
}


@dataclass(frozen=True)
class Operation:
    """A line of the page.

    :ivar statuses: what it may answer.
    """

    method: str
    path: str
    text: Any
    parameters: list[str]
    statuses: list[str]


def _operations() -> list[Operation]:
    """Return what the document says, in the page's order and language."""
    described = document(current_app)["paths"]
    found = []
    for path, text in _OPERATIONS.items():
        for method, said in described[f"/api/v1{path}"].items():
            if method in {"get", "post"}:
                names = [one["name"] for one in said.get("parameters", ()) if "name" in one]
                statuses = sorted(said["responses"])
                found.append(Operation(method.upper(), path, text, names, statuses))
    return found


@bp.get("/api")
@public
def documentation() -> str:
    """Explain the interface."""
    return render_template(
        "api/documentation.html",
        operations=_operations(),
        reads=READS.split()[0],
        sends=SENDS.split()[0],
        licence=current_app.config["OPEN_DATA_LICENCE"],
    )


# --- partners -----------------------------------------------------------------------------------


def _page(form: PartnerForm, token: str = "", partner: Partner | None = None) -> Response:
    """Render the partners; a token that was just made is shown this once."""
    answer = make_response(
        render_template(
            "api/partners.html",
            partners=db.session.scalars(queries.all_partners()).all(),
            form=form,
            token=token,
            made=partner,
        )
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offered(form: PartnerForm) -> PartnerForm:
    """Fill the form's choices."""
    form.consultation.choices = [
        (one.id, str(localized(one.title))) for one in db.session.scalars(all_consultations())
    ]
    return form


@bp.get("/staff/partners")
@requires(Role.ADMINISTRATOR)
def partners() -> Response:
    """List the partners, and offer to add one."""
    return _page(_offered(PartnerForm(formdata=None)))


@bp.post("/staff/partners")
@requires(Role.ADMINISTRATOR)
def partner_create() -> Response:
    """Add a partner and show its token, this once."""
    form = _offered(PartnerForm())
    if form.validate_on_submit():
        consultation = db.session.get_one(Consultation, form.consultation.data)
        try:
            partner, token = operations.create_partner(
                db.session(), current_user, consultation, form.name.data, now=clock.now()
            )
        except errors.PartnerNameTakenError as error:
            form.name.errors = [error.text()]
        else:
            db.session.commit()
            return _page(_offered(PartnerForm(formdata=None)), token, partner)
    answer = _page(form)
    answer.status_code = 422
    return answer


@bp.post("/staff/partners/<int:id>/revoke")
@requires(Role.ADMINISTRATOR)
def partner_revoke(id: int) -> BaseResponse:  # noqa: A002
    """End a partner's token."""
    partner = operations.revoke_partner(db.session(), current_user, id, now=clock.now())
    db.session.commit()
    flash(_("The token of %(name)s no longer opens anything.", name=partner.name))
    return redirect(url_for("api.partners"), 303)
