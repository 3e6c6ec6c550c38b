"""What the data of a report stand on, as one hash: cheap to ask again, another when anything moves.

Publishing proves a body and freezes its open data in one transaction. What others commit between
the two can be seen there (PostgreSQL), so the dataset that proved the body serves the open data
only while its ground is the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Executable, select
from sqlalchemy.orm import Session

from app.reports import queries
from app.themes.models import AnalysisRun, Passage, Theme
from app.themes.queries import placed, themes_of


def ground_of(session: Session, run: AnalysisRun) -> str:
    """Return the hash: who stands, where each passage is and what it does, themes, masks."""
    digest = sha256()
    for selection in _selections(run):
        for row in session.execute(selection):
            digest.update(repr(tuple(row)).encode())
        digest.update(b"\n")
    return digest.hexdigest()


def _selections(run: AnalysisRun) -> Iterator[Executable]:
    """Yield what is read, in a fixed order; a corrected answer has other passages."""
    facts = placed(run)
    yield queries.contributors_of(run.consultation_id)
    yield (
        select(
            facts.c.passage_id,
            facts.c.state,
            facts.c.theme_id,
            facts.c.copy_of_id,
            facts.c.may_be_shown,
            Passage.nature,
            Passage.stance,
        )
        .join(Passage, Passage.id == facts.c.passage_id)
        .order_by(facts.c.passage_id)
    )
    yield themes_of(run.consultation_id).with_only_columns(Theme.id, Theme.state)
    yield queries.masks_over(run)
    yield queries.unscreened_in(run.consultation_id)
