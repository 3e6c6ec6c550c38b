"""The words of many texts as numbers: each distinct word is looked at once, then only counted.

Everything that is known of a word by itself (its form, its stem, the lists it is on) is a column
over the distinct words; what is asked of a text is then a sum over a range of word numbers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.text.normalise import Word, keys_of, surfaces

Integers = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Vocabulary:
    """Distinct words as written, by number, with their folded forms and stems."""

    surfaces: list[str]
    forms: list[str]
    stems: list[str]

    @cached_property
    def words(self) -> list[Word]:
        """The distinct words by themselves."""
        rows = zip(self.surfaces, self.forms, self.stems, strict=True)
        return [Word(0, len(surface), form, stem) for surface, form, stem in rows]

    def column(self, value: Callable[[Word], float]) -> Floats:
        """Return a number for each distinct word, shape (n_distinct,)."""
        return np.fromiter(map(value, self.words), dtype=np.float64, count=len(self.surfaces))


@dataclass(frozen=True)
class TextWords:
    """The words of texts, in order.

    ``numbers``, ``starts`` and ``ends`` have shape (n_words,): number in the vocabulary, and
    offsets in code points of the text the word is in. The words of text i are those from
    ``first[i]`` up to ``last[i]``.
    """

    vocabulary: Vocabulary
    numbers: npt.NDArray[np.int32]
    starts: npt.NDArray[np.int32]
    ends: npt.NDArray[np.int32]
    first: Integers
    last: Integers

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.first)

    def sums(self, column: Floats) -> Floats:
        """Return for each text the sum of a column over its words, shape (n_texts,)."""
        running = np.concatenate([[0.0], np.cumsum(column[self.numbers])])
        return np.asarray(running[self.last] - running[self.first])

    def n_words(self) -> Integers:
        """Return the number of words of each text."""
        return self.last - self.first

    def pieces(self, texts: Integers, starts: Integers, ends: Integers) -> "TextWords":
        """Return the table of pieces of the texts, offsets still those of the texts.

        Parameters
        ----------
        texts, starts, ends : arrays, shape (n_pieces,)
            Number of the text each piece is in, and its bounds there.
        """
        width = int(self.ends.max(initial=0)) + 2
        owners = np.repeat(np.arange(len(self)), self.n_words())
        places = owners * width + self.starts
        first = np.searchsorted(places, texts * width + starts)
        last = np.searchsorted(places, texts * width + ends)
        return TextWords(self.vocabulary, self.numbers, self.starts, self.ends, first, last)

    def chosen(self, rows: Integers) -> "TextWords":
        """Return the table of some of the texts."""
        return TextWords(
            self.vocabulary,
            self.numbers,
            self.starts,
            self.ends,
            self.first[rows],
            self.last[rows],
        )

    def where(self) -> tuple[Integers, Integers]:
        """Return, for the words of all texts in order, the text each is in and its place."""
        sizes = self.n_words()
        owners = np.repeat(np.arange(len(self)), sizes)
        begins = np.cumsum(sizes) - sizes
        places = np.arange(len(owners)) - np.repeat(begins - self.first, sizes)
        return owners, places

    def words(self, row: int) -> list[Word]:
        """Return the words of one text."""
        v, chosen = self.vocabulary, slice(int(self.first[row]), int(self.last[row]))
        return [
            Word(start, end, v.forms[number], v.stems[number])
            for number, start, end in zip(
                self.numbers[chosen].tolist(),
                self.starts[chosen].tolist(),
                self.ends[chosen].tolist(),
                strict=True,
            )
        ]


class _Numbering(dict[str, int]):
    """Numbers of words as written, -1 for those that are numbers; new ones are added when asked."""

    def __init__(self) -> None:
        """Begin without words."""
        self.vocabulary = Vocabulary([], [], [])

    def __missing__(self, surface: str) -> int:
        """Number a word met for the first time."""
        form, stem = keys_of(surface)
        number = -1
        if form:
            number = len(self.vocabulary.surfaces)
            self.vocabulary.surfaces.append(surface)
            self.vocabulary.forms.append(form)
            self.vocabulary.stems.append(stem)
        self[surface] = number
        return number


def word_table(texts: Iterable[str]) -> TextWords:
    """Return the words of texts; numbers are left out, as by :func:`nlp.text.normalise.words`."""
    numbering = _Numbering()
    blocks: list[tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]] = []
    numbers: list[int] = []
    starts: list[int] = []
    sizes: list[int] = []
    for text in texts:
        found, begins = surfaces(text)
        numbers += [numbering[surface] for surface in found]
        starts += begins
        sizes.append(len(found))
        if len(numbers) > 1_000_000:
            blocks.append((np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int32)))
            numbers, starts = [], []
    blocks.append((np.array(numbers, dtype=np.int32), np.array(starts, dtype=np.int32)))
    all_numbers, all_starts = (np.concatenate(column) for column in zip(*blocks, strict=True))
    kept = all_numbers >= 0
    all_sizes = np.array([0, *sizes], dtype=np.int64)
    bounds = np.concatenate([[0], np.cumsum(kept)])[np.cumsum(all_sizes)]
    lengths = np.array([len(s) for s in numbering.vocabulary.surfaces] or [0], dtype=np.int32)
    all_numbers, all_starts = all_numbers[kept], all_starts[kept]
    ends = all_starts + lengths[all_numbers]
    return TextWords(numbering.vocabulary, all_numbers, all_starts, ends, bounds[:-1], bounds[1:])


def joined_tables(tables: Sequence[TextWords]) -> TextWords:
    """Return the words of all texts of several tables, in order, as one table."""
    vocabulary = Vocabulary([], [], [])
    place: dict[str, int] = {}
    numbers = []
    for table in tables:
        own = table.vocabulary
        for surface, form, stem in zip(own.surfaces, own.forms, own.stems, strict=True):
            if surface not in place:
                place[surface] = len(place)
                vocabulary.surfaces.append(surface)
                vocabulary.forms.append(form)
                vocabulary.stems.append(stem)
        mapping = np.array([place[surface] for surface in own.surfaces] or [0], dtype=np.int32)
        numbers.append(mapping[table.numbers])
    n_words = np.cumsum([0, *(len(table.numbers) for table in tables)])
    return TextWords(
        vocabulary,
        np.concatenate(numbers),
        np.concatenate([table.starts for table in tables]),
        np.concatenate([table.ends for table in tables]),
        np.concatenate([t.first + n for t, n in zip(tables, n_words, strict=False)]),
        np.concatenate([t.last + n for t, n in zip(tables, n_words, strict=False)]),
    )


def counts(table: TextWords, column_of: Integers, n_columns: int) -> Any:
    """Count the words of texts by columns.

    Parameters
    ----------
    table : TextWords
    column_of : array, shape (n_distinct,)
        Column of each distinct word, -1 for one that does not count.
    n_columns : int

    Returns
    -------
    sparse matrix, shape (n_texts, n_columns)
    """
    owners, places = table.where()
    columns = column_of[table.numbers[places]]
    kept = columns >= 0
    ones = np.ones(int(kept.sum()))
    where = (owners[kept], columns[kept])
    return sparse.csr_matrix((ones, where), shape=(len(table), max(1, n_columns)))


def numbered(values: Sequence[str]) -> tuple[Integers, list[str]]:
    """Return the number of each value among the distinct ones, sorted, and these."""
    distinct = sorted(set(values))
    place = {value: number for number, value in enumerate(distinct)}
    found = np.fromiter((place[v] for v in values), dtype=np.int64, count=len(values))
    return found, distinct
