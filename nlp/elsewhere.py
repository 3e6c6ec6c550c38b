"""Passages about another ministry's matters alone, in a consultation on something else."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.lexicon import Lexicon

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


def speaks_of_elsewhere(
    concepts: Any, texts: Sequence[int], lexicon: Lexicon
) -> npt.NDArray[np.bool_]:
    """Return which passages speak of others' matters only, with nothing else in their text.

    A passage is called so when it speaks of such a matter, rare in this corpus, and neither it nor
    any other passage of its text speaks of any other concept.

    Parameters
    ----------
    concepts : sparse matrix, shape (n_passages, n_concepts)
    texts : sequence of int, length n_passages
        Number of the text each passage is in.
    """
    n = concepts.shape[0]
    if n < ENOUGH_PASSAGES:
        return np.zeros(n, dtype=bool)
    slugs = [concept.slug for concept in lexicon.thesaurus.concepts]
    spoken = (concepts > 0).tocsr()
    shares = np.asarray(spoken.mean(axis=0)).ravel()
    foreign = np.array([slug in MATTERS_OF_OTHERS for slug in slugs]) & (shares < RARE_SHARE)
    n_foreign = np.asarray(spoken[:, np.flatnonzero(foreign)].sum(axis=1)).ravel()
    n_domestic = np.asarray(spoken.sum(axis=1)).ravel() - n_foreign
    _, place = np.unique(np.asarray(texts), return_inverse=True)
    return np.asarray((n_foreign > 0) & (np.bincount(place, n_domestic)[place] == 0))
