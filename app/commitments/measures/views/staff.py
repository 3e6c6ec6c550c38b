"""Staff pages: the list of measures, one of them, writing it, saying how far it is."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.commitments.blueprint import bp
from app.commitments.measures import operations, queries
from app.commitments.measures.errors import (
    AddressError,
    DatesOutOfOrderError,
    MeasureChangedError,
    PlaceOutsideError,
)
from app.commitments.measures.forms import (
    DocumentForm,
    FollowForm,
    MeasureForm,
    PassageForm,
    follow_form,
    number_of,
    present,
)
from app.commitments.measures.operations import Saved
from app.commitments.measures.queries import EDITORS, FOLLOWERS, READERS
from app.commitments.measures.telling import changed_since, history
from app.commitments.measures.views.common import (
    kept,
    read_filter,
    readable,
    regions,
    selects,
    today,
)
from app.commitments.measures.views.showing import passages_shown
from app.commitments.models import Measure
from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import ensure, requires
from app.core.db import db
from app.core.errors import DomainError
from app.territories.queries import communes_of, provinces_of
from app.themes.queries import current_themes

PAGE = 50


@bp.get("/staff/consultations/<slug>/commitments")
@requires(*READERS)
def tracker(slug: str) -> str:
    """List the measures that the reader may read."""
    consultation = get_consultation(db.session(), slug)
    rows = db.session.scalars(queries.measures_of(consultation.id)).unique()
    everything = [one for one in rows if queries.may_read(current_user, one)]
    part = read_filter()
    shown = [("yes", _("yes")), ("no", _("no"))]
    return render_template(
        "commitments/measures/tracker.html",
        consultation=consultation,
        measures=kept(everything, part),
        n_all=len(everything),
        part=part,
        selects=[
            *selects(consultation, part),
            ("public", _("Public"), shown, part.public, _("All measures")),
        ],
        arguments=request.args.to_dict() | {"slug": slug},
        may_write=bool(_own_regions(consultation)) or _is_national(consultation),
        may_follow={one.id for one in everything if queries.may_follow(current_user, one)},
        today=today(),
    )


def _is_national(consultation: Consultation) -> bool:
    """Tell whether the reader writes measures for the whole country."""
    return bool(current_user.may(EDITORS, consultation=consultation.id))


def _own_regions(consultation: Consultation) -> list[Any]:
    """Return the regions whose measures the reader writes."""
    return [
        one
        for one in regions()
        if current_user.may(EDITORS, region=one.code, consultation=consultation.id)
    ]


@bp.get("/staff/consultations/<slug>/commitments/<int:id>")
@requires(*READERS)
def tracked(slug: str, id: int) -> str:  # noqa: A002
    """Show a measure to the staff: what is said, how far it is, its ties, its history."""
    consultation, measure = readable(slug, id)
    return show(consultation, measure)


def show(consultation: Consultation, measure: Measure, **forms: Any) -> str:
    """Render a measure's staff page, with a form that was refused if there is one."""
    session = db.session()
    words = request.args.get("themes", "")[:200]
    themes = queries.themes_named(session.scalars(current_themes(consultation.id)), words)
    given: dict[str, Any] = {
        "follow": None,
        "document": None,
        "passage": None,
        "problem": "",
        "news": [],
    } | forms
    blank: dict[str, Any] = {"formdata": None}
    return render_template(
        "commitments/measures/tracked.html",
        consultation=consultation,
        measure=measure,
        follow=given["follow"] or follow_form(measure),
        document=given["document"] or DocumentForm(**blank),
        passage=given["passage"] or PassageForm(**blank),
        problem=given["problem"],
        news=given["news"],
        may_edit=queries.may_edit(current_user, measure),
        may_follow=queries.may_follow(current_user, measure),
        history=history(session, measure),
        words=words,
        found=[one for one in themes if one not in measure.themes][:20],
        passages=passages_shown(measure),
        today=today(),
    )


def _form_page(
    consultation: Consultation,
    measure: Measure | None,
    form: MeasureForm,
    *,
    status: int = 200,
    news: Any = (),
    problem: str = "",
    at: str = "",
) -> Any:
    """Show the form of a measure."""
    page = render_template(
        "commitments/measures/form.html",
        consultation=consultation,
        measure=measure,
        form=form,
        news=news,
        problem=problem,
        at=at,
    )
    return page, status


def _offered(consultation: Consultation, form: MeasureForm) -> MeasureForm:
    """Fill a form's lists, the communes being those of the province chosen."""
    session = db.session()
    form.offer(
        consultation,
        _own_regions(consultation),
        session.scalars(provinces_of()),
        session.scalars(communes_of(form.province.data or "")),
        may_be_national=_is_national(consultation),
    )
    return form


