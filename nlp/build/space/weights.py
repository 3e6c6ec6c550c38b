"""How much a word says: its part of speech and the agreement of its senses."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.build.space.rows import Key, keys_of
from nlp.build.space.sources import Sense

Array = npt.NDArray[Any]

#: Weight of nouns and names, verbs, adjectives, adverbs, all others: themes are told by nouns.
_KINDS = {"noun": 1.0, "verb": 0.8, "adjective": 0.8, "adverb": 0.5, "other": 0.5}
_KIND_OF = {"n": "noun", "m": "noun", "f": "noun", "mf": "noun", "prop": "noun", "v": "verb"}
_KIND_OF |= {"vt": "verb", "vi": "verb", "vr": "verb", "adj": "adjective", "a": "adjective"}
_KIND_OF |= {"adv": "adverb", "r": "adverb"}
#: Sources whose entries are all nouns and names.
_NOUNS = {"thesaurus", "health", "places", "centres"}
#: Power of the agreement of senses.
_AGREEMENT = 0.5
#: Agreement supposed of a word that no dictionary with wordings lists.
_UNKNOWN = 0.8


def word_weights(senses: Sequence[Sense], vectors: Array, keys: Sequence[Key]) -> Array:
    """Return a weight for each key, shape (n_keys,).

    The mean of vectors that disagree is short: a word of many unlike senses says little of what a
    text is about.

    Parameters
    ----------
    senses : sequence of Sense
    vectors : array, shape (n_senses, d)
        Vectors of the senses, length 1 or 0.
    keys : sequence of (language, word)
    """
    number = {key: i for i, key in enumerate(keys)}
    kinds, n_kinds = np.zeros(len(keys)), np.zeros(len(keys))
    sums, n_senses = np.zeros((len(keys), vectors.shape[1])), np.zeros(len(keys))
    for sense, vector in zip(senses, vectors, strict=True):
        kind = _KIND_OF.get(sense.pos, "noun" if sense.source in _NOUNS else "other")
        for row in (number[key] for key in keys_of(sense) if key in number):
            kinds[row] += _KINDS[kind]
            n_kinds[row] += 1
            if sense.english:
                sums[row] += vector
                n_senses[row] += 1
    agreement = np.linalg.norm(sums, axis=1) / np.maximum(n_senses, 1)
    agreement = np.where(n_senses > 0, agreement, _UNKNOWN)
    kind_weights = np.where(n_kinds > 0, kinds / np.maximum(n_kinds, 1), 1.0)
    return np.asarray(kind_weights * agreement**_AGREEMENT)
