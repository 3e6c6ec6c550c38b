"""The graph of nearest neighbours, balanced between languages, and its spectral coordinates."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigsh

from nlp.features.space import Dense, Space

Graph = Any

#: Rows compared at a time, so that memory stays bounded.
_BLOCK = 1024
#: Up to this many passages all eigenvectors are computed: exact, and faster than iterating.
_DENSE = 500


def _nearest(
    rows: Dense, others: Dense, n_nearest: int, *, same: bool, progress: Callable[[float], None]
) -> tuple[npt.NDArray[np.int64], Dense]:
    """Return the numbers and cosines of the nearest others of each row, itself left out."""
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


def _report(progress: Callable[[float], None], base: float, share: float, done: float) -> None:
    """Tell the whole how far a part of it is."""
    progress(base + share * done)


def neighbour_graph(
    space: Space,
    groups: Sequence[str],
    *,
    n_neighbours: int = 10,
    progress: Callable[[float], None] = lambda _: None,
) -> Graph:
    """Return the symmetric graph of nearest neighbours.

    Each passage is joined to its nearest ones in its own language by the *within* view, and to as
    many in every other language by the *across* view: without that balance the nearest are nearly
    always of one's own language, and clusters become languages. A corpus of one language gets
    half as many again.

    Parameters
    ----------
    space : Space
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
    n_wanted = n_neighbours if len(members) > 1 else n_neighbours + n_neighbours // 2
    rows, columns, weights = [], [], []
    n_pairs = len(members) ** 2
    for number, (mine, theirs) in enumerate((a, b) for a in members for b in members):
        same = mine is theirs
        view = space.within if same else space.across
        # A language of few passages must not be everyone's neighbour.
        n_nearest = min(n_wanted, len(theirs) - same, max(1, len(theirs) // 3))
        if n_nearest < 1 or len(theirs) - same < 1:
            continue
        base = number / n_pairs
        found, cosines = _nearest(
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


def spectral_coordinates(graph: Graph, n_coordinates: int) -> Dense:
    """Return the leading eigenvectors of the normalised graph (Ng, Jordan and Weiss, 2001).

    Parameters
    ----------
    graph : sparse matrix, shape (n, n)
    n_coordinates : int
        How many, at most n.

    Returns
    -------
    array, shape (n, n_coordinates)
        Greatest eigenvalue first; signs fixed so that results do not depend on the solver.
    """
    n = graph.shape[0]
    n_coordinates = min(n_coordinates, n)
    inverse = sparse.diags(1 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel() + 1e-12))
    normal = inverse @ graph @ inverse
    if n <= max(_DENSE, n_coordinates + 2):
        values, vectors = np.linalg.eigh(normal.toarray())
    else:
        start = np.ones(n) / np.sqrt(n)
        try:
            values, vectors = eigsh(normal, k=n_coordinates, which="LA", v0=start, tol=1e-6)
        except ArpackNoConvergence as error:
            values, vectors = error.eigenvalues, error.eigenvectors
    order = np.argsort(-values, kind="stable")[:n_coordinates]
    vectors = vectors[:, order]
    peaks = np.argmax(np.round(np.abs(vectors), 9), axis=0)
    signs = np.sign(vectors[peaks, np.arange(vectors.shape[1])])
    return np.asarray(vectors * np.where(signs == 0, 1, signs))
