"""Pages of a personal link: whether one comes, and what one thinks of the draft minutes."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core import clock
from app.core.access import public
from app.core.db import db
from app.core.errors import DomainError
from app.core.i18n import language
from app.core.text import fold
from app.meetings import calendars, letters
from app.meetings.errors import ReasonMissingError
from app.meetings.forms.people import AnswerForm
from app.meetings.models import MinutePoint, MinutesState, Participant
from app.meetings.operations.inviting import answer as take_answer
from app.meetings.operations.inviting import companions_of, waits
from app.meetings.operations.settling import submission_key, submissions_of
from app.meetings.operations.validating import (
    Verdict,
    find_reply,
    is_contest_open,
    is_open_to_contest,
)
from app.meetings.operations.validating import reply as take_reply
from app.meetings.queries import get_participant
from app.meetings.views.blueprint import bp, download, is_over
from app.meetings.views.public import CALENDAR, page_url


def _mine_page(participant: Participant, form: AnswerForm, status: int = 200) -> Any:
    """Show a participant's own page."""
    meeting = participant.meeting
    form.offer(meeting)
    page = render_template(
        "meetings/mine.html",
        participant=participant,
        meeting=meeting,
        consultation=meeting.consultation,
        form=form,
        is_waiting=waits(participant),
        companions=companions_of(db.session(), participant),
        can_answer=not meeting.cancelled_at and not is_over(meeting),
        has_minutes=participant.was_present is True
        and meeting.minutes_state != MinutesState.WRITING,
    )
    return page, status


@bp.get("/meetings/<token>")
@public
def mine(token: str) -> Any:
    """Show a participant what they are invited to, and what they answered."""
    participant = get_participant(db.session(), token)
    along = companions_of(db.session(), participant)
    form = AnswerForm(
        formdata=None,
        data={
            "comes": "no" if participant.answer == "no" else "yes",
            "how": "remote" if participant.is_remote else "room",
            "name": participant.name,
            "companions": "\n".join(one.name for one in along),
            "workshop": str(participant.workshop_id or ""),
        },
    )
    return _mine_page(participant, form)


@bp.post("/meetings/<token>")
@public
def answer(token: str) -> Any:
    """Take a participant's answer."""
    participant = get_participant(db.session(), token)
    form = AnswerForm()
    form.offer(participant.meeting)
    if not form.validate_on_submit():
        return _mine_page(participant, form, 422)
    now = clock.now()
    outcome = take_answer(db.session(), participant, form.reply(), now=now)
    letters.send_confirmation(db.session(), participant, outcome.seat, now=now)
    for one in outcome.promoted:
        letters.send_confirmation(db.session(), one, "yes", now=now)
    db.session.commit()
    flash(
        {
            "yes": _("Your answer is noted: you are expected."),
            "waiting": _("Your answer is noted: you are on the waiting list."),
            "no": _("Your answer is noted: you do not come."),
        }[outcome.seat]
    )
    return redirect(url_for("meetings.mine", token=token), 303)


@bp.get("/meetings/<token>/meeting.ics")
@public
def my_event(token: str) -> Response:
    """Give a participant's meeting as a calendar file."""
    meeting = get_participant(db.session(), token).meeting
    lang = language().code
    content = calendars.published(
        [meeting],
        lang,
        urls={meeting.id: page_url(meeting, lang)},
        site=letters.site_host(),
        now=clock.now(),
    )
    return download(content, f"tachawor-{meeting.id}.ics", CALENDAR)


def _review_page(participant: Participant, problem: DomainError | None = None) -> Any:
    """Show the draft minutes to a participant, with what they said of each point."""
    meeting = participant.meeting
    session = db.session()
    said = {point.id: find_reply(session, point, participant) for point in meeting.points}
    is_settled = meeting.minutes_state == MinutesState.SETTLED
    entered = submissions_of(session, meeting) if is_settled else {}
    page = render_template(
        "meetings/review.html",
        participant=participant,
        meeting=meeting,
        consultation=meeting.consultation,
        said=said,
        typed=request.form if problem else {},
        problem=problem,
        can_reply=is_open_to_contest(meeting, now=clock.now()),
        is_settled=is_settled,
        is_contest_open=is_contest_open,
        own_code=next(
            (
                one.receipt
                for point in meeting.points
                if _speaks_for(participant, point)
                and (one := entered.get(submission_key(point))) is not None
            ),
            "",
        ),
    )
    return page, problem.status if problem else 200


def _speaks_for(participant: Participant, point: MinutePoint) -> bool:
    """Tell whether a point was made by the participant's own organisation.

    A receipt code opens and withdraws a contribution: it is shown to no other organisation.
    """
    if point.speaker != "organisation":
        return False
    if point.organisation_id is not None:
        return point.organisation_id == participant.organisation_id
    name = fold(participant.organisation_name)
    return bool(name) and name == fold(point.organisation_name)


@bp.get("/meetings/<token>/minutes")
@public
def review(token: str) -> Any:
    """Show the draft minutes to somebody who was there."""
    participant = get_participant(db.session(), token)
    if (
        participant.was_present is not True
        or participant.meeting.minutes_state == MinutesState.WRITING
    ):
        return redirect(url_for("meetings.mine", token=token))
    return _review_page(participant)


@bp.post("/meetings/<token>/minutes")
@public
def reply(token: str) -> Any:
    """Take a participant's verdicts: everything at once, or point by point."""
    participant = get_participant(db.session(), token)
    try:
        taken = take_reply(db.session(), participant, _verdicts(participant), now=clock.now())
    except ReasonMissingError as error:
        db.session.rollback()
        return _review_page(get_participant(db.session(), token), error)
    db.session.commit()
    flash(ngettext("%(num)s answer is noted.", "%(num)s answers are noted.", taken))
    return redirect(url_for("meetings.review", token=token), 303)


def _verdicts(participant: Participant) -> dict[int, Verdict]:
    """Read the verdicts that were sent; "all" validates what is not contested."""
    validates_all = request.form.get("all") == "yes"
    verdicts = {}
    for point in participant.meeting.points:
        said = request.form.get(f"verdict-{point.id}", "")
        version = request.form.get(f"version-{point.id}", type=int)
        if version is None or (not said and not validates_all):
            continue
        verdicts[point.id] = Verdict(
            is_contested=said == "contested",
            version=version,
            reason=request.form.get(f"reason-{point.id}", ""),
            proposal=request.form.get(f"proposal-{point.id}", ""),
        )
    return verdicts