@bp.route("/staff/consultations/<slug>/commitments/new", methods=["GET", "POST"])
@requires(*EDITORS)
def measure_new(slug: str) -> Any:
    """Write a new measure down."""
    consultation = get_consultation(db.session(), slug)
    if not _own_regions(consultation):
        ensure(current_user, *EDITORS, consultation=consultation.id)
    return _write(consultation, None)


@bp.route("/staff/consultations/<slug>/commitments/<int:id>/edit", methods=["GET", "POST"])
@requires(*EDITORS)
def measure_edit(slug: str, id: int) -> Any:  # noqa: A002
    """Write a measure anew."""
    consultation, measure = readable(slug, id)
    ensure(current_user, *EDITORS, region=measure.region_code, consultation=consultation.id)
    return _write(consultation, measure)


def _write(consultation: Consultation, measure: Measure | None) -> Any:
    """Show the form, add or remove a row, or save."""
    form = MeasureForm(data=present(measure))
    _offered(consultation, form)
    if request.method == "GET":
        return _form_page(consultation, measure, form)
    go = request.form.get("go", "")
    at = "province" if go == "communes" else form.edit_rows(go)
    if at is not None:
        return _form_page(consultation, measure, form, at=at)
    if not form.validate():
        return _form_page(consultation, measure, form, status=422)
    try:
        saved = _save(consultation, measure, form)
    except DomainError as error:
        db.session.rollback()
        return _refused(consultation, measure, form, error)
    db.session.commit()
    flash(_("The measure is saved.") if saved.event else _("Nothing was different."))
    return redirect(
        url_for("commitments.tracked", slug=consultation.slug, id=saved.measure.id), 303
    )


def _save(consultation: Consultation, measure: Measure | None, form: MeasureForm) -> Saved:
    """Write what the form says."""
    session, now, note = db.session(), clock.now(), (form.note.data or "").strip()
    if measure is None:
        return operations.create(
            session, current_user, consultation, form.details(), now=now, note=note
        )
    seen = number_of(form.revision.data)
    return operations.change(
        session, current_user, measure, form.details(), seen=seen, now=now, note=note
    )


def _refused(
    consultation: Consultation, measure: Measure | None, form: MeasureForm, error: DomainError
) -> Any:
    """Show what was refused with everything typed; what others changed stands above it."""
    if isinstance(error, MeasureChangedError) and measure is not None:
        news = changed_since(db.session(), measure, number_of(form.revision.data))
        form.revision.data = str(measure.revision)
        form.revision.raw_data = None
        return _form_page(consultation, measure, form, status=409, news=news, problem=error.text())
    if error.status != 422:
        raise error
    field: Any = {
        DatesOutOfOrderError: form.ends_on,
        PlaceOutsideError: form.province,
        AddressError: form.source_url,
    }.get(type(error), form.title_fr)
    field.errors = [*field.errors, error.text()]
    return _form_page(consultation, measure, form, status=422)


@bp.post("/staff/consultations/<slug>/commitments/<int:id>/follow")
@requires(*FOLLOWERS)
def measure_follow(slug: str, id: int) -> Any:  # noqa: A002
    """Say how far a measure is."""
    consultation, measure = readable(slug, id)
    ensure(current_user, *FOLLOWERS, region=measure.region_code, consultation=consultation.id)
    form = follow_form(measure)
    seen = number_of(form.revision.data)
    if not form.validate():
        return show(consultation, measure, follow=form), 422
    try:
        saved = _followed(measure, form, seen)
    except MeasureChangedError as error:
        db.session.rollback()
        news = changed_since(db.session(), measure, seen)
        form.revision.data, form.revision.raw_data = str(measure.revision), None
        page = show(consultation, measure, follow=form, problem=error.text(), news=news)
        return page, 409
    except DomainError as error:
        if error.status != 422:
            raise
        db.session.rollback()
        form.state.errors = [error.text()]
        return show(consultation, measure, follow=form), 422
    db.session.commit()
    flash(_("How far it is has been noted.") if saved.event else _("Nothing was different."))
    return _back(measure, slug)


def _followed(measure: Measure, form: FollowForm, seen: int) -> Saved:
    """Write down how far a measure is."""
    return operations.follow(
        db.session(),
        current_user,
        measure,
        state=form.state.data,
        done={step.id: field.data for step, field in form.step_fields(measure.milestones)},
        seen=seen,
        now=clock.now(),
        note=(form.note.data or "").strip(),
    )


def _back(measure: Measure, slug: str) -> Response:
    """Go back to the measure's page."""
    return redirect(url_for("commitments.tracked", slug=slug, id=measure.id), 303)
