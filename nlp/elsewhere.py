"""Passages about another ministry's matters alone, in a consultation on something else."""

from typing import Any, Self

import numpy as np
import numpy.typing as npt

from nlp.lexicon import Lexicon
from nlp.text.table import Integers

#: Concepts of the thesaurus that social policy has no part in.
MATTERS_OF_OTHERS = frozenset(
    {
        "elections-politics",
        "fisheries",
        "football-events",
        "land-conflicts",
        "military-service",
        "noise-nuisance",
        "roads",
        "sport",
        "street-lighting",
        "traffic-accidents",
        "visas-travel",
    }
)
#: Share of the passages from which a matter is a subject of the consultation after all.
RARE_SHARE = 0.03
#: Passages from which that share means something.
ENOUGH_PASSAGES = 100


class ElsewhereJudge:
    """Tells which passages speak of others' matters only, with nothing else in their text.

    A passage is called so when it speaks of such a matter, rare in the corpus, and neither it nor
    any other passage of its text speaks of any other concept.

    Parameters
    ----------
    lexicon : Lexicon

    Attributes
    ----------
    is_foreign_ : array of bool, shape (n_concepts,)
        Concepts that are another's matter in this corpus.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the thesaurus."""
        self.lexicon = lexicon

    def fit(self, concepts: Any) -> Self:
        """Learn which matters are rare; sparse matrix, shape (n_passages, n_concepts)."""
        found = [c.slug in MATTERS_OF_OTHERS for c in self.lexicon.thesaurus.concepts]
        holders = np.bincount(concepts.indices, minlength=concepts.shape[1])
        is_rare = holders < RARE_SHARE * concepts.shape[0]
        self.is_foreign_ = np.resize(np.array(found), concepts.shape[1]) & is_rare
        if concepts.shape[0] < ENOUGH_PASSAGES:
            self.is_foreign_[:] = False
        return self

    def predict(self, concepts: Any, texts: Integers) -> npt.NDArray[np.bool_]:
        """Return which passages are about something else.

        Parameters
        ----------
        concepts : sparse matrix, shape (n_passages, n_concepts)
        texts : array, shape (n_passages,)
            Number of the text each passage is in.
        """
        spoken = (concepts > 0).astype(np.float64).tocsr()
        n_foreign = spoken @ self.is_foreign_.astype(np.float64)
        n_domestic = spoken @ (~self.is_foreign_).astype(np.float64)
        if not n_foreign.any():
            return np.zeros(len(n_foreign), dtype=bool)
        _, place = np.unique(np.asarray(texts), return_inverse=True)
        return np.asarray((n_foreign > 0) & (np.bincount(place, n_domestic)[place] == 0))
