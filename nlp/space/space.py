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
from nlp.space.counting import Counted, counted
from nlp.space.expressions import LONGEST, Codes, ExpressionFinder
from nlp.space.forms import script, tokens
from nlp.space.guess import Guesser
from nlp.space.table import WordTable
from nlp.space.tamazight import AMAZIGH, is_function, is_tifinagh
from nlp.text.table import TextWords

Vectors = npt.NDArray[np.float32]

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

    ``shares`` gives a word's share in the texts of its language by (word, language); ``n_words``
    how many words these texts have, by language; ``centres`` holds the mean vector of each
    language with the number of texts.
    """

    shares: dict[tuple[str, str], float]
    n_words: dict[str, int]
    centres: dict[str, tuple[Vectors, int]]


class Neighbour(NamedTuple):
    """A word or expression of the space near some vector."""

    word: str
    language: str
    cosine: float


def _unit(vectors: npt.NDArray[Any]) -> Vectors:
    """Return rows of length 1, or 0 where there is nothing."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    inverse = np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 1e-6)
    return np.asarray(vectors * inverse[:, None], dtype=np.float32)


def _is_word(token: str, language: str) -> bool:
    """Whether a word may weigh: no number, no single letter, no function word of Tamazight."""
    is_written = bool(script(token)) or is_tifinagh(token)
    return is_written and len(token) > 1 and not is_function(token, language)


def _codes(blocks: dict[str, bytes]) -> Codes:
    """Return the codes of expressions, the longest first; none when the file has none."""
    codes = {}
    for length in range(LONGEST, 1, -1):
        if f"codes_{length}" in blocks:
            keys = np.frombuffer(blocks[f"codes_{length}"], dtype="<i8").astype(np.int64)
            rows = np.frombuffer(blocks[f"code_rows_{length}"], dtype="<i4").astype(np.int64)
            codes[length] = (keys, rows)
    return codes


