"""A measure's history as people read it: what each event changed, from what to what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import flask_babel
from sqlalchemy.orm import Session

from app.commitments.measures import labels
from app.commitments.models import Measure, MeasureEvent, MeasureKind, MeasureState
from app.core.i18n import day, plain_number
from app.territories.models import Commune, Province, Region
from app.themes.models import Theme

_: Callable[..., str] = flask_babel.gettext

_PLACES: dict[str, Any] = {"region": Region, "province": Province, "commune": Commune}


@dataclass(frozen=True)
class Difference:
    """A field that an event changed; a side is a list of lines, empty where nothing was said."""

    field: str
    label: Any
    before: list[str]
    after: list[str]


@dataclass(frozen=True)
class Told:
    """An event of a measure.

    :ivar kind: the event's, in words.
    """

    revision: int
    kind: Any
    at: datetime
    who: str
    note: str
    differences: list[Difference]


@dataclass(frozen=True)
class StateTold:
    """A state that a measure has been in since an instant."""

    state: str
    at: datetime


def history(session: Session, measure: Measure) -> list[Told]:
    """Return a measure's events, the newest first."""
    write = Writer(session, measure)
    return [
        Told(
            revision=event.revision,
            kind=labels.EVENTS.get(event.kind, event.kind),
            at=event.at,
            who=event.actor_label,
            note=event.note,
            differences=write.differences(event.changes),
        )
        for event in reversed(measure.events)
    ]


def changed_since(session: Session, measure: Measure, revision: int) -> list[Told]:
    """Return the events that somebody who saw a revision has not seen, the newest first."""
    return [told for told in history(session, measure) if told.revision > revision]


def states_of(events: list[MeasureEvent]) -> list[StateTold]:
    """Return the states that a measure went through, the first one first."""
    return [
        StateTold(event.changes["state"][1], event.at)
        for event in events
        if "state" in event.changes
    ]


class Writer:
    """Writes the values of a measure's history in the page's language."""

    def __init__(self, session: Session, measure: Measure) -> None:
        self._session = session
        consultation = measure.consultation
        self._titles = {
            "axis": {row.code: row.title for row in consultation.axes},
            "population": {row.code: row.title for row in consultation.populations},
        }

    def differences(self, changes: Mapping[str, Any]) -> list[Difference]:
        """Return what an event changed, field by field."""
        order = {name: place for place, name in enumerate(labels.FIELDS)}
        return [
            Difference(
                field=name,
                label=labels.FIELDS.get(name, name),
                before=self.lines(name, pair[0]),
                after=self.lines(name, pair[1]),
            )
            for name, pair in sorted(changes.items(), key=lambda item: order.get(item[0], 99))
        ]

    def lines(self, name: str, value: Any) -> list[str]:
        """Return a value as lines of text."""
        if value in (None, "", [], {}):
            return []
        if isinstance(value, dict):
            return [text for text in value.values() if text]
        if isinstance(value, list):
            return [line for item in value for line in self._item(name, item)]
        return self._plain(name, value).splitlines()

    def _item(self, name: str, item: Any) -> list[str]:
        """Return one item of a list as lines."""
        if name == "themes":
            theme = self._session.get(Theme, item)
            return [labels.text_of(theme.names) if theme else str(item)]
        if name == "milestones":
            return [self._milestone(item)]
        if name == "documents":
            return [f"{labels.text_of(item['title'])} ({item['url'] or item['file']})"]
        return [labels.text_of(item)] if isinstance(item, dict) else [str(item)]

    def _milestone(self, item: dict[str, Any]) -> str:
        """Write a milestone with its days."""
        title = labels.text_of(item["title"])
        if item["done_on"]:
            return _("%(title)s: done on %(day)s", title=title, day=_day(item["done_on"]))
        if item["due_on"]:
            return _("%(title)s: due on %(day)s", title=title, day=_day(item["due_on"]))
        return title

    def _plain(self, name: str, value: Any) -> str:
        """Write a value of a column."""
        if name in _PLACES:
            place = self._session.get(_PLACES[name], value)
            return labels.text_of(place.names) if place is not None else str(value)
        if name in self._titles:
            return labels.text_of(self._titles[name].get(value, {})) or str(value)
        writers: dict[str, Callable[[Any], str]] = {
            "kind": lambda code: str(labels.KINDS[MeasureKind(code)]),
            "state": lambda code: str(labels.STATES[MeasureState(code)]),
            "amount_mad": plain_number,
            "is_public": lambda is_public: _("yes") if is_public else _("no"),
        }
        if name.endswith("_on"):
            return _day(value)
        return writers.get(name, str)(value)


def _day(value: str) -> str:
    """Write a day that is kept as text."""
    return day(date.fromisoformat(value))
