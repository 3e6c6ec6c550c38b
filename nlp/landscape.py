"""A map of passages: near means alike, and themes form areas.

Each passage is drawn to its nearest neighbours and pushed off others drawn by chance, as in UMAP
(McInnes, Healy and Melville, 2018) with Student's law in the plane (van der Maaten and Hinton,
2008); all forces of a round are worked out at once. Rounds begin where the leading eigenvectors of
the neighbour graph, or without them the principal components, put the passages. Neighbours in one
theme draw more than others, so that themes form areas.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.manifold import trustworthiness

from nlp.clustering.graph import nearest
from nlp.clustering.spectrum import Spectrum
from nlp.errors import OptionsError
from nlp.features.counts import Dense
from nlp.threads import one_thread

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: Neighbours that draw a passage, and rounds.
N_NEIGHBOURS, N_ROUNDS = 15, 300
#: What a neighbour in another theme draws beside one in the same.
OTHER_THEME = 0.4
#: Others that push a passage in each round, and how much pushing counts beside drawing.
_N_PUSHED, _PUSH = 16, 2.0
#: How far a passage moves in the first round, and at most in any, beside a spread of ten.
_STEP, _MOST_MOVED = 3.0, 4.0
_SPREAD = 10.0
#: Share of passages on either side that may lie on the border of the map.
_OUTSIDE = 0.002
#: Neighbours that place a new passage, and the difference of cosines that divides a weight by e.
_N_PLACING, _SHARPNESS = 8, 0.08
#: Passages on which the quality of a map is measured.
_MOST_MEASURED = 2_000


class _Edges(NamedTuple):
    """Who draws whom, and how much: edges in order of their first end."""

    starts: Integers
    ends: Integers
    weights: Dense
    bounds: Integers


def landscape(
    vectors: npt.NDArray[np.floating[Any]],
    labels: Sequence[int] | Integers | None = None,
    *,
    seed: int = 0,
    n_rounds: int = N_ROUNDS,
    progress: Callable[[float], None] = lambda _: None,
) -> Floats:
    """Draw a map of passages.

    Parameters
    ----------
    vectors : array, shape (n, d), rows of length 1 or 0
        Passages (:func:`nlp.embedding.vectors_of`).
    labels : array-like of int, shape (n,), optional
        Theme of each, -1 for none; None for a map by the vectors alone.
    seed : int
        Seed of everything that draws numbers.
    n_rounds : int
        Rounds, at least 1; their number is what the time grows with.
    progress : callable
        Told the share done, in [0, 1].

    Returns
    -------
    array, shape (n, 2)
        Places in [0, 1] x [0, 1], the same for the same input; NaN for a row of length 0, which is
        like nothing.

    Raises
    ------
    OptionsError
        If lengths differ or a number is outside its range.
    """
    if n_rounds < 1 or (labels is not None and len(labels) != len(vectors)):
        raise OptionsError("A round or more, and as many labels as vectors.")
    rows = np.asarray(vectors, dtype=np.float32)
    known = np.flatnonzero(np.abs(rows).sum(axis=1) > 0)
    places = np.full((len(rows), 2), np.nan)
    if len(known) < 4:
        places[known] = np.linspace(0.25, 0.75, len(known))[:, None]
        return places
    themes = None if labels is None else np.asarray(labels, dtype=np.int64)[known]
    with one_thread():
        graph = _graph(rows[known], themes, lambda done: progress(0.3 * done))
        start = _start(rows[known], graph)
        drawn = _drawn(graph, start, seed, n_rounds, lambda done: progress(0.3 + 0.7 * done))
    places[known] = _framed(drawn)
    return places


def _graph(rows: Dense, themes: Integers | None, progress: Callable[[float], None]) -> Any:
    """Return how much passages draw each other, sparse, symmetric, shape (n, n), in [0, 1]."""
    n = len(rows)
    n_nearest = min(N_NEIGHBOURS, n - 1)
    numbers, cosines = nearest(rows, rows, n_nearest, same=True, progress=progress)
    far = np.arccos(np.clip(cosines, -1, 1))
    first = far.min(axis=1, keepdims=True)
    # The nearest draws fully, the others by how much farther than it they are.
    scale = np.maximum((far - first).mean(axis=1, keepdims=True), 1e-6)
    weights = np.exp(-(far - first) / scale)
    where = (np.repeat(np.arange(n), n_nearest), numbers.ravel())
    drawn = sparse.csr_matrix((weights.ravel(), where), shape=(n, n))
    both = (drawn + drawn.T - drawn.multiply(drawn.T)).tocoo()
    values = both.data
    if themes is not None:
        one, other = themes[both.row], themes[both.col]
        values = np.where((one == other) | (one < 0) | (other < 0), values, OTHER_THEME * values)
    return sparse.csr_matrix((values, (both.row, both.col)), shape=(n, n))


def _start(rows: Dense, graph: Any) -> Floats:
    """Return where the rounds begin, shape (n, 2)."""
    n_groups, _ = sparse.csgraph.connected_components(graph, directed=False)
    if n_groups == 1:
        found = Spectrum(3).fit(graph).vectors_[:, 1:]
    else:
        # Eigenvectors of a graph in pieces only tell the pieces apart.
        centred = rows - rows.mean(axis=0)
        _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        directions = directions[:, ::-1][:, :2]
        peaks = np.argmax(np.round(np.abs(directions), 9), axis=0)
        signs = np.sign(directions[peaks, np.arange(directions.shape[1])])
        found = np.zeros((len(rows), 2))
        found[:, : directions.shape[1]] = centred @ (directions * signs)
    spread = np.abs(found - np.median(found, axis=0))
    widest = np.maximum(np.quantile(spread, 0.95, axis=0), 1e-9)
    return np.asarray(_SPREAD * np.tanh((found - np.median(found, axis=0)) / widest))


def _drawn(
    graph: Any, start: Floats, seed: int, n_rounds: int, progress: Callable[[float], None]
) -> Floats:
    """Let passages draw and push each other; return where they come to rest."""
    coo = graph.tocsr().tocoo()
    bounds = graph.tocsr().indptr[:-1]
    edges = _Edges(coo.row, coo.col, coo.data.astype(np.float32), bounds)
    generator = np.random.default_rng(seed)
    # A little apart, so that passages which say the same do not stay one point.
    places = (start + 0.01 * generator.standard_normal(start.shape)).astype(np.float32)
    for number in range(n_rounds):
        share = _STEP * (1 - number / n_rounds)
        move = _pull(places, edges) + _push(places, generator)
        places += np.clip(share * move, -_MOST_MOVED, _MOST_MOVED)
        if number % 20 == 19:
            progress((number + 1) / n_rounds)
    return places.astype(np.float64)


def _pull(places: Dense, edges: _Edges) -> Dense:
    """Return how the neighbours draw each passage, over their weights, shape (n, 2)."""
    gaps = places[edges.ends] - places[edges.starts]
    lengths = np.einsum("ij,ij->i", gaps, gaps)
    gaps *= (edges.weights / (1 + lengths))[:, None]
    total = np.add.reduceat(edges.weights, edges.bounds)
    return np.asarray(np.add.reduceat(gaps, edges.bounds, axis=0) / total[:, None])


def _push(places: Dense, generator: np.random.Generator) -> Dense:
    """Return how some others, drawn by chance, push each passage, shape (n, 2)."""
    n = len(places)
    pushed = np.zeros_like(places)
    for _ in range(_N_PUSHED):
        gaps = places - places[generator.permutation(n)]
        lengths = np.einsum("ij,ij->i", gaps, gaps)
        gaps /= ((0.01 + lengths) * (1 + lengths))[:, None]
        pushed += np.clip(gaps, -4, 4)
    return np.asarray(_PUSH / _N_PUSHED * pushed)


def _framed(places: Floats) -> Floats:
    """Bring places into the unit square, the longer side filling it; far ones to its border."""
    low, high = np.quantile(places, [_OUTSIDE, 1 - _OUTSIDE], axis=0)
    side = max(float((high - low).max()), 1e-9)
    middle = (low + high) / 2
    return np.asarray(np.clip(0.5 + (places - middle) / side * 0.96, 0.0, 1.0))


def place(
    new_vectors: npt.NDArray[np.floating[Any]],
    known_vectors: npt.NDArray[np.floating[Any]],
    known_positions: Floats,
) -> Floats:
    """Place new passages on a map by those most like them; nobody else moves.

    Parameters
    ----------
    new_vectors : array, shape (m, d), rows of length 1 or 0
        In the space of the known ones.
    known_vectors : array, shape (n, d)
    known_positions : array, shape (n, 2)
        Their places; those with NaN place nobody.

    Returns
    -------
    array, shape (m, 2)
        NaN for a row of length 0, and everywhere when nobody is known.

    Raises
    ------
    OptionsError
        If there are not as many positions as known vectors.
    """
    if len(known_vectors) != len(known_positions):
        raise OptionsError("As many positions as known vectors.")
    positions = np.asarray(known_positions, dtype=np.float64)
    there = np.flatnonzero(~np.isnan(positions).any(axis=1))
    rows = np.asarray(new_vectors, dtype=np.float32)
    found = np.full((len(rows), 2), np.nan)
    told = np.flatnonzero(np.abs(rows).sum(axis=1) > 0)
    if not len(there) or not len(told):
        return found
    others = np.asarray(known_vectors, dtype=np.float32)[there]
    n_nearest = min(_N_PLACING, len(there))
    with one_thread():
        numbers, cosines = nearest(
            rows[told], others, n_nearest, same=False, progress=lambda _: None
        )
    weights = np.exp((cosines - cosines.max(axis=1, keepdims=True)) / _SHARPNESS)
    near = positions[there][numbers]
    # Where neighbours lie in several areas, those around the nearest one count.
    best = near[np.arange(len(told)), np.argmax(cosines, axis=1)]
    weights *= np.exp(-np.linalg.norm(near - best[:, None, :], axis=2) / 0.1)
    weights /= weights.sum(axis=1, keepdims=True)
    found[told] = np.einsum("nk,nkd->nd", weights, near)
    return found


def quality(
    vectors: npt.NDArray[np.floating[Any]],
    positions: Floats,
    *,
    n_neighbours: int = 12,
    seed: int = 0,
) -> float | None:
    """Return the trustworthiness of a map (Venna and Kaski, 2001) on a sample, in [0, 1].

    It falls with neighbours on the map that are no neighbours among the vectors; chance gives
    about .5.

    Parameters
    ----------
    vectors : array, shape (n, d)
    positions : array, shape (n, 2)
    n_neighbours : int
        Neighbours compared.
    seed : int
        Seed of the sample.

    Returns
    -------
    float or None
        None when there are too few passages with a place.
    """
    there = np.flatnonzero(~np.isnan(np.asarray(positions)).any(axis=1))
    if len(there) < 2 * n_neighbours + 2:
        return None
    if len(there) > _MOST_MEASURED:
        chosen = np.random.default_rng(seed).choice(len(there), _MOST_MEASURED, replace=False)
        there = there[np.sort(chosen)]
    rows, places = np.asarray(vectors)[there], np.asarray(positions)[there]
    with one_thread():
        found = trustworthiness(rows, places, n_neighbors=n_neighbours, metric="cosine")
    return round(float(found), 4)
