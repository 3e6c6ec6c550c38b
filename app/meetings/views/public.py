"""Public pages: a meeting, registering for it, its calendar file, its settled minutes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.consultations.models import Consultation
from app.consultations.queries import get_consultation
from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.i18n import language
from app.core.mail import public_url
from app.meetings import calendars, letters
from app.meetings.errors import MeetingNotFoundError
from app.meetings.forms.people import RegisterForm
from app.meetings.models import Meeting, MinutePoint, MinutesState, PointState
from app.meetings.operations.inviting import register as take_registration
from app.meetings.operations.settling import submission_key, submissions_of
from app.meetings.operations.validating import is_contest_open
from app.meetings.queries import get_meeting, meetings_of, n_seated
from app.meetings.views.blueprint import bp, download, is_over, new_form_token
from app.submissions.masking import masks_of
from app.submissions.models import Submission

CALENDAR = "text/calendar; charset=utf-8"


def _found(slug: str, number: int) -> tuple[Consultation, Meeting]:
    """Return a consultation and one of its meetings."""
    consultation = get_consultation(db.session(), slug)
    return consultation, get_meeting(db.session(), number, consultation)


def page_url(meeting: Meeting, lang: str) -> str:
    """Return the whole address of a meeting's page."""
    slug = meeting.consultation.slug
    return public_url("meetings.show", slug=slug, id=meeting.id, lang=lang)


def _page(consultation: Consultation, meeting: Meeting, form: RegisterForm, status: int) -> Any:
    """Show a meeting with the form to register."""
    form.offer(meeting)
    left = None
    if meeting.capacity is not None:
        left = max(0, meeting.capacity - n_seated(db.session(), meeting.id))
    can_register = meeting.is_open and not meeting.cancelled_at and not is_over(meeting)
    page = render_template(
        "meetings/show.html",
        consultation=consultation,
        meeting=meeting,
        form=form,
        left=left,
        is_over=is_over(meeting),
        can_register=can_register,
    )
    return page, status


@bp.get("/consultations/<slug>/meetings/<int:id>")
@public
def show(slug: str, id: int) -> Any:  # noqa: A002
    """Show a meeting: when, where, about what; and register for it if it is open."""
    consultation, meeting = _found(slug, id)
    form = RegisterForm(formdata=None, data={"token": new_form_token()})
    return _page(consultation, meeting, form, 200)


@bp.post("/consultations/<slug>/meetings/<int:id>/register")
@public
def register(slug: str, id: int) -> Any:  # noqa: A002
    """Register somebody for a meeting."""
    consultation, meeting = _found(slug, id)
    form = RegisterForm()
    form.offer(meeting)
    if not form.validate_on_submit():
        return _page(consultation, meeting, form, 422)
    now = clock.now()
    token = str(form.token.data or "")
    participant, is_new, outcome = take_registration(
        db.session(),
        meeting,
        form.person(),
        now=now,
        token=token if token.startswith("form-") and 30 < len(token) <= 60 else None,
    )
    if is_new:
        letters.send_confirmation(db.session(), participant, outcome.seat, now=now)
    else:
        letters.send_own_link(db.session(), participant, now=now)
    has_address = bool(participant.email_key)
    own = url_for("meetings.mine", token=participant.token)
    db.session.commit()
    if has_address:
        # The same words whether the address was known or not: nobody learns who is registered.
        flash(_("Your registration is noted. A letter with your own page has been sent to you."))
        return redirect(url_for("meetings.show", slug=slug, id=id), 303)
    flash(_("Your registration is noted. Keep the address of this page: it is yours."))
    return redirect(own, 303)


@bp.get("/consultations/<slug>/meetings/<int:id>/meeting.ics")
@public
def event(slug: str, id: int) -> Response:  # noqa: A002
    """Give a meeting as a calendar file."""
    _consultation, meeting = _found(slug, id)
    return _calendar([meeting], f"tachawor-{meeting.id}.ics")


@bp.get("/consultations/<slug>/meetings.ics")
@public
def calendar(slug: str) -> Response:
    """Give all meetings of a consultation as a calendar file."""
    consultation = get_consultation(db.session(), slug)
    found = list(db.session.scalars(meetings_of(consultation.id)))
    return _calendar(found, f"{consultation.slug}.ics")


def _calendar(found: list[Meeting], name: str) -> Response:
    """Answer with meetings as a calendar file in the page's language."""
    lang = language().code
    content = calendars.published(
        found,
        lang,
        urls={one.id: page_url(one, lang) for one in found},
        site=letters.site_host(),
        now=clock.now(),
    )
    return download(content, name, CALENDAR)


@bp.get("/consultations/<slug>/meetings/<int:id>/minutes")
@public
def minutes(slug: str, id: int) -> str:  # noqa: A002
    """Show settled minutes: who said what, never who typed it."""
    consultation, meeting = _found(slug, id)
    if meeting.minutes_state != MinutesState.SETTLED:
        raise MeetingNotFoundError
    entered = submissions_of(db.session(), meeting)
    points = [
        point
        for point in meeting.points
        if point.state == PointState.STANDING
        and not is_contest_open(point)
        and (said := entered.get(submission_key(point))) is not None
        and said.is_standing
        and not said.hidden_reason
    ]
    return render_template(
        "meetings/minutes_public.html",
        consultation=consultation,
        meeting=meeting,
        points=points,
        words=_masked(points, entered),
    )


def _masked(points: list[MinutePoint], entered: dict[str, Submission]) -> dict[int, str]:
    """Return the words of points as they may be shown, by the points' numbers."""
    answers = {
        point.id: next(
            answer
            for answer in entered[submission_key(point)].answers
            if answer.question.key == point.question_key
        )
        for point in points
    }
    masks = masks_of(db.session(), [answer.id for answer in answers.values()])
    shown = {}
    for point in points:
        answer = answers[point.id]
        start = (answer.text or "").find(point.text)
        shown[point.id] = masks.words(answer.id, point.text, max(start, 0))
    return shown
