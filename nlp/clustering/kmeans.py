"""K-means on the sphere (Dhillon and Modha, 2001), the best of several starts."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.preprocessing import normalize

Labels = npt.NDArray[np.int64]
Dense = npt.NDArray[Any]


#: Vectors from which the rounds run on a part of them; all the others then join the nearest.
MOST_FITTED = 20_000


def sums_by(labels: Labels, vectors: Dense, n_clusters: int) -> Dense:
    """Return the sum of the vectors of each cluster, shape (n_clusters, d)."""
    rows = np.arange(len(labels))
    shape = (n_clusters, len(labels))
    ones = np.ones(len(labels), dtype=vectors.dtype)
    member = sparse.csr_matrix((ones, (labels, rows)), shape=shape)
    return np.asarray(member @ vectors)


def spread_rows(vectors: Dense, n_rows: int, seed: int) -> npt.NDArray[np.int64]:
    """Return rows far from one another to start from (greedy k-means++, Arthur et al., 2007).

    Of a few rows drawn by their distance from those taken, the one that leaves least is taken.
    """
    generator = np.random.default_rng(seed)
    n_tried = 2 + int(np.log(n_rows))
    chosen = [int(generator.integers(len(vectors)))]
    left = np.maximum(1 - vectors @ vectors[chosen[0]], 0)
    while len(chosen) < n_rows:
        running = np.cumsum(left, dtype=np.float64)
        drawn = generator.random(n_tried) * running[-1]
        tried = np.minimum(np.searchsorted(running, drawn), len(vectors) - 1)
        rest = np.minimum(left, np.maximum(1 - vectors[tried] @ vectors.T, 0))
        best = int(np.argmin(rest.sum(axis=1)))
        chosen.append(int(tried[best]))
        left = rest[best]
    return np.array(chosen)


class SphericalKMeans(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Partition of vectors of length 1 by the cosine with the mean of each cluster.

    Parameters
    ----------
    n_clusters : int
        Clusters sought, at most the number of vectors.
    n_init : int
        Starts tried; the one with the greatest sum of cosines is kept.
    max_iter : int
        Rounds of one start at most.
    random_state : int
        Seed of the starts.

    Attributes
    ----------
    labels_ : array, shape (n,)
    cluster_centers_ : array, shape (n_clusters, d), rows of length 1
    score_ : float
        Mean cosine of the vectors with their centre.
    """

    def __init__(
        self, n_clusters: int, *, n_init: int = 8, max_iter: int = 40, random_state: int = 0
    ) -> None:
        """Keep the parameters."""
        self.n_clusters = n_clusters
        self.n_init = n_init
        self.max_iter = max_iter
        self.random_state = random_state

    def fit(self, vectors: Dense, y: None = None) -> Self:  # noqa: ARG002
        """Find the clusters of vectors, shape (n, d)."""
        best = -np.inf
        # Single precision is enough to tell which centre is nearest, and twice as fast.
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        fitted = vectors[:: -(-len(vectors) // MOST_FITTED)]
        for start in range(self.n_init):
            seed = (self.random_state * 7919 + start) % (2**31)
            labels, centres, score = self._one_start(fitted, seed)
            # A later start must be clearly better, not better by a rounding.
            if score > best + 1e-9:
                best, self.labels_, self.cluster_centers_ = score, labels, centres
        self.score_ = float(best)
        if len(fitted) < len(vectors):
            self.labels_ = np.argmax(vectors @ self.cluster_centers_.T, axis=1)
        return self

    def _one_start(self, vectors: Dense, seed: int) -> tuple[Labels, Dense, float]:
        """Run the rounds of one start."""
        centres = vectors[spread_rows(vectors, self.n_clusters, seed)]
        labels = np.full(len(vectors), -1, dtype=np.int64)
        cosines = vectors @ centres.T
        for _ in range(self.max_iter):
            nearest = np.argmax(cosines, axis=1)
            if np.array_equal(nearest, labels):
                break
            labels = nearest
            sums = sums_by(labels, vectors, self.n_clusters)
            filled = np.abs(sums).sum(axis=1) > 0
            centres = np.where(filled[:, None], normalize(sums), centres)
            cosines = vectors @ centres.T
        return labels, centres, float(cosines[np.arange(len(vectors)), labels].mean())
