"""Write the state that follows from the events, where it differs from what is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.core.db import Texts
from app.themes import errors
from app.themes.ledger.folding import Birth, Event, ThemeState, fold_themes, in_force
from app.themes.ledger.placing import Place, Standing, places, standing_of, words_of
from app.themes.ledger.reading import (
    Row,
    all_events,
    batches,
    births_of,
    found_rows,
    last_words,
)
from app.themes.models import Placement, Theme
from app.themes.names import key_of
from app.themes.queries import lock_decisions, newest_run, root_of, themes_of

THEME_COLUMNS = (
    "name",
    "state",
    "is_named_by_hand",
    "definition",
    "inclusion",
    "exclusion",
    "axis_id",
    "population_id",
    "parent_id",
    "is_validated",
    "merged_into_id",
    "excluded_reason",
    "last_event_id",
)
#: The columns of :class:`Place`, in its order.
_PLACE_COLUMNS = ("state", "theme_id", "quotation_rank", "decided_id", "is_pinned", "reason")
_WRITTEN_AT_ONCE = 1_000
_TEXTS = frozenset({"name", "definition", "inclusion", "exclusion"})


def standing_now(session: Session, consultation_id: int) -> Standing:
    """Return how to look up what a theme counts under, as the themes are written."""
    by_id = {theme.id: theme for theme in session.scalars(themes_of(consultation_id))}

    def standing(theme_id: int) -> tuple[int, str]:
        """Look it up."""
        root = root_of(by_id[theme_id], by_id)
        return root.id, root.state

    return standing


def settle(
    session: Session,
    consultation_id: int,
    *,
    passage_ids: Collection[int] | None = None,
    theme_ids: Collection[int] | None = None,
) -> int:
    """Write where passages of the newest run are, given themes as they are written.

    Earlier runs stay as they were: reports were published on them.

    :param passage_ids: only these, and those of ``theme_ids``; neither: all of them.
    :returns: how many rows changed.
    """
    run = session.scalars(newest_run(consultation_id)).first()
    if run is None:
        return 0
    session.flush()
    rows = found_rows(session, run.id, passage_ids=passage_ids, theme_ids=theme_ids)
    is_all = passage_ids is None and theme_ids is None
    words = last_words(session, consultation_id, None if is_all else rows)
    standing = standing_now(session, consultation_id)
    due = places((row.found for row in rows.values()), words, standing)
    return write_places(session, rows, due)


def write_places(session: Session, rows: dict[int, Row], due: dict[int, Place]) -> int:
    """Write the places that differ, what changes alike together; return how many did.

    Only the columns that change are written: a theme that is excluded changes the state of
    thousands of rows, whoever decided on each of them.
    """
    changed: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    for passage_id, place in due.items():
        number, _found, now = rows[passage_id]
        if now != place:
            changed[_changes(now, place)].append(number)
    for changes, ids in changed.items():
        for batch in batches(ids, _WRITTEN_AT_ONCE):
            session.execute(
                update(Placement)
                .where(Placement.id.in_(batch))
                .values(dict(changes))
                .execution_options(synchronize_session=False)
            )
    if changed:
        _forget_loaded(session)
    return sum(len(ids) for ids in changed.values())


def _changes(now: Place, due: Place) -> tuple[tuple[str, Any], ...]:
    """Return the columns that are to be written, with their values."""
    pairs = zip(_PLACE_COLUMNS, now, due, strict=True)
    return tuple((column, value) for column, written, value in pairs if written != value)


def _forget_loaded(session: Session) -> None:
    """Make placements that were loaded be read again."""
    for instance in list(session.identity_map.values()):
        if isinstance(instance, Placement):
            session.expire(instance)


def write_themes(session: Session, consultation_id: int, states: dict[int, ThemeState]) -> set[int]:
    """Write the themes that differ; return those of which the standing changed.

    :raises NameTakenError: if two active themes would bear one name.
    """
    changed: set[int] = set()
    renamed: list[Theme] = []
    for theme in session.scalars(themes_of(consultation_id)):
        state = states[theme.id]
        if (theme.state, theme.merged_into_id) != (state.state, state.merged_into_id):
            changed.add(theme.id)
        for column in THEME_COLUMNS:
            value = getattr(state, column)
            if column in _TEXTS:
                value = Texts(value)
            if getattr(theme, column) != value:
                setattr(theme, column, value)
        if _keys(theme) != (theme.key_fr, theme.key_ar):
            renamed.append(theme)
            theme.key_fr = theme.key_ar = None
    # Two themes may exchange names: none may stand when the new ones are written.
    session.flush()
    take_names(session, renamed)
    return changed


def _keys(theme: Theme) -> tuple[str | None, str | None]:
    """Return the keys that a theme's names take."""
    if theme.state != "active":
        return None, None
    return key_of(theme.name.get("fr", "")) or None, key_of(theme.name.get("ar", "")) or None


