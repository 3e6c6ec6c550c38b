"""One space for passages of several languages: static vectors, concepts, the corpus's own words.

Two views of each passage are kept. *Across* languages, three things that the languages share
speak: the static bilingual space (:mod:`nlp.space`), the concepts of the thesaurus, and each
word's usual company of both in this very corpus (:mod:`nlp.features.company`), as far as there
is evidence for it. *Within* a language, the words themselves speak as well (TF-IDF, reduced by
latent semantic analysis, Deerwester et al., 1990). Both are centred per language, so that a
language is not a theme, and a passage takes a little of its neighbours in the same text.

Everything is learnt from a corpus, or a part of it, and then applies to any passage.
"""

from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.base import BaseEstimator

from nlp.features.backends import STATIC
from nlp.features.backends import backend as backend_of
from nlp.features.block import Block, Views
from nlp.features.company import Company
from nlp.features.counts import Dense, LatentDimensions, Matrix, Rarity, Stems, unit
from nlp.lexicon import Lexicon, load_lexicon
from nlp.text.table import Integers, TextWords

#: Passages of a language from which its mean is worth taking off.
ENOUGH_TO_CENTRE = 10
#: Passages from which a word that only one of them holds is left out.
ENOUGH_FOR_RARE = 50


def smoothed(vectors: Dense, texts: Integers, share: float) -> Dense:
    """Add to each passage a share of the mean of the other passages of its text.

    Parameters
    ----------
    vectors : array, shape (n_passages, d)
    texts : array, shape (n_passages,)
        Number of the text each passage is in.
    share : float
        Weight of the others beside the passage itself, 0 for none.
    """
    _, place = np.unique(texts, return_inverse=True)
    sizes = np.bincount(place)
    shared = np.flatnonzero(sizes[place] > 1)
    if not len(shared):
        return vectors
    ones = np.ones(len(shared), dtype=np.float32)
    member = sparse.csr_matrix((ones, (place[shared], shared)), shape=(len(sizes), len(vectors)))
    others = (member @ vectors)[place[shared]] - vectors[shared]
    mixed = np.array(vectors)
    mixed[shared] += share * others / (sizes[place[shared]] - 1)[:, None]
    return unit(mixed)


class Finish:
    """The last step of a view: languages are centred, the leading directions kept."""

    def __init__(self, n_dimensions: int) -> None:
        """Keep the parameter."""
        self.n_dimensions = n_dimensions

    def fit_transform(self, vectors: Dense, groups: Sequence[str]) -> Dense:
        """Learn the mean of each large group and the leading directions; apply both."""
        names = np.array(groups, dtype=object)
        filled = np.abs(vectors).sum(axis=1) > 0
        self.means_: dict[str, Dense] = {}
        for name in sorted(set(groups)):
            chosen = (names == name) & filled
            if chosen.sum() >= ENOUGH_TO_CENTRE:
                mean = vectors[chosen].mean(axis=0, dtype=np.float64)
                self.means_[name] = mean.astype(np.float32)
        self.directions_: npt.NDArray[Any] | None = None
        centred = self.transform(vectors, groups)
        if vectors.shape[1] <= self.n_dimensions:
            return centred
        _, directions = np.linalg.eigh((centred.T @ centred).astype(np.float64))
        leading = directions[:, ::-1][:, : self.n_dimensions]
        self.directions_ = np.ascontiguousarray(leading, dtype=np.float32)
        return unit(centred @ self.directions_)

    def transform(self, vectors: Dense, groups: Sequence[str]) -> Dense:
        """Apply what was learnt to vectors."""
        names = np.array(groups, dtype=object)
        filled = np.abs(vectors).sum(axis=1) > 0
        vectors = np.array(vectors)
        for name, mean in self.means_.items():
            vectors[(names == name) & filled] -= mean
        centred = unit(vectors)
        return centred if self.directions_ is None else unit(centred @ self.directions_)


def _beside(*weighted_parts: tuple[float, Dense]) -> Dense:
    """Put parts side by side, each with its weight, rows of length 1 or 0."""
    return unit(np.hstack([np.float32(weight) * part for weight, part in weighted_parts]))


