"""Add an event to the ledger, in turn, and only on what its author has seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, Role, ensure
from app.themes import errors
from app.themes.ledger.folding import Put
from app.themes.ledger.kinds import Kind
from app.themes.models import EventPassage, Theme, ThemeEvent
from app.themes.queries import lock_decisions

#: Who may start analyses and decide on themes.
DECIDERS = (Role.ANALYST, Role.ADMINISTRATOR)
REASON_LIMIT = 1000
#: Passages that one decision may take: a bulk action of a whole theme stays under it.
MOST_PASSAGES = 20_000


def take_turn(session: Session, actor: Actor, consultation_id: int) -> None:
    """Check the right to decide, then make decisions on one consultation wait for each other.

    Two merges in opposite directions would each find the other theme active.
    """
    ensure(actor, *DECIDERS, consultation=consultation_id)
    lock_decisions(session, consultation_id)


def must_be_seen(session: Session, theme: Theme, seen: int | None) -> None:
    """Refuse to write over a decision that its author has not seen.

    :param seen: the theme's ``last_event_id`` as it was shown; None for a caller that shows none.
    :raises ThemeChangedError: if somebody decided on the theme since.
    """
    if seen is None or theme.last_event_id <= seen:
        return
    last = session.get(ThemeEvent, theme.last_event_id)
    raise errors.ThemeChangedError(
        name=theme.names.best("fr")[0], who=last.actor_label if last else ""
    )


def clean_reason(reason: str, *, is_needed: bool = False) -> str:
    """Return a reason in its limits.

    :raises ReasonMissingError: if one is needed and there is none.
    """
    reason = reason.strip()[:REASON_LIMIT]
    if is_needed and not reason:
        raise errors.ReasonMissingError
    return reason


def append(
    session: Session,
    actor: Actor,
    consultation_id: int,
    kind: Kind,
    *,
    theme: Theme | None = None,
    also: Iterable[Theme] = (),
    about: Theme | None = None,
    payload: dict[str, Any] | None = None,
    puts: Iterable[Put] = (),
    reason: str = "",
    undoes_id: int | None = None,
    run_id: int | None = None,
    now: datetime,
) -> ThemeEvent:
    """Add an event and an entry of the audit log, flushed.

    :param theme: what is decided on; it and ``also`` have a new last event.
    :param about: the theme that passages go to: nothing of the theme itself changes.
    """
    named = theme if theme is not None else about
    event = ThemeEvent(
        consultation_id=consultation_id,
        theme_id=named.id if named is not None else None,
        kind=kind.value,
        payload=payload or {},
        reason=reason,
        undoes_id=undoes_id,
        run_id=run_id,
        actor_id=actor.id,
        actor_label=actor.label,
        at=now,
    )
    session.add(event)
    session.flush()
    rows = [
        {
            "event_id": event.id,
            "passage_id": put.passage_id,
            "theme_id": put.theme_id,
            "source_id": put.source_id,
        }
        for put in puts
    ]
    if rows:
        session.execute(insert(EventPassage), rows)
    for touched in (theme, *also):
        if touched is not None:
            touched.last_event_id = event.id
    detail = event.payload | ({"reason": reason} if reason else {})
    detail |= {"passages": len(rows)} if rows else {}
    audit.record(
        session,
        actor,
        f"themes.{kind.value}",
        at=now,
        target=named if named is not None else event,
        detail=detail,
    )
    session.flush()
    return event


def newest_event_id(session: Session, consultation_id: int) -> int:
    """Return the number of the newest event, 0 if there is none."""
    return (
        session.scalar(
            select(func.max(ThemeEvent.id)).where(ThemeEvent.consultation_id == consultation_id)
        )
        or 0
    )
