"""Consensus of perturbed runs: what many partitions agree on, and how much.

Each run loses a part of the graph's edges and starts elsewhere. Passages then get as coordinates
the clusters they were in, run by run (cluster ensembles, Strehl and Ghosh, 2002), and the final
partition divides these.
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.preprocessing import normalize

from nlp.clustering.kmeans import Dense, Labels, SphericalKMeans
from nlp.clustering.spectrum import Graph, Spectrum

#: Share of the graph's edges that a perturbed run loses.
LOST_SHARE = 0.25


def without_some_edges(graph: Graph, generator: np.random.Generator) -> Graph:
    """Return the graph with some of its edges gone, both directions together."""
    upper = sparse.triu(graph, k=1).tocoo()
    kept = generator.random(upper.nnz) >= LOST_SHARE
    where = (upper.row[kept], upper.col[kept])
    half = sparse.csr_matrix((upper.data[kept], where), shape=graph.shape)
    return (half + half.T).tocsr()


def perturbed_coordinates(graph: Graph, spectrum: Spectrum, seed: int, run: int) -> Dense:
    """Return the coordinates of passages in a graph that lost some edges."""
    thinned = without_some_edges(graph, np.random.default_rng([seed, run]))
    return Spectrum(spectrum.n_coordinates).fit(thinned, near=spectrum).coordinates()


def consensus_labels(runs: Sequence[Labels], n_themes: int, seed: int) -> Labels:
    """Return the partition that agrees with the runs, shape (n,)."""
    parts = []
    for labels in runs:
        sizes = np.maximum(np.bincount(labels, minlength=n_themes), 1)
        rows = np.arange(len(labels))
        values = 1 / np.sqrt(sizes[labels])
        parts.append(sparse.csr_matrix((values, (rows, labels)), shape=(len(labels), len(sizes))))
    member = sparse.hstack(parts).tocsr()
    _, directions = np.linalg.eigh((member.T @ member).toarray())
    leading = np.asarray(member @ directions[:, ::-1][:, :n_themes])
    # What is only rounding noise must not depend on the solver.
    model = SphericalKMeans(n_themes, n_init=6, random_state=seed)
    return model.fit(np.asarray(normalize(np.round(leading, 9)))).labels_


def votes(runs: Sequence[Labels], labels: Labels, n_themes: int) -> Dense:
    """Return how much the runs place each passage in each theme, shape (n, n_themes), rows of 1.

    A run speaks for a theme by the share of the passage's cluster in it that the theme holds.
    """
    total = np.zeros((len(labels), n_themes))
    for run in runs:
        table = np.zeros((int(run.max()) + 1, n_themes))
        np.add.at(table, (run, labels), 1.0)
        table /= np.maximum(table.sum(axis=1, keepdims=True), 1)
        total += table[run]
    return total / len(runs)


def best_overlaps(labels: Labels, others: Labels) -> Dense:
    """Return for each cluster its greatest Jaccard overlap with a cluster of another run."""
    table = np.zeros((int(labels.max()) + 1, int(others.max()) + 1))
    np.add.at(table, (labels, others), 1)
    union = table.sum(axis=1)[:, None] + table.sum(axis=0)[None, :] - table
    return np.asarray((table / union).max(axis=1))
