"""The state of themes and passages as a function of what was found and of the events in force.

Nothing here knows the database, so that a rebuild, a change of a few rows and a test all ask the
same functions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from app.themes.ledger.kinds import ON_PASSAGES, ON_THEMES, Kind

IN_THEME, COPY, TO_ARBITRATE, EXCLUDED = "in_theme", "copy", "to_arbitrate", "excluded"


class Put(NamedTuple):
    """A passage of an event, the theme it went to and the one it left."""

    passage_id: int
    theme_id: int | None = None
    source_id: int | None = None


@dataclass(frozen=True)
class Event:
    """An event of the ledger.

    :ivar is_human: False for what a run wrote by itself.
    """

    id: int
    kind: str
    theme_id: int | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    undoes_id: int | None = None
    is_human: bool = True
    puts: tuple[Put, ...] = ()


@dataclass(frozen=True)
class Birth:
    """A theme as it came into the world; one made by a person exists by its event alone."""

    id: int
    name: Mapping[str, str]
    state: str = "active"
    is_made_by_hand: bool = False


@dataclass(frozen=True)
class ThemeState:
    """What a theme is after the events in force."""

    name: Mapping[str, str]
    state: str = "active"
    is_named_by_hand: bool = False
    definition: Mapping[str, str] = field(default_factory=dict)
    inclusion: Mapping[str, str] = field(default_factory=dict)
    exclusion: Mapping[str, str] = field(default_factory=dict)
    axis_id: int | None = None
    population_id: int | None = None
    parent_id: int | None = None
    is_validated: bool = False
    merged_into_id: int | None = None
    excluded_reason: str = ""
    last_event_id: int = 0


class InapplicableError(Exception):
    """An event makes no sense where it stands: what it builds upon is not there.

    :ivar event: that event.
    """

    def __init__(self, event: Event) -> None:
        self.event = event
        super().__init__(f"Event {event.id} ({event.kind}) cannot be applied.")


def in_force(events: Sequence[Event]) -> list[Event]:
    """Return the events, oldest first, that no undo in force takes back; undos left out."""
    undone: set[int] = set()
    # An undo is later than what it takes back, which may be an undo itself.
    for event in sorted(events, key=lambda one: -one.id):
        if event.undoes_id is not None and event.id not in undone:
            undone.add(event.undoes_id)
    kept = [one for one in events if one.undoes_id is None and one.id not in undone]
    return sorted(kept, key=lambda one: one.id)


def touched_themes(event: Event) -> set[int]:
    """Return the themes that an event changes; one that only receives passages is not."""
    touched = {event.theme_id, event.payload.get("into")}
    touched |= {part["theme_id"] for part in event.payload.get("parts", ())}
    return {theme for theme in touched if theme is not None}


# Themes


def fold_themes(births: Iterable[Birth], events: Sequence[Event]) -> dict[int, ThemeState]:
    """Return what each theme is.

    :raises InapplicableError: if an event in force makes no sense where it stands.
    """
    themes = {
        birth.id: ThemeState(
            name=birth.name, state="ended" if birth.is_made_by_hand else birth.state
        )
        for birth in births
    }
    for event in in_force(events):
        if event.kind in ON_THEMES:
            _APPLY[Kind(event.kind)](themes, event)
        elif event.kind in ON_PASSAGES and event.is_human:
            _need_targets(themes, event)
    by_id = {event.id: event for event in events}
    for event in events:
        about = event
        while about.undoes_id is not None:
            about = by_id[about.undoes_id]
        for theme_id in touched_themes(about) if about.kind in ON_THEMES else ():
            seen = max(themes[theme_id].last_event_id, event.id)
            themes[theme_id] = replace(themes[theme_id], last_event_id=seen)
    return themes


def root_of(theme_id: int, themes: Mapping[int, ThemeState]) -> int:
    """Follow the merges to the theme that one counts under."""
    while (into := themes[theme_id].merged_into_id) is not None:
        theme_id = into
    return theme_id


def _need(themes: Mapping[int, ThemeState], event: Event, theme_id: Any, *states: str) -> None:
    """Refuse an event whose theme is not in one of some states (active if none are given)."""
    if theme_id not in themes or themes[theme_id].state not in (states or ("active",)):
        raise InapplicableError(event)


def _need_targets(themes: Mapping[int, ThemeState], event: Event) -> None:
    """Refuse an event that puts passages into a theme that is not there."""
    if event.payload.get("state", IN_THEME) != IN_THEME:
        return
    for theme_id in {put.theme_id for put in event.puts if put.theme_id is not None}:
        _need(themes, event, root_of(theme_id, themes) if theme_id in themes else None)


def _change(themes: dict[int, ThemeState], event: Event, **values: Any) -> None:
    """Give the theme of an event other values."""
    theme_id = event.theme_id or 0
    themes[theme_id] = replace(themes[theme_id], **values)


def _rename(themes: dict[int, ThemeState], event: Event) -> None:
    """Names by hand stay by hand; a run renames only what nobody touched."""
    _need(themes, event, event.theme_id)
    by_hand = event.is_human or themes[event.theme_id or 0].is_named_by_hand
    _change(themes, event, name=event.payload["to"], is_named_by_hand=by_hand)


def _set(themes: dict[int, ThemeState], event: Event) -> None:
    """Descriptions and attachments: the values that the event names."""
    _need(themes, event, event.theme_id)
    _change(themes, event, **event.payload["to"])


def _merge(themes: dict[int, ThemeState], event: Event) -> None:
    """Count a theme under another one, never in a circle."""
    _need(themes, event, event.theme_id)
    into = event.payload["into"]
    _need(themes, event, into)
    if root_of(into, themes) == event.theme_id:
        raise InapplicableError(event)
    _change(themes, event, state="merged", merged_into_id=into)


def _exclude(themes: dict[int, ThemeState], event: Event) -> None:
    """Leave a theme out."""
    _need(themes, event, event.theme_id)
    _change(themes, event, state="excluded", excluded_reason=event.reason)


def _restore(themes: dict[int, ThemeState], event: Event) -> None:
    """Take a merge or an exclusion back."""
    _need(themes, event, event.theme_id, "merged", "excluded")
    _change(themes, event, state="active", merged_into_id=None, excluded_reason="")


def _validate(themes: dict[int, ThemeState], event: Event) -> None:
    """Mark a theme as good, or no longer."""
    _need(themes, event, event.theme_id)
    _change(themes, event, is_validated=event.payload["is_validated"])


def _create(themes: dict[int, ThemeState], event: Event) -> None:
    """Bring a theme made by a person into the world."""
    _need(themes, event, event.theme_id, "ended")
    _change(themes, event, state="active", name=event.payload["name"], is_named_by_hand=True)


def _split(themes: dict[int, ThemeState], event: Event) -> None:
    """Bring the parts of a theme into the world; it stays with what is left."""
    _need(themes, event, event.theme_id)
    for part in event.payload["parts"]:
        born = replace(event, theme_id=part["theme_id"], payload={"name": part["name"]})
        _create(themes, born)


def _accept(themes: dict[int, ThemeState], event: Event) -> None:
    """Make a proposed theme one of the themes."""
    _need(themes, event, event.theme_id, "proposed")
    _change(themes, event, state="active", name=event.payload["name"], is_named_by_hand=True)


def _refuse(themes: dict[int, ThemeState], event: Event) -> None:
    """Refuse a proposal; only one of a new theme changes anything."""
    if event.payload["kind"] == "new":
        _need(themes, event, event.theme_id, "proposed")
        _change(themes, event, state="refused")


def _end(themes: dict[int, ThemeState], event: Event) -> None:
    """End a theme that nobody touched."""
    _need(themes, event, event.theme_id, "active", "proposed")
    _change(themes, event, state="ended")


_APPLY: dict[Kind, Callable[[dict[int, ThemeState], Event], None]] = {
    Kind.RENAME: _rename,
    Kind.DESCRIBE: _set,
    Kind.ATTACH: _set,
    Kind.MERGE: _merge,
    Kind.EXCLUDE: _exclude,
    Kind.RESTORE: _restore,
    Kind.VALIDATE: _validate,
    Kind.CREATE: _create,
    Kind.SPLIT: _split,
    Kind.ACCEPT: _accept,
    Kind.REFUSE: _refuse,
    Kind.END: _end,
}
