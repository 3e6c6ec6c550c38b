"""Staff actions on a measure's ties: themes and passages that it answers, its documents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.commitments.blueprint import bp
from app.commitments.measures import tying
from app.commitments.measures.errors import MeasureChangedError, NotOfConsultationError
from app.commitments.measures.forms import DocumentForm, PassageForm, number_of
from app.commitments.measures.operations import Saved
from app.commitments.measures.queries import EDITORS
from app.commitments.measures.telling import changed_since
from app.commitments.measures.views.common import readable
from app.commitments.measures.views.staff import show
from app.commitments.models import Measure
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import ensure, requires
from app.core.db import db
from app.core.errors import DomainError


def _written(slug: str, number: int) -> tuple[Consultation, Measure, int]:
    """Return a measure that the reader writes, and the revision that they have seen."""
    consultation, measure = readable(slug, number)
    ensure(current_user, *EDITORS, region=measure.region_code, consultation=consultation.id)
    return consultation, measure, number_of(request.form.get("revision"))


def _act(
    consultation: Consultation,
    measure: Measure,
    seen: int,
    act: Callable[..., Saved],
    what: Any,
    anchor: str,
    **forms: Any,
) -> Any:
    """Do something to a measure; what is refused is said with everything typed.

    :param act: one of :mod:`tying`, and ``what`` it adds or takes away.
    """
    try:
        saved = act(db.session(), current_user, measure, what, seen=seen, now=clock.now())
    except MeasureChangedError as error:
        db.session.rollback()
        news = changed_since(db.session(), measure, seen)
        return show(consultation, measure, problem=error.text(), news=news, **forms), 409
    except DomainError as error:
        if error.status != 422:
            raise
        db.session.rollback()
        return show(consultation, measure, problem=error.text(), **forms), 422
    db.session.commit()
    flash(_("The measure is saved.") if saved.event else _("Nothing was different."))
    address = url_for("commitments.tracked", slug=consultation.slug, id=measure.id)
    return redirect(f"{address}#{anchor}", 303)


@bp.post("/staff/consultations/<slug>/commitments/<int:id>/themes")
@requires(*EDITORS)
def measure_themes(slug: str, id: int) -> Any:  # noqa: A002
    """Say that a measure answers a theme, or that it does not."""
    consultation, measure, seen = _written(slug, id)
    go = "remove" if "remove" in request.form else "add"
    act = tying.remove_theme if go == "remove" else tying.add_theme
    return _act(consultation, measure, seen, act, number_of(request.form.get(go)), "themes")


@bp.post("/staff/consultations/<slug>/commitments/<int:id>/passages")
@requires(*EDITORS)
def measure_passages(slug: str, id: int) -> Any:  # noqa: A002
    """Say that a measure answers a passage, or that it does not."""
    consultation, measure, seen = _written(slug, id)
    if "remove" in request.form:
        number = number_of(request.form.get("remove"))
        return _act(consultation, measure, seen, tying.remove_passage, number, "passages")
    form = PassageForm()
    if not form.validate():
        return show(consultation, measure, passage=form), 422
    number = number_of((form.passage.data or "").lstrip("#"))
    if number < 1:
        form.passage.errors = [NotOfConsultationError(value=form.passage.data[:40]).text()]
        return show(consultation, measure, passage=form), 422
    return _act(consultation, measure, seen, tying.add_passage, number, "passages", passage=form)


@bp.post("/staff/consultations/<slug>/commitments/<int:id>/documents")
@requires(*EDITORS)
def measure_documents(slug: str, id: int) -> Any:  # noqa: A002
    """Add a document to a measure, or take one off."""
    consultation, measure, seen = _written(slug, id)
    if "remove" in request.form:
        number = number_of(request.form.get("remove"))
        return _act(consultation, measure, seen, tying.remove_document, number, "documents")
    form = DocumentForm()
    if not form.validate():
        return show(consultation, measure, document=form), 422
    paper = form.paper()
    return _act(consultation, measure, seen, tying.add_document, paper, "documents", document=form)
