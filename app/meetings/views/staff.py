"""Staff pages: a consultation's meetings, one of them, making and changing them."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import ensure, requires
from app.core.db import db
from app.core.errors import DomainError
from app.meetings import letters
from app.meetings.access import ORGANISERS
from app.meetings.forms.preparing import MeetingForm, RegionalForm, present_meeting
from app.meetings.models import Meeting
from app.meetings.operations import preparing
from app.meetings.queries import counts, meetings_of
from app.meetings.views.blueprint import bp, counted, is_over, organised
from app.territories.models import Region


def _is_national(consultation: Consultation) -> bool:
    """Tell whether the reader prepares meetings everywhere."""
    return bool(current_user.may(ORGANISERS, consultation=consultation.id))


def _own_regions(consultation: Consultation) -> list[Region]:
    """Return the regions in which the reader prepares meetings."""
    return [
        region
        for region in db.session.scalars(select(Region).order_by(Region.code))
        if current_user.may(ORGANISERS, region=region.code, consultation=consultation.id)
    ]


def _prepared(slug: str) -> Consultation:
    """Return a consultation in which the reader prepares meetings.

    :raises ForbiddenError: if there is not one region in which they do.
    """
    consultation = get_consultation(db.session(), slug)
    if not _own_regions(consultation):
        ensure(current_user, *ORGANISERS, consultation=consultation.id)
    return consultation


@bp.get("/staff/consultations/<slug>/meetings")
@requires(*ORGANISERS)
def index(slug: str) -> str:
    """List the meetings that the reader prepares, in the order of their dates."""
    consultation = _prepared(slug)
    found = [
        one
        for one in db.session.scalars(meetings_of(consultation.id))
        if current_user.may(ORGANISERS, region=one.region_code, consultation=consultation.id)
    ]
    return render_template(
        "meetings/index.html",
        consultation=consultation,
        meetings=found,
        counts=counts(db.session(), [one.id for one in found]),
        is_national=_is_national(consultation),
        missing=len(consultation.regions)
        - len({one.region_code for one in found if one.region_code}),
    )


def _regional_page(consultation: Consultation, form: RegionalForm, status: int = 200) -> Any:
    """Show the form that makes all regional meetings."""
    page = render_template("meetings/regional.html", consultation=consultation, form=form)
    return page, status


@bp.route("/staff/consultations/<slug>/meetings/regional", methods=["GET", "POST"])
@requires(*ORGANISERS)
def create_regional(slug: str) -> Any:
    """Make the meetings of all regions at once."""
    consultation = get_consultation(db.session(), slug)
    ensure(current_user, *ORGANISERS, consultation=consultation.id)
    form = RegionalForm()
    if not form.is_submitted():
        return _regional_page(consultation, form)
    if not form.validate():
        return _regional_page(consultation, form, 422)
    made = preparing.create_regional(
        db.session(),
        current_user,
        consultation,
        first_on=form.first_on.data,
        every_days=form.every_days.data,
        begins=form.begins.data,
        ends=form.ends.data,
        capacity=form.capacity.data,
        is_open=form.is_open.data,
        now=clock.now(),
    )
    db.session.commit()
    flash(ngettext("%(num)s meeting is made.", "%(num)s meetings are made.", len(made)))
    return redirect(url_for("meetings.index", slug=slug), 303)


def _form_page(
    consultation: Consultation, meeting: Meeting | None, form: MeetingForm, status: int = 200
) -> Any:
    """Show the form of a meeting."""
    page = render_template(
        "meetings/form.html", consultation=consultation, meeting=meeting, form=form
    )
    return page, status


def _offered(consultation: Consultation, form: MeetingForm) -> MeetingForm:
    """Say which regions a form offers."""
    form.offer(_own_regions(consultation), may_be_national=_is_national(consultation))
    return form


@bp.route("/staff/consultations/<slug>/meetings/new", methods=["GET", "POST"])
@requires(*ORGANISERS)
def create(slug: str) -> Any:
    """Make a meeting."""
    consultation = _prepared(slug)
    form = MeetingForm()
    if not form.is_submitted():
        form = MeetingForm(formdata=None, data=present_meeting(None))
        return _form_page(consultation, None, _offered(consultation, form))
    if not _offered(consultation, form).validate():
        return _form_page(consultation, None, form, 422)
    try:
        meeting = preparing.create_meeting(
            db.session(), current_user, consultation, form.plan(), now=clock.now()
        )
    except DomainError as error:
        return _refused(error, consultation, None, form)
    db.session.commit()
    flash(_("The meeting is made."))
    return redirect(url_for("meetings.board", id=meeting.id), 303)


def _refused(
    error: DomainError, consultation: Consultation, meeting: Meeting | None, form: MeetingForm
) -> Any:
    """Show what the domain refused beside the field it is about."""
    if error.status != 422:
        raise error
    db.session.rollback()
    about = {"TimesError": form.ends, "CapacityError": form.capacity}.get(
        type(error).__name__, form.title_fr
    )
    about.errors = [error.text()]
    return _form_page(consultation, meeting, form, 422)


@bp.get("/staff/meetings/<int:id>")
@requires(*ORGANISERS)
def board(id: int) -> str:  # noqa: A002
    """Show a meeting to those who prepare it: people, attendance, minutes."""
    meeting = organised(id)
    return render_template(
        "meetings/board.html",
        meeting=meeting,
        consultation=meeting.consultation,
        counts=counted(meeting),
        is_over=is_over(meeting),
    )


@bp.route("/staff/meetings/<int:id>/edit", methods=["GET", "POST"])
@requires(*ORGANISERS)
def edit(id: int) -> Any:  # noqa: A002
    """Change a meeting; those concerned are told if date or place are others."""
    meeting = organised(id)
    consultation = meeting.consultation
    form = MeetingForm()
    if not form.is_submitted():
        form = MeetingForm(formdata=None, data=present_meeting(meeting))
        return _form_page(consultation, meeting, _offered(consultation, form))
    if not _offered(consultation, form).validate():
        return _form_page(consultation, meeting, form, 422)
    now = clock.now()
    try:
        is_moved = preparing.change_meeting(
            db.session(), current_user, meeting, form.plan(), now=now
        )
    except DomainError as error:
        return _refused(error, consultation, meeting, form)
    told = 0
    if is_moved and not is_over(meeting, now):
        told = letters.send_change(db.session(), meeting, now=now)
    db.session.commit()
    flash(_("The changes are saved."))
    if told:
        flash(ngettext("One person is told.", "%(num)s people are told.", told))
    return redirect(url_for("meetings.board", id=id), 303)


@bp.post("/staff/meetings/<int:id>/cancel")
@requires(*ORGANISERS)
def cancel(id: int) -> Response:  # noqa: A002
    """Call a meeting off, and tell everybody."""
    meeting = organised(id)
    now = clock.now()
    preparing.cancel_meeting(db.session(), current_user, meeting, now=now)
    told = letters.send_change(db.session(), meeting, now=now)
    db.session.commit()
    flash(
        ngettext("Cancelled: %(num)s person is told.", "Cancelled: %(num)s people are told.", told)
    )
    return redirect(url_for("meetings.board", id=id), 303)