class BilingualSpace(BaseEstimator):  # type: ignore[misc]
    """Makes the two views of passages.

    Parameters
    ----------
    n_components : int
        Latent dimensions of words and of concepts.
    n_dimensions : int
        Dimensions of each view at most.
    concept_weight, company_weight, word_weight : float
        Weights of a passage's concepts, of the company its words keep when all is believed, and
        of its words, beside the static space's 1.
    context_share : float
        What a passage takes of the others of its text.
    backend : str
        Where vectors of meaning come from, see :mod:`nlp.features.backends`.
    random_state : int
        Seed of the reduction.
    lexicon : Lexicon or None
        Word lists; None for those of the package.

    Attributes
    ----------
    reference_ : object
        What the backend learnt of the corpus, for :class:`nlp.space.Space` its word shares and the
        means of its languages.
    company_ : Company
        Usual company of each stem.
    stems_, rarity_, word_dimensions_
        How own words are counted, weighted and reduced.
    concept_rarity_, concept_dimensions_
        How concepts are weighted and reduced.
    finishes_
        The last step of each view.
    """

    def __init__(
        self,
        *,
        n_components: int = 100,
        n_dimensions: int = 128,
        concept_weight: float = 0.5,
        company_weight: float = 1.4,
        word_weight: float = 0.35,
        context_share: float = 0.4,
        backend: str = STATIC,
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
        self.backend = backend
        self.random_state = random_state
        self.lexicon = lexicon

    def fit_transform(
        self, block: Block, progress: Callable[[float], None] = lambda _: None
    ) -> Views:
        """Learn the space of a corpus and return the views of its passages."""
        least = 2 if len(block.pieces) >= ENOUGH_FOR_RARE else 1
        self.stems_ = Stems(self.lexicon or load_lexicon(), least=least)
        counted = self.stems_.fit_count(block.table)
        self.rarity_ = Rarity(least=least).fit(counted)
        own = self.rarity_.transform(counted)
        progress(0.15)
        self.concept_rarity_ = Rarity(least=least, power=2).fit(block.concepts)
        concepts = self.concept_rarity_.transform(block.concepts)
        self.concept_dimensions_ = self._dimensions().fit(concepts)
        progress(0.25)
        meanings = backend_of(self.backend)
        self.reference_, vectors = meanings.learn(block)
        progress(0.5)
        shared = self._shared(vectors, concepts)
        self.company_ = Company()
        company = self._believed(self.company_.fit_transform(own, shared), block.table)
        self.word_dimensions_ = self._dimensions().fit(own)
        progress(0.8)
        self.finishes_ = (Finish(self.n_dimensions), Finish(self.n_dimensions))
        raw = self._raw(own, shared, company, block.texts)
        pairs = zip(self.finishes_, raw, strict=True)
        views = Views(*(last.fit_transform(view, block.groups) for last, view in pairs))
        progress(1.0)
        return views

    def fit(self, block: Block, y: None = None) -> Self:  # noqa: ARG002
        """Learn the space of a corpus."""
        self.fit_transform(block)
        return self

    def transform(self, block: Block) -> Views:
        """Return the views of passages in the space learnt before."""
        own = self.rarity_.transform(self.stems_.count(block.table))
        concepts = self.concept_rarity_.transform(block.concepts)
        vectors = backend_of(self.backend).embed(block, self.reference_)
        company = self._believed(self.company_.transform(own), block.table)
        raw = self._raw(own, self._shared(vectors, concepts), company, block.texts)
        pairs = zip(self.finishes_, raw, strict=True)
        return Views(*(last.transform(view, block.groups) for last, view in pairs))

    def _dimensions(self) -> LatentDimensions:
        """Return latent dimensions with this estimator's parameters."""
        return LatentDimensions(self.n_components, random_state=self.random_state)

    def _shared(self, vectors: Dense, concepts: Matrix) -> Dense:
        """Put static vectors and concepts side by side."""
        latent = self.concept_dimensions_.transform(concepts)
        return _beside((1.0, vectors), (self.concept_weight, latent))

    def _believed(self, company: Dense, table: TextWords) -> Dense:
        """Make the company of passages as long as there is evidence for it."""
        evidence = self.stems_.means(table, self.company_.belief())
        return np.asarray(company * evidence[:, None].astype(np.float32))

    def _raw(
        self, own: Matrix, shared: Dense, company: Dense, texts: Integers
    ) -> tuple[Dense, Dense]:
        """Return both views before they are centred."""
        across = _beside((1.0, shared), (self.company_weight, company))
        words = self.word_dimensions_.transform(own)
        within = _beside((1.0, across), (self.word_weight, words))
        return (
            smoothed(within, texts, self.context_share),
            smoothed(across, texts, self.context_share),
        )
