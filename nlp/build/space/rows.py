"""From senses to one vector for each French, Arabic and Darija word."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.build.space.sources import Sense
from nlp.space.forms import exact, folded, script, tokens, unvocalised

Array = npt.NDArray[Any]
Key = tuple[str, str]

#: Trust in each source.
TRUST = {
    "wikt_fr": 1.0,
    "wikt_ar": 1.0,
    "pivot": 0.7,
    "health": 1.0,
    "thesaurus": 1.0,
    "places": 0.7,
}
#: How fast later senses of a word lose weight.
RANK = 0.3
#: Weight of the model's own reading of a French word: it knows words alike in English.
OWN = 0.15
#: Weight of the synsets of a word beside its own senses.
SYNSETS = 1.0
#: Endings of French nouns that are like English ones.
_NOUN_ENDINGS = (
    "té",
    "tion",
    "sion",
    "ment",
    "isme",
    "iste",
    "eur",
    "age",
    "ance",
    "ence",
    "ure",
    "ique",
)
#: Longest expression kept, in words.
LONGEST = 4


class Rows(NamedTuple):
    """Keys (language, word or expression) and their vectors, shape (n, d)."""

    keys: list[Key]
    vectors: Array


def unit(vectors: Array) -> Array:
    """Return rows of length 1, or 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(
        np.where(lengths > 1e-9, vectors / np.maximum(lengths, 1e-9), 0), dtype=np.float32
    )


def key_of(expression: str, language: str) -> Key | None:
    """Return the key of an expression, or None when it is too long or has no word."""
    words = [w for w in tokens(expression) if len(w) > 1 or language != "fr"]
    words = [exact(w) if language == "fr" else folded(w) for w in words]
    is_kept = 0 < len(words) <= LONGEST and all(script(w) for w in words)
    if is_kept and language == "ar":
        is_kept = all(script(w) == "ar" for w in words)
    return (language, " ".join(words)) if is_kept else None


def keys_of(sense: Sense) -> list[Key]:
    """Return the distinct keys of a sense, in order."""
    keys = (key_of(e, lang) for lang, words in sense.words.items() for e in words)
    return list(dict.fromkeys(key for key in keys if key))


