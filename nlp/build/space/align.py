"""Quiets the directions in which translations disagree.

What differs between a sentence and its translation, or between words of one sense, is noise of the
dictionaries. Its scatter is measured, and the space is divided by the scatter's square root
(within-class whitening, as in Hatch and Stolcke, 2006). A vector's length afterwards says how much
of it is not noise, and is kept as part of the word's weight.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.build.space.rows import Key, keys_of
from nlp.build.space.sources import Sense

Array = npt.NDArray[Any]

#: Share of word pairs, beside sentence pairs, in the scatter.
_WORD_SHARE = 0.3
#: Even noise added, in means of the scatter's own: the greater, the milder.
_MILDNESS = 1.0
#: Words of one sense and language compared at most.
_MOST_WORDS = 4
_PAIRED = {"pivot", "omw", "thesaurus", "health"}


def word_pairs(senses: Sequence[Sense], keys: Sequence[Key]) -> tuple[list[int], list[int]]:
    """Return the rows of French and Arabic words that share a sense, pair by pair."""
    number = {key: i for i, key in enumerate(keys)}
    french, arabic = [], []
    for sense in senses:
        if sense.source in _PAIRED:
            rows = [(key[0], number[key]) for key in keys_of(sense) if key in number]
            left = [row for language, row in rows if language == "fr"][:_MOST_WORDS]
            right = [row for language, row in rows if language == "ar"][:_MOST_WORDS]
            french += [row for row in left for _ in right]
            arabic += [row for _ in left for row in right]
    return french, arabic


def scatter(differences: Array) -> Array:
    """Return the scatter of differences, shape (d, d), with trace 1."""
    square = differences.astype(np.float64).T @ differences.astype(np.float64)
    return np.asarray(square / max(float(np.trace(square)), 1e-12))


def noise_map(
    vectors: Array,
    pairs: tuple[list[int], list[int]],
    sentences: Callable[[str], Array] | None,
) -> Array:
    """Return the matrix that divides the space by its noise, shape (d, d).

    Parameters
    ----------
    vectors : array, shape (n, d)
    pairs : two lists of rows
        Words that share a sense.
    sentences : callable or None
        Vectors of the parallel sentences by language, in the same order; None without any.
    """
    noise = scatter(vectors[pairs[0]] - vectors[pairs[1]])
    if sentences is not None:
        noise = _WORD_SHARE * noise + (1 - _WORD_SHARE) * scatter(sentences("fr") - sentences("ar"))
    sizes, directions = np.linalg.eigh(noise)
    strengths = (np.maximum(sizes, 0) + _MILDNESS * sizes.mean()) ** -0.5
    return np.asarray((directions * strengths) @ directions.T, dtype=np.float32)
