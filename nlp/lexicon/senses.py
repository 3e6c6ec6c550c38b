"""Bilingual senses: dictionary facts that join French, Arabic and Darija words."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from nlp.text.normalise import Word, arabic_stem, arabic_variants, is_arabic, word_of

#: Part of the words of a sense: a word with many senses gives each of them little.
MOST_SENSES = 12


@dataclass(frozen=True)
class Sense:
    """Words of both languages that share a meaning."""

    fr: tuple[str, ...]
    ar: tuple[str, ...]
    other: tuple[str, ...] = ()


def _key(expression: str) -> tuple[str, str] | None:
    """Return the (form, stem) of an expression of one word, or None."""
    word = word_of(expression) if expression.isalnum() else None
    return (word.form, word.stem) if word and len(word.form) > 1 else None


@dataclass
class Senses:
    """Look-up from a word to its senses, exact form before stem."""

    senses: list[Sense]
    _forms: dict[str, tuple[int, ...]] = field(init=False, repr=False)
    _stems: dict[str, tuple[int, ...]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index single words by form and by stem."""
        forms: dict[str, list[int]] = defaultdict(list)
        stems: dict[str, list[int]] = defaultdict(list)
        for number, sense in enumerate(self.senses):
            for expression in (*sense.fr, *sense.ar, *sense.other):
                key = _key(expression)
                if key:
                    forms[key[0]].append(number)
                    stems[key[1]].append(number)
        self._forms = {key: tuple(dict.fromkeys(found)) for key, found in forms.items()}
        self._stems = {key: tuple(dict.fromkeys(found)) for key, found in stems.items()}

    @classmethod
    def from_lists(cls, lists: Iterable[tuple[list[str], list[str], list[str]]]) -> "Senses":
        """Make the look-up of (French, Arabic, Darija) word lists."""
        return cls([Sense(tuple(fr), tuple(ar), tuple(other)) for fr, ar, other in lists])

    def of(self, word: Word) -> tuple[int, ...]:
        """Return the numbers of a word's senses; empty when it is unknown or says too much."""
        found = self._forms.get(word.form) or self._stems.get(word.stem, ())
        if not found and is_arabic(word.form):
            for form in arabic_variants(word.form)[1:]:
                found = self._forms.get(form) or self._stems.get(arabic_stem(form), ())
                if found:
                    break
        return found if len(found) <= MOST_SENSES else ()