def _guesser(blocks: dict[str, bytes], language: str, n_dimensions: int) -> Guesser:
    """Return the guesser of a script from its blocks."""
    groups = store.unpack_words(blocks[f"groups_{language}"])
    shape = (len(groups), n_dimensions)
    whole = store.unpack(blocks[f"group_vectors_{language}"], shape, bits=4)
    return Guesser(
        groups, whole, np.frombuffer(blocks[f"group_scale_{language}"], dtype=np.float32)
    )


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
        self._finder = ExpressionFinder(self.table, _codes(blocks))
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
                i
                for i, rows in enumerate(found)
                if not rows and script(vocabulary[i][0]) == name and vocabulary[i][1] != AMAZIGH
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
        n_words = np.array([reference.n_words.get(language, 0) for _, language in vocabulary])
        shares = (own * n_words + usual * PRIOR_WORDS) / (n_words + PRIOR_WORDS)
        is_word = np.array([_is_word(token, language) for token, language in vocabulary])
        return np.asarray(is_word * RARITY / (RARITY + shares), dtype=np.float32)

    def _sums(self, counts: Counted, reference: Reference) -> tuple[Vectors, Vectors]:
        """Return the weighted sums of texts (length 1 or 0) and the share of weight known."""
        vectors, known, usual = self._vectors(counts.vocabulary)
        weights = self._weights(counts.vocabulary, usual, reference)
        sums = _unit(counts.matrix @ (vectors * weights[:, None]))
        total = counts.matrix @ weights
        covered = counts.matrix @ (weights * known)
        coverage = np.divide(covered, total, out=np.zeros_like(covered), where=total > 0)
        return sums, np.clip(coverage, 0, 1).astype(np.float32)

    def reference(self, texts: Sequence[str], languages: Sequence[str]) -> Reference:
        """Learn word shares and the mean of each language from a corpus.

        Parameters
        ----------
        texts, languages : sequences of str, same length
            Languages as in :meth:`embed`.
        """
        return self._learnt(counted(texts, languages, self._finder), languages)[0]

    def learn(
        self, texts: Sequence[str] | TextWords, languages: Sequence[str]
    ) -> tuple[Reference, Vectors, Vectors]:
        """Return the reference of a corpus, with the vectors and the coverage of its texts.

        The same as :meth:`reference` followed by :meth:`embed`, in one reading.
        """
        reference, sums, coverage = self._learnt(counted(texts, languages, self._finder), languages)
        return reference, self._centred(sums, languages, reference), coverage

    def _learnt(
        self, counts: Counted, languages: Sequence[str]
    ) -> tuple[Reference, Vectors, Vectors]:
        """Learn the reference of counted texts; return their sums and coverage as well."""
        totals = np.asarray(counts.matrix.sum(axis=0)).ravel()
        sizes: Counter[str] = Counter()
        for (_, language), count in zip(counts.vocabulary, totals, strict=True):
            sizes[language] += int(count)
        shares = {
            key: float(count) / sizes[key[1]]
            for key, count in zip(counts.vocabulary, totals, strict=True)
        }
        bare = Reference(shares, dict(sizes), {})
        sums, coverage = self._sums(counts, bare)
        names = np.array(languages, dtype=object)
        centres = {}
        for name in sorted(set(languages)):
            chosen = sums[(names == name) & (np.abs(sums).sum(axis=1) > 0)]
            if len(chosen):
                mean = chosen.mean(axis=0, dtype=np.float64).astype(np.float32)
                centres[name] = (mean, len(chosen))
        return Reference(shares, dict(sizes), centres), sums, coverage

    def _centre(self, language: str, reference: Reference) -> Vectors:
        """Return the mean of a language: the corpus's, drawn to the usual one when it is small."""
        usual = self._centres.get(language)
        if usual is None:
            usual = self._centres["ar" if language == "ar-MA" else "fr"]
        mean, n_texts = reference.centres.get(language, (usual, 0))
        return np.asarray((mean * n_texts + usual * PRIOR_TEXTS) / (n_texts + PRIOR_TEXTS))

    def embed(
        self,
        texts: Sequence[str] | TextWords,
        languages: Sequence[str],
        *,
        reference: Reference | None = None,
    ) -> tuple[Vectors, Vectors]:
        """Return the vectors of texts.

        Parameters
        ----------
        texts : sequence of str, length n, or TextWords
            Texts, or their words where these have been read already.
        languages : sequence of str, length n
            ``fr``, ``ar``, ``ar-MA`` (Darija in Arabic letters), ``ary-Latn``, ``zgh`` or another
            code; a word in Arabic letters is sought in Arabic whatever the text's language, one
            in Tifinagh among the words of Tamazight.
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
        counts = counted(texts, languages, self._finder)
        if reference is None:
            reference, sums, coverage = self._learnt(counts, languages)
        else:
            sums, coverage = self._sums(counts, reference)
        return self._centred(sums, languages, reference), coverage

    def _centred(self, sums: Vectors, languages: Sequence[str], reference: Reference) -> Vectors:
        """Take the mean of its language off each sum."""
        names = np.array(languages, dtype=object)
        for name in set(languages):
            chosen = (names == name) & (np.abs(sums).sum(axis=1) > 0)
            sums[chosen] -= self._centre(name, reference)
        return _unit(sums)

    def word(self, word: str, language: str) -> Vectors:
        """Return the vector of a word or short expression, length 1 (0 when unknown)."""
        return np.asarray(self.words([word], language)[0])

    def words(self, words: Sequence[str], language: str) -> Vectors:
        """Return the vectors of words or short expressions, rows of length 1 (0 when unknown).

        An expression that the space does not list has the weighted sum of its words.
        """
        keys = [" ".join(tokens(word)) for word in words]
        listed = [self._expression_rows.get((language, key)) for key in keys]
        parts = [
            [] if row is not None else key.split() for key, row in zip(keys, listed, strict=True)
        ]
        vocabulary = sorted({(token, language) for tokens_ in parts for token in tokens_})
        found = np.zeros((len(words), self.n_dimensions), dtype=np.float32)
        if vocabulary:
            vectors, _, usual = self._vectors(vocabulary)
            weights = self._weights(vocabulary, usual, Reference({}, {}, {}))
            place = {token: number for number, (token, _) in enumerate(vocabulary)}
            for number, tokens_ in enumerate(parts):
                for token in tokens_:
                    found[number] += vectors[place[token]] * weights[place[token]]
        for number, row in enumerate(listed):
            if row is not None:
                found[number] = self._rows(np.array([row]))[0]
        return _unit(found)

    @cached_property
    def _expression_rows(self) -> dict[tuple[str, str], int]:
        """Rows of expressions by (language, key)."""
        return {
            (language, key): row
            for language, expressions in self.table.expressions.items()
            for key, row in expressions
        }

    def nearest(
        self,
        vector: npt.NDArray[Any],
        language: str,
        *,
        n: int = 10,
        among: Iterable[str] | None = None,
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
            rows = np.array([r for r in rows if self.table.words[int(r)] in wanted], dtype=np.int64)
        if not len(rows):
            return []
        cosines = _unit(self._whole[rows] * self._scale) @ np.asarray(vector, dtype=np.float32)
        order = np.lexsort((rows, -np.round(cosines, 6)))[:n]
        return [
            Neighbour(self.shown(int(rows[i])), language, round(float(cosines[i]), 4))
            for i in order
        ]

    def shown(self, row: int) -> str:
        """Return the usual way to write the word of a row."""
        return self._shown[row] or self.table.words[row]
