"""Vectors of French, Arabic and Darija words and texts in one space, offline."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.space import store
from nlp.space.guess import Guesser
from nlp.space.forms import script, tokens
from nlp.space.table import WordTable

Vectors = npt.NDArray[np.float32]
Counts = Any

#: Share at which a word's weight has halved (smooth inverse frequency, Arora et al., 2017).
RARITY = 3e-3
#: Words of prior knowledge in the shares of a corpus: a small corpus says little of what is common.
PRIOR_WORDS = 5_000
#: Texts of prior knowledge in the mean of a language.
PRIOR_TEXTS = 10
#: Weight of a word guessed from its letters beside its own length, which is short already.
GUESS_WEIGHT = 1.0


class Reference(NamedTuple):
    """What a corpus tells of its own language use; new texts are placed with it unchanged.

    ``shares`` gives a word's share in the corpus by (word, language); ``n_words`` is the size of
    the corpus; ``centres`` holds the mean vector of each language with the number of texts.
    """

    shares: dict[tuple[str, str], float]
    n_words: int
    centres: dict[str, tuple[Vectors, int]]


class Neighbour(NamedTuple):
    """A word or expression of the space near some vector."""

    word: str
    language: str
    cosine: float


class _Counted(NamedTuple):
    """Word counts of texts: distinct (word, language) pairs and a sparse matrix over them."""

    vocabulary: list[tuple[str, str]]
    matrix: Counts


def _unit(vectors: npt.NDArray[Any]) -> Vectors:
    """Return rows of length 1, or 0 where there is nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    filled = lengths > 1e-6
    return np.asarray(np.where(filled, vectors / np.where(filled, lengths, 1), 0), dtype=np.float32)


def _counted(texts: Sequence[str], languages: Sequence[str]) -> _Counted:
    """Count the words of texts; the vocabulary is sorted, so that order does not matter."""
    numbers: dict[tuple[str, str], int] = {}
    columns: list[int] = []
    ends = [0]
    by_language: dict[str, dict[str, int]] = {}
    for text, language in zip(texts, languages, strict=True):
        known = by_language.setdefault(language, {})
        for token in tokens(text):
            number = known.get(token)
            if number is None:
                number = known[token] = len(numbers)
                numbers[token, language] = number
            columns.append(number)
        ends.append(len(columns))
    vocabulary = sorted(numbers)
    place = np.empty(len(vocabulary), dtype=np.int64)
    place[[numbers[key] for key in vocabulary]] = np.arange(len(vocabulary))
    shape = (len(texts), len(vocabulary))
    indices = place[np.asarray(columns, dtype=np.int64)] if columns else np.zeros(0, dtype=np.int64)
    matrix = sparse.csr_matrix((np.ones(len(columns), dtype=np.float32), indices, ends), shape=shape)
    matrix.sum_duplicates()
    return _Counted(vocabulary, matrix)


def _guesser(blocks: dict[str, bytes], language: str, n_dimensions: int) -> Guesser:
    """Return the guesser of a script from its blocks."""
    groups = store.unpack_words(blocks[f"groups_{language}"])
    shape = (len(groups), n_dimensions)
    whole = store.unpack(blocks[f"group_vectors_{language}"], shape, bits=4)
    return Guesser(groups, whole, np.frombuffer(blocks[f"group_scale_{language}"], dtype=np.float32))


