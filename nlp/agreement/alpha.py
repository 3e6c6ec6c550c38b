"""Krippendorff's alpha for nominal codes with missing values, and its interval.

Alpha is one less the disagreement observed over the disagreement expected by chance
(Krippendorff, 2004 and 2011). Its interval comes from drawing units again with replacement, the
percentile bootstrap that Zapf et al. (2016) found to hold where asymptotic ones do not.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.errors import OptionsError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Code = Hashable | None

Why = Literal["too_few_units", "no_variation"]

#: Units that two coders or more have coded, under which nothing is said.
LEAST_UNITS = 10
#: Draws of the bootstrap.
N_DRAWS = 2_000
#: Share of the draws that may hold no variation before the interval is not given.
_MOST_UNDEFINED = 0.05
#: Draws worked out at a time, so that memory stays bounded.
_BLOCK = 200


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    ``alpha``, at most 1, is 0 for what chance gives and negative below; ``low`` and ``high`` are
    the bounds of its 95 % interval; ``observed``, in [0, 1], is the share of pairs of codes that
    agree. ``n_units`` units were coded twice or more, with ``n_codes`` codes in all.

    ``alpha`` is None where it cannot be said, and ``why`` tells the reason. The interval alone is
    None where no disagreement was seen, for drawing units again cannot show any, and where too
    many draws hold one code only.
    """

    alpha: float | None
    low: float | None
    high: float | None
    observed: float | None
    n_units: int
    n_codes: int
    why: Why | None = None


class _Counts(NamedTuple):
    """Codes of m units, those with two codes or more: what alpha is made of.

    ``held``, shape (m, n_distinct), how often each code was given to each unit; ``unlike``, shape
    (m,), the disagreement of each; ``clusters``, shape (m,), what is drawn together.
    """

    held: Floats
    unlike: Floats
    clusters: Integers


