"""What the workbench shows, gathered from queries: a page of the list, a card, a passage."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Question, StrategyAxis, TargetPopulation
from app.core.errors import NotFoundError
from app.submissions.masking import masks_of
from app.submissions.models import Answer
from app.themes.models import Theme, ThemeEvent
from app.themes.workbench import queries
from app.themes.workbench.filters import Cursor, Filter
from app.themes.workbench.queries import PAGE, Bench
from app.themes.workbench.tree import Node, Tree

#: Examples that a theme's card shows.
_EXAMPLES = 3
#: Characters of an answer that are shown before and after a passage.
_AROUND = 6000


@dataclass(frozen=True)
class Listing:
    """A page of the list.

    :ivar following: where the next page begins, None after the last one.
    """

    rows: list[Any]
    following: Cursor | None


def load_listing(
    session: Session, bench: Bench, wanted: Filter, after: Cursor | None = None
) -> Listing:
    """Return a page of the list."""
    found = session.execute(queries.page_of(bench, wanted, after)).all()
    shown = found[:PAGE]
    more = len(found) > PAGE
    following = Cursor(float(shown[-1].key), shown[-1].passage_id) if more else None
    rows = rows_by_id(session, bench, [row.passage_id for row in shown])
    return Listing([rows[row.passage_id] for row in shown if row.passage_id in rows], following)


def rows_by_id(session: Session, bench: Bench, passage_ids: Collection[int]) -> dict[int, Any]:
    """Return what a list shows of some passages."""
    if not passage_ids:
        return {}
    found = session.execute(queries.rows_of(bench.run.id, passage_ids))
    return {row.passage_id: row for row in found}


def refreshed(
    session: Session, bench: Bench, wanted: Filter, passage_ids: Collection[int]
) -> tuple[list[Any], list[int]]:
    """Return the rows of those passages that are in a filter's list, and the others' numbers."""
    if not passage_ids:
        return [], []
    here = list(session.scalars(queries.still_in(bench, wanted, passage_ids)))
    rows = rows_by_id(session, bench, here)
    return list(rows.values()), sorted(set(passage_ids) - set(rows))


@dataclass(frozen=True)
class Card:
    """What the card beside the list says of a theme.

    :ivar node: its entry in the tree, None if it is not active.
    :ivar root: the theme it counts under: itself unless merged.
    """

    theme: Theme
    root: Theme
    node: Node | None
    n_voices: int
    axis: StrategyAxis | None
    population: TargetPopulation | None
    parent: Theme | None
    holds: list[Theme]
    examples: list[Any]
    last: ThemeEvent | None


def load_card(session: Session, bench: Bench, tree: Tree, theme_id: int) -> Card:
    """Return a theme's card.

    :raises NotFoundError: if the consultation has no such theme.
    """
    theme = bench.themes.get(theme_id)
    if theme is None:
        raise NotFoundError
    pinned = list(session.scalars(queries.pinned_of(bench, theme_id, _EXAMPLES)))
    examples = rows_by_id(session, bench, pinned)
    held = (bench.themes[one] for one in sorted(bench.group(theme_id) - {theme_id}))
    return Card(
        theme=theme,
        root=bench.themes[bench.roots[theme_id]],
        node=tree.find(theme_id),
        n_voices=session.scalar(queries.n_voices_of(bench, theme_id)) or 0,
        axis=session.get(StrategyAxis, theme.axis_id) if theme.axis_id else None,
        population=session.get(TargetPopulation, theme.population_id)
        if theme.population_id
        else None,
        parent=bench.themes.get(theme.parent_id or 0),
        holds=list(held),
        examples=[examples[number] for number in pinned if number in examples],
        last=session.get(ThemeEvent, theme.last_event_id) if theme.last_event_id else None,
    )


@dataclass(frozen=True)
class InContext:
    """A passage in its answer, personal data masked.

    :ivar before: words of the answer before the passage; ``after`` those after it.
    :ivar is_cut: the answer is longer than what is shown of it.
    :ivar events: decisions on it and the undos of these, oldest first.
    :ivar sizes: how many passages each of them was about.
    """

    row: Any
    before: str
    words: str
    after: str
    is_cut: bool
    question: Question
    events: list[ThemeEvent]
    undone: set[int]
    sizes: dict[int, int]


def load_context(session: Session, bench: Bench, passage_id: int) -> InContext:
    """Return a passage in its answer.

    :raises NotFoundError: if it is not in the run, or not for this reader.
    """
    everything = Filter()
    here = list(session.scalars(queries.still_in(bench, everything, [passage_id])))
    rows = rows_by_id(session, bench, here)
    if passage_id not in rows:
        raise NotFoundError
    row = rows[passage_id]
    answer = session.get_one(Answer, row.answer_id)
    text = answer.text or ""
    masks = masks_of(session, [row.answer_id])
    start, end = max(0, row.start - _AROUND), min(len(text), row.end + _AROUND)
    events, undone = _history(session, passage_id, row.copy_of_id)
    return InContext(
        row=row,
        before=masks.words(row.answer_id, text[start : row.start], start),
        words=masks.words(row.answer_id, text[row.start : row.end], row.start),
        after=masks.words(row.answer_id, text[row.end : end], row.end),
        is_cut=start > 0 or end < len(text),
        question=answer.question,
        events=events,
        undone=undone,
        sizes=sizes_of(session, events),
    )


def _history(
    session: Session, passage_id: int, copy_of_id: int | None
) -> tuple[list[ThemeEvent], set[int]]:
    """Return the decisions on a passage with their undos, and those that are taken back."""
    ids = {passage_id, copy_of_id or passage_id}
    events = {event.id: event for event in session.scalars(queries.about_passage(ids))}
    undone: set[int] = set()
    ahead = set(events)
    chains: list[ThemeEvent] = []
    while ahead:
        undos = list(session.scalars(queries.undos_of(ahead)))
        ahead = {undo.id for undo in undos}
        chains += undos
    for undo in sorted(chains, key=lambda one: -one.id):
        if undo.id not in undone and undo.undoes_id is not None:
            undone.add(undo.undoes_id)
    found = [*events.values(), *chains]
    return sorted(found, key=lambda one: one.id), undone


def sizes_of(session: Session, events: Iterable[ThemeEvent]) -> dict[int, int]:
    """Return how many passages decisions were about."""
    ids = [event.id for event in events]
    if not ids:
        return {}
    return {row.event_id: row.n_passages for row in session.execute(queries.sizes_of(ids))}
