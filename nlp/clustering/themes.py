"""Partition of passages into themes, with margins of passages and stabilities of themes."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from nlp.clustering.graph import Graph, spectral_coordinates
from nlp.clustering.kmeans import Labels, SphericalKMeans
from nlp.features.space import Dense

#: Numbers of themes tried when none is asked for.
FEWEST_THEMES, MOST_THEMES = 5, 30
#: Passages a theme should have on average before one more theme is tried.
PASSAGES_A_THEME = 8
#: Difference of modularity that is too small to prefer one number of themes to another.
NEARLY_AS_GOOD = 0.01
#: Perturbed runs by which stability is measured.
N_PERTURBED = 6
#: Share of the graph's edges that a perturbed run loses.
LOST_SHARE = 0.2

Progress = Callable[[float], None]


class Partition(NamedTuple):
    """Themes of n passages.

    ``labels`` (n,) theme of each passage, -1 for one that cannot be compared with any other;
    ``margins`` (n,) in [0, 1]; ``centralities`` (n,) in [-1, 1], cosine with the theme's centre;
    ``stabilities`` (n_themes,) in [0, 1], NaN where nothing was measured.
    """

    labels: Labels
    margins: Dense
    centralities: Dense
    stabilities: Dense


def candidate_numbers(n_passages: int) -> list[int]:
    """Return the numbers of themes worth trying for a number of passages."""
    most = min(MOST_THEMES, n_passages // PASSAGES_A_THEME)
    if most <= FEWEST_THEMES:
        return [max(1, min(FEWEST_THEMES, n_passages // 3))]
    steps = [*range(FEWEST_THEMES, 13), *range(14, 21, 2), *range(22, MOST_THEMES + 1, 4)]
    return [number for number in steps if number <= most]


def modularity(graph: Graph, labels: Labels) -> float:
    """Return how much more edge weight lies inside clusters than chance gives (Newman, 2006)."""
    weight = graph.sum()
    if weight <= 0:
        return 0.0
    n_clusters = int(labels.max()) + 1
    member = sparse.csr_matrix((np.ones(len(labels)), (np.arange(len(labels)), labels)))
    inside = (member.T @ graph @ member).diagonal().sum() / weight
    degrees = np.bincount(labels, np.asarray(graph.sum(axis=1)).ravel(), minlength=n_clusters)
    return float(inside - ((degrees / weight) ** 2).sum())


def without_some_edges(graph: Graph, generator: np.random.Generator) -> Graph:
    """Return the graph with a fifth of its edges gone, both directions together."""
    upper = sparse.triu(graph, k=1).tocoo()
    kept = generator.random(upper.nnz) >= LOST_SHARE
    where = (upper.row[kept], upper.col[kept])
    half = sparse.csr_matrix((upper.data[kept], where), shape=graph.shape)
    return half + half.T


class ThemeClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Spectral clustering of a neighbour graph, with the number of themes found by stability.

    The number of themes, when not given, is taken among those whose partitions cut the graph best
    (modularity within .01 of the best): the one whose starts agree most (adjusted Rand index).

    Parameters
    ----------
    n_themes : int or None
        Number of themes; fewer come out where there are fewer passages.
    n_init : int
        Starts of the final partition.
    random_state : int
        Seed.

    Attributes
    ----------
    n_themes_ : int
    partition_ : Partition
    labels_ : array, shape (n,)
    """

    def __init__(
        self, *, n_themes: int | None = None, n_init: int = 10, random_state: int = 0
    ) -> None:
        """Keep the parameters."""
        self.n_themes = n_themes
        self.n_init = n_init
        self.random_state = random_state

    def fit(self, graph: Graph, *, progress: Progress = lambda _: None) -> "ThemeClusterer":
        """Find the themes of a graph, sparse, shape (n, n)."""
        joined = np.flatnonzero(np.asarray(graph.sum(axis=1)).ravel() > 1e-4)
        labels = np.full(graph.shape[0], -1, dtype=np.int64)
        margins, centralities = np.zeros(len(labels)), np.zeros(len(labels))
        stabilities: Dense = np.zeros(0)
        if len(joined):
            inner = graph[joined][:, joined]
            inner_partition = self._partition(inner, progress)
            labels[joined] = inner_partition.labels
            margins[joined] = inner_partition.margins
            centralities[joined] = inner_partition.centralities
            stabilities = inner_partition.stabilities
        self.n_themes_ = len(stabilities)
        self.partition_ = Partition(labels, margins, centralities, stabilities)
        self.labels_ = labels
        progress(1.0)
        return self

    def _partition(self, graph: Graph, progress: Progress) -> Partition:
        """Partition passages that all have neighbours."""
        n = graph.shape[0]
        numbers = candidate_numbers(n) if self.n_themes is None else [min(self.n_themes, n)]
        coordinates = spectral_coordinates(graph, max(numbers))
        progress(0.2)
        n_themes = self._best_number(graph, coordinates, numbers, progress)
        final = self._clustered(coordinates, n_themes, self.n_init, self.random_state)
        labels = _renumbered(final.labels_)
        progress(0.6)
        unit = normalize(coordinates[:, :n_themes])
        margins, centralities = _margins(unit, labels)
        stabilities = self._stabilities(graph, labels, n_themes, progress)
        return Partition(labels, margins, centralities, stabilities)

    def _clustered(
        self, coordinates: Dense, n_themes: int, n_init: int, seed: int
    ) -> SphericalKMeans:
        """Run k-means in as many spectral coordinates as there are themes."""
        unit = normalize(coordinates[:, :n_themes])
        return SphericalKMeans(n_themes, n_init=n_init, random_state=seed).fit(unit)

    def _best_number(
        self, graph: Graph, coordinates: Dense, numbers: list[int], progress: Progress
    ) -> int:
        """Return the number whose partitions agree most, among those that cut the graph best."""
        if len(numbers) == 1:
            return numbers[0]
        cuts, agreements = [], []
        for at, number in enumerate(numbers):
            runs = [
                self._clustered(coordinates, number, 2, self.random_state + 100 + seed).labels_
                for seed in range(3)
            ]
            pairs = [adjusted_rand_score(runs[i], runs[j]) for i in range(3) for j in range(i)]
            agreements.append(float(np.mean(pairs)))
            cuts.append(max(modularity(graph, run) for run in runs))
            progress(0.2 + 0.3 * (at + 1) / len(numbers))
        is_good = np.array(cuts) >= max(cuts) - NEARLY_AS_GOOD
        return numbers[int(np.argmax(np.round(np.where(is_good, agreements, -1.0), 6)))]

    def _stabilities(
        self, graph: Graph, labels: Labels, n_themes: int, progress: Progress
    ) -> Dense:
        """Return each theme's mean best overlap with perturbed runs (Hennig, 2007)."""
        n_found = int(labels.max()) + 1
        if len(labels) < 2 * n_found or n_found < 2:
            return np.full(n_found, np.nan)
        overlaps = np.zeros((N_PERTURBED, n_found))
        for run in range(N_PERTURBED):
            generator = np.random.default_rng([self.random_state, run])
            thinned = without_some_edges(graph, generator)
            coordinates = spectral_coordinates(thinned, n_themes)
            others = self._clustered(
                coordinates, n_themes, 3, self.random_state + 200 + run
            ).labels_
            overlaps[run] = _best_overlaps(labels, others)
            progress(0.6 + 0.4 * (run + 1) / N_PERTURBED)
        return np.asarray(overlaps.mean(axis=0))


