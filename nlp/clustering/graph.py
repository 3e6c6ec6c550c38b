"""The graph of nearest neighbours, balanced between languages."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.clustering.cells import CellIndex
from nlp.clustering.kmeans import Dense
from nlp.features.block import Views

Graph = Any

#: Neighbours sought in each language.
N_NEIGHBOURS = 10
#: Rows compared at a time, so that memory stays bounded.
_BLOCK = 1024
#: Pairs up to which all are compared; beyond, only those of near cells.
_MOST_PAIRS = 150_000_000


def nearest(
    rows: Dense, others: Dense, n_nearest: int, *, same: bool, progress: Callable[[float], None]
) -> tuple[npt.NDArray[np.int64], Dense]:
    """Return the numbers and cosines of the nearest others of each row, itself left out."""
    if len(rows) * len(others) > _MOST_PAIRS:
        return CellIndex(others).nearest(rows, n_nearest, same=same, progress=progress)
    numbers = np.empty((len(rows), n_nearest), dtype=np.int64)
    cosines = np.empty((len(rows), n_nearest))
    left, right = rows.astype(np.float32), others.astype(np.float32)
    for start in range(0, len(rows), _BLOCK):
        block = left[start : start + _BLOCK] @ right.T
        if same:
            block[np.arange(len(block)), np.arange(start, start + len(block))] = -2.0
        # Rounded, and ties broken by position, so that equal neighbours are always the same ones.
        order = (
            np.argsort(-np.round(block, 5), axis=1, kind="stable") if block.size < 250_000 else None
        )
        if order is None:
            order = np.argpartition(-block, n_nearest - 1, axis=1)
        chosen = order[:, :n_nearest]
        numbers[start : start + _BLOCK] = chosen
        cosines[start : start + _BLOCK] = np.take_along_axis(block, chosen, axis=1)
        progress(min(1.0, (start + _BLOCK) / len(rows)))
    return numbers, cosines


def wanted_neighbours(n_groups: int, n_neighbours: int = N_NEIGHBOURS) -> int:
    """Return how many neighbours are sought in each language: more where there is only one."""
    return n_neighbours if n_groups > 1 else n_neighbours + n_neighbours // 2


def most_neighbours(n_wanted: int, n_there: int) -> int:
    """Return how many neighbours a language gives: one of few passages not everyone's."""
    return min(n_wanted, n_there, max(1, (n_there + 1) // 3))


def _report(progress: Callable[[float], None], base: float, share: float, done: float) -> None:
    """Tell the whole how far a part of it is."""
    progress(base + share * done)


def neighbour_graph(
    views: Views,
    groups: Sequence[str],
    *,
    n_neighbours: int = N_NEIGHBOURS,
    progress: Callable[[float], None] = lambda _: None,
) -> Graph:
    """Return the symmetric graph of nearest neighbours.

    Each passage is joined to its nearest ones in its own language by the *within* view, and to as
    many in every other language by the *across* view: without that balance the nearest are nearly
    always of one's own language, and clusters become languages. A corpus of one language gets
    half as many again.

    Parameters
    ----------
    views : Views
        Vectors of n passages.
    groups : sequence of str, length n
        Language group of each passage.
    n_neighbours : int
        Neighbours sought in each language.

    Returns
    -------
    sparse matrix, shape (n, n)
        Cosines of neighbours, none negative.
    """
    names = np.array(groups, dtype=object)
    members = [np.flatnonzero(names == name) for name in sorted(set(groups))]
    n_wanted = wanted_neighbours(len(members), n_neighbours)
    rows, columns, weights = [], [], []
    n_pairs = len(members) ** 2
    for number, (mine, theirs) in enumerate((a, b) for a in members for b in members):
        same = mine is theirs
        view = views.within if same else views.across
        n_nearest = most_neighbours(n_wanted, len(theirs) - same)
        if n_nearest < 1 or len(theirs) - same < 1:
            continue
        base = number / n_pairs
        found, cosines = nearest(
            view[mine],
            view[theirs],
            n_nearest,
            same=same,
            progress=partial(_report, progress, base, 1 / n_pairs),
        )
        rows.append(np.repeat(mine, n_nearest))
        columns.append(theirs[found.ravel()])
        weights.append(np.maximum(cosines.ravel(), 1e-6))
    shape = (len(groups), len(groups))
    if not rows:
        return sparse.csr_matrix(shape)
    where = (np.concatenate(rows), np.concatenate(columns))
    graph = sparse.csr_matrix((np.concatenate(weights), where), shape=shape)
    return (graph + graph.T) / 2
