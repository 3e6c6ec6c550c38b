"""The ledger read from the database: events, births, what a run found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.themes.ledger.folding import Birth, Event, Put, in_force
from app.themes.ledger.kinds import ON_PASSAGES, Kind
from app.themes.ledger.placing import FoundPlace, Place, Word, words_of
from app.themes.models import EventPassage, Placement, Theme, ThemeEvent

#: Numbers given to one query at most.
_AT_ONCE = 5_000


def batches(numbers: Iterable[int], size: int = _AT_ONCE) -> Iterator[list[int]]:
    """Yield numbers a few thousand at a time."""
    rest = iter(numbers)
    while batch := list(islice(rest, size)):
        yield batch


def births_of(session: Session, consultation_id: int) -> list[Birth]:
    """Return the themes of a consultation as they came into the world."""
    rows = session.execute(
        select(Theme.id, Theme.found_name, Theme.found_state, Theme.is_made_by_hand).where(
            Theme.consultation_id == consultation_id
        )
    )
    return [Birth(row[0], dict(row[1] or {}), row[2], row[3]) for row in rows]


def events_of_themes(session: Session, consultation_id: int) -> list[Event]:
    """Return every event of a consultation, oldest first, with the themes that passages went to.

    Of the passages themselves only one for each such theme: what folding themes needs.
    """
    puts: dict[int, list[Put]] = defaultdict(list)
    rows = session.execute(
        select(EventPassage.event_id, EventPassage.theme_id)
        .join(ThemeEvent, ThemeEvent.id == EventPassage.event_id)
        .where(ThemeEvent.consultation_id == consultation_id, EventPassage.theme_id.is_not(None))
        .distinct()
    )
    for event_id, theme_id in rows:
        puts[event_id].append(Put(0, theme_id))
    return _events(session, _of(consultation_id), puts)


def _of(consultation_id: int) -> Select[ThemeEvent]:
    """Select the events of a consultation, oldest first."""
    return (
        select(ThemeEvent)
        .where(ThemeEvent.consultation_id == consultation_id)
        .order_by(ThemeEvent.id)
    )


def _events(
    session: Session, rows: Select[ThemeEvent], puts: dict[int, list[Put]] | None = None
) -> list[Event]:
    """Return events as the folding wants them."""
    columns = (
        ThemeEvent.id,
        ThemeEvent.kind,
        ThemeEvent.theme_id,
        ThemeEvent.payload,
        ThemeEvent.reason,
        ThemeEvent.undoes_id,
        ThemeEvent.run_id,
    )
    found = session.execute(rows.with_only_columns(*columns))
    known = puts or {}
    return [
        Event(
            id=row.id,
            kind=row.kind,
            theme_id=row.theme_id,
            payload=row.payload,
            reason=row.reason,
            undoes_id=row.undoes_id,
            is_human=row.run_id is None,
            puts=tuple(known.get(row.id, ())),
        )
        for row in found
    ]


def all_events(session: Session, consultation_id: int) -> list[Event]:
    """Return every event of a consultation with its passages, oldest first."""
    puts = _puts_on(session, consultation_id, None)
    return _events(session, _of(consultation_id), puts)


def undone_ids(session: Session, consultation_id: int) -> set[int]:
    """Return the events that are not in force, and all undos."""
    rows = session.execute(
        select(ThemeEvent.id, ThemeEvent.undoes_id).where(
            ThemeEvent.consultation_id == consultation_id, ThemeEvent.undoes_id.is_not(None)
        )
    ).all()
    undos = [Event(id=row.id, kind=Kind.UNDO, undoes_id=row.undoes_id) for row in rows]
    targets = [Event(id=row.undoes_id, kind="") for row in rows]
    ids = {event.id for event in undos}
    events = [*undos, *(one for one in targets if one.id not in ids)]
    kept = {event.id for event in in_force(events)}
    return {event.id for event in events} - kept


def last_words(
    session: Session, consultation_id: int, passage_ids: Collection[int] | None
) -> dict[int, Word]:
    """Return the last word on some passages (None: on all of the consultation's)."""
    puts = _puts_on(session, consultation_id, passage_ids)
    undone = undone_ids(session, consultation_id)
    # Each event is read once, however many passages it put somewhere.
    events = [
        event
        for batch in batches(sorted(set(puts) - undone))
        for event in _events(session, _numbered(batch), puts)
        if event.kind in ON_PASSAGES
    ]
    return words_of(events)


def _numbered(event_ids: Collection[int]) -> Select[ThemeEvent]:
    """Select some events, oldest first."""
    return select(ThemeEvent).where(ThemeEvent.id.in_(event_ids)).order_by(ThemeEvent.id)


def _puts_on(
    session: Session, consultation_id: int, passage_ids: Collection[int] | None
) -> dict[int, list[Put]]:
    """Return, by event, where some passages (None: all of the consultation's) were put."""
    base = select(
        EventPassage.event_id,
        EventPassage.passage_id,
        EventPassage.theme_id,
        EventPassage.source_id,
    )
    if passage_ids is None:
        of_consultation = ThemeEvent.consultation_id == consultation_id
        joined = base.join(ThemeEvent, ThemeEvent.id == EventPassage.event_id)
        selections = [joined.where(of_consultation)]
    else:
        chosen = batches(sorted(passage_ids))
        selections = [base.where(EventPassage.passage_id.in_(batch)) for batch in chosen]
    puts: dict[int, list[Put]] = defaultdict(list)
    for selection in selections:
        for event_id, passage_id, theme_id, source_id in session.execute(selection):
            puts[event_id].append(Put(passage_id, theme_id, source_id))
    return puts


class Row(NamedTuple):
    """A row of a run: what the machine found, and where the passage stands written today."""

    id: int
    found: FoundPlace
    now: Place


#: In the order of :func:`_row`; what stands written today in that of :class:`Place`.
_COLUMNS = (
    Placement.id,
    Placement.passage_id,
    Placement.found_state,
    Placement.found_theme_id,
    Placement.found_rank,
    Placement.copy_of_id,
    Placement.fallback_id,
    Placement.state,
    Placement.theme_id,
    Placement.quotation_rank,
    Placement.decided_id,
    Placement.is_pinned,
    Placement.reason,
    Placement.n_copies,
)


def found_rows(
    session: Session,
    run_id: int,
    *,
    passage_ids: Collection[int] | None = None,
    theme_ids: Collection[int] | None = None,
) -> dict[int, Row]:
    """Return the rows of some passages of a run, with all copies and originals of them.

    :param passage_ids: these passages; with ``theme_ids`` None as well, all of the run.
    :param theme_ids: and all that are, were found or would fall back in these themes.
    """
    base: Any = select(*_COLUMNS).where(Placement.run_id == run_id)
    rows: dict[int, Any] = {}

    def take(selection: Select[Any]) -> None:
        """Note what is selected."""
        rows.update((row.passage_id, row) for row in session.execute(selection))

    if passage_ids is None and theme_ids is None:
        take(base)
    else:
        for batch in batches(sorted(passage_ids or ())):
            take(base.where(Placement.passage_id.in_(batch)))
        if theme_ids:
            columns = (Placement.theme_id, Placement.found_theme_id, Placement.fallback_id)
            take(base.where(or_(*(column.in_(list(theme_ids)) for column in columns))))
        originals = {row.copy_of_id for row in rows.values() if row.copy_of_id is not None}
        for batch in batches(sorted(originals - set(rows))):
            take(base.where(Placement.passage_id.in_(batch)))
        for batch in batches(sorted(row.passage_id for row in rows.values() if row.n_copies)):
            take(base.where(Placement.copy_of_id.in_(batch)))
    return {passage_id: _row(*row) for passage_id, row in rows.items()}


def _row(
    number: int,
    passage_id: int,
    found_state: str,
    found_theme_id: int | None,
    found_rank: int | None,
    copy_of_id: int | None,
    fallback_id: int | None,
    *now: Any,
) -> Row:
    """Return a row of its columns, in the order of :data:`_COLUMNS`."""
    found = FoundPlace(passage_id, found_state, found_theme_id, found_rank, copy_of_id, fallback_id)
    return Row(number, found, Place(*now[:-1]))
