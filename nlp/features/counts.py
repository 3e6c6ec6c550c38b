"""Sparse counts of what passages hold: words and concepts."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from nlp.lexicon import Lexicon
from nlp.text.normalise import Word

#: A word that more than this share of the passages holds does not tell them apart.
MOST_COMMON = 0.5

Matrix = Any


def matrix_of(rows: Sequence[Mapping[int, float]], n_columns: int) -> Matrix:
    """Return a sparse matrix (n_rows, n_columns) of {column: value} rows."""
    offsets: list[int] = [0]
    columns: list[int] = []
    values: list[float] = []
    for row in rows:
        columns.extend(row.keys())
        values.extend(row.values())
        offsets.append(len(columns))
    shape = (len(rows), n_columns)
    return sparse.csr_matrix((np.array(values, dtype=np.float64), columns, offsets), shape=shape)


def counted(items: Sequence[Iterable[str]], *, least: int) -> Matrix:
    """Count the items of each passage that at least ``least`` and at most half of them hold."""
    n_holders: Counter[str] = Counter()
    for found in items:
        n_holders.update(set(found))
    most = max(MOST_COMMON * len(items), least)
    kept = sorted(item for item, count in n_holders.items() if least <= count <= most)
    columns = {item: number for number, item in enumerate(kept)}
    rows = [Counter(columns[item] for item in found if item in columns) for found in items]
    return matrix_of(rows, max(1, len(columns)))


def concept_rows(passages: Sequence[Sequence[Word]], lexicon: Lexicon) -> Matrix:
    """Return how often each passage speaks of each concept of the thesaurus."""
    rows = [
        Counter(number for _, _, number in lexicon.thesaurus.match(found)) for found in passages
    ]
    return matrix_of(rows, max(1, len(lexicon.thesaurus.concepts)))


def weighted(counts: Matrix, *, least: int = 1, rarity: int = 1) -> Matrix:
    """Return the counts weighted by rarity (TF-IDF, logarithmic counts, rows of length 1).

    ``rarity`` is the power of the inverse frequency: 2 makes common columns count less still.
    """
    holders = np.asarray((counts > 0).sum(axis=0)).ravel()
    kept = counts[:, np.flatnonzero(holders >= least)]
    if kept.shape[1] == 0:
        return sparse.csr_matrix((counts.shape[0], 1))
    model = TfidfTransformer(sublinear_tf=True)
    found = model.fit_transform(kept)
    for _ in range(rarity - 1):
        found = found.multiply(model.idf_[None, :]).tocsr()
    return normalize(found)
