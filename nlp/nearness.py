"""Themes so near to each other that merging them is worth proposing, with the evidence."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.clustering.kmeans import sums_by
from nlp.errors import OptionsError
from nlp.features.counts import Dense, unit

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Cosine of two themes' centres, and share of passages that could be in either, from which
#: merging is proposed.
LEAST_COSINE, LEAST_SHARE = 0.45, 0.12
#: Passages of a theme under which its centre says little.
LEAST_PASSAGES = 3
#: How much nearer its own centre a passage must be, by cosine, to be of this theme alone.
_EITHER = 0.1


class NearPair(NamedTuple):
    """Two themes that are near each other, ``first`` before ``second``.

    ``cosine``, in [-1, 1], is that of their centres. Of the passages of both, ``second_best`` is
    the share whose next nearest theme is the other one, and ``either`` the share of those among
    them that are hardly nearer to their own, or nearer to the other; both in [0, 1]. ``worth``, in
    [0, 1], is the geometric mean of the cosine and of ``either``.
    """

    first: int
    second: int
    cosine: float
    second_best: float
    either: float
    worth: float


def near_pairs(
    vectors: npt.NDArray[np.floating[Any]],
    labels: Sequence[int] | Integers,
    *,
    least_cosine: float = LEAST_COSINE,
    least_share: float = LEAST_SHARE,
    most: int = 20,
) -> list[NearPair]:
    """Return the pairs of themes that are worth a question whether to merge them.

    A pair is one if its centres are near by cosine and if many passages of both could be in either.

    Parameters
    ----------
    vectors : array, shape (n, d), rows of length 1 or 0
        Passages (:func:`nlp.embedding.vectors_of`).
    labels : array-like of int, shape (n,)
        Theme of each, any number of 0 and more; -1 for none.
    least_cosine, least_share : float
        What the cosine of the centres, and the share of passages that could be in either, must
        reach, in [0, 1].
    most : int
        Pairs given at most.

    Returns
    -------
    list of NearPair
        Those of greatest worth first.

    Raises
    ------
    OptionsError
        If the lengths differ.
    """
    themes = np.asarray(labels, dtype=np.int64)
    if len(themes) != len(vectors):
        raise OptionsError("As many labels as vectors.")
    unit_rows = np.asarray(vectors, dtype=np.float32)
    told = np.flatnonzero((themes >= 0) & (np.abs(unit_rows).sum(axis=1) > 0))
    names, numbers, sizes = np.unique(themes[told], return_inverse=True, return_counts=True)
    if len(names) < 2:
        return []
    centres = unit(sums_by(numbers, unit_rows[told], len(names)))
    seconds, eithers = _shared(unit_rows[told], numbers, centres)
    cosines = centres @ centres.T
    found = []
    for one, other in zip(*np.triu_indices(len(names), k=1), strict=True):
        size = int(sizes[one] + sizes[other])
        cosine = round(float(cosines[one, other]), 4)
        either = round(float(eithers[one, other] + eithers[other, one]) / size, 4)
        if min(sizes[one], sizes[other]) < LEAST_PASSAGES:
            continue
        if cosine < least_cosine or either < least_share:
            continue
        second = round(float(seconds[one, other] + seconds[other, one]) / size, 4)
        worth = round((max(cosine, 0.0) * either) ** 0.5, 4)
        found.append(NearPair(int(names[one]), int(names[other]), cosine, second, either, worth))
    found.sort(key=lambda pair: (-pair.worth, pair.first, pair.second))
    return found[:most]


def _shared(vectors: Dense, numbers: Integers, centres: Dense) -> tuple[Floats, Floats]:
    """Count the passages of each theme whose next one is each other, and those that waver.

    Both of shape (n_themes, n_themes).
    """
    cosines = vectors @ centres.T
    rows = np.arange(len(numbers))
    own = cosines[rows, numbers].copy()
    cosines[rows, numbers] = -np.inf
    nexts = np.argmax(np.round(cosines, 6), axis=1)
    wavers = own - cosines[rows, nexts] < _EITHER
    shape = (len(centres), len(centres))
    seconds, eithers = np.zeros(shape), np.zeros(shape)
    np.add.at(seconds, (numbers, nexts), 1.0)
    np.add.at(eithers, (numbers[wavers], nexts[wavers]), 1.0)
    return seconds, eithers
