"""The staff page of the privacy notice."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.notices.forms import NoticeForm
from app.consultations.notices.operations import publish_notice
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import Role, ensure, requires
from app.core.db import db
from app.core.errors import DomainError


def _page(consultation: Consultation, form: NoticeForm, refusal: DomainError | None = None) -> str:
    """Render the versions and the form of the next."""
    return render_template(
        "consultations/notice.html", consultation=consultation, form=form, refusal=refusal
    )


@requires(Role.ADMINISTRATOR)
def notice(slug: str) -> str:
    """Show the versions of the notice and the form of the next."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, Role.ADMINISTRATOR, consultation=consultation.id)
    return _page(consultation, NoticeForm.of(consultation.notice))


@requires(Role.ADMINISTRATOR)
def publish(slug: str) -> Response | tuple[str, int]:
    """Publish a version."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, Role.ADMINISTRATOR, consultation=consultation.id)
    form = NoticeForm()
    if not form.validate():
        return _page(consultation, form), 422
    try:
        version = publish_notice(
            db.session(),
            current_user,
            consultation,
            body=form.texts("body"),
            statement=form.texts("statement"),
            now=clock.now(),
        ).version
    except DomainError as refusal:
        return _page(consultation, form, refusal), refusal.status
    db.session.commit()
    flash(_("Version %(version)s of the notice is published.", version=version))
    return redirect(url_for("consultations.notice", slug=slug), 303)


def add_to(bp: Blueprint) -> None:
    """Give the blueprint of the consultations these pages."""
    address = "/staff/consultations/<slug>/notice"
    bp.add_url_rule(address, "notice", notice, methods=["GET"])
    bp.add_url_rule(address, "publish_notice", publish, methods=["POST"])
