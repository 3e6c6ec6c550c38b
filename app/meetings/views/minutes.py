"""Staff pages of the minutes: points written in the browser, or brought in from a document."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language
from app.meetings.access import ORGANISERS
from app.meetings.documents import Found, read_minutes
from app.meetings.errors import PointChangedError
from app.meetings.forms.minutes import (
    CirculateForm,
    DecideForm,
    FoundForm,
    PointForm,
    present_point,
)
from app.meetings.forms.people import FileForm
from app.meetings.models import Meeting, MinutePoint
from app.meetings.operations import writing
from app.meetings.operations.settling import submission_key, submissions_of
from app.meetings.operations.validating import contests, is_contest_open, present
from app.meetings.queries import get_point, organisations
from app.meetings.views.blueprint import bp, in_memory, organised
from app.organisations.models import ActorType


def minutes_page(
    meeting: Meeting,
    *,
    point: PointForm | None = None,
    file: FileForm | None = None,
    circulate: CirculateForm | None = None,
    decide: tuple[int, DecideForm] | None = None,
    status: int = 200,
) -> Any:
    """Show the minutes as they stand, with what can be done at this stage."""
    session = db.session()
    if point is None:
        here = {"position": writing.next_position(session, meeting), "who": "organisation"}
        point = PointForm(formdata=None, data=here)
    point.offer(meeting)
    decisions = {
        one.id: DecideForm(formdata=None, data={"text": one.text}, prefix=f"p{one.id}")
        for one in meeting.points
        if is_contest_open(one)
    }
    if decide is not None:
        decisions[decide[0]] = decide[1]
    page = render_template(
        "meetings/minutes.html",
        meeting=meeting,
        consultation=meeting.consultation,
        points=meeting.points,
        form=point,
        file=file or FileForm(formdata=None),
        circulate=circulate or CirculateForm(formdata=None),
        decisions=decisions,
        contests=contests,
        names=known_names(meeting),
        present=present(session, meeting),
        tallies={one.id: tally(one) for one in meeting.points},
        entered=submissions_of(session, meeting),
        key_of=submission_key,
        can_settle=meeting.contest_until is not None and clock.now() >= meeting.contest_until,
    )
    return page, status


def tally(point: MinutePoint) -> dict[str, int]:
    """Count what was said of a point's present words."""
    said = [one.verdict for one in point.replies if one.version == point.version]
    return {"validated": said.count("validated"), "contested": said.count("contested")}


def known_names(meeting: Meeting) -> list[str]:
    """Return the names of organisations that came or are registered there, to choose from."""
    code = language().code
    came = {one.organisation_name for one in meeting.participants if one.organisation_name}
    registered = db.session.scalars(organisations(region=meeting.region_code))
    return sorted(came | {one.name.best(code)[0] for one in registered})


@bp.get("/staff/meetings/<int:id>/minutes")
@requires(*ORGANISERS)
def points(id: int) -> Any:  # noqa: A002
    """Show the minutes to those who write them."""
    return minutes_page(organised(id))


@bp.post("/staff/meetings/<int:id>/minutes")
@requires(*ORGANISERS)
def add_point(id: int) -> Any:  # noqa: A002
    """Add a point."""
    meeting = organised(id)
    form = PointForm()
    form.offer(meeting)
    if not form.validate_on_submit():
        return minutes_page(meeting, point=form, status=422)
    position = str(form.position.data or "")
    writing.add_point(
        db.session(),
        current_user,
        meeting,
        form.words(),
        position=int(position) if position.isdigit() and len(position) < 7 else None,
        now=clock.now(),
    )
    db.session.commit()
    flash(_("The point is written down."))
    return redirect(url_for("meetings.points", id=id) + "#write", 303)


def _own_point(point_id: int) -> MinutePoint:
    """Return a point of minutes that the reader writes."""
    point = get_point(db.session(), point_id)
    organised(point.meeting_id)
    return point


def _edit_page(point: MinutePoint, form: PointForm, status: int = 200) -> Any:
    """Show a point in a form."""
    form.offer(point.meeting)
    page = render_template(
        "meetings/point.html",
        point=point,
        meeting=point.meeting,
        consultation=point.meeting.consultation,
        form=form,
        names=known_names(point.meeting),
        changed=status == PointChangedError.status and "seen" in form.errors,
    )
    return page, status


