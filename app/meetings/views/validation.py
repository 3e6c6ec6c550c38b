"""Staff actions on draft minutes: sent to those who were there, decided, settled."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import requires
from app.core.db import db
from app.core.errors import DomainError
from app.meetings import letters
from app.meetings.access import ORGANISERS
from app.meetings.errors import ContestDateError
from app.meetings.forms.minutes import CirculateForm, DecideForm
from app.meetings.models import MinutePoint
from app.meetings.operations import validating
from app.meetings.operations.preparing import civil
from app.meetings.operations.settling import settle as settle_minutes
from app.meetings.queries import get_point
from app.meetings.views.blueprint import bp, organised
from app.meetings.views.minutes import minutes_page


@bp.post("/staff/meetings/<int:id>/minutes/circulate")
@requires(*ORGANISERS)
def circulate(id: int) -> Any:  # noqa: A002
    """Send the draft minutes to those who were present, until a day that is included."""
    meeting = organised(id)
    form = CirculateForm()
    if not form.validate_on_submit():
        return minutes_page(meeting, circulate=form, status=422)
    now = clock.now()
    until = civil(form.until.data + timedelta(days=1), time(0, 0))
    try:
        asked = validating.circulate(db.session(), current_user, meeting, until=until, now=now)
    except DomainError as error:
        db.session.rollback()
        form.until.errors = [error.text()]
        status = 422 if isinstance(error, ContestDateError) else error.status
        return minutes_page(organised(id), circulate=form, status=status)
    posted = letters.send_minutes(db.session(), asked, now=now)
    db.session.commit()
    flash(
        ngettext(
            "The minutes are sent to %(num)s person.",
            "The minutes are sent to %(num)s people.",
            posted,
        )
    )
    return redirect(url_for("meetings.points", id=id), 303)


@bp.post("/staff/points/<int:id>/decide")
@requires(*ORGANISERS)
def decide(id: int) -> Any:  # noqa: A002
    """Decide what becomes of a contested point."""
    point = get_point(db.session(), id)
    meeting = organised(point.meeting_id)
    form = DecideForm(prefix=f"p{id}")
    if not form.validate_on_submit():
        return minutes_page(meeting, decide=(id, form), status=422)
    _decide(point, form)
    db.session.commit()
    flash(_("The decision is noted."))
    return redirect(url_for("meetings.points", id=meeting.id) + f"#point-{id}", 303)


def _decide(point: MinutePoint, form: DecideForm) -> None:
    """Do what was decided; those who contested are asked about new words."""
    now, session = clock.now(), db.session()
    if form.decision.data == "change":
        asked = validating.change_words(session, current_user, point, form.text.data, now=now)
        if validating.is_open_to_contest(point.meeting, now=now):
            letters.send_new_words(session, asked, point.id, point.version, now=now)
    elif form.decision.data == "keep":
        validating.keep_point(session, current_user, point, form.answer.data, now=now)
    else:
        validating.take_out(session, current_user, point, form.answer.data, now=now)


@bp.post("/staff/meetings/<int:id>/minutes/settle")
@requires(*ORGANISERS)
def settle(id: int) -> Response:  # noqa: A002
    """Let what stands in the minutes enter the consultation, and tell those who were there."""
    meeting = organised(id)
    now = clock.now()
    done = settle_minutes(db.session(), current_user, meeting, now=now)
    letters.send_settled(db.session(), validating.present(db.session(), meeting), now=now)
    db.session.commit()
    flash(
        ngettext(
            "%(num)s contribution has entered the consultation.",
            "%(num)s contributions have entered the consultation.",
            done.n_submissions,
        )
    )
    if done.n_open:
        flash(
            ngettext(
                "One contested point waits for your decision.",
                "%(num)s contested points wait for your decision.",
                done.n_open,
            )
        )
    return redirect(url_for("meetings.points", id=id), 303)
