"""Queries of the ledger's page: events by filter, who decided, what was taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from app.themes.ledger.kinds import OF_RUNS, Kind
from app.themes.models import EventPassage, ThemeEvent


@dataclass(frozen=True)
class Sought:
    """Which decisions are asked for; None leaves open.

    :ivar who: a person's number, or the label of what is not a person.
    :ivar before: only those older than this one, for the next page.
    """

    who: str | None = None
    kind: str | None = None
    theme_id: int | None = None
    before: int | None = None

    def conditions(self, consultation_id: int) -> list[ColumnElement[bool]]:
        """Return what an event that is sought satisfies."""
        wanted = [ThemeEvent.consultation_id == consultation_id]
        if self.who and self.who.isdecimal():
            wanted.append(ThemeEvent.actor_id == int(self.who))
        elif self.who:
            wanted += [ThemeEvent.actor_id.is_(None), ThemeEvent.actor_label == self.who]
        if self.kind:
            wanted.append(ThemeEvent.kind == self.kind)
        if self.theme_id is not None:
            wanted.append(ThemeEvent.id.in_(about_theme(consultation_id, self.theme_id)))
        if self.before is not None:
            wanted.append(ThemeEvent.id < self.before)
        return wanted


def events(consultation_id: int, sought: Sought, limit: int) -> Select[ThemeEvent]:
    """Select the decisions of a consultation that are sought, newest first."""
    return (
        select(ThemeEvent)
        .where(*sought.conditions(consultation_id))
        .order_by(ThemeEvent.id.desc())
        .limit(limit)
    )


def about_theme(consultation_id: int, theme_id: int) -> Select[int]:
    """Select the numbers of the events on a theme or on its passages, and of what undoes them."""
    passages = select(EventPassage.event_id).where(
        or_(EventPassage.theme_id == theme_id, EventPassage.source_id == theme_id)
    )
    found = (
        select(ThemeEvent.id)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            or_(
                ThemeEvent.theme_id == theme_id,
                ThemeEvent.payload["into"].as_integer() == theme_id,
                ThemeEvent.id.in_(passages),
            ),
        )
        .cte("about_theme", recursive=True)
    )
    found = found.union(select(ThemeEvent.id).join(found, ThemeEvent.undoes_id == found.c.id))
    return select(found.c.id)


def since(consultation_id: int, theme_id: int, seen: int) -> Select[ThemeEvent]:
    """Select what happened to a theme after an event, newest first."""
    return (
        select(ThemeEvent)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.id > seen,
            ThemeEvent.id.in_(about_theme(consultation_id, theme_id)),
        )
        .order_by(ThemeEvent.id.desc())
        .limit(10)
    )


def on_passages_since(
    consultation_id: int, passage_ids: Sequence[int], seen: int
) -> Select[ThemeEvent]:
    """Select what was decided on some passages after an event, newest first."""
    touched = select(EventPassage.event_id).where(EventPassage.passage_id.in_(list(passage_ids)))
    return (
        select(ThemeEvent)
        .where(
            ThemeEvent.consultation_id == consultation_id,
            ThemeEvent.id > seen,
            ThemeEvent.id.in_(touched),
        )
        .order_by(ThemeEvent.id.desc())
        .limit(10)
    )


def people(consultation_id: int) -> Select[int | None, str, int]:
    """Select ``actor_id, actor_label, n`` of all who decided, by name."""
    return (
        select(ThemeEvent.actor_id, ThemeEvent.actor_label, func.count().label("n"))
        .where(ThemeEvent.consultation_id == consultation_id)
        .group_by(ThemeEvent.actor_id, ThemeEvent.actor_label)
        .order_by(ThemeEvent.actor_label)
    )


def passages_by_event(
    event_ids: Sequence[int],
) -> Select[int, int | None, int | None, int]:
    """Select ``event_id, theme_id, source_id, n`` of the passages of some events."""
    columns = (EventPassage.event_id, EventPassage.theme_id, EventPassage.source_id)
    return (
        select(*columns, func.count().label("n"))
        .where(EventPassage.event_id.in_(list(event_ids)))
        .group_by(*columns)
        .order_by(*columns[:1], func.count().desc())
    )


@dataclass(frozen=True)
class Undo:
    """An event that takes another one back."""

    id: int
    undoes_id: int
    who: str
    at: datetime


class Undone:
    """What was taken back in a consultation, and what can be."""

    def __init__(self, session: Session, consultation_id: int) -> None:
        rows = session.execute(
            select(
                ThemeEvent.id, ThemeEvent.undoes_id, ThemeEvent.actor_label, ThemeEvent.at
            ).where(
                ThemeEvent.consultation_id == consultation_id, ThemeEvent.undoes_id.is_not(None)
            )
        )
        self._by = {
            row.undoes_id: Undo(row.id, row.undoes_id, row.actor_label, row.at)
            for row in rows
            if row.undoes_id is not None
        }

    def last(self, event_id: int) -> Undo | None:
        """Return the last event of the chain of undos that begins with an event."""
        undo = self._by.get(event_id)
        while undo is not None and undo.id in self._by:
            undo = self._by[undo.id]
        return undo

    def by(self, event_id: int) -> Undo | None:
        """Return what took an event back, None while it is in force."""
        undo = self._by.get(event_id)
        return undo if undo is not None and self.by(undo.id) is None else None

    def button(self, event: ThemeEvent) -> int | None:
        """Return the event that a click on an event takes back, None if nobody can."""
        if event.run_id is not None or event.kind in OF_RUNS:
            return None
        if event.kind == Kind.UNDO and event.id in self._by:
            # The decision itself, and the last undo of it, have the button.
            return None
        undo = self.last(event.id)
        return event.id if undo is None else undo.id
