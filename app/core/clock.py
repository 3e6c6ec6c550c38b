"""The clock: one place to ask for the time, so that tests and the demonstration can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Flask, current_app

#: Calendar dates that people read are those of Rabat.
CIVIL_ZONE = ZoneInfo("Africa/Casablanca")

#: When the demonstration is first started it is this instant there; time then passes as usual.
DEMONSTRATION_START = datetime(2022, 1, 24, 9, 0, tzinfo=UTC)


def now() -> datetime:
    """Return the present instant (UTC), as the application's clock gives it."""
    clock: Callable[[], datetime] = current_app.extensions["clock"]
    return clock()


def today_on(instant: datetime) -> str:
    """Return the civil date of an instant, ``2022-02-18``."""
    return instant.astimezone(CIVIL_ZONE).date().isoformat()


def _demonstration_lag(instance: Path) -> timedelta:
    """Return how far the demonstration's clock is from the real one, kept beside its data."""
    path = instance / "demonstration-clock"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        lag = DEMONSTRATION_START - datetime.now(UTC)
        path.write_text(f"{lag.total_seconds():.0f}\n", encoding="ascii")
    return timedelta(seconds=int(path.read_text(encoding="ascii")))


def init_app(app: Flask) -> None:
    """Install the clock: the system's, or the demonstration's, during the consultation it shows."""
    lag = (
        _demonstration_lag(app.config["INSTANCE"])
        if app.config["PROFILE"] == "demo"
        else timedelta()
    )
    app.extensions["clock"] = lambda: datetime.now(UTC) + lag