@bp.route("/staff/points/<int:id>", methods=["GET", "POST"])
@requires(*ORGANISERS)
def edit_point(id: int) -> Any:  # noqa: A002
    """Change a point; what somebody else wrote meanwhile is shown, not overwritten."""
    point = _own_point(id)
    form = PointForm()
    if not form.is_submitted():
        data = present_point(point, writing.revision(point))
        return _edit_page(point, PointForm(formdata=None, data=data))
    form.offer(point.meeting)
    if not form.validate():
        return _edit_page(point, form, 422)
    try:
        writing.change_point(
            db.session(),
            current_user,
            point,
            form.words(),
            seen=form.seen.data or "",
            now=clock.now(),
        )
    except PointChangedError as error:
        db.session.rollback()
        point = _own_point(id)
        form.text.errors = [error.text()]
        # Sent once more, it is meant: whoever writes has seen the other words by then.
        form.seen.data = writing.revision(point)
        return _edit_page(point, form, 422)
    db.session.commit()
    flash(_("The changes are saved."))
    return redirect(url_for("meetings.points", id=point.meeting_id) + f"#point-{id}", 303)


@bp.post("/staff/points/<int:id>/move")
@requires(*ORGANISERS)
def move_point(id: int) -> Response:  # noqa: A002
    """Move a point one place up or down."""
    point = _own_point(id)
    by = -1 if request.form.get("to") == "up" else 1
    writing.move_point(db.session(), current_user, point, by=by, now=clock.now())
    db.session.commit()
    return redirect(url_for("meetings.points", id=point.meeting_id) + f"#point-{id}", 303)


@bp.post("/staff/points/<int:id>/remove")
@requires(*ORGANISERS)
def remove_point(id: int) -> Response:  # noqa: A002
    """Delete a point that nobody has been sent yet."""
    point = _own_point(id)
    meeting_id = point.meeting_id
    writing.remove_point(db.session(), current_user, point, now=clock.now())
    db.session.commit()
    flash(_("The point is removed."))
    return redirect(url_for("meetings.points", id=meeting_id), 303)


def _preview(meeting: Meeting, form: FoundForm, headings: list[str], status: int = 200) -> Any:
    """Show what was found in a document, to be corrected before it is kept."""
    form.offer(meeting)
    page = render_template(
        "meetings/found.html",
        meeting=meeting,
        consultation=meeting.consultation,
        form=form,
        headings=headings,
        names=known_names(meeting),
    )
    return page, status


def _row(found: Found, question: str) -> dict[str, Any]:
    """Return a contribution as the form first shows it."""
    return {
        "keep": True,
        "who": f"workshop-{found.workshop_id}" if found.speaker == "workshop" else found.speaker,
        "organisation": found.organisation,
        "actor_type": ActorType.UNKNOWN.value,
        "question": question,
        "text": found.text[: writing.LONGEST],
    }


@bp.post("/staff/meetings/<int:id>/minutes/document")
@requires(*ORGANISERS)
def read_document(id: int) -> Any:  # noqa: A002
    """Read a DOCX document and show what is in it; nothing is kept yet."""
    meeting = organised(id)
    form = FileForm()
    if not form.validate_on_submit():
        return minutes_page(meeting, file=form, status=422)
    try:
        found = read_minutes(in_memory(form.file.data), meeting)
    except DomainError as error:
        form.file.errors = [error.text()]
        return minutes_page(meeting, file=form, status=422)
    asked = writing.questions_of(meeting)
    question = asked[0].key if asked else ""
    preview = FoundForm(
        formdata=None,
        data={
            "position": writing.next_position(db.session(), meeting),
            "rows": [_row(one, question) for one in found],
        },
    )
    return _preview(meeting, preview, [one.heading for one in found])


@bp.post("/staff/meetings/<int:id>/minutes/found")
@requires(*ORGANISERS)
def keep_found(id: int) -> Any:  # noqa: A002
    """Keep the contributions of a document, as they were corrected."""
    meeting = organised(id)
    form = FoundForm()
    form.offer(meeting)
    if not form.validate_on_submit():
        return _preview(meeting, form, [], 422)
    position = str(form.position.data or "")
    added = writing.add_points(
        db.session(),
        current_user,
        meeting,
        form.kept(),
        position=int(position) if position.isdigit() and len(position) < 7 else 1,
        now=clock.now(),
    )
    db.session.commit()
    flash(ngettext("%(num)s point is written down.", "%(num)s points are written down.", added))
    return redirect(url_for("meetings.points", id=id), 303)