def _counted(units: Sequence[Sequence[Code]], clusters: Sequence[int]) -> _Counts:
    """Count the codes of the units that have two or more."""
    numbers: dict[Hashable, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    kept: list[int] = []
    for unit, cluster in zip(units, clusters, strict=True):
        codes = [code for code in unit if code is not None]
        if len(codes) > 1:
            rows += [len(kept)] * len(codes)
            columns += [numbers.setdefault(code, len(numbers)) for code in codes]
            kept.append(cluster)
    held = np.zeros((len(kept), max(1, len(numbers))))
    np.add.at(held, (rows, columns), 1.0)
    sizes = held.sum(axis=1)
    unlike = (sizes**2 - (held**2).sum(axis=1)) / np.maximum(sizes - 1, 1)
    _, places = np.unique(np.array(kept, dtype=np.int64), return_inverse=True)
    return _Counts(held, unlike, np.asarray(places))


def _alphas(counts: _Counts, weights: Floats) -> Floats:
    """Return alpha for each row of weights of the units, shape (n_draws, m); NaN if undefined."""
    totals = weights @ counts.held
    n = totals.sum(axis=1)
    expected = n**2 - (totals**2).sum(axis=1)
    observed = weights @ counts.unlike
    ratio = np.full(len(weights), np.nan)
    np.divide((n - 1) * observed, expected, out=ratio, where=expected > 0)
    return np.asarray(1 - ratio)


def _interval(counts: _Counts, *, seed: int, n_draws: int) -> tuple[float | None, float | None]:
    """Return the bounds within which the middle 95 % of the draws lie."""
    if not counts.unlike.any():
        return None, None
    generator = np.random.default_rng(seed)
    n_clusters = int(counts.clusters.max()) + 1
    found = []
    for start in range(0, n_draws, _BLOCK):
        n = min(_BLOCK, n_draws - start)
        drawn = generator.integers(n_clusters, size=(n, n_clusters))
        cells = drawn + n_clusters * np.arange(n)[:, None]
        times = np.bincount(cells.ravel(), minlength=n * n_clusters).reshape(n, n_clusters)
        found.append(_alphas(counts, times[:, counts.clusters].astype(np.float64)))
    alphas = np.concatenate(found)
    defined = alphas[~np.isnan(alphas)]
    if len(defined) < (1 - _MOST_UNDEFINED) * n_draws:
        return None, None
    low, high = np.quantile(defined, [0.025, 0.975])
    return round(float(low), 4), round(float(high), 4)


def _agreement(
    units: Sequence[Sequence[Code]],
    clusters: Sequence[int],
    *,
    least: int,
    seed: int,
    n_draws: int,
) -> Agreement:
    """Measure the agreement on units, some of which may be drawn together."""
    if least < 2 or n_draws < 1:
        raise OptionsError("At least two units and one draw.")
    counts = _counted(units, clusters)
    n_codes = int(counts.held.sum())
    n_units = len(set(counts.clusters.tolist()))
    if n_units < least:
        return Agreement(None, None, None, None, n_units, n_codes, "too_few_units")
    observed = round(1 - float(counts.unlike.sum()) / n_codes, 4)
    alpha = float(_alphas(counts, np.ones((1, len(counts.held))))[0])
    if np.isnan(alpha):
        return Agreement(None, None, None, observed, n_units, n_codes, "no_variation")
    low, high = _interval(counts, seed=seed, n_draws=n_draws)
    return Agreement(round(alpha, 4), low, high, observed, n_units, n_codes)


def agreement(
    units: Sequence[Sequence[Code]],
    *,
    least: int = LEAST_UNITS,
    seed: int = 0,
    n_draws: int = N_DRAWS,
) -> Agreement:
    """Measure how far coders agree.

    Parameters
    ----------
    units : sequence of sequences of hashable or None, length n_units
        The codes each unit was given, in any order, None for a missing one. Units with fewer than
        two codes do not count.
    least : int
        Units under which nothing is said, at least 2.
    seed : int
        Seed of the draws.
    n_draws : int
        Draws of the bootstrap.

    Returns
    -------
    Agreement

    Raises
    ------
    OptionsError
        If an option is outside its range.
    """
    return _agreement(units, range(len(units)), least=least, seed=seed, n_draws=n_draws)


def agreement_of_two(
    first: Sequence[Code],
    second: Sequence[Code],
    *,
    least: int = LEAST_UNITS,
    seed: int = 0,
    n_draws: int = N_DRAWS,
) -> Agreement:
    """Measure how far two coders agree, each with a code or None for every unit.

    :raises OptionsError: if the lengths differ or an option is outside its range.
    """
    _same_length(first, second)
    pairs = list(zip(first, second, strict=True))
    return agreement(pairs, least=least, seed=seed, n_draws=n_draws)


def agreement_with_machine(
    units: Sequence[Sequence[Code]],
    machine: Sequence[Code],
    *,
    least: int = LEAST_UNITS,
    seed: int = 0,
    n_draws: int = N_DRAWS,
) -> Agreement:
    """Measure how far coders agree with the machine, their agreement with each other left out.

    Every code of a coder makes a pair with the machine's code of the same unit; pairs of one
    unit are drawn together.

    Parameters
    ----------
    units : sequence of sequences of hashable or None, length n_units
        The coders' codes of each unit.
    machine : sequence of hashable or None, length n_units
        The machine's code of each.
    least, seed, n_draws
        As for :func:`agreement`.

    Raises
    ------
    OptionsError
        If the lengths differ or an option is outside its range.
    """
    _same_length(units, machine)
    pairs, clusters = [], []
    for number, (codes, own) in enumerate(zip(units, machine, strict=True)):
        for code in codes:
            pairs.append((code, own))
            clusters.append(number)
    return _agreement(pairs, clusters, least=least, seed=seed, n_draws=n_draws)


def agreement_by(
    groups: Sequence[str | None],
    units: Sequence[Sequence[Code]],
    machine: Sequence[Code] | None = None,
    *,
    least: int = LEAST_UNITS,
    seed: int = 0,
    n_draws: int = N_DRAWS,
) -> Mapping[str, Agreement]:
    """Measure agreement in each group of units (a language, a region).

    Parameters
    ----------
    groups : sequence of str or None, length n_units
        Group of each unit; those without one are left out.
    units : sequence of sequences of hashable or None, length n_units
        As for :func:`agreement`.
    machine : sequence of hashable or None, length n_units, optional
        The machine's codes: then agreement with it is measured instead of that among coders.
    least, seed, n_draws
        As for :func:`agreement`.

    Returns
    -------
    mapping of str to Agreement
        In the order of the groups' names.

    Raises
    ------
    OptionsError
        If the lengths differ or an option is outside its range.
    """
    _same_length(groups, units)
    if machine is not None:
        _same_length(groups, machine)
    found = {}
    for name in sorted({group for group in groups if group is not None}):
        rows = [row for row, group in enumerate(groups) if group == name]
        own = [units[row] for row in rows]
        if machine is None:
            found[name] = agreement(own, least=least, seed=seed, n_draws=n_draws)
        else:
            theirs = [machine[row] for row in rows]
            found[name] = agreement_with_machine(
                own, theirs, least=least, seed=seed, n_draws=n_draws
            )
    return found


def _same_length(one: Sequence[object], other: Sequence[object]) -> None:
    """Refuse columns that do not speak of the same units."""
    if len(one) != len(other):
        raise OptionsError("All columns must speak of the same units.")
