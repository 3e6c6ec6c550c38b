"""Partition of passages into themes, with margins of passages and stabilities of themes."""

from collections.abc import Callable
from functools import partial
from itertools import combinations
from typing import NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize

from nlp.clustering.consensus import (
    best_overlaps,
    consensus_labels,
    perturbed_coordinates,
    votes,
)
from nlp.clustering.kmeans import Dense, Labels, SphericalKMeans, sums_by
from nlp.clustering.placing import judged
from nlp.clustering.spectrum import Graph, Spectrum
from nlp.threads import in_threads

#: Numbers of themes tried when none is asked for.
FEWEST_THEMES, MOST_THEMES = 5, 70
#: Passages a theme should have on average before one more theme is tried.
PASSAGES_A_THEME = 8
#: Themes expected in a corpus: this share of the square root of the number of passages.
EXPECTED_SHARE = 0.5
#: What is taken off the agreement of runs when the number is twice, or half, the expected one.
SURPRISE = 0.6
#: Perturbed runs, and those of them that choose the number of themes.
N_RUNS, N_CHOOSING = 8, 3
#: Passages on which the number of themes is chosen in large corpora.
_MOST_CHOOSING = 2_000
#: Passages from which one start is enough for a run, and as many coordinates as themes.
_LARGE = 5_000
#: Spectral coordinates: three a theme, within these bounds.
_FEWEST_COORDINATES, _MOST_COORDINATES = 32, 96

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
    expected = EXPECTED_SHARE * n_passages**0.5
    steps = [*range(FEWEST_THEMES, 21), 22, 24, 27, 30, 34, 38, 43, 48, 54, 61, MOST_THEMES]
    kept = [n for n in steps if n <= most and expected / 2 <= n <= expected * 2]
    return kept or [most if expected > most else FEWEST_THEMES]


def surprise(n_themes: int, n_passages: int) -> float:
    """Return what a number of themes has against it, from the size of the corpus alone."""
    expected = EXPECTED_SHARE * n_passages**0.5
    return SURPRISE * float(np.log2(n_themes / expected)) ** 2


class ThemeClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Consensus of perturbed spectral clusterings, with the number of themes by stability.

    The number of themes, when not given, is the one on which runs on perturbed graphs agree most
    (adjusted Rand index), less what the size of the corpus has against it.

    Parameters
    ----------
    n_themes : int or None
        Number of themes; fewer come out where there are fewer passages.
    random_state : int
        Seed.

    Attributes
    ----------
    n_themes_ : int
    partition_ : Partition
    labels_ : array, shape (n,)
    coordinates_ : array, shape (n, k), rows of length 1 or 0
        Where walks from each passage lead, in the graph undisturbed.
    """

    def __init__(self, *, n_themes: int | None = None, random_state: int = 0) -> None:
        """Keep the parameters."""
        self.n_themes = n_themes
        self.random_state = random_state

    def fit(
        self,
        graph: Graph,
        *,
        n_passages: int | None = None,
        progress: Progress = lambda _: None,
    ) -> "ThemeClusterer":
        """Find the themes of a graph, sparse, shape (n, n).

        Parameters
        ----------
        graph : sparse matrix
        n_passages : int, optional
            Size of the corpus that the graph is a part of; n when not given.
        """
        self._n_passages = n_passages or graph.shape[0]
        joined = np.flatnonzero(np.asarray(graph.sum(axis=1)).ravel() > 1e-4)
        labels = np.full(graph.shape[0], -1, dtype=np.int64)
        margins, centralities = np.zeros(len(labels)), np.zeros(len(labels))
        stabilities: Dense = np.zeros(0)
        self.coordinates_: Dense = np.zeros((len(labels), 1))
        if len(joined):
            inner = graph[joined][:, joined]
            inner_partition = self._partition(inner, progress)
            labels[joined] = inner_partition.labels
            margins[joined] = inner_partition.margins
            centralities[joined] = inner_partition.centralities
            stabilities = inner_partition.stabilities
            self.coordinates_ = np.zeros((len(labels), self._inner.shape[1]))
            self.coordinates_[joined] = self._inner
        self.n_themes_ = len(stabilities)
        self.partition_ = Partition(labels, margins, centralities, stabilities)
        self.labels_ = labels
        progress(1.0)
        return self

    def _partition(self, graph: Graph, progress: Progress) -> Partition:
        """Partition passages that all have neighbours."""
        n = graph.shape[0]
        # A part of a corpus has the number of themes of the whole, as far as it can hold them.
        known = self.n_themes is not None
        whole = min(self._n_passages, n * PASSAGES_A_THEME)
        numbers = [min(self.n_themes or n, n)] if known else candidate_numbers(whole)
        most = max(numbers)
        wanted = min(3 * most, _MOST_COORDINATES) if n < _LARGE else most
        spectrum = Spectrum(min(n, max(wanted, most, _FEWEST_COORDINATES))).fit(graph)
        progress(0.25)
        views = in_threads(
            lambda run: perturbed_coordinates(graph, spectrum, self.random_state, run),
            range(N_RUNS),
        )
        progress(0.55)
        n_themes = self._best_number(views[:N_CHOOSING], numbers, progress)
        n_init = 2 if n < _LARGE else 1
        runs = in_threads(lambda run: self._run(views[run], n_themes, n_init, run), range(N_RUNS))
        progress(0.9)
        labels = _renumbered(consensus_labels(runs, n_themes, self.random_state))
        self._inner = spectrum.coordinates()
        return _judged(labels, runs, self._inner)

    def _run(self, coordinates: Dense, n_themes: int, n_init: int, run: int) -> Labels:
        """Return the clusters of one run."""
        seed = self.random_state * 31 + run
        model = SphericalKMeans(n_themes, n_init=n_init, random_state=seed)
        return model.fit(coordinates).labels_

    def _run_part(self, parts: list[Dense], number: int, run: int) -> Labels:
        """Return the clusters of one of the runs that choose the number of themes."""
        return self._run(parts[run], number, 1, run)

    def _best_number(self, views: list[Dense], numbers: list[int], progress: Progress) -> int:
        """Return the number of themes that runs agree on most, for a corpus of this size."""
        if len(numbers) == 1:
            return numbers[0]
        n = len(views[0])
        parts = [view[:: -(-n // _MOST_CHOOSING)] for view in views]
        agreements = []
        for at, number in enumerate(numbers):
            runs = in_threads(partial(self._run_part, parts, number), range(len(parts)))
            agreement = np.mean([adjusted_rand_score(a, b) for a, b in combinations(runs, 2)])
            agreements.append(float(agreement))
            progress(0.55 + 0.3 * (at + 1) / len(numbers))
        # Neighbouring numbers speak too: agreement of a few runs is a noisy measure.
        padded = np.pad(agreements, 1, mode="edge")
        smooth = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
        against = [surprise(number, self._n_passages) for number in numbers]
        merits = np.asarray(smooth) - against
        return numbers[int(np.argmax(np.round(merits, 6)))]


def _judged(labels: Labels, runs: list[Labels], coordinates: Dense) -> Partition:
    """Measure how sure the places of passages are, and how stable the themes."""
    n_found = int(labels.max()) + 1
    cosines = coordinates @ normalize(sums_by(labels, coordinates, n_found)).T
    margins, centralities = judged(labels, votes(runs, labels, n_found), cosines)
    if len(labels) < 2 * n_found or n_found < 2:
        stabilities = np.full(n_found, np.nan)
    else:
        stabilities = np.mean([best_overlaps(labels, run) for run in runs], axis=0)
    return Partition(labels, margins, centralities, np.asarray(stabilities))


def _renumbered(labels: Labels) -> Labels:
    """Number the clusters by first appearance, without gaps."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse])
