"""Near-duplicates: one text, N signatories.

Candidates come from MinHash signatures of word shingles (Broder, 1997) in a banded index (rensa).
Each candidate pair is then compared word by word: a copy may change a name, a village or a
number, but no word that carries the meaning.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from rensa import RMinHash, RMinHashLSH

from nlp.lexicon import Lexicon
from nlp.text.normalise import Word, words

_N_PERM = 64
#: Signatures that agree on one band of two rows are compared: overlap above about .3 is found.
_N_BANDS = 32
#: Words below which a passage is too generic for its repetition to mean a campaign.
FEWEST_WORDS = 6
#: Words from which a passage may be a copy although some words changed.
FEWEST_WORDS_CHANGED = 12
#: Greatest share of changed words.
MOST_CHANGED = 0.2
#: Candidates compared for one passage, earliest first, so that cost stays linear.
_MOST_CANDIDATES = 20


@dataclass(frozen=True)
class _Entry:
    """A text reduced to what is compared."""

    forms: tuple[str, ...]
    carries_meaning: dict[str, bool]


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
        texts: Sequence[str],
        progress: Callable[[float], None] = lambda _: None,
        *,
        hints: Sequence[int] | None = None,
    ) -> list[int]:
        """Return for each text the number of the earlier text it copies, -1 where it is none's.

        Parameters
        ----------
        texts : sequence of str
            In the order in which originals are preferred.
        hints : sequence of int, optional
            For each text an earlier one to compare it with first, -1 for none.
        """
        index = RMinHashLSH(threshold=0.5, num_perm=_N_PERM, num_bands=_N_BANDS)
        exact: dict[tuple[str, ...], int] = {}
        entries: dict[int, _Entry] = {}
        found = [-1] * len(texts)
        for number, text in enumerate(texts):
            if number % 200 == 0:
                progress(number / len(texts))
            entry = self._entry(text)
            if len(entry.forms) < FEWEST_WORDS:
                continue
            same = exact.get(entry.forms)
            if same is not None:
                found[number] = same
                continue
            signature = RMinHash(num_perm=_N_PERM, seed=self.seed)
            signature.update(_shingles(entry.forms))
            candidates = sorted(index.query(signature))[:_MOST_CANDIDATES]
            if hints is not None and hints[number] in entries:
                candidates.insert(0, hints[number])
            original = self._original(entry, candidates, entries)
            if original is None:
                exact[entry.forms] = number
                index.insert(number, signature)
                entries[number] = entry
            else:
                found[number] = original
        progress(1.0)
        return found

    def _entry(self, text: str) -> _Entry:
        """Reduce a text to its folded words and which of them carry meaning."""
        found = words(text)
        return _Entry(
            tuple(word.form for word in found),
            {word.form: self._carries_meaning(word) for word in found},
        )

    def _carries_meaning(self, word: Word) -> bool:
        """Whether a dictionary knows the word and it is not a mere link between others."""
        return not self.lexicon.is_stop(word) and self.lexicon.knows(word)

    def _original(
        self, entry: _Entry, candidates: Sequence[int], entries: dict[int, _Entry]
    ) -> int | None:
        """Return the first candidate that the entry copies, or None."""
        for candidate in candidates:
            if is_copy(entry, entries[candidate]):
                return candidate
        return None


def _shingles(forms: tuple[str, ...]) -> list[str]:
    """Return the pairs of neighbouring words: a changed word spoils only two of them."""
    return [" ".join(forms[i : i + 2]) for i in range(len(forms) - 1)]


def is_copy(entry: _Entry, original: _Entry) -> bool:
    """Whether an entry has the words of another, but for a few that carry no meaning.

    A long text (40 words and more) may also change one word in twelve whatever the word is.
    """
    longest = max(len(entry.forms), len(original.forms))
    if min(len(entry.forms), len(original.forms)) < FEWEST_WORDS_CHANGED:
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
    return not any(changed) or (longest >= 40 and share <= 1 / 12)


def content_hash(text: str) -> bytes:
    """Return the hash by which texts are put in an order that does not depend on their rows."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
