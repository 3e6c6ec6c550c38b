"""One space for passages of several languages: static vectors, concepts, the corpus's own words.

Two views of each passage are kept. *Across* languages, three things that the languages share
speak: the static bilingual space (:mod:`nlp.space`), the concepts of the thesaurus, and each
word's usual company of both in this very corpus, which gives a meaning to words that no
dictionary lists. *Within* a language, the words themselves speak as well (TF-IDF, reduced by
latent semantic analysis, Deerwester et al., 1990). Both are centred per language, so that a
language is not a theme, and a passage takes a little of its neighbours in the same text.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

from nlp.features.counts import Matrix, concept_rows, counted, matrix_of, weighted
from nlp.lexicon import Lexicon, load_lexicon
from nlp.space import Space as StaticSpace
from nlp.text.normalise import words

Dense = npt.NDArray[np.float64]

#: Passages of a language from which its mean is worth taking off.
ENOUGH_TO_CENTRE = 10
#: Passages from which a word that only one of them holds is left out.
ENOUGH_FOR_RARE = 50


class Views(NamedTuple):
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


def compact(vectors: Dense, n_dimensions: int) -> Dense:
    """Keep the leading directions of rows (no mean is taken off), rows of length 1 or 0."""
    if vectors.shape[1] <= n_dimensions:
        return vectors
    _, directions = np.linalg.eigh(vectors.T @ vectors)
    kept = vectors @ directions[:, ::-1][:, :n_dimensions]
    kept[np.linalg.norm(kept, axis=1) < 1e-9] = 0.0
    return np.asarray(normalize(kept))


def smoothed(vectors: Dense, texts: Sequence[int], share: float) -> Dense:
    """Add to each passage a share of the mean of the other passages of its text.

    Parameters
    ----------
    vectors : array, shape (n_passages, d)
    texts : sequence of int, length n_passages
        Number of the text each passage is in.
    share : float
        Weight of the others beside the passage itself, 0 for none.
    """
    _, place = np.unique(np.asarray(texts), return_inverse=True)
    sizes = np.bincount(place)
    member = matrix_of([{int(text): 1.0} for text in place], len(sizes))
    others = (member.T @ vectors)[place] - vectors
    counts = np.maximum(sizes[place] - 1, 1)[:, None]
    return np.asarray(normalize(vectors + share * others / counts))


def _beside(*weighted_parts: tuple[float, Dense]) -> Dense:
    """Put parts side by side, each with its weight, rows of length 1 or 0."""
    return np.asarray(normalize(np.hstack([weight * part for weight, part in weighted_parts])))


class BilingualSpace(BaseEstimator):  # type: ignore[misc]
    """Makes the two views of passages.

    Parameters
    ----------
    n_components : int
        Latent dimensions of words and of concepts.
    n_dimensions : int
        Dimensions of each view at most.
    concept_weight, company_weight, word_weight : float
        Weights of a passage's concepts, of the company its words keep, and of its words, beside
        the static space's 1.
    context_share : float
        What a passage takes of the others of its text.
    random_state : int
        Seed of the reduction.
    lexicon : Lexicon or None
        Word lists; None for those of the package.

    Attributes
    ----------
    views_ : Views
        The passages given to :meth:`fit`.
    coverage_ : array, shape (n_passages,)
        Share of each passage's words, by weight, that the static space knows, in [0, 1].
    concepts_ : sparse matrix, shape (n_passages, n_concepts)
        How often each passage speaks of each concept.
    """

    def __init__(
        self,
        *,
        n_components: int = 100,
        n_dimensions: int = 128,
        concept_weight: float = 0.5,
        company_weight: float = 0.9,
        word_weight: float = 0.35,
        context_share: float = 0.4,
        random_state: int = 0,
        lexicon: Lexicon | None = None,
    ) -> None:
        """Keep the parameters."""
        self.n_components = n_components
        self.n_dimensions = n_dimensions
        self.concept_weight = concept_weight
        self.company_weight = company_weight
        self.word_weight = word_weight
        self.context_share = context_share
        self.random_state = random_state
        self.lexicon = lexicon

    def fit(
        self,
        passages: Sequence[str],
        languages: Sequence[str],
        groups: Sequence[str],
        *,
        texts: Sequence[int] | None = None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> Self:
        """Learn the space of a corpus.

        Parameters
        ----------
        passages : sequence of str, length n_passages
        languages : sequence of str, length n_passages
            Language code of each passage.
        groups : sequence of str, length n_passages
            Language group of each passage, as it is compared and centred.
        texts : sequence of int, optional
            Number of the text each passage is in; None when each is a text of its own.
        progress : callable
            Told the share done, in [0, 1].
        """
        lexicon = self.lexicon or load_lexicon()
        found = [words(passage) for passage in passages]
        progress(0.2)
        self.concepts_ = concept_rows(found, lexicon)
        progress(0.35)
        least = 2 if len(passages) >= ENOUGH_FOR_RARE else 1
        stems = [[word.stem for word in p if not lexicon.is_stop(word)] for p in found]
        own = weighted(counted(stems, least=least))
        progress(0.45)
        static, self.coverage_ = StaticSpace.load().embed(passages, languages)
        progress(0.65)
        concepts = self._reduced(weighted(self.concepts_, least=least, rarity=2))
        shared = _beside((1.0, static.astype(np.float64)), (self.concept_weight, concepts))
        # Each word's usual company; then each passage's mean over its words.
        company = np.asarray(normalize(normalize(own) @ normalize(own.T @ shared)))
        progress(0.8)
        across = _beside((1.0, shared), (self.company_weight, company))
        within = _beside((1.0, across), (self.word_weight, self._reduced(own)))
        progress(0.9)
        numbers = range(len(passages)) if texts is None else texts
        self.views_ = Views(*(self._finished(v, groups, numbers) for v in (within, across)))
        progress(1.0)
        return self

    def _finished(self, view: Dense, groups: Sequence[str], texts: Sequence[int]) -> Dense:
        """Give passages their context, centre languages and keep the leading directions."""
        whole = centred(smoothed(view, texts, self.context_share), groups)
        return compact(whole, self.n_dimensions)

    def _reduced(self, matrix: Matrix) -> Dense:
        """Reduce with this estimator's parameters."""
        return reduced(matrix, self.n_components, self.random_state)