def take_names(session: Session, themes: Iterable[Theme]) -> None:
    """Reserve the names of active themes; the unique keys decide.

    :raises NameTakenError: if another active theme bears one of them.
    """
    for theme in themes:
        name_fr, name_ar = _keys(theme)
        if (name_fr, name_ar) == (None, None):
            continue
        for code, key in (("fr", name_fr), ("ar", name_ar)):
            column = getattr(Theme, f"key_{code}")
            rival = session.scalar(
                select(Theme.id).where(
                    Theme.consultation_id == theme.consultation_id,
                    Theme.id != theme.id,
                    column == key,
                )
            )
            if rival is not None:
                raise errors.NameTakenError(name=theme.name[code])
        try:
            with session.begin_nested():
                theme.key_fr, theme.key_ar = name_fr, name_ar
        except IntegrityError as error:
            # An analysis that ended this very moment named a new theme so.
            raise errors.NameTakenError(name=theme.name.get("fr", "")) from error


# From the first event


@dataclass
class Difference:
    """Where what is written is not what follows from the events.

    :ivar themes: by number, the columns with what is written and what should be.
    :ivar passages: by number, what is written and what should be.
    """

    themes: dict[int, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    passages: dict[int, tuple[Place, Place]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return bool(self.themes or self.passages)


def rebuilt(session: Session, consultation_id: int) -> tuple[dict[int, ThemeState], list[Event]]:
    """Return every theme's state from its birth and all events, and these."""
    births: list[Birth] = births_of(session, consultation_id)
    events = all_events(session, consultation_id)
    return fold_themes(births, events), events


def compare(session: Session, consultation_id: int) -> Difference:
    """Fold all events from the first and compare with what is written, row by row."""
    session.flush()
    states, events = rebuilt(session, consultation_id)
    difference = Difference()
    for theme in session.scalars(themes_of(consultation_id)):
        wrong = {}
        for column in THEME_COLUMNS:
            written, due = getattr(theme, column), getattr(states[theme.id], column)
            if column in _TEXTS:
                written, due = dict(written or {}), dict(due)
            if written != due:
                wrong[column] = (written, due)
        if wrong:
            difference.themes[theme.id] = wrong
    run = session.scalars(newest_run(consultation_id)).first()
    if run is not None:
        rows = found_rows(session, run.id)
        due_places = places(
            (row.found for row in rows.values()), words_of(in_force(events)), standing_of(states)
        )
        difference.passages = {
            passage_id: (rows[passage_id].now, place)
            for passage_id, place in due_places.items()
            if rows[passage_id].now != place
        }
    return difference


def repair(session: Session, consultation_id: int) -> Difference:
    """Write what follows from all events wherever something else is written; return what differed.

    Nothing is decided: no event is added. The caller commits.
    """
    lock_decisions(session, consultation_id)
    difference = compare(session, consultation_id)
    if difference:
        states, _events = rebuilt(session, consultation_id)
        write_themes(session, consultation_id, states)
        settle(session, consultation_id)
    return difference
