"""Measures of clusters, of the names of themes and of vectors."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.metrics import (
    adjusted_mutual_info_score,
    adjusted_rand_score,
    v_measure_score,
)
from sklearn.metrics.cluster import contingency_matrix

Clusters = Sequence[int] | Sequence[str] | npt.NDArray[Any]

#: Cosines this near are equal.
_SAME = 1e-6
#: Rows of cosines held at once.
_BLOCK = 1000


def b_cubed(labels: Clusters, found: Clusters) -> float:
    """Return the B-cubed F1 (Bagga and Baldwin, 1998), in [0, 1].

    For each text, precision is the share of its cluster that has its label, recall the share of
    its label that is in its cluster; F1 is the harmonic mean of their means over the texts.

    Parameters
    ----------
    labels, found : sequences of length n >= 1
        Label and cluster of each text.
    """
    table = contingency_matrix(labels, found, sparse=True).astype(np.float64)
    squares = table.multiply(table)
    n = table.sum()
    of_found, of_labels = np.asarray(table.sum(axis=0)), np.asarray(table.sum(axis=1))
    precision = float((np.asarray(squares.sum(axis=0)) / of_found).sum() / n)
    recall = float((np.asarray(squares.sum(axis=1)) / of_labels).sum() / n)
    return 2 * precision * recall / (precision + recall)


def cluster_scores(
    labels: Clusters, found: Clusters, languages: Sequence[str] | None = None
) -> dict[str, float]:
    """Return the scores of one run.

    Parameters
    ----------
    labels, found : sequences of length n >= 1
        Label and cluster of each text.
    languages : sequence of str, length n, optional
        Language of each text. With more than one, ``leak`` is the V-measure of the clusters
        against the languages: 0 when a cluster tells nothing of the language of its texts.

    Returns
    -------
    dict of float
        ``clusters`` (how many), ``V`` (Rosenberg and Hirschberg, 2007), ``AMI`` (Vinh, Epps and
        Bailey, 2010), ``ARI`` (Hubert and Arabie, 1985), ``B-cubed F1`` and, if any, ``leak``.
    """
    scores = {
        "clusters": float(len(set(found))),
        "V": float(v_measure_score(labels, found)),
        "AMI": float(adjusted_mutual_info_score(labels, found)),
        "ARI": float(adjusted_rand_score(labels, found)),
        "B-cubed F1": b_cubed(labels, found),
    }
    if languages is not None and len(set(languages)) > 1:
        scores["leak"] = float(v_measure_score(languages, found))
    return scores


def agreement(runs: Sequence[Clusters]) -> float | None:
    """Return the mean adjusted Rand index of all pairs of runs; None of fewer than two."""
    pairs = [adjusted_rand_score(one, other) for one, other in combinations(runs, 2)]
    return float(np.mean(pairs)) if pairs else None


def distinct_share(names: Sequence[tuple[str, ...]]) -> float | None:
    """Return the share of themes that no other theme shares a name with, in any language.

    Parameters
    ----------
    names : sequence of tuples of str
        The names of each theme, one a language; case and outer white space do not count, and a
        theme with an empty name is not distinct.

    Returns
    -------
    float or None
        In [0, 1]; None when there is no theme.
    """
    if not names:
        return None
    folded = [tuple(name.strip().casefold() for name in theme) for theme in names]
    columns = list(zip(*folded, strict=True))
    is_distinct = [
        all(name and column.count(name) == 1 for name, column in zip(theme, columns, strict=True))
        for theme in folded
    ]
    return float(np.mean(is_distinct))


def keyword_overlap(keywords: Sequence[Sequence[str]]) -> float | None:
    """Return how much themes share their keywords: mean Jaccard index over all pairs, in [0, 1].

    Parameters
    ----------
    keywords : sequence of sequences of str
        The keywords of each theme; themes without any are left out.

    Returns
    -------
    float or None
        None when fewer than two themes have keywords.
    """
    sets = [{word.casefold() for word in words} for words in keywords if words]
    pairs = [len(one & other) / len(one | other) for one, other in combinations(sets, 2)]
    return float(np.mean(pairs)) if pairs else None


class Retrieval(NamedTuple):
    """How often a translation is found among the nearest vectors of the other language."""

    first: float
    tenth: float


def retrieval(
    left: npt.NDArray[Any], right: npt.NDArray[Any], own: Sequence[int] | None = None
) -> Retrieval:
    """Return how often the translation of a row is the nearest one, and among the nearest ten.

    Parameters
    ----------
    left : array of float, shape (n, d), n >= 1
        Rows have length 1, or 0 for a text without a vector.
    right : array of float, shape (m, d)
        The vectors sought among.
    own : sequence of int, length n, optional
        The row of ``right`` that translates each row of ``left``; without it, the same row.

    Returns
    -------
    Retrieval
        P@1 and P@10 from left to right, in [0, 1]. Equally near rows are taken in random order,
        and what counts is the share of orders that are right: vectors that are all the same find
        no more than chance.
    """
    places = np.arange(len(left)) if own is None else np.asarray(own)
    first = tenth = 0.0
    for at in range(0, len(left), _BLOCK):
        rows = slice(at, at + _BLOCK)
        cosines = left[rows] @ right.T
        of_own = np.take_along_axis(cosines, places[rows, None], axis=1)
        before = (cosines > of_own + _SAME).sum(axis=1)
        equal = (np.abs(cosines - of_own) <= _SAME).sum(axis=1)
        first += float(np.clip((1 - before) / equal, 0, 1).sum())
        tenth += float(np.clip((10 - before) / equal, 0, 1).sum())
    return Retrieval(first / len(left), tenth / len(left))