class _Triples:
    """Entries of a sparse matrix, gathered one by one."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.values: list[float] = []

    def add(self, row: int, column: int, value: float) -> None:
        """Add one entry."""
        self.rows.append(row)
        self.columns.append(column)
        self.values.append(value)

    def matrix(self, n_rows: int, n_columns: int) -> Any:
        """Return the matrix."""
        return sparse.csr_matrix(
            (self.values, (self.rows, self.columns)), shape=(n_rows, n_columns)
        )


def sense_vectors(senses: Sequence[Sense], number: dict[str, int], wordings: Array) -> Array:
    """Return the vector of each sense, the mean of its wordings; 0 where it has none."""
    entries = _Triples()
    for i, sense in enumerate(senses):
        for text, weight in sense.english:
            entries.add(i, number[text], weight)
    return unit(entries.matrix(len(senses), len(wordings)) @ wordings)


def listed_rows(
    senses: Sequence[Sense], vectors: Array, number: dict[str, int], wordings: Array
) -> Rows:
    """Return the words of senses that have English wordings."""
    keys: dict[Key, int] = {}
    entries, rank = _Triples(), Counter[tuple[str, int]]()
    for i, sense in enumerate(senses):
        if not sense.english:
            continue
        for key in keys_of(sense):
            row = keys.setdefault(key, len(keys))
            weight = TRUST[sense.source] / (1 + RANK * rank[sense.source, row])
            rank[sense.source, row] += 1
            entries.add(row, i, weight)
    means = unit(entries.matrix(len(keys), len(senses)) @ vectors)
    own = np.zeros_like(means)
    for (language, word), row in keys.items():
        if language == "fr" and word in number:
            own[row] = wordings[number[word]]
    return Rows(list(keys), unit(means + OWN * unit(own)))


def with_synsets(rows: Rows, senses: Sequence[Sense]) -> Rows:
    """Draw words to the synsets they stand in, and give a vector to the other words of these."""
    known = {key: i for i, key in enumerate(rows.keys)}
    keys = dict(known)
    inside, outside, n_synsets = _Triples(), _Triples(), 0
    for sense in senses:
        if sense.source not in ("omw", "wolf"):
            continue
        found = keys_of(sense)
        if not any(key in known for key in found):
            continue
        for key in found:
            if key in known:
                inside.add(n_synsets, known[key], 1.0)
            else:
                outside.add(keys.setdefault(key, len(keys)) - len(known), n_synsets, 1.0)
        n_synsets += 1
    members = inside.matrix(n_synsets, len(known))
    synsets = unit(members @ rows.vectors)
    drawn = unit(rows.vectors + SYNSETS * unit(members.T @ synsets))
    others = unit(outside.matrix(len(keys) - len(known), n_synsets) @ synsets)
    return Rows(list(keys), np.vstack([drawn, others]))


def with_readings(
    rows: Rows, senses: Sequence[Sense], number: dict[str, int], wordings: Array
) -> Rows:
    """Give the model's own reading to French words that no dictionary translates.

    Only adjectives, verbs, adverbs, nouns with a usual ending and words of the thesaurus: the rest
    of what a wordnet lists alone is mostly Latin names of species.
    """
    known, readings = set(rows.keys), set[Key]()
    for sense in senses:
        if sense.source not in ("wolf", "omw", "thesaurus"):
            continue
        is_kept = sense.source == "thesaurus" or sense.pos in ("a", "v", "r")
        for word in sense.words.get("fr", ()):
            key = key_of(word, "fr")
            is_wanted = is_kept or word.endswith(_NOUN_ENDINGS)
            if key and is_wanted and key[1] in number and word.islower() and key not in known:
                readings.add(key)
    if not readings:
        return rows
    keys = sorted(readings)
    vectors = unit(wordings[[number[word] for _, word in keys]])
    return Rows([*rows.keys, *keys], np.vstack([rows.vectors, vectors]))


def with_meanings(rows: Rows, senses: Sequence[Sense]) -> Rows:
    """Give Darija words the mean of their French and Arabic meanings."""
    known = {key: i for i, key in enumerate(rows.keys)}
    sums: dict[Key, Array] = {}
    for sense in senses:
        if sense.source != "darija":
            continue
        found = keys_of(sense)
        meanings = [known[key] for key in found if key[0] != "ary" and key in known]
        if not meanings:
            continue
        mean = unit(rows.vectors[meanings].mean(axis=0, keepdims=True))[0]
        for key in found:
            if key not in known:
                sums[key] = sums.get(key, 0) + mean
    if not sums:
        return rows
    return Rows([*rows.keys, *sums], np.vstack([rows.vectors, unit(np.array(list(sums.values())))]))


def centred(wordings: Array) -> Array:
    """Return vectors less their mean: what all wordings share says nothing."""
    return np.asarray(wordings - wordings.mean(axis=0, dtype=np.float64).astype(np.float32))


def word_rows(
    senses: Sequence[Sense], vectors: Array, number: dict[str, int], wordings: Array
) -> Rows:
    """Return the vectors of all words, length 1, sorted by language and word.

    Parameters
    ----------
    senses : sequence of Sense
    vectors : array, shape (n_senses, d)
        From :func:`sense_vectors`.
    number : dict
        Row of each wording in ``wordings``.
    wordings : array, shape (n, d)
        Centred.
    """
    rows = listed_rows(senses, vectors, number, wordings)
    rows = with_readings(with_synsets(rows, senses), senses, number, wordings)
    rows = with_meanings(rows, senses)
    order = sorted(range(len(rows.keys)), key=lambda i: rows.keys[i])
    return Rows([rows.keys[i] for i in order], rows.vectors[order])


def shown_forms(senses: Sequence[Sense], keys: Sequence[Key]) -> list[str]:
    """Return the usual way to write each key: its most frequent expression in the sources."""
    forms: dict[Key, Counter[str]] = {key: Counter() for key in keys}
    for sense in senses:
        for language, expressions in sense.words.items():
            for expression in expressions:
                key = key_of(expression, language)
                if key in forms:
                    forms[key][" ".join(unvocalised(expression).split())] += 1
    best = []
    for key in keys:
        found = sorted(forms[key].items(), key=lambda item: (-item[1], item[0]))
        best.append(found[0][0] if found else key[1])
    return best
