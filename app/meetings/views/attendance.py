"""Staff pages of attendance: the list at the door, the printed sheet, lists made offline."""

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
from app.core.printing import print_pdf
from app.meetings.access import ORGANISERS
from app.meetings.forms.people import FileForm, PresentForm
from app.meetings.models import Meeting
from app.meetings.operations import attending
from app.meetings.queries import people
from app.meetings.views.blueprint import (
    bp,
    counted,
    download,
    new_form_token,
    organised,
    table_in,
)

#: Empty lines of the printed sheet, for those who come without being on the list.
SPARE_LINES = 15


def _page(
    meeting: Meeting,
    *,
    add: PresentForm | None = None,
    file: FileForm | None = None,
    report: attending.ListReport | None = None,
    status: int = 200,
) -> Any:
    """Show the list of those expected, one tick each."""
    add = add or PresentForm(formdata=None, data={"token": new_form_token()})
    add.offer(meeting)
    page = render_template(
        "meetings/attendance.html",
        meeting=meeting,
        consultation=meeting.consultation,
        people=list(db.session.scalars(people(meeting.id))),
        counts=counted(meeting),
        add=add,
        file=file or FileForm(formdata=None),
        report=report,
    )
    return page, status


@bp.get("/staff/meetings/<int:id>/attendance")
@requires(*ORGANISERS)
def attendance(id: int) -> Any:  # noqa: A002
    """Show the list at the door."""
    return _page(organised(id))


@bp.post("/staff/meetings/<int:id>/attendance")
@requires(*ORGANISERS)
def note(id: int) -> Response:  # noqa: A002
    """Write down the ticks that were changed; or that all others did not come."""
    meeting = organised(id)
    ticked = set(request.form.getlist("present", type=int))
    shown = dict.fromkeys(request.form.getlist("shown", type=int), False)
    shown |= dict.fromkeys(request.form.getlist("was", type=int), True)
    changes = {
        number: number in ticked for number, was in shown.items() if was is not (number in ticked)
    }
    now = clock.now()
    n_changed = attending.note_presence(db.session(), current_user, meeting, changes, now=now)
    if request.form.get("close") == "yes":
        attending.close_list(db.session(), current_user, meeting, now=now)
        flash(_("The list is closed: whoever is not ticked did not come."))
    else:
        flash(ngettext("%(num)s tick is noted.", "%(num)s ticks are noted.", n_changed))
    db.session.commit()
    return redirect(url_for("meetings.attendance", id=id), 303)


@bp.post("/staff/meetings/<int:id>/attendance/add")
@requires(*ORGANISERS)
def add_person(id: int) -> Any:  # noqa: A002
    """Add somebody who came without being on the list."""
    meeting = organised(id)
    form = PresentForm()
    form.offer(meeting)
    if not form.validate_on_submit():
        return _page(meeting, add=form, status=422)
    token = str(form.token.data or "")
    attending.add_present(
        db.session(),
        current_user,
        meeting,
        form.person(),
        token=token if token.startswith("form-") and len(token) <= 60 else new_form_token(),
        now=clock.now(),
    )
    db.session.commit()
    flash(_("Added, and present."))
    return redirect(url_for("meetings.attendance", id=id) + "#add", 303)


@bp.post("/staff/meetings/<int:id>/attendance/list")
@requires(*ORGANISERS)
def import_list(id: int) -> Any:  # noqa: A002
    """Bring in a list made without network; what cannot be read is told by its row."""
    meeting = organised(id)
    form = FileForm()
    if not form.validate_on_submit():
        return _page(meeting, file=form, status=422)
    try:
        with table_in(form.file.data) as table:
            report = attending.import_list(
                db.session(), current_user, meeting, table, now=clock.now()
            )
    except DomainError as error:
        db.session.rollback()
        form.file.errors = [error.text()]
        return _page(organised(id), file=form, status=422)
    db.session.commit()
    if report.problems:
        return _page(organised(id), report=report)
    flash(
        _(
            "The list is in: %(added)s added, %(known)s known already.",
            added=report.n_added,
            known=report.n_known,
        )
    )
    return redirect(url_for("meetings.attendance", id=id), 303)


@bp.get("/staff/meetings/<int:id>/attendance.pdf")
@requires(*ORGANISERS)
def sheet(id: int) -> Response:  # noqa: A002
    """Give the sheet that people sign, in the page's language."""
    meeting = organised(id)
    rows = [one for one in db.session.scalars(people(meeting.id)) if one.answer != "no"]
    html = render_template(
        "meetings/sheet.html", meeting=meeting, people=rows, spare=range(SPARE_LINES)
    )
    name = f"attendance-{meeting.id}-{language().code}.pdf"
    return download(print_pdf(html), name, "application/pdf")
