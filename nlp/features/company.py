"""The company that words keep: what passages that hold a word speak of, in this very corpus.

A word no dictionary lists gets a meaning from the passages it stands in. Two things keep that
from being noise. A passage is left out of its own words' company, which would only give it back
to itself. And company speaks as loudly as there is evidence for it: a word that few others use
tells little (the shrinkage of an empirical Bayes mean, Efron and Morris, 1975), and a passage
whose words nobody repeats is left to its own meaning.
"""

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.features.counts import Dense, Matrix, unit

#: Other holders of a word at which its company is half believed.
HALF_BELIEVED = 5.0


class Company:
    """Usual company of words, learnt from the passages of a corpus.

    Attributes
    ----------
    sums_ : array, shape (n_stems, e)
        Sum of the vectors of the passages that hold each stem.
    holders_ : array, shape (n_stems,)
        How many passages hold it.
    """

    def fit_transform(self, own: Matrix, shared: Dense) -> Dense:
        """Learn the company of stems and return that of the passages learnt from.

        Parameters
        ----------
        own : sparse matrix, shape (n_passages, n_stems)
            Weights of the stems of each passage.
        shared : array, shape (n_passages, e)
            Vectors in the space that languages share, centred, rows of length 1 or 0.

        Returns
        -------
        array, shape (n_passages, e)
            Rows of length 1 or 0, each without what the passage itself gave.
        """
        held = sparse.csr_matrix((np.ones_like(own.data), own.indices, own.indptr), shape=own.shape)
        self.sums_: Dense = np.asarray(held.T @ shared, dtype=np.float32)
        self.holders_ = np.bincount(own.indices, minlength=own.shape[1]).astype(np.float32)
        shares = self._shares(own, self.holders_)
        itself = np.asarray(shares.sum(axis=1)).ravel()[:, None]
        return unit(shares @ self.sums_ - itself * shared)

    def transform(self, own: Matrix) -> Dense:
        """Return the company of passages that were not learnt from, shape (n_passages, e)."""
        return unit(self._shares(own, self.holders_ + 1) @ self.sums_)

    def belief(self) -> npt.NDArray[np.float64]:
        """Return how far the company of each stem is believed, shape (n_stems,), in [0, 1)."""
        others = np.maximum(self.holders_.astype(np.float64) - 1, 0)
        return np.asarray(others / (others + HALF_BELIEVED))

    @staticmethod
    def _shares(own: Matrix, counts: npt.NDArray[np.float32]) -> Matrix:
        """Return what each holder of a stem gives to a passage: its weight over their number."""
        values = own.data / counts[own.indices]
        return sparse.csr_matrix((values, own.indices, own.indptr), shape=own.shape)
