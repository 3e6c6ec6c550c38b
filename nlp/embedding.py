"""Vectors of whole texts in one space for all languages."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from nlp.copies import content_hash
from nlp.features import BilingualSpace
from nlp.lexicon import load_lexicon
from nlp.stages import GROUP_OF
from nlp.text.language import LanguageDetector


def embed_texts(texts: Sequence[str], *, random_state: int = 0) -> npt.NDArray[np.float32]:
    """Return one vector per text, of length 1, or 0 for a text without a word that counts.

    The space is that of the texts given together: vectors of two calls are not comparable.

    Parameters
    ----------
    texts : sequence of str, length n
    random_state : int
        Seed of the reduction.

    Returns
    -------
    array of float32, shape (n, d)
        In the order given; the order changes no vector.
    """
    order = sorted(range(len(texts)), key=lambda row: (content_hash(texts[row]), row))
    filled = [row for row in order if texts[row].strip()]
    if not filled:
        return np.zeros((len(texts), 1), dtype=np.float32)
    lexicon = load_lexicon()
    detector = LanguageDetector(lexicon)
    guesses = [detector.guess(texts[row]).language for row in filled]
    groups = [GROUP_OF.get(language, language) for language in guesses]
    with threadpool_limits(limits=1):
        space = BilingualSpace(random_state=random_state, lexicon=lexicon)
        views = space.fit([texts[row] for row in filled], guesses, groups).views_
    joined = np.hstack([views.within, views.across])
    lengths = np.linalg.norm(joined, axis=1, keepdims=True)
    vectors = np.zeros((len(texts), joined.shape[1]), dtype=np.float32)
    vectors[filled] = joined / np.where(lengths > 0, lengths, 1)
    return vectors
