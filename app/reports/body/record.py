"""Which data a body was built from: kept beside it, never exported, to tell what came since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.reports import queries
from app.reports.body.corpus import Corpus
from app.themes.models import ThemeEvent
from app.themes.queries import newest_run

#: The record among the cells of a draft or of a report (:mod:`app.reports.body.cells`).
KEY = "record"


@dataclass(frozen=True)
class Since:
    """What came since a body was built.

    :ivar came: submissions that stand and are not in it.
    :ivar gone: submissions that are in it and do not stand any more.
    :ivar decided: decisions taken on themes and passages.
    :ivar is_analysed_again: another analysis is finished.
    """

    came: int = 0
    gone: int = 0
    decided: int = 0
    is_analysed_again: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything came."""
        return bool(self.came or self.gone or self.decided or self.is_analysed_again)


def of(session: Session, corpus: Corpus) -> dict[str, Any]:
    """Return the submissions counted and the last decision followed."""
    return {
        "submissions": sorted(corpus.contributors),
        "decision": _last_decision(session, corpus.consultation.id),
    }


def _last_decision(session: Session, consultation_id: int) -> int:
    """Return the number of the newest decision, 0 if there is none."""
    last = select(func.max(ThemeEvent.id)).where(ThemeEvent.consultation_id == consultation_id)
    return session.scalar(last) or 0


def since(session: Session, consultation_id: int, run_id: int, cells: dict[str, Any]) -> Since:
    """Say what came since a body was built, by its cells; nothing is known of older ones."""
    run = session.scalars(newest_run(consultation_id)).first()
    again = run is not None and run.id != run_id
    kept = cells.get(KEY)
    if kept is None:
        return Since(is_analysed_again=again)
    before = set(kept["submissions"])
    now = {row.id for row in session.execute(queries.contributors_of(consultation_id))}
    decided = session.scalar(
        select(func.count())
        .select_from(ThemeEvent)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.id > kept["decision"],
            ThemeEvent.run_id.is_(None),
        )
    )
    return Since(
        came=len(now - before),
        gone=len(before - now),
        decided=decided or 0,
        is_analysed_again=again,
    )


def between(old: dict[str, Any], new: dict[str, Any]) -> tuple[int, int] | None:
    """Return how many submissions came and went between two bodies, by their cells."""
    if KEY not in old or KEY not in new:
        return None
    before, after = set(old[KEY]["submissions"]), set(new[KEY]["submissions"])
    return len(after - before), len(before - after)
