"""What participants are written: in their language, through the outbox, once for each occasion."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.core import clock
from app.core.i18n import day, in_language, localized, moment
from app.core.mail import post, public_url
from app.meetings import calendars
from app.meetings.models import Meeting, Participant


def site_host() -> str:
    """Return the site's host, which makes calendars' identifiers its own."""
    return urlsplit(public_url("site.home")).hostname or "localhost"


def _plain(value: object) -> str:
    """Return a localized text without its markup."""
    return value.striptags() if isinstance(value, Markup) else str(value)


def _facts(meeting: Meeting, lang: str) -> list[str]:
    """Return when and where, a line each."""
    ends = moment(meeting.ends_at).split()[-1]
    lines = [
        _plain(localized(meeting.title)),
        _(
            "When: %(start)s to %(end)s (time in Morocco)",
            start=moment(meeting.starts_at),
            end=ends,
        ),
    ]
    place = calendars.where(meeting, lang)
    if place:
        lines.append(_("Where: %(place)s", place=place))
    return lines


def _letter(
    session: Session,
    participant: Participant,
    occasion: str,
    key: str,
    subject: str,
    paragraphs: Iterable[str],
    *,
    now: datetime,
    with_calendar: bool = True,
) -> bool:
    """Post a letter to a participant; false if they left no address."""
    meeting, contact = participant.meeting, participant.contact
    if contact is None or not contact.email:
        return False
    enclosures = []
    if with_calendar:
        method = "CANCEL" if meeting.cancelled_at else "REQUEST"
        content = calendars.request(
            meeting,
            participant.lang,
            to=contact.email,
            sender=current_app.config["MAIL_FROM"],
            url=own_link(participant),
            site=site_host(),
            now=now,
        )
        enclosures = [
            {
                "name": "tachawor.ics",
                "type": f"text/calendar; method={method}; charset=utf-8",
                "content": b64encode(content).decode(),
            }
        ]
    post(
        session,
        key=f"meetings.{occasion}:{key}",
        kind=f"meetings.{occasion}",
        to=contact.email,
        subject=subject,
        body="\n\n".join([*paragraphs, _signature()]),
        lang=participant.lang,
        now=now,
        enclosures=enclosures,
    )
    return True


def _signature() -> str:
    """Return who writes."""
    return str(_("Ministry of Solidarity, Social Inclusion and Family"))


def own_link(participant: Participant) -> str:
    """Return the address of a participant's own page."""
    return public_url("meetings.mine", token=participant.token, lang=participant.lang)


def _greeting() -> str:
    """Return how letters begin."""
    return str(_("Hello,"))


def send_invitations(
    session: Session, participants: Iterable[Participant], *, number: int = 1, now: datetime
) -> int:
    """Post invitations; return how many. ``number`` tells the first letter from those after it."""
    n_posted = 0
    for one in participants:
        with in_language(one.lang):
            title = _plain(localized(one.meeting.title))
            n_posted += _letter(
                session,
                one,
                "invitation",
                f"{one.id}:{number}",
                _("Invitation: %(title)s", title=title),
                [
                    _greeting(),
                    _("You are invited to this meeting of the consultation “%(name)s”:",
                      name=_plain(localized(one.meeting.consultation.title))),
                    "\n".join(_facts(one.meeting, one.lang)),
                    _("Say whether you come, and with whom, on your own page:")
                    + "\n" + own_link(one),
                    _("You may change your answer there until the meeting. "
                      "This link is yours: do not pass it on."),
                ],
                now=now,
            )  # fmt: skip
    return n_posted


def send_reminders(session: Session, participants: Iterable[Participant], *, now: datetime) -> int:
    """Post reminders to those who have not answered, at most one a day each; return how many."""
    n_posted = 0
    for one in participants:
        with in_language(one.lang):
            title = _plain(localized(one.meeting.title))
            n_posted += _letter(
                session,
                one,
                "reminder",
                f"{one.id}:{clock.today_on(now)}",
                _("Do you come? %(title)s", title=title),
                [
                    _greeting(),
                    _("We have not had your answer yet about this meeting:"),
                    "\n".join(_facts(one.meeting, one.lang)),
                    _("It takes a minute, on your own page:") + "\n" + own_link(one),
                ],
                now=now,
            )
    return n_posted


def send_confirmation(
    session: Session, participant: Participant, seat: str, *, now: datetime
) -> bool:
    """Confirm what somebody answered; once a day for each answer."""
    with in_language(participant.lang):
        title = _plain(localized(participant.meeting.title))
        said = {
            "yes": _("Your seat is kept."),
            "waiting": _("No seat is left for now: you are on the waiting list, and will be "
                         "written to as soon as one is free."),
            "no": _("We have noted that you do not come."),
        }[seat]  # fmt: skip
        return _letter(
            session,
            participant,
            "confirmation",
            f"{participant.id}:{seat}:{clock.today_on(now)}",
            {
                "yes": _("You are expected: %(title)s", title=title),
                "waiting": _("Waiting list: %(title)s", title=title),
                "no": _("You do not come: %(title)s", title=title),
            }[seat],
            [
                _greeting(),
                said,
                "\n".join(_facts(participant.meeting, participant.lang)),
                _("To change your answer, or to give your seat back:")
                + "\n" + own_link(participant),
            ],
            now=now,
            with_calendar=seat == "yes",
        )  # fmt: skip


