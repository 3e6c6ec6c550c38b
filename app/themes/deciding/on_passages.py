"""Decisions on passages: move, pin, confirm, set aside, give back to the machine.

A decision on a copy is one on the text it copies: copies follow it, in this run and in later ones.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes import errors
from app.themes.ledger.folding import Put
from app.themes.ledger.kinds import Kind
from app.themes.ledger.reading import batches
from app.themes.ledger.recording import (
    MOST_PASSAGES,
    append,
    clean_reason,
    take_turn,
)
from app.themes.ledger.settling import settle, standing_now
from app.themes.models import PassageState, Placement, Theme, ThemeEvent
from app.themes.queries import newest_run

#: Where a person may put a passage that is in no theme.
ASIDE = (
    PassageState.TO_ARBITRATE,
    PassageState.OFF_TOPIC,
    PassageState.UNREADABLE,
    PassageState.EXCLUDED,
)


@dataclass(frozen=True)
class Chosen:
    """A passage that somebody chose.

    :ivar asked_id: the passage that was chosen: ``passage_id``, or a copy of it.
    """

    asked_id: int
    passage_id: int
    state: str
    theme_id: int | None
    decided_id: int | None
    is_pinned: bool


def chosen_rows(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    seen: int | None,
) -> list[Chosen]:
    """Return where chosen passages are in the newest run, copies turned into what they copy.

    :param seen: the newest event of the consultation that ``actor`` has seen; None shows nothing.
    :raises NoPassageError: if none is given, or one is not of the run.
    :raises TooManyPassagesError: if they are more than one decision may take.
    :raises PassagesChangedError: if somebody else decided on one of them since ``seen``.
    """
    run = session.scalars(newest_run(consultation_id)).first()
    if run is None:
        raise errors.NoAnalysisError
    wanted = set(passage_ids)
    if len(wanted) > MOST_PASSAGES:
        raise errors.TooManyPassagesError(limit=MOST_PASSAGES)
    rows = _rows(session, run.id, wanted)
    if not wanted or len(rows) < len(wanted):
        raise errors.NoPassageError
    sources = {row.copy_of_id for row in rows.values() if row.copy_of_id is not None}
    originals = rows | _rows(session, run.id, sources - set(rows))
    found = []
    for asked_id in sorted(wanted):
        source = rows[asked_id].copy_of_id
        row = originals[source if source in originals else asked_id]
        found.append(
            Chosen(
                asked_id,
                row.passage_id,
                row.state,
                row.theme_id,
                row.decided_id,
                bool(row.is_pinned),
            )
        )
    if seen is not None:
        _must_be_seen(session, actor, found, seen)
    return found


def _rows(session: Session, run_id: int, passage_ids: Collection[int]) -> dict[int, Any]:
    """Return the placements of some passages, as plain rows."""
    columns = (
        Placement.passage_id,
        Placement.state,
        Placement.theme_id,
        Placement.decided_id,
        Placement.is_pinned,
        Placement.copy_of_id,
    )
    rows: dict[int, Any] = {}
    for batch in batches(sorted(passage_ids)):
        chosen = select(*columns).where(Placement.run_id == run_id, Placement.passage_id.in_(batch))
        rows.update((row.passage_id, row) for row in session.execute(chosen))
    return rows


def _must_be_seen(session: Session, actor: Actor, rows: list[Chosen], seen: int) -> None:
    """Refuse to write over what somebody else decided since."""
    later = {row.decided_id for row in rows if (row.decided_id or 0) > seen}
    if not later:
        return
    events = session.scalars(select(ThemeEvent).where(ThemeEvent.id.in_(later))).all()
    others = [event for event in events if event.actor_id != actor.id]
    if others:
        ids = {event.id for event in others}
        raise errors.PassagesChangedError(
            n=sum(row.decided_id in ids for row in rows), who=others[-1].actor_label
        )


def move(
    session: Session,
    actor: Actor,
    to: Theme,
    passage_ids: Collection[int],
    *,
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Put passages into a theme; no run takes them out again.

    :raises ThemeNotActiveError: if the theme is not active.
    """
    take_turn(session, actor, to.consultation_id)
    session.refresh(to)
    if to.state != "active":
        raise errors.ThemeNotActiveError(name=to.names.best("fr")[0])
    rows = chosen_rows(session, actor, to.consultation_id, passage_ids, seen)
    return _put(
        session,
        actor,
        to.consultation_id,
        Kind.MOVE,
        {row.passage_id: Put(row.passage_id, to.id, row.theme_id) for row in rows},
        theme=to,
        payload={"into_name": dict(to.name)},
        reason=clean_reason(reason),
        now=now,
    )


