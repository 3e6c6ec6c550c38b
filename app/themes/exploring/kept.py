"""What is worked out from a whole run, remembered while nothing that it follows from changes."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.submissions.models import Submission
from app.themes.ledger.recording import newest_event_id
from app.themes.models import AnalysisRun

T = TypeVar("T")

#: Results kept by one process, and for how long at most (seconds).
_MOST, _SECONDS = 24, 120.0
_known: OrderedDict[Hashable, tuple[float, tuple[int, ...], Any]] = OrderedDict()
_lock = Lock()


def standing(session: Session, run: AnalysisRun) -> tuple[int, ...]:
    """Return what changes with each new run and with each submission taken back."""
    rows = session.execute(
        select(func.count(), func.coalesce(func.sum(Submission.id), 0)).where(
            Submission.consultation_id == run.consultation_id, Submission.is_standing
        )
    ).one()
    return run.id, int(rows[0]), int(rows[1])


def decided(session: Session, run: AnalysisRun) -> tuple[int, ...]:
    """Return what changes with each decision."""
    return (newest_event_id(session, run.consultation_id),)


def kept(key: Hashable, version: tuple[int, ...], make: Callable[[], T]) -> T:
    """Return what ``make`` gave for this version of a run, or let it make it anew.

    Each process remembers for itself, one version a key and run. Tests, whose database changes
    under the application, always ask anew.

    :param version: begins with the run's number.
    """
    if current_app.testing:
        return make()
    place = (key, version[0])
    with _lock:
        found = _known.get(place)
        if found and found[1] == version and time.monotonic() - found[0] < _SECONDS:
            _known.move_to_end(place)
            value: T = found[2]
            return value
    made = make()
    with _lock:
        _known[place] = (time.monotonic(), version, made)
        _known.move_to_end(place)
        while len(_known) > _MOST:
            _known.popitem(last=False)
    return made


def kept_decided(session: Session, run: AnalysisRun, key: Hashable, make: Callable[[], T]) -> T:
    """Return what follows from the run and from every decision on it."""
    return kept(key, (*standing(session, run), *decided(session, run)), make)
