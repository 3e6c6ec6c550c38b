"""Near-duplicates: one text, N signatories.

Candidates come from MinHash signatures of word pairs (Broder, 1997) put into bands. Each candidate
pair is then compared word by word: a copy may change a name, a village or a number, but no word
that carries the meaning. The cost is linear in the number of texts: within a band a text is
compared with the first ones and with the one before it only.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
import numpy.typing as npt

from nlp.lexicon import Lexicon
from nlp.text.normalise import Word
from nlp.text.table import Integers, TextWords

Hashes = npt.NDArray[np.uint64]

#: Bands of a signature and values in each: word pairs shared above about .45 are found.
_N_BANDS, _N_ROWS = 32, 3
#: Odd numbers by which the values of a band become one.
_MIXERS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
#: Share of equal values under which a pair is not compared word by word.
_LEAST_ALIKE = 0.34
#: Candidates compared with one text, the most alike first.
_MOST_CANDIDATES = 5
#: Bands whose pairs are held at once, so that memory stays bounded.
_BANDS_AT_ONCE = 8
#: Word pairs hashed at a time, so that memory stays bounded.
_BLOCK = 200_000
#: Words below which a passage is too generic for its repetition to mean a campaign.
FEWEST_WORDS = 6
#: Words from which a passage may be a copy although some words changed.
FEWEST_WORDS_CHANGED = 12
#: Greatest share of changed words.
MOST_CHANGED = 0.2
#: Words from which one word in twelve may change whatever it is.
LONG_TEXT, MOST_CHANGED_LONG = 40, 1 / 12


@dataclass(frozen=True)
class _Entry:
    """A text reduced to what is compared: its words by number, and which carry meaning."""

    forms: tuple[int, ...]
    carries_meaning: npt.NDArray[np.bool_]


def _hashed(forms: Sequence[str]) -> Hashes:
    """Return a number of 64 bits for each word, the same on every machine."""
    digests = (
        hashlib.blake2b(form.encode("utf-8", "surrogatepass"), digest_size=8) for form in forms
    )
    joined = b"".join(digest.digest() for digest in digests)
    return np.frombuffer(joined, dtype="<u8").astype(np.uint64)


class CopyFinder:
    """Finds, for each text, the earlier text that it copies.

    Parameters
    ----------
    lexicon : Lexicon
        Tells words that carry meaning from names of persons and places.
    seed : int
        Seed of the signatures.
    """

    def __init__(self, lexicon: Lexicon, *, seed: int = 0) -> None:
        """Keep the parameters."""
        self.lexicon = lexicon
        self.seed = seed

    def find(
        self,
        table: TextWords,
        progress: Callable[[float], None] = lambda _: None,
        *,
        hints: Sequence[int] | None = None,
    ) -> list[int]:
        """Return for each text the number of the earlier text it copies, -1 where it is none's.

        Parameters
        ----------
        table : TextWords
            Words of the texts, in the order in which originals are preferred.
        hints : sequence of int, optional
            For each text an earlier one to compare it with first, -1 for none.
        """
        forms = _Forms(table, self.lexicon)
        found = np.full(len(table), -1, dtype=np.int64)
        compared = np.flatnonzero(table.n_words() >= FEWEST_WORDS)
        originals = forms.exact(compared)
        found[compared] = np.where(originals < compared, originals, -1)
        left = compared[found[compared] < 0]
        progress(0.2)
        signatures = self._signatures(forms, left, lambda done: progress(0.2 + 0.5 * done))
        candidates = _candidates(signatures, left)
        if hints is not None:
            for number in left.tolist():
                if hints[number] >= 0:
                    candidates.setdefault(number, []).insert(0, hints[number])
        self._compare(forms, candidates, found)
        progress(1.0)
        answer: list[int] = found.tolist()
        return answer

    def _signatures(
        self, forms: "_Forms", rows: Integers, progress: Callable[[float], None]
    ) -> npt.NDArray[np.uint32]:
        """Return the least hashes of the word pairs of texts, shape (n_rows, n_values)."""
        generator = np.random.default_rng(self.seed)
        n_values = _N_BANDS * _N_ROWS
        factors = generator.integers(1, 2**63, size=n_values, dtype=np.uint64) * 2 + 1
        shifts = generator.integers(0, 2**63, size=n_values, dtype=np.uint64)
        signatures = np.empty((len(rows), n_values), dtype=np.uint32)
        if not len(rows):
            return signatures
        sizes = np.cumsum(forms.table.n_words()[rows] - 1)
        cuts = np.searchsorted(sizes, np.arange(0, int(sizes[-1]), _BLOCK))
        for start, end in zip(cuts, [*cuts[1:], len(rows)], strict=True):
            if start == end:
                continue
            pairs, begins = forms.pairs(rows[start:end])
            for value in range(n_values):
                mixed = (pairs * factors[value] + shifts[value]) >> np.uint64(32)
                signatures[start:end, value] = np.minimum.reduceat(mixed, begins)
            progress(float(end / len(rows)))
        return signatures

    def _compare(self, forms: "_Forms", candidates: dict[int, list[int]], found: Integers) -> None:
        """Compare each text with its candidates, and write which one it copies."""
        for number in sorted(candidates):
            entry = forms.entry(number)
            tried = set()
            for candidate in candidates[number]:
                original = candidate if found[candidate] < 0 else int(found[candidate])
                if original in tried or original >= number:
                    continue
                tried.add(original)
                if is_copy(entry, forms.entry(original)):
                    found[number] = original
                    break
        is_copied = found >= 0
        # What is the same text word by word copies what the first of them copies.
        first = found[found[is_copied]]
        found[is_copied] = np.where(first >= 0, first, found[is_copied])


class _Forms:
    """The folded words of texts as numbers."""

    def __init__(self, table: TextWords, lexicon: Lexicon) -> None:
        """Number the folded forms and see which carry meaning."""
        distinct: dict[str, int] = {}
        words = table.vocabulary.words
        number_of = [distinct.setdefault(word.form, len(distinct)) for word in words]
        self.table = table
        self._number_of = np.array(number_of or [0], dtype=np.int64)
        self._hashes = _hashed(list(distinct))
        meaning = np.zeros(len(distinct), dtype=bool)
        for word, number in zip(words, number_of, strict=True):
            meaning[number] = _carries_meaning(word, lexicon)
        self._carries_meaning = meaning

    def _hashes_of(self, rows: Integers) -> tuple[Hashes, Integers]:
        """Return the hashes of the words of texts, joined, and where each text begins."""
        table = self.table.chosen(rows)
        _, places = table.where()
        sizes = table.n_words()
        return self._hashes[self._number_of[table.numbers[places]]], np.cumsum(sizes) - sizes

    def exact(self, rows: Integers) -> Integers:
        """Return for each text the first one with the very same words."""
        if not len(rows):
            return rows
        hashes, begins = self._hashes_of(rows)
        # A polynomial in the words: the same words in another order have another sum.
        place = np.arange(len(hashes)) - np.repeat(begins, np.diff([*begins, len(hashes)]))
        odd = np.uint64(0x9E3779B97F4A7C15)
        mixed = (hashes ^ (hashes >> np.uint64(31))) * (place.astype(np.uint64) * odd + odd)
        sums = np.add.reduceat(mixed ^ (mixed >> np.uint64(29)), begins)
        _, first, inverse = np.unique(sums, return_index=True, return_inverse=True)
        return np.asarray(rows[first[inverse]])

    def pairs(self, rows: Integers) -> tuple[Hashes, Integers]:
        """Return the hashes of neighbouring words of texts, joined, and where each text begins."""
        hashes, begins = self._hashes_of(rows)
        pairs = hashes[:-1] * np.uint64(0xD6E8FEB86659FD93) + hashes[1:]
        pairs ^= pairs >> np.uint64(32)
        kept = np.ones(len(pairs), dtype=bool)
        kept[begins[1:] - 1] = False
        return pairs[kept], begins - np.arange(len(begins))

    def entry(self, row: int) -> _Entry:
        """Return what is compared of a text."""
        chosen = slice(int(self.table.first[row]), int(self.table.last[row]))
        forms = self._number_of[self.table.numbers[chosen]]
        return _Entry(tuple(forms.tolist()), self._carries_meaning)


def _carries_meaning(word: Word, lexicon: Lexicon) -> bool:
    """Whether a dictionary knows the word and it is not a mere link between others."""
    return not lexicon.is_stop(word) and lexicon.knows(word)


def _candidates(signatures: npt.NDArray[np.uint32], rows: Integers) -> dict[int, list[int]]:
    """Return for each text the earlier ones that share a band with it and are alike enough."""
    n = max(1, len(rows))
    pairs = np.zeros(0, dtype=np.int64)
    n_shared = np.zeros(0, dtype=np.int64)
    for first in range(0, _N_BANDS, _BANDS_AT_ONCE):
        bands = range(first, min(first + _BANDS_AT_ONCE, _N_BANDS))
        found = np.concatenate([_pairs_of_band(signatures, band, n) for band in bands])
        pairs, n_shared = _summed(pairs, n_shared, found)
    later, earlier = pairs // n, pairs % n
    # Of the candidates of a text those that share most bands are compared.
    order = np.lexsort((earlier, -n_shared, later))
    later, earlier = later[order], earlier[order]
    place = np.arange(len(later)) - np.searchsorted(later, later)
    later, earlier = later[place < _MOST_CANDIDATES], earlier[place < _MOST_CANDIDATES]
    candidates: dict[int, list[int]] = {}
    for start in range(0, len(later), _BLOCK):
        ones, others = later[start : start + _BLOCK], earlier[start : start + _BLOCK]
        is_alike = (signatures[ones] == signatures[others]).mean(axis=1) >= _LEAST_ALIKE
        for one, other in zip(
            rows[ones[is_alike]].tolist(), rows[others[is_alike]].tolist(), strict=True
        ):
            candidates.setdefault(one, []).append(other)
    return candidates


def _pairs_of_band(signatures: npt.NDArray[np.uint32], band: int, n: int) -> Integers:
    """Return pairs of rows with the same values in a band, as later row times n plus earlier one.

    A row is paired with the first one of its values, and with the one before it.
    """
    values = signatures[:, band * _N_ROWS : (band + 1) * _N_ROWS].astype(np.uint64)
    joint = values @ np.array(_MIXERS[:_N_ROWS], dtype=np.uint64)
    order = np.argsort(joint, kind="stable")
    ranked = joint[order]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = ranked[1:] != ranked[:-1]
    begins = np.maximum.accumulate(np.where(is_first, np.arange(len(order)), 0))
    later = np.flatnonzero(~is_first)
    with_first = order[later] * n + order[begins[later]]
    apart = later[later - 1 != begins[later]]
    return np.concatenate([with_first, order[apart] * n + order[apart - 1]])


def _summed(pairs: Integers, counts: Integers, found: Integers) -> tuple[Integers, Integers]:
    """Return the distinct pairs of both, sorted, and how often each was found."""
    new, new_counts = np.unique(found, return_counts=True)
    together, place = np.unique(np.concatenate([pairs, new]), return_inverse=True)
    summed = np.bincount(place, np.concatenate([counts, new_counts]), minlength=len(together))
    return together, summed.astype(np.int64)


def _may_be_copy(entry: _Entry, original: _Entry, longest: int) -> bool:
    """Whether words differ little enough, whatever their order: far quicker to tell."""
    if min(len(entry.forms), len(original.forms)) < (1 - MOST_CHANGED) * longest:
        return False
    one, other = Counter(entry.forms), Counter(original.forms)
    n_same = (one & other).total()
    share = 1 - n_same / longest
    if share > MOST_CHANGED:
        return False
    if longest >= LONG_TEXT and share <= MOST_CHANGED_LONG:
        return True
    changed = list((one - other) + (other - one))
    return not entry.carries_meaning[changed].any()


def is_copy(entry: _Entry, original: _Entry) -> bool:
    """Whether an entry has the words of another, but for a few that carry no meaning.

    A text of :data:`LONG_TEXT` words and more may also change one word in twelve, whatever it is.
    """
    longest = max(len(entry.forms), len(original.forms))
    if min(len(entry.forms), len(original.forms)) < FEWEST_WORDS_CHANGED:
        return False
    if not _may_be_copy(entry, original, longest):
        return False
    changed: list[bool] = []
    n_same = 0
    matcher = SequenceMatcher(None, original.forms, entry.forms, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            n_same += end - start
            continue
        changed += [original.carries_meaning[form] for form in original.forms[start:end]]
        changed += [entry.carries_meaning[form] for form in entry.forms[other_start:other_end]]
    share = 1 - n_same / longest
    if share > MOST_CHANGED:
        return False
    return not any(changed) or (longest >= LONG_TEXT and share <= MOST_CHANGED_LONG)


def content_hash(text: str) -> bytes:
    """Return the hash by which texts are put in an order that does not depend on their rows."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
