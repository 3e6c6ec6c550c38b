"""Runs of methods over sets, and the scores of each."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from nlp.evaluation.methods import PEERS, Found, Method, Ours, PeerError, Vectors
from nlp.evaluation.scores import (
    Retrieval,
    agreement,
    cluster_scores,
    distinct_share,
    keyword_overlap,
    retrieval,
)
from nlp.evaluation.sets import EvaluationSet

Progress = Callable[[str], None]
#: The texts of one language and their vectors.
Side = tuple[list[str], Vectors]


class BothWays(NamedTuple):
    """Retrieval from French to Arabic and back."""

    there: Retrieval
    back: Retrieval


@dataclass
class SetScores:
    """What one method reaches on one set.

    ``scores`` has one value a seed; ``stability`` compares ``n_runs`` runs; ``refusal`` says why
    there is nothing.
    """

    data: EvaluationSet
    method: str
    scores: dict[str, list[float]] = field(default_factory=dict)
    stability: float | None = None
    n_runs: int = 0
    retrieval: BothWays | None = None
    refusal: str = ""


def methods_of(peers: Sequence[str]) -> list[Method]:
    """Return ours and the peers named."""
    return [Ours(), *(method for peer in peers for method in PEERS[peer]())]


def score_sets(
    sets: Sequence[EvaluationSet],
    methods: Sequence[Method],
    *,
    seeds: int,
    shuffles: int = 10,
    progress: Progress | None = None,
) -> Iterator[SetScores]:
    """Score every method on every set.

    Parameters
    ----------
    sets : sequence of EvaluationSet
    methods : sequence of Method
    seeds : int
        Seeds 0 to ``seeds`` - 1 are scored, at least 1. Each run sees the rows in another order.
    shuffles : int
        Runs compared with each other, at least; methods that are not cheap make ``seeds`` only.
    progress : callable, optional
        Told of each set and method before it runs.

    Yields
    ------
    SetScores
        By set, then by method, in the orders given, each when it is known.
    """
    for data in sets:
        for method in methods:
            if progress is not None:
                progress(f"{data.name}: {method.name}")
            yield _scores_of(data, method, seeds, shuffles)


def _scores_of(data: EvaluationSet, method: Method, seeds: int, shuffles: int) -> SetScores:
    """Score one method on one set, or say why not."""
    row = SetScores(data, method.name)
    try:
        if data.labels:
            _score_clusters(row, method, seeds, shuffles if method.is_cheap else seeds)
        if data.is_parallel:
            row.retrieval = _both_ways(data, method)
    except PeerError as error:
        return SetScores(data, method.name, refusal=str(error))
    return row


def _score_clusters(row: SetScores, method: Method, seeds: int, shuffles: int) -> None:
    """Fill in the scores of the first ``seeds`` runs and how much all runs agree."""
    runs = []
    for seed, found in _runs(row.data, method, max(seeds, shuffles)):
        runs.append(found.clusters)
        if seed < seeds:
            for name, value in _scores_of_run(row.data, found).items():
                row.scores.setdefault(name, []).append(value)
    row.stability, row.n_runs = agreement(runs), len(runs)


def _runs(data: EvaluationSet, method: Method, n_runs: int) -> Iterator[tuple[int, Found]]:
    """Yield runs, each with its own seed and order of rows, clusters back in the set's order."""
    for seed in range(n_runs):
        order = np.random.default_rng(seed).permutation(len(data.texts))
        found = method.find([data.texts[row] for row in order], data.n_labels, seed)
        clusters = np.empty(len(order), dtype=np.int64)
        clusters[order] = found.clusters
        yield seed, found._replace(clusters=clusters.tolist())


def _scores_of_run(data: EvaluationSet, found: Found) -> dict[str, float]:
    """Return the scores of one run, those that have a value."""
    named = {
        "names distinct": distinct_share(found.names),
        "keyword overlap": keyword_overlap(found.keywords),
    }
    return {
        **cluster_scores(data.labels, found.clusters, data.languages),
        **{name: value for name, value in named.items() if value is not None},
    }


def _both_ways(data: EvaluationSet, method: Method) -> BothWays | None:
    """Return how often translations are found in both directions, if the method has vectors."""
    vectors = method.vectors(data.texts)
    if vectors is None:
        return None
    half = len(vectors) // 2
    sides = [(data.texts[:half], vectors[:half]), (data.texts[half:], vectors[half:])]
    return BothWays(_one_way(*sides), _one_way(*reversed(sides)))


def _one_way(source: Side, target: Side) -> Retrieval:
    """Return how often translations are found; a text that is there twice is sought once."""
    texts, vectors = target
    places = {text: row for row, text in reversed(list(enumerate(texts)))}
    rows = sorted(places.values())
    rank = {row: place for place, row in enumerate(rows)}
    return retrieval(source[1], vectors[rows], [rank[places[text]] for text in texts])
