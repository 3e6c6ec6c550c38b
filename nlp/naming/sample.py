"""The passages by which themes are named: some of each, whatever the size of the corpus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.text.table import Integers, TextWords

#: Passages of a theme that name it.
MOST_NAMING = 80


@dataclass(frozen=True)
class Sample:
    """Passages of themes.

    Parameters
    ----------
    texts, languages : sequences of str, length n
        The passages and their language codes.
    labels : array, shape (n,)
        Theme of each.
    table : TextWords
        Their words, with offsets that count from ...
    starts : array, shape (n,)
        ... these places before the start of each passage.
    """

    texts: Sequence[str]
    languages: Sequence[str]
    labels: Integers
    table: TextWords
    starts: Integers


def first_of_each(labels: Integers, n_themes: int, most: int = MOST_NAMING) -> Integers:
    """Return, in order, the rows of the first passages of each theme, ``most`` of each at most."""
    order = np.argsort(labels, kind="stable")
    begins = np.searchsorted(labels[order], np.arange(n_themes))
    place = np.arange(len(labels)) - begins[labels[order]]
    return np.sort(order[place < most])
