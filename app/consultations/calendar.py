"""A consultation's dates as people in Morocco read them: last day, days left, meetings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.consultations.models import CalendarEvent, Consultation
from app.core.clock import CIVIL_ZONE


@dataclass(frozen=True)
class Meeting:
    """A meeting, seen from a given day."""

    event: CalendarEvent
    is_held: bool


def civil_day(instant: datetime) -> date:
    """Return the day it is in Rabat."""
    return instant.astimezone(CIVIL_ZONE).date()


def last_day(consultation: Consultation) -> date:
    """Return the last day on which one may answer (closing at midnight excludes the day itself)."""
    return civil_day(consultation.closes_at - timedelta(microseconds=1))


def days_left(consultation: Consultation, now: datetime) -> int:
    """Return how many days follow today until the last one, 0 on the last day and after."""
    return max(0, (last_day(consultation) - civil_day(now)).days)


def meetings(consultation: Consultation, now: datetime) -> list[Meeting]:
    """Return the meetings in the order of their dates."""
    today = civil_day(now)
    return [
        Meeting(event, event.on < today) for event in consultation.events if event.kind == "meeting"
    ]
