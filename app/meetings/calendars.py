"""Meetings as calendars take them (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parseaddr

from icalendar import Calendar, Event, vCalAddress, vText

from app.meetings.models import Meeting

#: Who made the file.
_MAKER = "-//Tachawor//{lang}//"


def where(meeting: Meeting, lang: str) -> str:
    """Return the place in one line: room, place, address."""
    parts = [texts.best(lang)[0] for texts in (meeting.room, meeting.place, meeting.address)]
    comma = "، " if lang == "ar" else ", "
    return comma.join(dict.fromkeys(part for part in parts if part))


def _event(meeting: Meeting, lang: str, *, url: str, site: str, now: datetime) -> Event:
    """Return a meeting as an event; its UID never changes, its SEQUENCE grows."""
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{site}")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", meeting.sequence)
    event.add("dtstart", meeting.starts_at.astimezone(UTC))
    event.add("dtend", meeting.ends_at.astimezone(UTC))
    title, code = meeting.title.best(lang)
    event.add("summary", title, parameters={"language": code})
    place = where(meeting, lang)
    if place:
        event.add("location", place, parameters={"language": lang})
    lines = [f"{row['at']} {_best(row['title'], lang)}" for row in meeting.agenda]
    if meeting.remote_url:
        lines.append(meeting.remote_url)
    if lines:
        event.add("description", "\n".join(lines), parameters={"language": lang})
    event.add("url", url)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event


def _best(texts: dict[str, str], lang: str) -> str:
    """Return a text in a language, or in one it has."""
    return next((texts[code] for code in (lang, "fr", "ar", "en") if texts.get(code)), "")


def _calendar(lang: str, method: str) -> Calendar:
    """Return an empty calendar."""
    calendar = Calendar()
    calendar.add("prodid", _MAKER.format(lang=lang.upper()))
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def published(
    meetings: Iterable[Meeting], lang: str, *, urls: dict[int, str], site: str, now: datetime
) -> bytes:
    """Return meetings as a file to take into a calendar.

    :param urls: the address of each meeting's page.
    :param site: the site's host, which makes identifiers the product's own.
    """
    calendar = _calendar(lang, "PUBLISH")
    for meeting in meetings:
        calendar.add_component(_event(meeting, lang, url=urls[meeting.id], site=site, now=now))
    return bytes(calendar.to_ical())


def request(
    meeting: Meeting, lang: str, *, to: str, sender: str, url: str, site: str, now: datetime
) -> bytes:
    """Return the meeting as it is enclosed in a letter: an invitation, or its withdrawal."""
    method = "CANCEL" if meeting.cancelled_at else "REQUEST"
    calendar = _calendar(lang, method)
    event = _event(meeting, lang, url=url, site=site, now=now)
    name, address = parseaddr(sender)
    organiser = vCalAddress(f"mailto:{address}")
    if name:
        organiser.params["CN"] = vText(name)
    event.add("organizer", organiser)
    guest = vCalAddress(f"mailto:{to}")
    guest.params["ROLE"] = vText("REQ-PARTICIPANT")
    # Answers are given on the page of the letter's link, not by e-mail.
    guest.params["RSVP"] = vText("FALSE")
    event.add("attendee", guest)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
