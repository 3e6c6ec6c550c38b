"""Sparse counts of what passages hold, and what is learnt from them: rarity, latent dimensions."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from nlp.lexicon import Lexicon
from nlp.text.table import Integers, TextWords, counts

#: A word that more than this share of the passages holds does not tell them apart.
MOST_COMMON = 0.5

Matrix = Any
Dense = npt.NDArray[np.float32]


class Stems:
    """The stems that passages are compared by, learnt from a corpus.

    Parameters
    ----------
    lexicon : Lexicon
        Its stop words do not count.
    least : int
        Passages that must hold a stem; half of all passages may at most.

    Attributes
    ----------
    columns_ : dict
        Column of each stem.
    """

    def __init__(self, lexicon: Lexicon, *, least: int) -> None:
        """Keep the parameters."""
        self.lexicon = lexicon
        self.least = least

    def fit_count(self, table: TextWords) -> Matrix:
        """Learn the stems of passages and count them, sparse, (n_passages, n_stems)."""
        stems = table.vocabulary.stems
        self.columns_ = {stem: column for column, stem in enumerate(sorted(set(stems)))}
        found = self.count(table)
        holders = np.diff(found.tocsc().indptr)
        most = max(MOST_COMMON * len(table), self.least)
        kept = np.flatnonzero((holders >= self.least) & (holders <= most))
        names = sorted(self.columns_)
        self.columns_ = {names[column]: place for place, column in enumerate(kept.tolist())}
        return found[:, kept] if len(kept) else sparse.csr_matrix((len(table), 1))

    def count(self, table: TextWords) -> Matrix:
        """Count the known stems of passages, sparse, (n_passages, n_stems)."""
        column_of: Integers = np.array(
            [
                -1 if self.lexicon.is_stop(word) else self.columns_.get(word.stem, -1)
                for word in table.vocabulary.words
            ],
            dtype=np.int64,
        )
        return counts(table, column_of, len(self.columns_))


class Rarity:
    """Weights counts by rarity (TF-IDF, logarithmic counts, rows of length 1).

    Parameters
    ----------
    least : int
        Rows that must hold a column.
    power : int
        Power of the inverse frequency: 2 makes common columns count less still.

    Attributes
    ----------
    weights_ : array, shape (n_columns,)
    """

    def __init__(self, *, least: int = 1, power: int = 1) -> None:
        """Keep the parameters."""
        self.least = least
        self.power = power

    def fit(self, found: Matrix) -> Self:
        """Learn how rare each column is."""
        holders = np.bincount(found.indices[found.data > 0], minlength=found.shape[1])
        rarity = np.log((1 + found.shape[0]) / (1 + holders)) + 1
        self.weights_ = np.where(holders >= self.least, rarity**self.power, 0.0)
        return self

    def transform(self, found: Matrix) -> Matrix:
        """Return the counts weighted, sparse, same shape."""
        weights = (np.log(np.maximum(found.data, 1.0)) + 1.0) * self.weights_[found.indices]
        sums = np.add.reduceat(np.append(weights**2, 0.0), found.indptr[:-1])
        lengths = np.sqrt(np.where(np.diff(found.indptr) > 0, sums, 1.0))
        weights /= np.repeat(np.where(lengths > 0, lengths, 1.0), np.diff(found.indptr))
        # Single precision, as all that it is multiplied with: nothing is copied to convert it.
        return sparse.csr_matrix(
            (weights.astype(np.float32), found.indices, found.indptr), shape=found.shape
        )


class LatentDimensions:
    """Latent semantic analysis (Deerwester et al., 1990) that can take new rows.

    Parameters
    ----------
    n_components : int
        Dimensions at most.
    random_state : int

    Attributes
    ----------
    directions_ : array, shape (n_columns, d)
    """

    def __init__(self, n_components: int, *, random_state: int = 0) -> None:
        """Keep the parameters."""
        self.n_components = n_components
        self.random_state = random_state

    def fit(self, matrix: Matrix) -> Self:
        """Find the directions that hold most of a sparse matrix."""
        held = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]))
        inner = matrix[:, held].astype(np.float64)
        size = max(1, self._size(inner))
        self.directions_ = np.zeros((matrix.shape[1], size), dtype=np.float32)
        if min(inner.shape) == 0:
            return self
        if min(inner.shape) <= self.n_components + 10:
            _, _, right = np.linalg.svd(inner.toarray(), full_matrices=False)
            found = right[: self.n_components]
        else:
            model = TruncatedSVD(self.n_components, n_iter=3, random_state=self.random_state)
            found = model.fit(inner).components_
        self.directions_[held] = found.T
        return self

    def _size(self, inner: Matrix) -> int:
        """Return how many directions there will be."""
        return int(min(self.n_components, *inner.shape))

    def transform(self, matrix: Matrix) -> Dense:
        """Return rows in the latent dimensions, of length 1 or 0."""
        return unit(matrix @ self.directions_)


def unit(vectors: npt.NDArray[Any]) -> Dense:
    """Return rows of length 1, or 0 where only rounding noise would be blown up to a direction."""
    vectors = np.asarray(vectors)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 1e-6)
    return np.asarray(vectors * inverse[:, None], dtype=np.float32)
