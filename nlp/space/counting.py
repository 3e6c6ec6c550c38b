"""Counts the words and listed expressions of texts."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.space.expressions import ExpressionFinder, base_rows
from nlp.space.forms import tokens
from nlp.text.table import TextWords, numbered

Integers = npt.NDArray[np.signedinteger[Any]]
Token = tuple[str, str]

#: Texts read at a time, so that lists of words stay short.
_BLOCK = 20_000


class Counted(NamedTuple):
    """Word counts of texts: distinct (word, language) pairs, sorted, and a matrix over them."""

    vocabulary: list[Token]
    matrix: Any


def _read(
    texts: Sequence[str], languages: Sequence[str], numbers: dict[Token, int]
) -> tuple[Integers, Integers]:
    """Return, for all words in order, the text each is in and its number; number new ones."""
    known: dict[str, dict[str, int]] = {}
    blocks, sizes = [np.zeros(0, dtype=np.int32)], np.zeros(len(texts), dtype=np.int64)
    for start in range(0, len(texts), _BLOCK):
        block: list[int] = []
        for place in range(start, min(start + _BLOCK, len(texts))):
            language = languages[place]
            mine = known.setdefault(language, {})
            found = tokens(texts[place])
            sizes[place] = len(found)
            for token in found:
                if token not in mine:
                    mine[token] = numbers[token, language] = len(numbers)
                block.append(mine[token])
        blocks.append(np.array(block, dtype=np.int32))
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), sizes)
    return owners, np.concatenate(blocks)


def counted(
    texts: Sequence[str] | TextWords, languages: Sequence[str], finder: ExpressionFinder
) -> Counted:
    """Count the words and expressions of texts, in a way that does not depend on their order.

    Parameters
    ----------
    texts : sequence of str or TextWords
        n texts, or their words where these have been read already (numbers left out).
    languages : sequence of str, length n
    finder : ExpressionFinder
    """
    numbers: dict[Token, int] = {}
    if isinstance(texts, TextWords):
        owners, columns = _numbered(texts, languages, numbers)
    else:
        owners, columns = _read(texts, languages, numbers)
    bases, is_word = base_rows(finder, numbers)
    kept = is_word[columns]
    places, rows = finder.find(bases[columns[kept]], owners[kept])
    where = owners[kept][places]
    more = _expression_numbers(where, rows, languages, finder, numbers)
    vocabulary = sorted(numbers)
    place = np.empty(len(vocabulary), dtype=np.int32)
    place[[numbers[key] for key in vocabulary]] = np.arange(len(vocabulary), dtype=np.int32)
    indices = (np.concatenate([owners, where]), place[np.concatenate([columns, more])])
    ones = np.ones(len(indices[0]), dtype=np.float32)
    return Counted(
        vocabulary, sparse.csr_matrix((ones, indices), shape=(len(texts), len(vocabulary)))
    )


def _numbered(
    table: TextWords, languages: Sequence[str], numbers: dict[Token, int]
) -> tuple[Integers, Integers]:
    """Return, for all words in order, the text each is in and its number; number new ones."""
    codes, names = numbered(languages)
    owners, places = table.where()
    joint = table.numbers[places].astype(np.int64) * max(1, len(names)) + codes[owners]
    distinct, inverse = np.unique(joint, return_inverse=True)
    found = np.full(len(distinct), -1, dtype=np.int64)
    for at, (word, code) in enumerate(zip(*np.divmod(distinct, max(1, len(names))), strict=True)):
        parts = tokens(table.vocabulary.surfaces[word])
        if parts:
            found[at] = numbers.setdefault((parts[0], names[code]), len(numbers))
    columns = found[inverse]
    kept = columns >= 0
    return owners[kept], columns[kept]


def _expression_numbers(
    where: Integers,
    rows: Integers,
    languages: Sequence[str],
    finder: ExpressionFinder,
    numbers: dict[Token, int],
) -> npt.NDArray[np.int32]:
    """Number the expressions found, as words of several words."""
    found = (
        numbers.setdefault((finder.words(row), languages[text]), len(numbers))
        for text, row in zip(where.tolist(), rows.tolist(), strict=True)
    )
    return np.fromiter(found, dtype=np.int32, count=len(rows))
