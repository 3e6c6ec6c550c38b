"""Write a finished analysis at once: passages, themes, placements, proposals, the run's end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.core.access import System
from app.themes.corpus import Corpus
from app.themes.enriching import enrich
from app.themes.exploring.extras import NOTHING, Extras
from app.themes.history import is_settled_by_people
from app.themes.inheriting import carry_words
from app.themes.ledger.placing import FoundPlace, Place, places
from app.themes.ledger.reading import last_words
from app.themes.ledger.settling import standing_now
from app.themes.models import AnalysisRun, PassageState, Placement
from app.themes.newborn import RunThemes
from app.themes.passages import known_passages, spot_of, write_passages
from app.themes.proposing import write_proposals
from app.themes.queries import lock_decisions, newest_run

if TYPE_CHECKING:
    from app.themes.engine import Found
    from nlp import Analysis

#: Whose name the ledger gives to what a run writes in it.
MACHINE = System("analysis")
_NEVER_FOUND = {PassageState.EXCLUDED: PassageState.TO_ARBITRATE}


def write_analysis(
    session: Session,
    run: AnalysisRun,
    corpus: Corpus,
    found: Found,
    *,
    extras: Extras = NOTHING,
    now: datetime,
) -> None:
    """Write what was found and close the run, flushed.

    Passages keep their identity (answer, start, end) from run to run, themes theirs. What people
    decided holds: where a passage is follows from what was found now and from the ledger. Before
    anybody has decided anything, new themes are themes at once; afterwards they are proposals.
    """
    lock_decisions(session, run.consultation_id)
    before = session.scalars(newest_run(run.consultation_id)).first()
    analysis = found.analysis
    is_settled = is_settled_by_people(session, run.consultation_id)
    known = known_passages(session, run.consultation_id)
    themes = RunThemes(session, run, MACHINE, is_settled=is_settled, now=now)
    theme_of = themes.settle(analysis)
    ids = write_passages(session, corpus, analysis, known, extras.readings)
    facts = _Facts(session, before, themes)
    rows = [
        facts.row(run.id, passage_id, found_row)
        for passage_id, found_row in zip(ids, _found_rows(analysis, ids, theme_of), strict=True)
    ]
    of_spot = {spot_of(p): ids[index] for index, p in enumerate(analysis.passages)}
    carry_words(session, run, of_spot, MACHINE, now=now)
    _place(session, run, rows)
    if rows:
        session.execute(insert(Placement), rows)
    run.engine = analysis.engine
    run.fingerprint = analysis.fingerprint
    run.n_submissions = corpus.n_submissions
    run.n_passages = len(rows)
    run.previous_id = before.id if before else None
    run.carried = themes.story(found.carried)
    run.finished_at = now
    session.flush()
    if is_settled:
        write_proposals(session, run, found.proposals, themes.proposed, of_spot, now=now)
    enrich(session, run, extras)


@dataclass(frozen=True)
class _FoundRow:
    """What the analysis says of a passage, with numbers of the database."""

    state: PassageState
    theme_id: int | None
    margin: float
    copy_of_id: int | None
    rank: int | None
    n_copies: int


def _found_rows(analysis: Analysis, ids: list[int], theme_of: dict[int, int]) -> list[_FoundRow]:
    """Return what the analysis says of each passage."""
    ranks = _quotation_ranks(analysis)
    copies = Counter(p.copy_of for p in analysis.passages if p.copy_of is not None)
    rows = []
    for index, passage in enumerate(analysis.passages):
        theme, state = passage.theme, PassageState(passage.state)
        if passage.copy_of is not None:
            # Copies of a text that is itself in doubt are no theme's signatories.
            source = analysis.passages[passage.copy_of]
            theme = source.theme if source.state == PassageState.IN_THEME else None
            state = PassageState.COPY
        rows.append(
            _FoundRow(
                state=_NEVER_FOUND.get(state, state),
                theme_id=None if theme is None else theme_of[theme],
                margin=min(max(float(passage.margin), 0.0), 1.0),
                copy_of_id=None if passage.copy_of is None else ids[passage.copy_of],
                rank=ranks.get(index),
                n_copies=copies.get(index, 0),
            )
        )
    return rows


def _quotation_ranks(analysis: Analysis) -> dict[int, int]:
    """Return the rank, within its theme, of each passage that holds a chosen quotation."""
    of_text: dict[str, list[int]] = defaultdict(list)
    for index, passage in enumerate(analysis.passages):
        of_text[passage.key].append(index)
    ranks: dict[int, int] = {}
    for theme in analysis.themes:
        for rank, quotation in enumerate(theme.quotations):
            for index in of_text[quotation.key]:
                passage = analysis.passages[index]
                if passage.start <= quotation.start and quotation.end <= passage.end:
                    ranks.setdefault(index, rank)
    return ranks


class _Facts:
    """What the run before says of passages that this one finds again."""

    def __init__(self, session: Session, before: AnalysisRun | None, themes: RunThemes) -> None:
        """Read where they were."""
        self._themes = themes
        self._before: dict[int, tuple[str, int | None, int | None]] = {}
        if before is not None:
            rows = session.execute(
                select(
                    Placement.passage_id,
                    Placement.state,
                    Placement.theme_id,
                    Placement.fallback_id,
                ).where(Placement.run_id == before.id)
            )
            self._before = {row[0]: (row[1], row[2], row[3]) for row in rows}

    def row(self, run_id: int, passage_id: int, found: _FoundRow) -> dict[str, Any]:
        """Return the columns of a placement that say what was found."""
        theme_id, fallback_id = found.theme_id, None
        state, earlier_id, earlier_fallback = self._before.get(passage_id, ("", None, None))
        if theme_id is not None and earlier_id is not None:
            # Counted under it by a merge: should that be undone, it must know where it came from.
            if theme_id != earlier_id and self._themes.root_id(earlier_id) == theme_id:
                theme_id = earlier_id
            if self._themes.is_only_proposed(theme_id):
                is_there = state == PassageState.IN_THEME
                fallback_id = earlier_id if is_there else earlier_fallback
                if fallback_id == theme_id:
                    fallback_id = earlier_fallback
        return {
            "run_id": run_id,
            "passage_id": passage_id,
            "found_state": found.state.value,
            "found_theme_id": theme_id,
            "found_rank": found.rank,
            "fallback_id": fallback_id,
            "margin": found.margin,
            "copy_of_id": found.copy_of_id,
            "n_copies": found.n_copies,
        }


def _place(session: Session, run: AnalysisRun, rows: Collection[dict[str, Any]]) -> None:
    """Add to each row where its passage is, the ledger taken into account."""
    session.flush()
    words = last_words(session, run.consultation_id, None)
    found = [
        FoundPlace(
            row["passage_id"],
            row["found_state"],
            row["found_theme_id"],
            row["found_rank"],
            row["copy_of_id"],
            row["fallback_id"],
        )
        for row in rows
    ]
    due = places(found, words, standing_now(session, run.consultation_id))
    for row in rows:
        place: Place = due[row["passage_id"]]
        row["state"], row["theme_id"] = place.state, place.theme_id
        row["quotation_rank"], row["decided_id"] = place.rank, place.decided_id
        row["is_pinned"], row["reason"] = place.is_pinned, place.reason