def pin(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    *,
    seen: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Make passages examples of the theme they are in: quoted first, and what runs go by.

    :raises NotInAThemeError: if one of them is in no theme.
    """
    return _in_place(session, actor, consultation_id, Kind.PIN, passage_ids, seen, now)


def unpin(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    *,
    seen: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Make examples ordinary passages again; they stay in their theme.

    :raises NotInAThemeError: if one of them is in no theme.
    """
    return _in_place(session, actor, consultation_id, Kind.UNPIN, passage_ids, seen, now)


def _in_place(
    session: Session,
    actor: Actor,
    consultation_id: int,
    kind: Kind,
    passage_ids: Collection[int],
    seen: int | None,
    now: datetime,
) -> ThemeEvent:
    """Say something of passages that are in a theme."""
    take_turn(session, actor, consultation_id)
    rows = chosen_rows(session, actor, consultation_id, passage_ids, seen)
    if any(row.state != PassageState.IN_THEME for row in rows):
        raise errors.NotInAThemeError
    puts = {row.passage_id: Put(row.passage_id, row.theme_id, row.theme_id) for row in rows}
    return _put(session, actor, consultation_id, kind, puts, now=now)


def confirm(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    *,
    seen: int | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Say that passages are right where they are; a theme that is only suggested becomes theirs.

    :raises MixedStatesError: if some are in a theme and others are not, or excluded with theirs.
    :raises NoSuggestionError: if one is to arbitrate and no active theme is suggested.
    """
    take_turn(session, actor, consultation_id)
    rows = chosen_rows(session, actor, consultation_id, passage_ids, seen)
    standing = standing_now(session, consultation_id)
    states = set()
    for row in rows:
        state = row.state
        if state == PassageState.TO_ARBITRATE:
            if row.theme_id is None or standing(row.theme_id)[1] != "active":
                raise errors.NoSuggestionError
            state = PassageState.IN_THEME.value
        states.add(state)
    if len(states) > 1 or PassageState.EXCLUDED in states or PassageState.COPY in states:
        raise errors.MixedStatesError
    state = states.pop()
    puts = {row.passage_id: Put(row.passage_id, row.theme_id, row.theme_id) for row in rows}
    return _put(
        session,
        actor,
        consultation_id,
        Kind.CONFIRM,
        puts,
        payload={"state": state},
        reason=clean_reason(reason),
        now=now,
    )


def set_aside(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    *,
    state: str,
    reason: str = "",
    seen: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Take passages out of the themes.

    :param state: one of :data:`ASIDE`; an exclusion needs a reason, which the report prints.
    :raises ReasonMissingError: without it.
    """
    take_turn(session, actor, consultation_id)
    if state not in ASIDE:
        raise errors.MixedStatesError
    reason = clean_reason(reason, is_needed=state == PassageState.EXCLUDED)
    rows = chosen_rows(session, actor, consultation_id, passage_ids, seen)
    puts = {row.passage_id: Put(row.passage_id, None, row.theme_id) for row in rows}
    return _put(
        session,
        actor,
        consultation_id,
        Kind.SET_ASIDE,
        puts,
        payload={"state": str(state)},
        reason=reason,
        now=now,
    )


def release(
    session: Session,
    actor: Actor,
    consultation_id: int,
    passage_ids: Collection[int],
    *,
    seen: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Give passages back to the machine: they are where the newest run found them."""
    take_turn(session, actor, consultation_id)
    rows = chosen_rows(session, actor, consultation_id, passage_ids, seen)
    puts = {row.passage_id: Put(row.passage_id, None, row.theme_id) for row in rows}
    return _put(session, actor, consultation_id, Kind.RELEASE, puts, now=now)


def _put(
    session: Session,
    actor: Actor,
    consultation_id: int,
    kind: Kind,
    puts: dict[int, Put],
    *,
    theme: Theme | None = None,
    payload: dict[str, object] | None = None,
    reason: str = "",
    now: datetime,
) -> ThemeEvent:
    """Append the decision and write what follows from it.

    Events on passages leave ``Theme.last_event_id`` alone: whoever describes a theme is not in
    the way of whoever fills it.
    """
    event = append(
        session,
        actor,
        consultation_id,
        kind,
        payload=dict(payload or {}),
        puts=puts.values(),
        reason=reason,
        now=now,
        about=theme,
    )
    settle(session, consultation_id, passage_ids=set(puts))
    return event
