"""Vectors guessed from a word's letters, for words that no list holds.

A linear map from letter groups to vectors is learnt on the listed words (ridge regression, as in
Zhao, Mudgal and Liang, 2018). What it gives an unlike word is short, hence light.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.space.forms import arabic_bases, folded, script

#: Lengths of letter groups, and of beginnings that count apart.
_SIZES = (3, 4, 5, 6)
_BEGINNINGS = (4, 5, 6, 7)
#: Shorter words are not guessed: an acronym has no letters in common with its meaning.
LEAST_LETTERS = 5


def letter_groups(form: str) -> list[str]:
    """Return the letter groups of a folded word, its ends marked."""
    marked = f"<{form}>"
    groups = [marked[i : i + n] for n in _SIZES for i in range(len(marked) - n + 1)]
    return groups + [f"^{form[:n]}" for n in _BEGINNINGS if len(form) > n]


def bare(token: str) -> str:
    """Return the folded word without an Arabic article and particle."""
    form = folded(token)
    return arabic_bases(form)[-1] if script(form) == "ar" and len(form) > LEAST_LETTERS else form


class Guesser:
    """Maps letter groups of one script to vectors.

    Parameters
    ----------
    groups : sequence of str
        Letter groups known.
    whole : int8 array, shape (n_groups, d)
    scale : float32 array, shape (d,)
    """

    def __init__(
        self, groups: Sequence[str], whole: npt.NDArray[Any], scale: npt.NDArray[Any]
    ) -> None:
        """Take the parts of the file."""
        self.number = {group: i for i, group in enumerate(groups)}
        self.whole = whole
        self.scale = scale

    def counts(self, forms: Sequence[str]) -> Any:
        """Return the letter groups of folded words, rows of length at most 1."""
        return group_counts(forms, self.number)

    def guess(self, words: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the guessed vectors of words as written, shape (n, d)."""
        counts = self.counts([bare(word) for word in words])
        used = np.unique(counts.indices)
        return np.asarray(counts[:, used] @ (self.whole[used] * self.scale), dtype=np.float32)


def group_counts(forms: Sequence[str], number: dict[str, int]) -> Any:
    """Return the matrix of letter groups of folded words, shape (n, n_groups)."""
    indices: list[int] = []
    ends = [0]
    for form in forms:
        if len(form) >= LEAST_LETTERS:
            indices += [number[group] for group in letter_groups(form) if group in number]
        ends.append(len(indices))
    sizes = np.diff(ends)
    values = np.repeat(1 / np.sqrt(sizes + 1.0), sizes).astype(np.float32)
    matrix = sparse.csr_matrix((values, indices, ends), shape=(len(forms), len(number)))
    matrix.sum_duplicates()
    return matrix
