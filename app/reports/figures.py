"""The arithmetic of reports: exact percentages, intervals, tests, and what is too small to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from math import sqrt

#: Groups with fewer contributors than this are not described: their answers could be recognised.
SMALLEST_GROUP = 5

#: Share of false discoveries tolerated among the differences that a report announces.
DISCOVERY_RATE = 0.05

#: Quantile of the normal law for a 95 % interval.
_Z = 1.959963984540054


def wilson(count: float, of: float) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson's score interval, 1927).

    :raises ValueError: unless ``0 <= count <= of`` and ``of > 0``.
    """
    if of <= 0 or not 0 <= count <= of:
        raise ValueError(f"{count} of {of} is not a share.")
    share, z2 = count / of, _Z * _Z
    centre = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = _Z / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    return max(0.0, centre - half), min(1.0, centre + half)


def largest_remainder(counts: Sequence[int], units: int = 1000) -> list[int]:
    """Share ``units`` out in proportion to ``counts``; the parts sum to ``units`` exactly.

    With 1,000 units the parts are percentages with one decimal that add up to 100.0. What is left
    after rounding down goes to the largest remainders, the first of equal ones.

    :raises ValueError: if the counts sum to zero.
    """
    total = sum(counts)
    if total <= 0:
        raise ValueError("Nothing to share out in proportion to.")
    parts = [count * units // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda i: (-(counts[i] * units % total), i))
    for i in by_remainder[: units - sum(parts)]:
        parts[i] += 1
    return parts


def differing(tables: Sequence[tuple[int, int, int, int]]) -> list[bool]:
    """Tell which groups differ from the rest, all tests taken together.

    Each table is ``(count, of, count in the rest, of the rest)``. Fisher's exact test, two-sided,
    then the Benjamini-Hochberg procedure over all of them at :data:`DISCOVERY_RATE`.
    """
    from scipy.stats import false_discovery_control

    possible = [i for i, (_count, of, _rest, rest_of) in enumerate(tables) if of and rest_of]
    if not possible:
        return [False] * len(tables)
    p_values = [fisher(*tables[i]) for i in possible]
    adjusted = false_discovery_control(p_values, method="bh")
    found = {i for i, p in zip(possible, adjusted, strict=True) if p <= DISCOVERY_RATE}
    return [i in found for i in range(len(tables))]


@lru_cache(maxsize=65536)
def fisher(count: int, of: int, rest: int, rest_of: int) -> float:
    """Return the two-sided p of Fisher's exact test: tables as likely as this one, or less.

    :raises ValueError: unless counts are within what they are out of.
    """
    if not (0 <= count <= of and 0 <= rest <= rest_of):
        raise ValueError(f"{count} of {of} beside {rest} of {rest_of} is no table.")
    import numpy as np
    from scipy.special import gammaln

    spoke = count + rest
    values = np.arange(max(0, spoke - rest_of), min(of, spoke) + 1)
    cells = (values, of - values, spoke - values, rest_of - spoke + values)
    logs = -gammaln(np.stack(cells) + 1).sum(axis=0)
    likely = np.exp(logs - logs.max())
    # Equally likely tables differ by rounding.
    tail = likely[likely <= likely[count - values[0]] * (1 + 1e-7)]
    return min(1.0, float(tail.sum() / likely.sum()))


def suppressed(sizes: Mapping[str, int], smallest: int = SMALLEST_GROUP) -> frozenset[str]:
    """Return the groups whose figures are not shown.

    They are the groups of fewer than ``smallest`` people and, where the total is known and what
    they would have together is still fewer, the next smallest ones: otherwise a subtraction would
    give back what was hidden.
    """
    peopled = sorted((size, key) for key, size in sizes.items() if size > 0)
    hidden = [(size, key) for size, key in peopled if size < smallest]
    while hidden and sum(size for size, _key in hidden) < smallest and len(hidden) < len(peopled):
        hidden.append(peopled[len(hidden)])
    return frozenset(key for _size, key in hidden)


def levels(values: Mapping[str, float], steps: int = 7) -> dict[str, int]:
    """Spread values over ``steps`` shades, 0 for nothing and the highest for the largest value."""
    most = max(values.values(), default=0)
    if most <= 0:
        return dict.fromkeys(values, 0)
    return {
        key: 0 if value <= 0 else min(steps - 1, 1 + int(value / most * (steps - 1) * 0.9999))
        for key, value in values.items()
    }
