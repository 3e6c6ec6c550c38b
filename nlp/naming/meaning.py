"""What themes are about, in the static space: nearness of concepts and words to each theme."""

from collections.abc import Sequence

import numpy as np
from sklearn.preprocessing import normalize

from nlp.clustering.kmeans import Dense, sums_by
from nlp.lexicon import Concept
from nlp.naming.sample import Sample
from nlp.space import Space


class ThemeMeanings:
    """Vectors of themes, centred so that what all themes share says nothing.

    Parameters
    ----------
    sample : Sample
        Passages of the themes.
    n_themes : int

    Attributes
    ----------
    means : array, shape (n_themes, d)
        Mean vector of each theme, of length 1.
    themes : array, shape (n_themes, d)
        The same, less their mean.
    """

    def __init__(self, sample: Sample, n_themes: int) -> None:
        """Work out the vector of each theme."""
        self.space = Space.load()
        vectors, _ = self.space.embed(sample.texts, sample.languages)
        themes = normalize(sums_by(sample.labels, vectors.astype(np.float64), n_themes))
        self.means: Dense = np.array(themes)
        if n_themes > 2:
            themes -= themes.mean(axis=0)
        self.themes: Dense = np.asarray(normalize(themes))

    def of_concepts(self, concepts: Sequence[Concept]) -> Dense:
        """Return the cosine of each theme with each concept, shape (n_themes, n_concepts)."""
        both = [self._terms(concepts, "fr"), self._terms(concepts, "ar")]
        return np.asarray(self.themes @ normalize(both[0] + both[1]).T)

    def _terms(self, concepts: Sequence[Concept], language: str) -> Dense:
        """Return the vectors of the terms of concepts in one language."""
        if not concepts:
            return np.zeros((0, self.themes.shape[1]))
        lines = [
            " . ".join([c.label_fr, *c.terms_fr] if language == "fr" else [c.label_ar, *c.terms_ar])
            for c in concepts
        ]
        vectors, _ = self.space.embed(lines, [language] * len(lines))
        return np.asarray(vectors, dtype=np.float64)

    def of_words(self, terms: Sequence[str], language: str, theme: int) -> Dense:
        """Return the cosine of a theme with each term, shape (n_terms,); 0 for unknown ones."""
        if not terms:
            return np.zeros(0)
        return np.asarray(self.space.words(terms, language) @ self.themes[theme])
