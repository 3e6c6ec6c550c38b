"""Learns the vectors of letter groups by ridge regression on the listed words."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve

from nlp.build.space.rows import Rows
from nlp.space.forms import folded
from nlp.space.guess import LEAST_LETTERS, group_counts, letter_groups

Array = npt.NDArray[Any]

#: Letter groups kept, the most frequent, by table.
N_GROUPS = {"fr": 12_000, "ar": 6_000}
#: Strength of the ridge.
RIDGE = 1.0


def learnt_groups(rows: Rows, language: str) -> tuple[list[str], Array]:
    """Return the letter groups of a table and their vectors, shape (n_groups, d).

    Parameters
    ----------
    rows : Rows
        Words with their final vectors.
    language : str
        ``fr`` or ``ar``.
    """
    chosen = [
        i
        for i, (name, word) in enumerate(rows.keys)
        if name == language and " " not in word and len(word) >= LEAST_LETTERS
    ]
    forms = [folded(rows.keys[i][1]) for i in chosen]
    groups = frequent_groups(forms, N_GROUPS[language])
    counts = group_counts(forms, {group: i for i, group in enumerate(groups)})
    square = (counts.T @ counts).toarray().astype(np.float64)
    square[np.diag_indices_from(square)] += RIDGE
    vectors = solve(
        square, np.asarray(counts.T @ rows.vectors[chosen], dtype=np.float64), assume_a="pos"
    )
    return groups, np.asarray(vectors, dtype=np.float32)


def frequent_groups(forms: Sequence[str], most: int) -> list[str]:
    """Return the letter groups that most words hold, ties by spelling, sorted."""
    held = Counter(group for form in forms for group in sorted(set(letter_groups(form))))
    ranked = sorted(held.items(), key=lambda item: (-item[1], item[0]))
    return sorted(group for group, _ in ranked[:most])
