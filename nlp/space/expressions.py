"""Finds listed expressions ("transport scolaire") in the words of texts, all texts at once."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.space.forms import script
from nlp.space.table import WordTable

Integers = npt.NDArray[np.signedinteger[Any]]

#: Longest expression sought, in words: the rows of three fit in one number of 64 bits.
LONGEST = 3


Codes = dict[int, tuple[Integers, Integers]]


def base(table: WordTable, token: str, language: str) -> int:
    """Return the row that stands for all forms of a word; -1 when it is unknown."""
    rows = table.find(token, language)
    if not rows:
        return -1
    word = table.words[rows[0]]
    plain = word[2:] if word.startswith("ال") else word[:-1] if word.endswith("s") else ""
    if len(plain) < 3:
        return rows[0]
    other = table.single.get("ar" if script(word) == "ar" else "fr", {}).get(plain)
    return rows[0] if other is None else other


def expression_codes(table: WordTable, common: AbstractSet[int] = frozenset()) -> Codes:
    """Return, by length, the sorted codes of expressions and their rows.

    Parameters
    ----------
    table : WordTable
    common : set of int
        Rows of words without content: no expression begins or ends with one.
    """
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for language, expressions in table.expressions.items():
        code = "ary-Latn" if language == "ary" else language
        for words, row in expressions:
            parts = [base(table, word, code) for word in words.split()]
            is_sought = 2 <= len(parts) <= LONGEST and min(parts) >= 0
            if is_sought and not {parts[0], parts[-1]} & common:
                number = 0
                for part in parts:
                    number = number * len(table.words) + part
                found[len(parts)].setdefault(number, row)
    codes = {}
    for length in sorted(found, reverse=True):
        keys = sorted(found[length])
        rows = [found[length][key] for key in keys]
        codes[length] = (np.array(keys, dtype=np.int64), np.array(rows, dtype=np.int64))
    return codes


class ExpressionFinder:
    """Expressions by the dictionary forms of their words.

    The words of an expression are brought to the forms by which the table knows them, as the words
    of a text are, so that plurals, articles and joined particles do not hide it.

    Parameters
    ----------
    table : WordTable
    codes : dict
        From :func:`expression_codes`.
    """

    def __init__(self, table: WordTable, codes: Codes) -> None:
        """Take the table and the codes."""
        self._table = table
        self._n = len(table.words)
        self._codes = codes

    def words(self, row: int) -> str:
        """Return the words of an expression's row, as its key."""
        return self._table.words[row]

    def base(self, token: str, language: str) -> int:
        """Return the row that stands for all forms of a word; -1 when it is unknown."""
        return base(self._table, token, language)

    def find(self, bases: Integers, texts: Integers) -> tuple[Integers, Integers]:
        """Return where expressions stand and their rows, the longest first, none overlapping.

        Parameters
        ----------
        bases : array, shape (n_words,)
            Base rows of the words of all texts in order, -1 where unknown.
        texts : array, shape (n_words,)
            Number of the text each word stands in.

        Returns
        -------
        positions, rows : arrays, same shape
            First word of each expression and its row.
        """
        free = bases >= 0
        positions, rows = [], []
        for length, (keys, found) in self._codes.items():
            n_starts = len(bases) - length + 1
            if n_starts <= 0:
                continue
            is_free = texts[:n_starts] == texts[length - 1 :]
            codes = np.zeros(n_starts, dtype=np.int64)
            for i in range(length):
                is_free = is_free & free[i : i + n_starts]
                codes = codes * self._n + bases[i : i + n_starts]
            place = np.minimum(np.searchsorted(keys, codes), len(keys) - 1)
            starts = np.flatnonzero(is_free & (keys[place] == codes))
            if len(starts):
                starts = starts[np.concatenate([[True], np.diff(starts) >= length])]
                for i in range(length):
                    free[starts + i] = False
                positions.append(starts)
                rows.append(found[place[starts]])
        if not positions:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(positions), np.concatenate(rows)


def base_rows(
    finder: ExpressionFinder, numbers: Mapping[tuple[str, str], int]
) -> tuple[Integers, npt.NDArray[np.bool_]]:
    """Return the base row of each distinct (word, language), and whether it is a word at all.

    Words of one letter (elided articles, joined particles written apart) are passed over.
    """
    bases = np.full(len(numbers), -1, dtype=np.int64)
    is_word = np.zeros(len(numbers), dtype=bool)
    for (token, language), number in numbers.items():
        if len(token) > 1:
            is_word[number] = True
            bases[number] = finder.base(token, language)
    return bases, is_word
