"""Pages of meetings: public ones, those of personal links, and those of staff."""

from __future__ import annotations

from app.meetings import forgetting
from app.meetings.views import (
    attendance,
    invitations,
    mine,
    minutes,
    public,
    staff,
    validation,
)
from app.meetings.views.blueprint import bp

__all__ = [
    "attendance",
    "bp",
    "forgetting",
    "invitations",
    "mine",
    "minutes",
    "public",
    "staff",
    "validation",
]