def send_own_link(session: Session, participant: Participant, *, now: datetime) -> bool:
    """Send somebody who is known already their own link, at most once a day."""
    with in_language(participant.lang):
        title = _plain(localized(participant.meeting.title))
        return _letter(
            session,
            participant,
            "link",
            f"{participant.id}:{clock.today_on(now)}",
            _("Your page for the meeting: %(title)s", title=title),
            [
                _greeting(),
                _("Somebody, likely you, gave this address to register for a meeting for which we "
                  "know you already. Nothing was changed. Your own page:")
                + "\n" + own_link(participant),
            ],
            now=now,
            with_calendar=False,
        )  # fmt: skip


def send_change(session: Session, meeting: Meeting, *, now: datetime) -> int:
    """Tell everybody concerned that date or place are others, or that it is called off."""
    n_posted = 0
    for one in meeting.participants:
        if one.answer == "no":
            continue
        with in_language(one.lang):
            title = _plain(localized(meeting.title))
            if meeting.cancelled_at:
                subject = _("Cancelled: %(title)s", title=title)
                said = _("This meeting will not take place:")
                more: list[str] = []
            else:
                subject = _("Changed: %(title)s", title=title)
                said = _("Date or place of this meeting have changed. It now is:")
                more = [_("If you can no longer come, say so on your own page:")
                        + "\n" + own_link(one)]  # fmt: skip
            n_posted += _letter(
                session,
                one,
                "change",
                f"{one.id}:{meeting.sequence}",
                subject,
                [_greeting(), said, "\n".join(_facts(meeting, one.lang)), *more],
                now=now,
            )
    return n_posted


def minutes_link(participant: Participant) -> str:
    """Return the address at which a participant validates the minutes."""
    return public_url("meetings.review", token=participant.token, lang=participant.lang)


def send_minutes(session: Session, participants: Iterable[Participant], *, now: datetime) -> int:
    """Send the draft minutes to those who were present, once for each circulation."""
    n_posted = 0
    for one in participants:
        meeting = one.meeting
        until = meeting.contest_until or now
        with in_language(one.lang):
            n_posted += _letter(
                session,
                one,
                "minutes",
                f"{one.id}:{until:%Y%m%d%H%M}",
                _("Draft minutes: %(title)s", title=_plain(localized(meeting.title))),
                [
                    _greeting(),
                    _("You were at this meeting on %(date)s. Its minutes are written: please read "
                      "them, and validate or contest each point, until %(until)s.",
                      date=day(meeting.starts_at), until=moment(until)),
                    minutes_link(one),
                    _("After that date, the points that stand enter the consultation, in the name "
                      "of whoever made them."),
                ],
                now=now,
                with_calendar=False,
            )  # fmt: skip
    return n_posted


def send_new_words(
    session: Session,
    participants: Iterable[Participant],
    point_id: int,
    version: int,
    *,
    now: datetime,
) -> int:
    """Ask those who contested a point again, about its new words."""
    n_posted = 0
    for one in participants:
        until = one.meeting.contest_until or now
        with in_language(one.lang):
            n_posted += _letter(
                session,
                one,
                "new-words",
                f"{one.id}:{point_id}:{version}",
                _("A point you contested has new words: %(title)s",
                  title=_plain(localized(one.meeting.title))),
                [
                    _greeting(),
                    _("You contested a point of the minutes. It was written anew: please read it, "
                      "and validate or contest it, until %(until)s.", until=moment(until)),
                    minutes_link(one),
                ],
                now=now,
                with_calendar=False,
            )  # fmt: skip
    return n_posted


def send_settled(session: Session, participants: Iterable[Participant], *, now: datetime) -> int:
    """Tell those who were present that the minutes have entered the consultation."""
    n_posted = 0
    for one in participants:
        with in_language(one.lang):
            n_posted += _letter(
                session,
                one,
                "settled",
                f"{one.id}:{one.meeting_id}",
                _("Minutes settled: %(title)s", title=_plain(localized(one.meeting.title))),
                [
                    _greeting(),
                    _("The minutes of this meeting are settled, and what stands in them has "
                      "entered the consultation. See what was kept, and follow what becomes of "
                      "it:"),
                    minutes_link(one),
                ],
                now=now,
                with_calendar=False,
            )  # fmt: skip
    return n_posted
