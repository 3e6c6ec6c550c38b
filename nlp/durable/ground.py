"""Constraints found again among the passages of a run: where each passage starts from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from nlp.durable.constraints import Constraints
from nlp.durable.refs import PassageIndex, PassageRef
from nlp.durable.scene import Booleans, Labels


@dataclass(frozen=True)
class Ground:
    """Where the passages of a run start from, by row; themes by their number in the constraints.

    ``themes`` (n,) is the theme a passage was in or was put in, -1 for none; ``earlier`` (n,) the
    one it was in. ``fixed``, ``pinned`` and ``excluded`` are masks; ``choices`` are passages that
    go to one of several parts; ``barred`` (row, theme) pairs; ``waiting`` the references of
    decisions that speak of no passage of this run; ``n_members`` the members each theme had.
    """

    themes: Labels
    earlier: Labels
    fixed: Booleans
    pinned: Booleans
    excluded: Booleans
    choices: list[tuple[int, list[int]]]
    barred: list[tuple[int, int]]
    waiting: tuple[PassageRef, ...]
    n_members: list[int]


def ground_of(passages: list[PassageRef], constraints: Constraints) -> Ground:
    """Return where passages, sorted, start from under constraints."""
    number = {theme.key: at for at, theme in enumerate(constraints.themes)}
    index = PassageIndex(passages)
    waiting: set[PassageRef] = set()

    def rows_of(ref: PassageRef) -> list[int]:
        """Return the rows a decision speaks of, and note it when there are none."""
        found = [row for row, _ in index.find(ref)]
        if not found:
            waiting.add(ref)
        return found

    n = len(passages)
    places: dict[int, tuple[list[int], bool]] = {}
    for place in constraints.places:
        heirs = [number[key] for key in place.themes]
        places.update(dict.fromkeys(rows_of(place.passage), (heirs, place.is_pinned)))
    excluded = np.zeros(n, dtype=bool)
    for ref, reason in constraints.exclusions:
        excluded[rows_of(ref)] = reason is not None
    earlier = _earlier(n, index, constraints)
    choices = _divided(n, index, constraints, number)
    themes = earlier.copy()
    fixed, pinned = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    for row, (heirs, is_pinned) in places.items():
        choices.pop(row, None)
        fixed[row] = bool(heirs)
        if len(heirs) == 1:
            themes[row], pinned[row] = heirs[0], is_pinned
        elif heirs and themes[row] not in heirs:
            themes[row] = -1
            choices[row] = heirs
    pairs = [(r, number[key]) for ref, key in constraints.barred for r in rows_of(ref)]
    return Ground(
        themes=themes,
        earlier=earlier,
        fixed=fixed,
        pinned=pinned,
        excluded=excluded,
        choices=sorted(choices.items()),
        barred=sorted(set(pairs)),
        waiting=tuple(sorted(waiting)),
        n_members=[len(theme.members) for theme in constraints.themes],
    )


def _earlier(n: int, index: PassageIndex, constraints: Constraints) -> Labels:
    """Return the theme each passage was in: of several, the one that held most of it."""
    members = [(at, theme.members) for at, theme in enumerate(constraints.themes)]
    return _most_held(n, index, members)


def _divided(
    n: int, index: PassageIndex, constraints: Constraints, number: dict[str, int]
) -> dict[int, list[int]]:
    """Return the passages of themes divided since the run before, and where they may go."""
    groups = [(at, members) for at, (members, _) in enumerate(constraints.divided)]
    held = _most_held(n, index, groups)
    heirs = [[number[key] for key in keys] for _, keys in constraints.divided]
    return {int(row): heirs[held[row]] for row in np.flatnonzero(held >= 0)}


def _most_held(
    n: int, index: PassageIndex, groups: Iterable[tuple[int, tuple[PassageRef, ...]]]
) -> Labels:
    """Return for each passage the group that held most of it, -1 for none; the first of equals."""
    held = np.full(n, -1, dtype=np.int64)
    most = [0] * n
    for group, members in groups:
        lengths: dict[int, int] = {}
        for ref in members:
            for row, length in index.find(ref):
                lengths[row] = lengths.get(row, 0) + length
        for row, length in lengths.items():
            if length > most[row]:
                most[row], held[row] = length, group
    return held