def _renumbered(labels: Labels) -> Labels:
    """Number the clusters by first appearance, without gaps."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])


def _margins(unit: Dense, labels: Labels) -> tuple[Dense, Dense]:
    """Return (margins, centralities): how much nearer the own centre is than the next one."""
    n_found = int(labels.max()) + 1
    sums = np.zeros((n_found, unit.shape[1]))
    np.add.at(sums, labels, unit)
    cosines = unit @ normalize(sums).T
    rows = np.arange(len(unit))
    own = cosines[rows, labels].copy()
    if n_found < 2:
        return np.clip(own, 0, 1), own
    cosines[rows, labels] = -np.inf
    # Angles rather than cosines: in spectral coordinates all cosines with the own centre are high.
    mine, next_one = np.arccos(np.clip(own, -1, 1)), np.arccos(np.clip(cosines.max(axis=1), -1, 1))
    margins = (next_one - mine) / np.maximum(np.maximum(mine, next_one), 1e-9)
    return np.clip(margins, 0, 1), own


def _best_overlaps(labels: Labels, others: npt.NDArray[np.int64]) -> Dense:
    """Return for each cluster its greatest Jaccard overlap with a cluster of another run."""
    table = np.zeros((int(labels.max()) + 1, int(others.max()) + 1))
    np.add.at(table, (labels, others), 1)
    union = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
    return np.asarray((table / union).max(axis=1))
