"""The thesaurus: concepts of social policy with their terms in French, Arabic and Darija."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.lexicon.files import split_cell
from nlp.text.normalise import Word, arabic_stem, arabic_variants, is_arabic, words


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
    return [word.stem, *(arabic_stem(form) for form in arabic_variants(word.form))]


@dataclass
class Thesaurus:
    """Concepts and a matcher of their terms in the words of a text.

    Terms are compared by stems, the longest term first, so "centres sociaux" and "centre social"
    are one term, and an Arabic term is found behind the article and joined particles.
    """

    concepts: Sequence[Concept]
    _tree: dict[str, list[tuple[tuple[str, ...], int]]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Index the terms by their first stem, longest first."""
        tree: dict[str, set[tuple[tuple[str, ...], int]]] = defaultdict(set)
        for number, concept in enumerate(self.concepts):
            for term in concept.terms:
                stems = tuple(word.stem for word in words(term) if len(word.form) > 1)
                if stems:
                    tree[stems[0]].add((stems, number))
        self._tree = {
            first: sorted(terms, key=lambda term: (-len(term[0]), term))
            for first, terms in tree.items()
        }

    @classmethod
    def from_rows(cls, rows: Iterable[dict[str, str]]) -> "Thesaurus":
        """Make a thesaurus of the rows of ``thesaurus.tsv``."""
        return cls([concept_from_row(row) for row in rows])

    def _match_at(self, choices: list[list[str]], at: int) -> tuple[int, int] | None:
        """Return (number of words, concept) of the longest term that starts at a word."""
        best: tuple[int, int] | None = None
        for first in choices[at]:
            for stems, number in self._tree.get(first, ()):
                if best is not None and len(stems) <= best[0]:
                    break
                following = choices[at + 1 : at + len(stems)]
                is_whole = len(following) == len(stems) - 1
                if is_whole and all(s in c for s, c in zip(stems[1:], following, strict=True)):
                    best = (len(stems), number)
                    break
        return best

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
