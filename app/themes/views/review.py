"""Staff pages: the themes of the newest analysis, and the passages in each state."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import STAFF, Role, requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.text import clean_text
from app.themes import deciding, errors, queries
from app.themes.blueprint import bp, may_decide, newest_of
from app.themes.filtering import asked_part, asked_state, filters
from app.themes.forms import CreateForm
from app.themes.models import PassageState
from app.themes.naming import blamed_name
from app.themes.overview import load_overview
from app.themes.review import Rows, readable_part

PAGE = 30


@bp.get("/staff/consultations/<slug>/themes")
@requires(*STAFF)
def index(slug: str) -> str:
    """List the themes of the newest analysis, with the sum of the states."""
    return _themes_page(get_consultation(db.session(), slug), CreateForm(formdata=None))


def _themes_page(consultation: Consultation, form: CreateForm) -> str:
    """Show the themes, and the form that makes one."""
    readable_part(db.session(), current_user, consultation.id)
    newest = newest_of(consultation)
    overview = None if newest is None else load_overview(db.session(), newest)
    return render_template(
        "themes/index.html",
        consultation=consultation,
        overview=overview,
        form=form,
        may_decide=may_decide(consultation.id),
        under_way=db.session.scalars(queries.open_run(consultation.id)).first(),
    )


@bp.get("/staff/consultations/<slug>/passages")
@requires(*STAFF)
def passages(slug: str) -> str:
    """List the passages of the newest analysis that are in one state."""
    consultation = get_consultation(db.session(), slug)
    part = readable_part(db.session(), current_user, consultation.id)
    newest = newest_of(consultation)
    if newest is None:
        raise errors.NoAnalysisError
    state = asked_state() or PassageState.TO_ARBITRATE
    rows = queries.passages_in_state(newest, state, asked_part(part))
    return render_template(
        "themes/passages.html",
        consultation=consultation,
        state=state,
        names={t.id: t for t in db.session.scalars(queries.themes_of(consultation.id))},
        listing=Rows(select=rows, per_page=PAGE),
        **filters(),
    )


@bp.post("/staff/consultations/<slug>/themes")
@requires(Role.ANALYST, Role.ADMINISTRATOR)
def create(slug: str) -> Any:
    """Make a theme that no analysis found, and show it."""
    consultation = get_consultation(db.session(), slug)
    form = CreateForm()
    try:
        theme = deciding.create(
            db.session(),
            current_user,
            consultation,
            name_fr=clean_text(form.name_fr.data),
            name_ar=clean_text(form.name_ar.data),
            now=clock.now(),
        )
    except DomainError as error:
        db.session.rollback()
        if error.status != 422:
            raise
        blamed_name(form, error).errors = [error.text()]
        return _themes_page(get_consultation(db.session(), slug), form), 422
    db.session.commit()
    flash(_("The theme is made. Give it passages, or let the next analysis find them."))
    return redirect(url_for("themes.show", id=theme.id))