class Space:
    """The bilingual space.

    Use :meth:`load`. Vectors have ``n_dimensions`` numbers; a text's vector is the weighted sum of
    its words' vectors, less the mean of its language, with length 1 (0 when no word is known).
    """

    def __init__(self, header: dict[str, Any], blocks: dict[str, bytes]) -> None:
        """Take the parts of a file."""
        self.n_dimensions: int = header["n_dimensions"]
        self.version: str = header["version"]
        words = store.unpack_words(blocks["words"])
        self._shown = store.unpack_words(blocks["shown"])
        self._languages = [(str(name), int(size)) for name, size in header["languages"]]
        self.table = WordTable(self._languages, words)
        shape = (len(words), self.n_dimensions)
        self._whole = store.unpack(blocks["vectors"], shape, bits=header["bits"])
        self._scale = np.frombuffer(blocks["scale"], dtype=np.float32)
        self._norms = np.frombuffer(blocks["norms"], dtype=np.float16)
        #: Natural logarithm of each row's usual share in texts.
        self._log_shares = np.frombuffer(blocks["log_shares"], dtype=np.float16)
        self._guessers = {
            language: _guesser(blocks, language, self.n_dimensions)
            for language in ("fr", "ar")
            if f"groups_{language}" in blocks
        }
        names = header["centres"]
        centres = np.frombuffer(blocks["centres"], dtype=np.float32).reshape(-1, self.n_dimensions)
        self._centres: dict[str, Vectors] = dict(zip(names, centres, strict=True))

    @classmethod
    @cache
    def load(cls, path: Path | None = None) -> Self:
        """Read the space of the package, or another file; kept once read.

        :raises nlp.space.SpaceFileError: if the file cannot be read or is damaged.
        """
        if path is None:
            path = Path(str(resources.files("nlp") / "data" / "space.bin"))
        return cls(*store.read(path))

    def _rows(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """Return rows of the space as numbers, at the length the build gave them."""
        vectors = _unit(self._whole[rows] * self._scale)
        return np.asarray(vectors * self._norms[rows].astype(np.float32)[:, None])

    def _vectors(
        self, vocabulary: Sequence[tuple[str, str]]
    ) -> tuple[Vectors, npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
        """Return the vector of each (word, language), whether it is listed, and its usual share."""
        found = [self.table.find(token, language) for token, language in vocabulary]
        sizes = np.fromiter((len(rows) for rows in found), dtype=np.int64, count=len(found))
        flat = np.fromiter((row for rows in found for row in rows), dtype=np.int64)
        used, columns = np.unique(flat, return_inverse=True)
        ends = np.concatenate([[0], np.cumsum(sizes)])
        weights = np.repeat(1 / np.maximum(sizes, 1), sizes).astype(np.float32)
        mixing = sparse.csr_matrix((weights, columns, ends), shape=(len(found), len(used)))
        shares = mixing @ np.exp(self._log_shares[used].astype(np.float64))
        vectors = np.asarray(mixing @ self._rows(used), dtype=np.float32)
        for name, guesser in self._guessers.items():
            unknown = [
                i for i, rows in enumerate(found) if not rows and script(vocabulary[i][0]) == name
            ]
            if unknown:
                words = [vocabulary[i][0] for i in unknown]
                vectors[unknown] = GUESS_WEIGHT * guesser.guess(words)
        return vectors, sizes > 0, shares

    def _weights(
        self,
        vocabulary: Sequence[tuple[str, str]],
        usual: npt.NDArray[np.float64],
        reference: Reference,
    ) -> npt.NDArray[np.float32]:
        """Return the weight of each word: the commoner, the lighter; numbers weigh nothing."""
        own = np.array([reference.shares.get(key, 0.0) for key in vocabulary])
        n_words = reference.n_words
        shares = (own * n_words + usual * PRIOR_WORDS) / (n_words + PRIOR_WORDS)
        is_word = np.array([bool(script(token)) and len(token) > 1 for token, _ in vocabulary])
        return np.asarray(is_word * RARITY / (RARITY + shares), dtype=np.float32)

    def _sums(self, counted: _Counted, reference: Reference) -> tuple[Vectors, Vectors]:
        """Return the weighted sums of texts (length 1 or 0) and the share of weight known."""
        vectors, known, usual = self._vectors(counted.vocabulary)
        weights = self._weights(counted.vocabulary, usual, reference)
        sums = _unit(counted.matrix @ (vectors * weights[:, None]))
        total = counted.matrix @ weights
        covered = counted.matrix @ (weights * known)
        coverage = np.divide(covered, total, out=np.zeros_like(covered), where=total > 0)
        return sums, np.clip(coverage, 0, 1).astype(np.float32)

    def reference(self, texts: Sequence[str], languages: Sequence[str]) -> Reference:
        """Learn word shares and the mean of each language from a corpus.

        Parameters
        ----------
        texts, languages : sequences of str, same length
            Languages as in :meth:`embed`.
        """
        return self._learnt(_counted(texts, languages), languages)

    def _learnt(self, counted: _Counted, languages: Sequence[str]) -> Reference:
        """Learn the reference of texts already counted."""
        totals = np.asarray(counted.matrix.sum(axis=0)).ravel()
        sizes: Counter[str] = Counter()
        for (_, language), count in zip(counted.vocabulary, totals, strict=True):
            sizes[language] += int(count)
        shares = {
            key: float(count) / sizes[key[1]]
            for key, count in zip(counted.vocabulary, totals, strict=True)
        }
        n_words = max(sizes.values(), default=0)
        bare = Reference(shares, n_words, {})
        sums, _ = self._sums(counted, bare)
        names = np.array(languages, dtype=object)
        centres = {}
        for name in sorted(set(languages)):
            chosen = sums[(names == name) & (np.abs(sums).sum(axis=1) > 0)]
            if len(chosen):
                mean = chosen.mean(axis=0, dtype=np.float64).astype(np.float32)
                centres[name] = (mean, len(chosen))
        return Reference(shares, n_words, centres)

    def _centre(self, language: str, reference: Reference) -> Vectors:
        """Return the mean of a language: the corpus's, drawn to the usual one when it is small."""
        usual = self._centres.get(language)
        if usual is None:
            usual = self._centres["ar" if language == "ar-MA" else "fr"]
        mean, n_texts = reference.centres.get(language, (usual, 0))
        return np.asarray((mean * n_texts + usual * PRIOR_TEXTS) / (n_texts + PRIOR_TEXTS))

    def embed(
        self,
        texts: Sequence[str],
        languages: Sequence[str],
        *,
        reference: Reference | None = None,
    ) -> tuple[Vectors, Vectors]:
        """Return the vectors of texts.

        Parameters
        ----------
        texts : sequence of str, length n
        languages : sequence of str, length n
            ``fr``, ``ar``, ``ar-MA`` (Darija in Arabic letters), ``ary-Latn`` or another code; a
            word in Arabic letters is sought in Arabic whatever the text's language.
        reference : Reference or None
            Word shares and means of the corpus the texts belong to; None to learn them from the
            texts themselves.

        Returns
        -------
        vectors : float32 array, shape (n, n_dimensions)
            Rows of length 1, or 0 when no word is known.
        coverage : float32 array, shape (n,)
            Share of the text's words, by weight, that the space knows, in [0, 1].
        """
        counted = _counted(texts, languages)
        if reference is None:
            reference = self._learnt(counted, languages)
        sums, coverage = self._sums(counted, reference)
        names = np.array(languages, dtype=object)
        for name in set(languages):
            chosen = (names == name) & (np.abs(sums).sum(axis=1) > 0)
            sums[chosen] -= self._centre(name, reference)
        return _unit(sums), coverage

    def word(self, word: str, language: str) -> Vectors:
        """Return the vector of a word or short expression, length 1 (0 when unknown)."""
        found = tokens(word)
        if not found:
            return np.zeros(self.n_dimensions, dtype=np.float32)
        key = " ".join(found)
        listed = self._expression_rows.get((language, key))
        if listed is not None:
            return np.asarray(_unit(self._rows(np.array([listed])))[0])
        keys = [(token, language) for token in found]
        vectors, _, usual = self._vectors(keys)
        weights = self._weights(keys, usual, Reference({}, 0, {}))
        return np.asarray(_unit((vectors * weights[:, None]).sum(axis=0, keepdims=True))[0])

    @cached_property
    def _expression_rows(self) -> dict[tuple[str, str], int]:
        """Rows of expressions by (language, key)."""
        return {
            (language, key): row
            for language, expressions in self.table.expressions.items()
            for key, row in expressions
        }

    def nearest(
        self, vector: npt.NDArray[Any], language: str, *, n: int = 10, among: Iterable[str] | None = None
    ) -> list[Neighbour]:
        """Return the words of a language nearest to a vector, nearest first.

        Parameters
        ----------
        vector : array, shape (n_dimensions,)
        language : str
            ``fr``, ``ar`` or ``ary``: the table whose words are compared.
        n : int
            How many words.
        among : iterable of str or None
            Keep only these words (as written in the space).
        """
        start = 0
        for name, size in self._languages:
            if name == language:
                break
            start += size
        else:
            return []
        rows = np.arange(start, start + size)
        if among is not None:
            wanted = set(among)
            rows = np.array([r for r in rows if self.table.words[r] in wanted], dtype=np.int64)
        if not len(rows):
            return []
        cosines = _unit(self._whole[rows] * self._scale) @ np.asarray(vector, dtype=np.float32)
        order = np.lexsort((rows, -np.round(cosines, 6)))[:n]
        return [Neighbour(self.shown(rows[i]), language, round(float(cosines[i]), 4)) for i in order]

    def shown(self, row: int) -> str:
        """Return the usual way to write the word of a row."""
        return self._shown[row] or self.table.words[row]
