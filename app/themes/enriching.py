"""What a run is given once its passages are written: steps that know nothing of each other."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.themes.choosing import keep_sizes
from app.themes.exploring.extras import NOTHING, Extras, write_places, write_stances
from app.themes.models import AnalysisRun
from app.themes.queue.worth import fill_worth


def _worth(session: Session, run: AnalysisRun, _extras: Extras) -> None:
    """Fill what a human look at each passage is worth."""
    fill_worth(session, run)


def _sizes(session: Session, run: AnalysisRun, _extras: Extras) -> None:
    """Keep how large the themes are."""
    keep_sizes(session, run)


#: Each is given the session, the run and what was worked out before the transaction began.
STEPS: tuple[Callable[[Session, AnalysisRun, Extras], None], ...] = (
    write_stances,
    write_places,
    _worth,
    _sizes,
)


def enrich(session: Session, run: AnalysisRun, extras: Extras = NOTHING) -> None:
    """Take every step, flushed."""
    session.flush()
    for step in STEPS:
        step(session, run, extras)
    session.flush()
