"""The signature: the whole is shown, and the signatory makes it the official position."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_login import current_user
from flask_security.utils import verify_password
from werkzeug.wrappers import Response

from app.accounts.security import limiter
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language
from app.organisations.mandates import civil_day
from app.organisations.models import Mandate, MandateRole
from app.organisations.operations import ensure_mandate
from app.organisations.queries import get_organisation
from app.submissions.blueprint import bp
from app.submissions.positions import errors, queries, signing
from app.submissions.positions.forms import SignatureForm
from app.submissions.positions.page import view_of
from app.submissions.positions.views import AT, back, holder

Answer = Response | str | tuple[str, int]

#: Passwords that may be tried on the page of the signature.
_guessing: Callable[[Callable[..., Answer]], Callable[..., Answer]] = limiter.limit(
    "20 per hour", methods=["POST"], deduct_when=lambda answer: answer.status_code == 422
)


@bp.route(f"{AT}/sign", methods=["GET", "POST"])
@requires()
@_guessing
def position_sign(id: int, slug: str) -> Any:  # noqa: A002
    """Show the whole, then sign it: the organisation's one official position."""
    session = db.session()
    organisation = get_organisation(session, id)
    mandate = ensure_mandate(
        session,
        current_user,
        organisation,
        MandateRole.SIGNATORY,
        today=civil_day(clock.now()),
    )
    consultation = get_consultation(session, slug)
    found = queries.get_position(session, organisation, consultation)
    form = SignatureForm(data={"function": mandate.title})
    if request.method == "GET":
        return _sign_page(mandate, consultation, form)
    if not form.validate():
        return _sign_page(mandate, consultation, form), 422
    if not verify_password(form.password.data, current_user.password):
        form.password.errors = [errors.PasswordWrongError().text()]
        return _sign_page(mandate, consultation, form), 422
    try:
        signing.sign(
            session,
            current_user,
            found,
            revision=_number(form.revision.data),
            function=form.function.data,
            notice_id=_number(form.notice.data),
            has_agreed=bool(form.agree.data),
            lang=language().code,
            now=clock.now(),
        )
    except DomainError as refusal:
        session.rollback()
        return _sign_page(holder(id), consultation, form, refusal), refusal.status
    session.commit()
    flash(_("The position is signed. It is the organisation’s official position."))
    return back(id, slug)


def _number(text: str | None) -> int:
    """Return a number that the page carried, -1 if it is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _sign_page(
    mandate: Mandate,
    consultation: Consultation,
    form: SignatureForm,
    refusal: DomainError | None = None,
) -> str:
    """Render the page of the signature."""
    return render_template(
        "positions/sign.html",
        consultation=consultation,
        organisation=mandate.organisation,
        view=view_of(db.session(), mandate, consultation, now=clock.now()),
        form=form,
        notice=consultation.notice,
        refusal=refusal,
    )
