"""The thesaurus: concepts of social policy with their terms in French, Arabic and Darija."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from nlp.lexicon.files import split_cell
from nlp.text.normalise import Word, arabic_stem, arabic_variants, is_arabic, words
from nlp.text.table import Integers, TextWords


class Mentions(NamedTuple):
    """Where texts speak of concepts, in order of their places; columns of shape (n_mentions,).

    ``texts`` row of the table, ``words`` place of the first word in its columns, ``concepts``.
    """

    texts: Integers
    words: Integers
    concepts: Integers


@dataclass(frozen=True)
class Concept:
    """One concept: a slug, its broad axis, its labels and the terms that speak of it."""

    slug: str
    axis: str
    label_fr: str
    label_ar: str
    terms_fr: tuple[str, ...] = ()
    terms_ar: tuple[str, ...] = ()
    terms_ary: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms of all languages, labels included."""
        return (self.label_fr, self.label_ar, *self.terms_fr, *self.terms_ar, *self.terms_ary)


def concept_from_row(row: dict[str, str]) -> Concept:
    """Make a concept of a row of ``thesaurus.tsv``."""
    return Concept(
        slug=row["concept"],
        axis=row.get("axis", ""),
        label_fr=row["label_fr"],
        label_ar=row["label_ar"],
        terms_fr=tuple(split_cell(row.get("terms_fr", ""))),
        terms_ar=tuple(split_cell(row.get("terms_ar", ""))),
        terms_ary=tuple(split_cell(row.get("terms_ary", ""))),
    )


def _stem_choices(word: Word) -> list[str]:
    """Return the stems a word may be listed under, most cautious first."""
    if not is_arabic(word.form):
        return [word.stem]
    variants = (arabic_stem(form) for form in arabic_variants(word.form))
    return list(dict.fromkeys((word.stem, *variants)))


class _Node:
    """A step in the index of terms: the term that ends here, if any, and the stems that follow."""

    __slots__ = ("next", "term")

    def __init__(self) -> None:
        """Begin without followers."""
        self.next: dict[str, _Node] = {}
        self.term: tuple[tuple[str, ...], int] | None = None

    def add(self, stems: tuple[str, ...], concept: int) -> None:
        """Index a term of a concept; of concepts with the same term the first keeps it."""
        node = self
        for stem in stems:
            node = node.next.setdefault(stem, _Node())
        if node.term is None:
            node.term = (stems, concept)


@dataclass
class Thesaurus:
    """Concepts and a matcher of their terms in the words of a text.

    Terms are compared by stems, the longest term first, so "centres sociaux" and "centre social"
    are one term, and an Arabic term is found behind the article and joined particles.
    """

    concepts: Sequence[Concept]
    _root: "_Node" = field(init=False, repr=False)
    #: Words of the longest term.
    _longest: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the terms, stem by stem."""
        self._root, self._longest = _Node(), 1
        for number, concept in enumerate(self.concepts):
            for term in concept.terms:
                stems = tuple(word.stem for word in words(term) if len(word.form) > 1)
                if stems:
                    self._longest = max(self._longest, len(stems))
                    self._root.add(stems, number)

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, str]]) -> "Thesaurus":
        """Make a thesaurus of the rows of ``thesaurus.tsv``."""
        return cls([concept_from_row(row) for row in rows])

    def _match_at(self, choices: Sequence[Sequence[str]], at: int) -> tuple[int, int] | None:
        """Return (number of words, concept) of the longest term that starts at a word."""
        best: tuple[int, int] | None = None
        nodes = [self._root]
        for length, stems in enumerate(choices[at : at + self._longest], start=1):
            nodes = [node.next[stem] for node in nodes for stem in stems if stem in node.next]
            if not nodes:
                break
            ended = [node.term for node in nodes if node.term is not None]
            if ended:
                best = (length, min(ended)[1])
        return best

    def match_all(self, table: TextWords) -> Mentions:
        """Return the terms found in the texts of a table, as :meth:`match` does one by one."""
        owners, places = table.where()
        vocabulary = table.vocabulary
        is_long = vocabulary.column(lambda word: len(word.form) > 1) > 0
        choices = [_stem_choices(word) for word in vocabulary.words]
        first = self._root.next
        may_begin = np.array([any(c in first for c in found) for found in choices] or [False])
        kept = is_long[table.numbers[places]]
        owners, places = owners[kept], places[kept]
        numbers = table.numbers[places]
        candidates = np.flatnonzero(may_begin[numbers])
        # Words left of the same text, so that no term runs over its end.
        ends = np.searchsorted(owners, owners[candidates], side="right").tolist()
        found: list[tuple[int, int]] = []
        free_from = 0
        for at, end in zip(candidates.tolist(), ends, strict=True):
            if at < free_from:
                continue
            following = [choices[n] for n in numbers[at : min(end, at + self._longest)].tolist()]
            best = self._match_at(following, 0)
            if best is not None:
                free_from = at + best[0]
                found.append((at, best[1]))
        rows = np.array(found, dtype=np.int64).reshape(-1, 2)
        return Mentions(owners[rows[:, 0]], places[rows[:, 0]], rows[:, 1])

    def match(self, text_words: Sequence[Word]) -> list[tuple[int, int, int]]:
        """Return (first word, end word, concept number) of each term found, left to right.

        Words of one letter (elided articles) are passed over, as in the index of terms.
        """
        kept = [i for i, word in enumerate(text_words) if len(word.form) > 1]
        choices = [_stem_choices(text_words[i]) for i in kept]
        found, at = [], 0
        while at < len(kept):
            best = self._match_at(choices, at)
            if best is None:
                at += 1
                continue
            length, number = best
            found.append((kept[at], kept[at + length - 1] + 1, number))
            at += length
        return found
