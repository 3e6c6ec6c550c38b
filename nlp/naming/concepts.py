"""How often themes speak of the concepts of the thesaurus."""

from typing import Any

import numpy as np
from scipy import sparse

from nlp.text.table import Integers


class ConceptCounts:
    """How often themes speak of concepts, alone and together.

    Parameters
    ----------
    concepts : sparse matrix, shape (n_passages, n_concepts)
    labels : array, shape (n_passages,)
        Theme of each passage.
    n_themes : int
    """

    def __init__(self, concepts: Any, labels: Integers, n_themes: int) -> None:
        """Count."""
        self._spoken = (concepts > 0).astype(np.float64).tocsr()
        self.labels = labels
        member = sparse.csr_matrix(
            (np.ones(len(labels)), (labels, np.arange(len(labels)))),
            shape=(n_themes, len(labels)),
        )
        self.sizes = np.bincount(labels, minlength=n_themes).tolist()
        self.inside = np.asarray((member @ self._spoken).todense())
        self.overall = self.inside.sum(axis=0)
        self._of_theme: dict[int, Any] = {}

    def together(self, theme: int, one: int, other: int) -> int:
        """Return how many passages of a theme speak of two concepts at once."""
        if theme not in self._of_theme:
            self._of_theme[theme] = self._spoken[np.flatnonzero(self.labels == theme)].tocsc()
        columns = self._of_theme[theme]
        return int(columns[:, [one]].multiply(columns[:, [other]]).sum())
