"""What themes are about, in the static space: nearness of concepts and words to each theme."""

from collections.abc import Sequence

import numpy as np
from sklearn.preprocessing import normalize

from nlp.features.space import Dense
from nlp.lexicon import Concept
from nlp.space import Space

#: Passages of a theme that its meaning is taken from, in their inner order.
_MOST_PASSAGES = 200


class ThemeMeanings:
    """Vectors of themes, centred so that what all themes share says nothing.

    Parameters
    ----------
    texts, languages, labels : sequences of length n_passages
        Passages, their language codes and theme numbers.
    n_themes : int
    """

    def __init__(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        labels: Sequence[int],
        n_themes: int,
    ) -> None:
        """Work out the vector of each theme."""
        self.space = Space.load()
        taken = _first_of_each(labels, n_themes)
        vectors, _ = self.space.embed([texts[i] for i in taken], [languages[i] for i in taken])
        themes = np.zeros((n_themes, vectors.shape[1]))
        np.add.at(themes, [labels[i] for i in taken], vectors)
        themes = normalize(themes)
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
        vectors = np.array([self.space.word(term, language) for term in terms])
        return np.asarray(vectors @ self.themes[theme])


def _first_of_each(labels: Sequence[int], n_themes: int) -> list[int]:
    """Return the numbers of the first passages of each theme."""
    left = [_MOST_PASSAGES] * n_themes
    taken = []
    for number, label in enumerate(labels):
        if left[label]:
            left[label] -= 1
            taken.append(number)
    return taken
