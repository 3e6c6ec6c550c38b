"""Words of standard Moroccan Tamazight (Tifinagh, or Latin letters) and what they mean in French.

The space has no rows for Tamazight: a word takes those of its French words, from a list written
for the project. Both scripts are brought to one key, letter by letter. A form that is not listed
loses prefixes and endings (annexed state, plural, feminine, persons of the verb, joined particles,
after the usual grammars); as for Arabic, a candidate only counts when the list holds it, so the
rules may be generous.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from nlp.lexicon.files import read_rows, split_cell
from nlp.text.normalise import fold

AMAZIGH: Final = "zgh"

_TIFINAGH = re.compile(r"[\u2d30-\u2d67]")
_LETTERS = str.maketrans(
    dict(zip("ⴰⴱⴳⴷⴹⴼⴽⵀⵃⵄⵅⵇⵉⵊⵍⵎⵏⵓⵔⵕⵖⵙⵚⵛⵜⵟⵡⵢⵣⵥ", "abgdḍfkhḥɛxqijlmnurṛɣsṣctṭwyzẓ", strict=True))
    # The schwa is written or not, the rounding of g and k too.
    | dict.fromkeys("ⴻⵯʷeə", "")
    | {"ε": "ɛ", "ع": "ɛ", "γ": "ɣ", "o": "u", "š": "c"}
)
#: Pairs of letters that Latin spellings use for one sound.
_PAIRS = (("gh", "ɣ"), ("kh", "x"), ("ch", "c"), ("sh", "c"), ("ou", "u"))
#: Possessives written without a space.
_POSSESSIVES = ("nnsnt", "nnsn", "nnun", "nnɣ", "nns", "nnk", "nnm", "inu")
#: Plural endings and what may stand in their place in the singular.
_PLURALS = (
    *(("iwin", ("a", "i", "t", "")), ("tin", ("t", "")), ("awin", ("a", "")), ("win", ("",))),
    *(("wan", ("u", "a", "")), ("awn", ("", "i")), ("iwn", ("", "u", "i")), ("yin", ("", "i"))),
    *(("tn", ("",)), ("in", ("t", "", "a")), ("an", ("", "a")), ("n", ("", "i", "a"))),
)
#: Beginnings of verbs: persons, then the passive, the causative and the reciprocal.
_PERSONS = ("", "i", "y", "t", "n")
_DERIVED = ("ttuya", "ttya", "ttwa", "ttu", "ttw", "tt", "ss", "s", "mm", "m", "ny")
_VERB_ENDINGS = ("", "ɣ", "x", "n", "nt", "d", "t", "m", "mt", "at")
_SHORTEST_NOUN = 3
#: Shorter remainders of a feminine are other words more often than its masculine.
_SHORTEST_MASCULINE = 5
_SHORTEST_VERB = 2
#: Verb stems from here on are tried before nouns lose endings, and lose derivations.
_LONG_VERB = 3


class Entry(NamedTuple):
    """What the list says of a word: its French words and its kind."""

    french: tuple[str, ...]
    kind: str

    @property
    def is_function(self) -> bool:
        """Whether the word has no meaning of its own."""
        return self.kind == "function"


def is_tifinagh(token: str) -> bool:
    """Whether a word holds a letter of Tifinagh."""
    return bool(_TIFINAGH.search(token))


def is_tamazight(token: str, language: str) -> bool:
    """Whether a word is sought in the list: by its letters, or by the language of its text."""
    return language == AMAZIGH or is_tifinagh(token)


def key_of(token: str) -> str:
    """Return what a word is looked up by: Latin letters, one a sound, emphatic ones kept."""
    text = unicodedata.normalize("NFC", token.lower())
    if not is_tifinagh(text):
        for pair, letter in _PAIRS:
            text = text.replace(pair, letter)
    return text.translate(_LETTERS)


def _spellings(variant: str) -> set[str]:
    """Return the keys of a listed spelling: its rounding left out, or written as w."""
    rounded = unicodedata.normalize("NFKC", variant)
    return {key_of(variant), key_of(rounded)}


def annexed_bases(key: str) -> Iterator[str]:
    """Yield the free state of a noun, itself first."""
    yield key
    if key.startswith(("wa", "wu", "yi")):
        yield key[1:]
    if key[:1] == "u":
        yield "a" + key[1:]
    if key[:1] == "y":
        yield "i" + key[1:]
    if key[:1] == "t" and key[1:2] not in ("a", "i", "u"):
        yield "ta" + key[1:]
        yield "ti" + key[1:]


def _singulars(key: str) -> Iterator[str]:
    """Yield the singulars a regular plural may have, its first vowel changed back."""
    for ending, others in _PLURALS:
        if key.endswith(ending):
            for other in others:
                word = key[: -len(ending)] + other
                yield word
                if word.startswith("i"):
                    yield "a" + word[1:]
                elif word.startswith("ti"):
                    yield "ta" + word[2:]


def _masculines(key: str) -> Iterator[str]:
    """Yield the masculine of a feminine: t-...-t, and t-...-in in the plural."""
    if key.startswith("t"):
        for ending in ("tin", "in", "t"):
            if key.endswith(ending) and len(key) > len(ending) + _SHORTEST_MASCULINE:
                yield key[1 : -len(ending)]
                if ending != "t":
                    yield "a" + key[2 : -len(ending)]


def _bases(key: str) -> list[str]:
    """Return the free states of a noun, with and without a joined possessive."""
    bases = list(annexed_bases(key))
    for possessive in _POSSESSIVES:
        if key.endswith(possessive):
            bases += annexed_bases(key[: -len(possessive)])
            break
    return bases


def noun_candidates(key: str) -> Iterator[str]:
    """Yield the singulars and masculines that a noun or adjective may have."""
    bases = _bases(key)
    for derive in (_singulars, _masculines):
        for base in bases:
            yield from derive(base)


def joined_candidates(key: str) -> Iterator[str]:
    """Yield nouns to which a one-letter preposition is joined."""
    if len(key) > _SHORTEST_NOUN + 1 and key[0] in "nsgidɣ":
        yield from _bases(key[1:])
        yield from noun_candidates(key[1:])


def person_candidates(key: str) -> Iterator[str]:
    """Yield the verb stems a key may come from when persons are taken off."""
    for end in _VERB_ENDINGS:
        for start in _PERSONS:
            is_whole = len(key) > len(start) + len(end)
            if is_whole and key.startswith(start) and key.endswith(end):
                yield key[len(start) : len(key) - len(end)]


def verb_candidates(key: str) -> Iterator[str]:
    """Yield short and derived verb stems, persons taken off."""
    stems = list(person_candidates(key))
    yield from stems
    for stem in stems:
        for start in _DERIVED:
            if stem.startswith(start) and len(stem) >= len(start) + _LONG_VERB:
                yield stem[len(start) :]


class WordList:
    """The list of words, by key.

    Parameters
    ----------
    rows : list of dict
        Columns ``tifinagh``, ``latin``, ``fr`` and ``note``, variants separated by vertical bars.
    """

    def __init__(self, rows: list[dict[str, str]]) -> None:
        """Index spellings as written, and without the dots of emphatic letters."""
        self._exact: dict[str, Entry] = {}
        self._folded: dict[str, Entry] = {}
        self._found: dict[str, Entry | None] = {}
        for row in rows:
            entry = Entry(tuple(split_cell(row["fr"])), row["note"])
            for variant in (*split_cell(row["tifinagh"]), *split_cell(row["latin"])):
                for key in sorted(_spellings(variant)):
                    self._exact.setdefault(key, entry)
                    self._folded.setdefault(fold(key), entry)

    def find(self, token: str) -> Entry | None:
        """Return the entry of a word in either script, exact form before derived ones, or None."""
        if token not in self._found:
            self._found[token] = self._seek(key_of(token))
        return self._found[token]

    def _seek(self, key: str) -> Entry | None:
        """Look a key up with its emphatic letters, then without."""
        for index, form in ((self._exact, key), (self._folded, fold(key))):
            entry = index.get(form) or self._derived(index, form)
            if entry is not None:
                return entry
        return None

    def _derived(self, index: dict[str, Entry], key: str) -> Entry | None:
        """Return the entry of the first listed candidate of the right kind."""
        if len(key) <= _SHORTEST_VERB:
            return None
        for candidates, is_verb, shortest in (
            (iter(_bases(key)), False, _SHORTEST_NOUN),
            (person_candidates(key), True, _LONG_VERB),
            (noun_candidates(key), False, _SHORTEST_NOUN),
            (verb_candidates(key), True, _SHORTEST_VERB),
            (joined_candidates(key), False, _SHORTEST_NOUN),
        ):
            for candidate in candidates:
                entry = index.get(candidate) if len(candidate) >= shortest else None
                if entry and not entry.is_function and (entry.kind == "verb") == is_verb:
                    return entry
        return None


@cache
def load_words() -> WordList:
    """Read the list of the package, once."""
    return WordList(read_rows("tamazight.tsv"))


def is_function(token: str, language: str) -> bool:
    """Whether a word is a listed function word of Tamazight."""
    if not is_tamazight(token, language):
        return False
    entry = load_words().find(token)
    return entry is not None and entry.is_function
