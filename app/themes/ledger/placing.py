"""Where each passage is: the last word of a person on it, else what the machine found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from app.themes.ledger.folding import (
    COPY,
    EXCLUDED,
    IN_THEME,
    TO_ARBITRATE,
    Event,
    ThemeState,
    root_of,
)
from app.themes.ledger.kinds import ON_PASSAGES, Kind


class FoundPlace(NamedTuple):
    """What a run said of a passage.

    :ivar fallback_id: the theme it was in before, if the run puts it in one that is only proposed.
    """

    passage_id: int
    state: str
    theme_id: int | None = None
    rank: int | None = None
    copy_of_id: int | None = None
    fallback_id: int | None = None


class Word(NamedTuple):
    """The last word of people on a passage.

    :ivar source_id: the theme it left by a move.
    """

    event_id: int
    state: str
    theme_id: int | None
    is_pinned: bool = False
    reason: str = ""
    source_id: int | None = None


class Place(NamedTuple):
    """Where a passage is."""

    state: str
    theme_id: int | None
    rank: int | None = None
    decided_id: int | None = None
    is_pinned: bool = False
    reason: str = ""


#: Gives back the theme a theme counts under, and its state.
Standing = Callable[[int], tuple[int, str]]


def standing_of(themes: Mapping[int, ThemeState]) -> Standing:
    """Return how to look a theme up among folded ones."""

    def standing(theme_id: int) -> tuple[int, str]:
        """Look it up."""
        root = root_of(theme_id, themes)
        return root, themes[root].state

    return standing


def words_of(events: Sequence[Event]) -> dict[int, Word]:
    """Return the last word on each passage.

    :param events: those in force, oldest first.
    """
    words: dict[int, Word] = {}
    for event in events:
        if event.kind not in ON_PASSAGES:
            continue
        for put in event.puts:
            before = words.get(put.passage_id)
            if event.kind == Kind.RELEASE:
                words.pop(put.passage_id, None)
                continue
            is_pinned = event.kind == Kind.PIN
            if event.kind in {Kind.CONFIRM, Kind.CARRY} and before is not None:
                is_pinned = before.is_pinned and before.theme_id == put.theme_id
            if event.kind == Kind.CARRY:
                is_pinned = is_pinned or bool(event.payload.get("is_pinned"))
            words[put.passage_id] = Word(
                event_id=event.id,
                state=event.payload.get("state") or IN_THEME,
                theme_id=put.theme_id,
                is_pinned=is_pinned,
                reason=event.reason,
                source_id=put.source_id if event.kind == Kind.MOVE else None,
            )
    return words


def places(
    found: Iterable[FoundPlace], words: Mapping[int, Word], standing: Standing
) -> dict[int, Place]:
    """Return where each passage is.

    :param found: with every copy the text it copies, and with every text its copies: what is
        decided on one of them holds for all, and the last word counts.
    """
    rows = {place.passage_id: place for place in found}
    last: dict[int, Word] = {}
    for passage_id, row in rows.items():
        own = words.get(passage_id)
        source = row.passage_id if row.copy_of_id not in rows else row.copy_of_id
        if own is not None and source is not None:
            before = last.get(source)
            if before is None or own.event_id > before.event_id:
                last[source] = own
    settled: dict[int, Place] = {}
    for passage_id, row in rows.items():
        if row.copy_of_id is None or row.copy_of_id not in rows:
            word = last.get(passage_id)
            settled[passage_id] = (
                _decided(row, word, standing) if word else _undecided(row, standing)
            )
    for passage_id, row in rows.items():
        if row.copy_of_id is not None and row.copy_of_id in rows:
            settled[passage_id] = _copied(settled[row.copy_of_id])
    return settled


def _decided(row: FoundPlace, word: Word, standing: Standing) -> Place:
    """Return where people put a passage."""
    state, theme_id = word.state, word.theme_id
    if state == IN_THEME and theme_id is not None:
        _root, theme_state = standing(theme_id)
        if theme_state == "excluded":
            state = EXCLUDED
        elif theme_state != "active":
            # What it was put in is gone: the decision cannot hold.
            return _undecided(row, standing)
    return Place(
        state=state,
        theme_id=theme_id,
        rank=row.rank if theme_id == row.theme_id and state == IN_THEME else None,
        decided_id=word.event_id,
        is_pinned=word.is_pinned,
        reason=word.reason,
    )


def _undecided(row: FoundPlace, standing: Standing) -> Place:
    """Return where the machine's word leaves a passage, themes being what people made of them."""
    if row.state == COPY:
        # What it copies was erased, or is not of this run.
        return Place(COPY, None)
    if row.theme_id is None or row.state not in {IN_THEME, TO_ARBITRATE}:
        return Place(row.state, row.theme_id)
    _root, theme_state = standing(row.theme_id)
    if theme_state == "active":
        return Place(row.state, row.theme_id, row.rank)
    if theme_state == "excluded":
        state = EXCLUDED if row.state == IN_THEME else row.state
        return Place(state, row.theme_id, row.rank)
    if row.fallback_id is not None and standing(row.fallback_id)[1] == "active":
        return Place(IN_THEME, row.fallback_id)
    return Place(TO_ARBITRATE, row.theme_id if theme_state == "proposed" else None)


def _copied(source: Place) -> Place:
    """Return where a copy is: a signatory of the theme its text is in, or excluded with it."""
    if source.state == EXCLUDED:
        return Place(EXCLUDED, source.theme_id, decided_id=source.decided_id, reason=source.reason)
    theme_id = source.theme_id if source.state == IN_THEME else None
    return Place(COPY, theme_id, decided_id=source.decided_id)
