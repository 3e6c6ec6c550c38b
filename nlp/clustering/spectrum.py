"""Spectral coordinates of a graph: where a walk along its edges leads."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse.linalg import ArpackNoConvergence, eigsh
from sklearn.preprocessing import normalize

from nlp.clustering.kmeans import Dense

Graph = Any

#: Up to this many passages all eigenvectors are computed: exact, and faster than iterating.
_DENSE = 400
#: From this many on, subspace iteration: cost grows with the edges alone.
_LARGE = 3_000
#: Rounds of the iteration from nothing, and from coordinates of nearly the same graph.
_ROUNDS, _WARM_ROUNDS = 30, 6
#: Directions carried beside those wanted.
_BESIDE = 12
#: Steps of the walk: how much the leading coordinates count more than the others.
_STEPS = 4


class Spectrum:
    """Leading eigenvectors of the normalised graph, (Ng, Jordan and Weiss, 2001).

    Parameters
    ----------
    n_coordinates : int
        How many, at most as many as passages.

    Attributes
    ----------
    vectors_ : array, shape (n, n_coordinates)
        Greatest eigenvalue first; signs fixed so that results do not depend on the solver.
    values_ : array, shape (n_coordinates,)
    """

    def __init__(self, n_coordinates: int) -> None:
        """Keep the parameter."""
        self.n_coordinates = n_coordinates
        self.vectors_: Dense = np.zeros((0, 0))
        self.values_: Dense = np.zeros(0)

    def fit(self, graph: Graph, *, near: "Spectrum | None" = None) -> "Spectrum":
        """Find the eigenvectors of a graph, sparse, shape (n, n).

        ``near`` is the spectrum of nearly the same graph, from which fewer rounds lead there.
        """
        n = graph.shape[0]
        wanted = min(self.n_coordinates, n)
        inverse = sparse.diags(1 / np.sqrt(np.asarray(graph.sum(axis=1)).ravel() + 1e-12))
        normal = (inverse @ graph @ inverse).tocsr()
        if n <= max(_DENSE, wanted + 2):
            values, vectors = np.linalg.eigh(normal.toarray())
        elif near is not None:
            values, vectors = _iterated(normal, near.vectors_, _WARM_ROUNDS)
        elif n <= _LARGE:
            values, vectors = _solved(normal, wanted)
        else:
            start = np.random.default_rng(n).standard_normal((n, wanted + _BESIDE))
            values, vectors = _iterated(normal, start, _ROUNDS)
        order = np.argsort(-values, kind="stable")[:wanted]
        vectors = vectors[:, order]
        peaks = np.argmax(np.round(np.abs(vectors), 9), axis=0)
        signs = np.sign(vectors[peaks, np.arange(vectors.shape[1])])
        self.vectors_ = np.asarray(vectors * np.where(signs == 0, 1, signs))
        self.values_ = values[order]
        return self

    def coordinates(self) -> Dense:
        """Return where walks of a few steps lead (Coifman and Lafon, 2006), rows of length 1."""
        return np.asarray(normalize(self.vectors_ * np.maximum(self.values_, 0) ** _STEPS))


def _solved(normal: Graph, n_wanted: int) -> tuple[Dense, Dense]:
    """Return eigenvalues and eigenvectors to a good precision."""
    start = np.ones(normal.shape[0]) / np.sqrt(normal.shape[0])
    try:
        return eigsh(normal, k=n_wanted, which="LA", v0=start, tol=1e-5)  # type: ignore[no-any-return]
    except ArpackNoConvergence as error:
        return error.eigenvalues, error.eigenvectors


def _iterated(normal: Graph, start: Dense, n_rounds: int) -> tuple[Dense, Dense]:
    """Return approximate eigenvalues and eigenvectors by subspace iteration from a start."""
    # Single precision is enough on the way, and twice as fast.
    basis = np.ascontiguousarray(start, dtype=np.float32)
    exact, normal = normal, normal.astype(np.float32)
    for number in range(n_rounds):
        # Half a step stays where it is: negative eigenvalues must not come to the front.
        basis = np.float32(0.5) * (basis + normal @ basis)
        if number % 6 == 5:
            basis, _ = np.linalg.qr(basis)
    basis, _ = np.linalg.qr(basis.astype(np.float64))
    values, turn = np.linalg.eigh(basis.T @ (exact @ basis))
    return values, basis @ turn
