"""The clock: one place to ask for the time, so that tests can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app

#: Calendar dates that people read are those of Rabat.
CIVIL_ZONE = ZoneInfo("Africa/Casablanca")


def now() -> datetime:
    """Return the present instant (UTC), as the application's clock gives it."""
    clock: Callable[[], datetime] = current_app.extensions["clock"]
    return clock()


def today_on(instant: datetime) -> str:
    """Return the civil date of an instant, ``2022-02-18``."""
    return instant.astimezone(CIVIL_ZONE).date().isoformat()


def init_app(app: Flask) -> None:
    """Install the system's clock; a test replaces ``app.extensions["clock"]``."""
    app.extensions["clock"] = lambda: datetime.now(UTC)
