"""Decisions as the workbench asks for them: on passages chosen one by one, or by a filter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor
from app.themes import deciding, errors
from app.themes.deciding.on_themes import Part
from app.themes.ledger.reading import batches, undone_ids
from app.themes.ledger.recording import MOST_PASSAGES, newest_event_id
from app.themes.models import PassageState, Placement, Theme, ThemeEvent
from app.themes.workbench import queries
from app.themes.workbench.filters import Filter
from app.themes.workbench.queries import Bench

#: What can be done with chosen passages.
VERBS = ("confirm", "move", "pin", "unpin", "set_aside", "release", "split")


@dataclass(frozen=True)
class Wish:
    """What a person wants done.

    :ivar seen: the newest decision that the person was shown.
    """

    verb: str
    passage_ids: Collection[int]
    seen: int
    to: int | None = None
    state: str = ""
    reason: str = ""
    name_fr: str = ""
    name_ar: str = ""


def ids_by_filter(session: Session, bench: Bench, wanted: Filter) -> list[int]:
    """Return all passages that a filter leaves.

    :raises TooManyPassagesError: if they are more than one decision may take.
    """
    ids = list(session.scalars(queries.ids_of(bench, wanted, MOST_PASSAGES + 1)))
    if len(ids) > MOST_PASSAGES:
        raise errors.TooManyPassagesError(limit=MOST_PASSAGES)
    return ids


def fulfil(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    bench: Bench,
    wish: Wish,
    *,
    now: datetime,
) -> ThemeEvent:
    """Do what is wished and return the event, flushed.

    :raises WishUnclearError: if it does not say what to do.
    """
    if wish.verb == "move":
        return _move(session, actor, bench, wish, now)
    if wish.verb == "split":
        return _split(session, actor, consultation, bench, wish, now)
    if wish.verb == "set_aside":
        return deciding.set_aside(
            session,
            actor,
            consultation.id,
            wish.passage_ids,
            state=wish.state,
            reason=wish.reason,
            seen=wish.seen,
            now=now,
        )
    if wish.verb == "confirm" and (near := _nearest(session, bench, wish.passage_ids)):
        return deciding.move(session, actor, near, wish.passage_ids, seen=wish.seen, now=now)
    simple = {
        "confirm": deciding.confirm,
        "pin": deciding.pin,
        "unpin": deciding.unpin,
        "release": deciding.release,
    }
    if wish.verb not in simple:
        raise errors.WishUnclearError
    return simple[wish.verb](
        session, actor, consultation.id, wish.passage_ids, seen=wish.seen, now=now
    )


def _move(session: Session, actor: Actor, bench: Bench, wish: Wish, now: datetime) -> ThemeEvent:
    """Move passages to a theme of the same consultation."""
    to = bench.themes.get(wish.to or 0)
    if to is None:
        raise errors.ThemeUnchosenError
    return deciding.move(
        session, actor, to, wish.passage_ids, seen=wish.seen, reason=wish.reason, now=now
    )


def _split(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    bench: Bench,
    wish: Wish,
    now: datetime,
) -> ThemeEvent:
    """Make a theme of passages: a part of the theme that holds them all, or a theme of its own."""
    if not wish.passage_ids:
        raise errors.NoPassageError
    whole = _common_theme(session, bench, wish.passage_ids)
    if whole is not None and whole.state == "active":
        part = Part(wish.name_fr, wish.name_ar, sorted(wish.passage_ids))
        [theme] = deciding.split(session, actor, whole, [part], seen=wish.seen, now=now)
    else:
        theme = deciding.create(
            session,
            actor,
            consultation,
            name_fr=wish.name_fr,
            name_ar=wish.name_ar,
            passage_ids=wish.passage_ids,
            seen=wish.seen,
            now=now,
        )
    return session.get_one(ThemeEvent, theme.last_event_id)


def _places(
    session: Session, bench: Bench, passage_ids: Collection[int]
) -> set[tuple[str, int | None]]:
    """Return the states and root themes of passages."""
    found: set[tuple[str, int | None]] = set()
    for batch in batches(sorted(passage_ids)):
        rows = session.execute(
            select(Placement.state, Placement.theme_id)
            .where(Placement.run_id == bench.run.id, Placement.passage_id.in_(batch))
            .distinct()
        )
        found |= {(row.state, bench.roots.get(row.theme_id or 0)) for row in rows}
    return found


def _common_theme(session: Session, bench: Bench, passage_ids: Collection[int]) -> Theme | None:
    """Return the one theme that passages belong to, None if they are of several or of none."""
    roots = {root for _state, root in _places(session, bench, passage_ids)}
    return bench.themes.get(roots.pop() or 0) if len(roots) == 1 else None


def _nearest(session: Session, bench: Bench, passage_ids: Collection[int]) -> Theme | None:
    """Return the theme that the machine suggests for passages that are all to arbitrate.

    To confirm them is to take the suggestion; without one they stay to arbitrate, knowingly.
    """
    places = _places(session, bench, passage_ids)
    if {state for state, _root in places} != {PassageState.TO_ARBITRATE.value}:
        return None
    theme = bench.themes.get(next(iter(places))[1] or 0) if len(places) == 1 else None
    return theme if theme is not None and theme.state == "active" else None


def undo_last(session: Session, actor: Actor, consultation_id: int, *, now: datetime) -> ThemeEvent:
    """Take back the last decision of a person that is still in force.

    :raises EventUndoneError: if there is none.
    """
    undone = undone_ids(session, consultation_id)
    if actor.id is None:
        raise errors.EventUndoneError
    for event in session.scalars(queries.own_events(consultation_id, actor.id)):
        if event.id not in undone:
            return deciding.undo(session, actor, event, now=now)
    raise errors.EventUndoneError


def undo_of(
    session: Session, actor: Actor, consultation_id: int, event_id: int, *, now: datetime
) -> ThemeEvent:
    """Take a decision of a consultation back.

    :raises EventUndoneError: if there is no such decision.
    """
    event = session.get(ThemeEvent, event_id)
    if event is None or event.consultation_id != consultation_id:
        raise errors.EventUndoneError
    return deciding.undo(session, actor, event, now=now)


@dataclass(frozen=True)
class Changes:
    """What happened since a page was shown.

    :ivar events: the decisions, oldest first.
    :ivar passage_ids: passages that are somewhere else now.
    :ivar is_wide: so many that the list is better read anew.
    :ivar newest: the newest decision: what a page that shows these has seen.
    """

    events: list[ThemeEvent]
    passage_ids: set[int]
    is_wide: bool
    newest: int

    def others(self, actor_id: int | None) -> list[ThemeEvent]:
        """Return the decisions of other people."""
        return [e for e in self.events if e.run_id is None and e.actor_id != actor_id]


#: Passages that are refreshed one by one; beyond, the list is read anew.
MOST_REFRESHED = 200
#: Decisions on whole themes that carry their passages along.
_CARRYING = frozenset({"merge", "exclude", "restore", "accept", "end"})


def changes_since(session: Session, run_id: int, consultation_id: int, seen: int) -> Changes:
    """Return what was decided after ``seen``, and the passages that it moved."""
    newest = newest_event_id(session, consultation_id)
    if newest <= seen:
        return Changes([], set(), is_wide=False, newest=newest)
    events = list(session.scalars(queries.events_after(consultation_id, seen)))
    first = [_first(session, event) for event in events]
    touched = queries.touched_by({event.id for event in [*events, *first]}, MOST_REFRESHED + 1)
    ids = set(session.scalars(touched))
    ids |= set(session.scalars(queries.with_copies(run_id, ids))) if ids else set()
    is_wide = len(ids) > MOST_REFRESHED or any(event.kind in _CARRYING for event in first)
    return Changes(events, ids, is_wide=is_wide, newest=newest)


def _first(session: Session, event: ThemeEvent) -> ThemeEvent:
    """Return the decision at the beginning of a chain of undos."""
    while event.undoes_id is not None:
        event = session.get_one(ThemeEvent, event.undoes_id)
    return event
