"""How far people agree with each other and with the machine, and how often placements are right."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun, CodingRound
from app.themes.queue.gain import estimate_of
from app.themes.reliability.queries import newest_closed


def reliability(session: Session, run: AnalysisRun) -> dict[str, Any]:
    """Return the measures of the newest closed coding round and of the review queue.

    Either is None where nothing was measured: the report then says so.
    """
    newest = session.scalars(newest_closed(run.consultation_id)).first()
    return {
        "round": None if newest is None else _round(newest),
        "accuracy": _accuracy(session, run),
    }


def _round(newest: CodingRound) -> dict[str, Any]:
    """Return what a round measured."""
    found = newest.results
    return {
        "id": newest.id,
        "run": newest.run_id,
        "seed": newest.seed,
        "closed_at": newest.closed_at.isoformat() if newest.closed_at else None,
        "passages": found["n_items"],
        "differing": found["n_differing"],
        "settled": found["n_settled"],
        "abstained": found["n_abstained"],
        "coders": found["coders"],
        "by_language": found["by_language"],
        "machine": found["machine"]["settled"],
        "machine_by_language": found["machine_by_language"],
    }


def _accuracy(session: Session, run: AnalysisRun) -> dict[str, Any] | None:
    """Return the estimated accuracy of the placements, None while it cannot be told."""
    found = estimate_of(session, run)
    if found.machine is None:
        return None
    return {
        "machine": found.machine,
        "low": found.low,
        "high": found.high,
        "now": found.now,
        "now_low": found.now_low,
        "now_high": found.now_high,
        "placements": found.n_all,
        "known": found.n_known,
        "sample": found.n_sample,
    }
