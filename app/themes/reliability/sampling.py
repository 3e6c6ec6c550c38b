"""A blind sample by language and region: the same seed over the same passages draws the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from random import Random
from typing import NamedTuple

#: Passages that each language should have in the sample, so that its agreement can be told.
LEAST_OF_A_LANGUAGE = 15


class Candidate(NamedTuple):
    """A passage that may be drawn."""

    passage_id: int
    language: str
    region: str


def stratified(candidates: Iterable[Candidate], size: int, seed: int) -> list[int]:
    """Return the passages drawn, in the order of the draw.

    Each language has its share, but at least :data:`LEAST_OF_A_LANGUAGE` (or an equal part of a
    small sample) where it has as many passages; within a language each region has its share.
    """
    random = Random(seed)  # noqa: S311  a draw that can be repeated, not a secret
    cells: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in sorted(candidates):
        cells[one.language][one.region].append(one.passage_id)
    sizes = {code: sum(map(len, regions.values())) for code, regions in cells.items()}
    least = min(LEAST_OF_A_LANGUAGE, size // max(1, len(sizes)))
    floors = {code: min(least, count) for code, count in sizes.items()}
    rooms = {code: sizes[code] - floors[code] for code in sizes}
    shares = _shared_out(rooms, size - sum(floors.values()), random)
    drawn: list[int] = []
    for code in sorted(cells):
        regions = cells[code]
        counts = {region: len(ids) for region, ids in regions.items()}
        parts = _shared_out(counts, floors[code] + shares[code], random)
        for region in sorted(regions):
            drawn += random.sample(regions[region], parts[region])
    random.shuffle(drawn)
    return drawn


def _shared_out(sizes: Mapping[str, int], size: int, random: Random) -> dict[str, int]:
    """Share a number out in proportion to sizes, none above its own; lots decide what is left."""
    total = sum(sizes.values())
    size = min(max(size, 0), total)
    if not size:
        return dict.fromkeys(sizes, 0)
    exact = {name: size * count / total for name, count in sizes.items()}
    given = {name: int(part) for name, part in exact.items()}
    rest = {name: exact[name] - given[name] for name in sorted(sizes) if given[name] < sizes[name]}
    # Small groups share the remaining places by lot, in proportion to what they just missed.
    while sum(given.values()) < size:
        names = list(rest)
        [name] = random.choices(names, [rest[one] + 1e-9 for one in names])
        given[name] += 1
        del rest[name]
    return given
