"""Sparse counts of what passages hold, and what is learnt from them: rarity, latent dimensions."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.decomposition import TruncatedSVD

from nlp.lexicon import Lexicon
from nlp.space.forms import script
from nlp.text.normalise import Word
from nlp.text.table import Floats, TextWords, Vocabulary, counts

#: A word that more than this share of the passages holds does not tell them apart.
MOST_COMMON = 0.5
#: Shortest and longest group of letters that stands for a word of a script without a stemmer.
GROUP_SIZES = (3, 5)

Matrix = Any
Dense = npt.NDArray[np.float32]


def letter_groups(form: str) -> list[str]:
    """Return the groups of letters of a word, its beginning and end marked."""
    marked = f"<{form}>"
    shortest, longest = GROUP_SIZES
    return [
        marked[start : start + size]
        for size in range(shortest, longest + 1)
        for start in range(len(marked) - size + 1)
    ]


class Stems:
    """The stems that passages are compared by, learnt from a corpus.

    Words of a script that has neither a stemmer nor vectors here, as Tifinagh, are compared by
    groups of letters (McNamee and Mayfield, 2004): beginnings and endings change, a root stays.

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
        self._read: tuple[Vocabulary, Matrix, Floats] | None = None

    def fit_count(self, table: TextWords) -> Matrix:
        """Learn the stems of passages and count them, sparse, (n_passages, n_stems)."""
        names = sorted({part for word in table.vocabulary.words for part in self._parts_of(word)})
        self.columns_ = {name: column for column, name in enumerate(names)}
        found = self.count(table)
        holders = np.diff(found.tocsc().indptr)
        most = max(MOST_COMMON * len(table), self.least)
        kept = np.flatnonzero((holders >= self.least) & (holders <= most))
        self.columns_ = {names[column]: place for place, column in enumerate(kept.tolist())}
        self._read = None
        return found[:, kept] if len(kept) else sparse.csr_matrix((len(table), 1))

    def count(self, table: TextWords) -> Matrix:
        """Count the known stems of passages, sparse, (n_passages, n_stems)."""
        of_words, _ = self._of_words(table.vocabulary)
        n_words = of_words.shape[0]
        return (counts(table, np.arange(n_words), n_words)[:, :n_words] @ of_words).tocsr()

    def means(self, table: TextWords, values: Floats) -> Floats:
        """Return the mean of a value of stems over the words of each passage, stop words left out.

        Parameters
        ----------
        table : TextWords
        values : array, shape (n_stems,)
            A word that is no known stem counts as 0.

        Returns
        -------
        array, shape (n_passages,)
        """
        of_words, n_parts = self._of_words(table.vocabulary)
        sums = table.sums(np.asarray(of_words @ values))
        return np.asarray(sums / np.maximum(table.sums(n_parts), 1))

    def _parts_of(self, word: Word) -> list[str]:
        """Return the stem of a word, or its groups of letters."""
        if self.lexicon.is_stop(word):
            return []
        return [word.stem] if script(word.form) else letter_groups(word.form)

    def _of_words(self, vocabulary: Vocabulary) -> tuple[Matrix, Floats]:
        """Count the known stems of each distinct word, and all there are of each.

        Kept for the vocabulary asked for last: blocks of one corpus share theirs.
        """
        if self._read is None or self._read[0] is not vocabulary:
            parts = [self._parts_of(word) for word in vocabulary.words]
            columns = [[self.columns_[p] for p in found if p in self.columns_] for found in parts]
            flat = [column for found in columns for column in found]
            ends = np.cumsum([0, *map(len, columns)])
            shape = (len(columns), max(1, len(self.columns_)))
            matrix = sparse.csr_matrix((np.ones(len(flat)), flat, ends), shape=shape)
            self._read = (vocabulary, matrix, np.array([len(found) for found in parts], float))
        return self._read[1], self._read[2]


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
