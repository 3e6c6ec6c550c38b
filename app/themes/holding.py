"""The proof that decisions hold: each decision in force, looked up in what is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.themes.ledger.folding import IN_THEME, Event, fold_themes, in_force, touched_themes
from app.themes.ledger.kinds import ON_THEMES, Kind
from app.themes.ledger.placing import Word
from app.themes.ledger.reading import births_of, events_of_themes, found_rows, last_words
from app.themes.ledger.settling import THEME_COLUMNS
from app.themes.models import AnalysisRun
from app.themes.queries import themes_of


@dataclass(frozen=True)
class Holding:
    """How many decisions of people are in force, and what became of them.

    :ivar n_kept: what each of them says is what is written.
    :ivar n_waiting: passages of theirs are gone from the texts, or were cut otherwise; they hold
        again as soon as these come back.
    """

    n_decisions: int
    n_kept: int
    n_waiting: int

    @property
    def n_broken(self) -> int:
        """Decisions that do not hold though everything they speak of is there: always 0."""
        return self.n_decisions - self.n_kept - self.n_waiting

    @property
    def share(self) -> float:
        """Decisions kept, of those whose passages are there, in [0, 1]."""
        present = self.n_decisions - self.n_waiting
        return self.n_kept / present if present else 1.0


def holding_of(session: Session, run: AnalysisRun) -> Holding:
    """Look up every decision in force in the newest run and in the themes as they are written."""
    events = events_of_themes(session, run.consultation_id)
    human = [event for event in in_force(events) if event.is_human]
    words = last_words(session, run.consultation_id, None)
    lost, broken_passages = _passages(session, run, words)
    heirs = {event.id: event.payload["event"] for event in events if event.kind == Kind.CARRY}
    # Passages that were cut differently inherited the decision: it waits for nothing.
    lost -= set(heirs.values())
    broken_passages |= {heirs[number] for number in broken_passages & set(heirs)}
    broken = _themes(session, run.consultation_id, events, human) | broken_passages
    kept = [event for event in human if event.id not in broken | lost]
    waiting = [event for event in human if event.id in lost - broken]
    return Holding(len(human), len(kept), len(waiting))


def _themes(
    session: Session, consultation_id: int, events: list[Event], human: list[Event]
) -> set[int]:
    """Return the decisions on themes that are not what follows from the events."""
    states = fold_themes(births_of(session, consultation_id), events)
    wrong = {
        theme.id
        for theme in session.scalars(themes_of(consultation_id))
        if any(
            (getattr(theme, column) or None) != (getattr(states[theme.id], column) or None)
            for column in THEME_COLUMNS
        )
    }
    return {
        event.id for event in human if event.kind in ON_THEMES and touched_themes(event) & wrong
    }


def _passages(
    session: Session, run: AnalysisRun, words: dict[int, Word]
) -> tuple[set[int], set[int]]:
    """Return the decisions with passages that are not in the run, and those that do not hold."""
    rows = found_rows(session, run.id, passage_ids=set(words))
    by_source: dict[int, list[int]] = defaultdict(list)
    for passage_id, row in rows.items():
        by_source[row.found.copy_of_id or passage_id].append(passage_id)
    lost: set[int] = set()
    broken: set[int] = set()
    for passage_id, word in words.items():
        if passage_id not in rows:
            lost.add(word.event_id)
            continue
        source = rows[passage_id].found.copy_of_id or passage_id
        last = max(
            (words[other].event_id for other in by_source[source] if other in words),
            default=word.event_id,
        )
        if last != word.event_id:
            # Somebody decided later on a copy of the same text: that word counts.
            continue
        now = rows[passage_id].now
        is_there = word.state != IN_THEME or now.theme_id == word.theme_id
        if now.decided_id != word.event_id or not is_there:
            broken.add(word.event_id)
    return lost, broken
