"""One space for passages of several languages, made of the corpus and of dictionary facts.

Two views of each passage are kept. *Within* a language, its own words and letter groups speak
(TF-IDF, reduced by latent semantic analysis, Deerwester et al., 1990). *Across* languages only
what the languages share speaks: concepts of the thesaurus and bilingual senses, and each word's
usual company of concepts and senses in this very corpus, which gives a meaning to words that no
dictionary lists. Both are centred per language, so that a language is not a theme.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from nlp.features.counts import (
    Matrix,
    concept_rows,
    counted,
    letter_groups,
    sense_rows,
    weighted,
)
from nlp.lexicon import Lexicon, load_lexicon
from nlp.text.normalise import words

Dense = npt.NDArray[np.float64]

#: Passages of a language from which its mean is worth taking off.
ENOUGH_TO_CENTRE = 10
#: Passages from which a word that only one of them holds is left out.
ENOUGH_FOR_RARE = 50


class Space(NamedTuple):
    """Passages as vectors, rows of length 1 or 0.

    ``within``, shape (n_passages, d), compares passages of one language; ``across``, shape
    (n_passages, e), compares any two.
    """

    within: Dense
    across: Dense


def reduced(matrix: Matrix, n_components: int, random_state: int) -> Dense:
    """Return the rows in at most ``n_components`` latent dimensions, rows of length 1 or 0."""
    held = np.asarray(abs(matrix).sum(axis=0)).ravel() > 0
    matrix = matrix[:, np.flatnonzero(held)]
    smallest = min(matrix.shape)
    if smallest == 0:
        return np.zeros((matrix.shape[0], 1))
    if smallest <= n_components + 10:
        left, sizes, _ = np.linalg.svd(matrix.toarray(), full_matrices=False)
        dense = (left * sizes)[:, :n_components]
    else:
        dense = TruncatedSVD(n_components, n_iter=3, random_state=random_state).fit_transform(
            matrix
        )
    lengths = np.linalg.norm(dense, axis=1)
    # What is only rounding noise must not be blown up to a direction.
    dense[lengths < 1e-9] = 0.0
    return np.asarray(normalize(dense))


def centred(vectors: Dense, groups: Sequence[str]) -> Dense:
    """Take the mean of each large group off its rows and give the rows length 1 again."""
    vectors = np.array(vectors)
    names = np.array(groups, dtype=object)
    filled = np.abs(vectors).sum(axis=1) > 0
    for name in sorted(set(groups)):
        chosen = (names == name) & filled
        if chosen.sum() >= ENOUGH_TO_CENTRE:
            vectors[chosen] -= vectors[chosen].mean(axis=0)
    return np.asarray(normalize(vectors))


def _beside(*weighted_parts: tuple[float, Dense]) -> Dense:
    """Put parts side by side, each with its weight, rows of length 1 or 0."""
    return np.asarray(normalize(np.hstack([weight * part for weight, part in weighted_parts])))


class BilingualSpace(BaseEstimator):  # type: ignore[misc]
    """Makes the two views of passages.

    Parameters
    ----------
    n_components : int
        Latent dimensions of each part.
    letter_weight : float
        Weight of letter groups beside words.
    fact_weight : float
        Weight of a passage's own concepts and senses beside those its words usually come with.
    concept_weight : float
        Weight of concepts, chosen by hand, beside dictionary senses.
    random_state : int
        Seed of the reduction.
    lexicon : Lexicon or None
        Word lists; None for those of the package.

    Attributes
    ----------
    space_ : Space
        The passages given to :meth:`fit`.
    concepts_ : sparse matrix, shape (n_passages, n_concepts)
        How often each passage speaks of each concept.
    """

    def __init__(
        self,
        *,
        n_components: int = 100,
        letter_weight: float = 0.7,
        fact_weight: float = 0.5,
        concept_weight: float = 2.0,
        random_state: int = 0,
        lexicon: Lexicon | None = None,
    ) -> None:
        """Keep the parameters."""
        self.n_components = n_components
        self.letter_weight = letter_weight
        self.fact_weight = fact_weight
        self.concept_weight = concept_weight
        self.random_state = random_state
        self.lexicon = lexicon

    def fit(
        self,
        texts: Sequence[str],
        groups: Sequence[str],
        *,
        progress: Callable[[float], None] = lambda _: None,
    ) -> Self:
        """Learn the space of a corpus.

        Parameters
        ----------
        texts : sequence of str, length n_passages
        groups : sequence of str, length n_passages
            Language group of each passage.
        progress : callable
            Told the share done, in [0, 1].
        """
        lexicon = self.lexicon or load_lexicon()
        found = [words(text) for text in texts]
        self.concepts_ = concept_rows(found, lexicon)
        progress(0.15)
        content = [[word for word in passage if not lexicon.is_stop(word)] for passage in found]
        least = 2 if len(texts) >= ENOUGH_FOR_RARE else 1
        own = weighted(
            counted([[word.stem for word in passage] for passage in content], least=least)
        )
        progress(0.25)
        letters = weighted(counted([letter_groups(passage) for passage in content], least=least))
        progress(0.4)
        senses = weighted(sense_rows(content, lexicon), least=least)
        concepts = self.concept_weight * weighted(self.concepts_, least=least)
        facts = sparse.hstack([senses, concepts]).tocsr()
        progress(0.5)
        self.space_ = self._views(own, letters, facts, groups, progress)
        progress(1.0)
        return self

    def _views(
        self,
        own: Matrix,
        letters: Matrix,
        facts: Matrix,
        groups: Sequence[str],
        progress: Callable[[float], None],
    ) -> Space:
        """Reduce and join the parts of both views."""
        terms = sparse.hstack([own, self.letter_weight * letters]).tocsr()
        spoken = self._reduced(facts)
        progress(0.6)
        # Each term's usual company of facts; then each passage's mean over its terms.
        company = np.asarray(normalize(normalize(terms) @ normalize(terms.T @ spoken)))
        progress(0.7)
        by_words = self._reduced(own)
        progress(0.8)
        by_letters = self._reduced(letters)
        progress(0.95)
        within = _beside((1.0, by_words), (self.letter_weight, by_letters), (1.0, company))
        across = _beside((1.0, company), (self.fact_weight, spoken))
        return Space(centred(within, groups), centred(across, groups))

    def _reduced(self, matrix: Matrix) -> Dense:
        """Reduce with this estimator's parameters."""
        return reduced(matrix, self.n_components, self.random_state)
