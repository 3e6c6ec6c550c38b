"""Passages on their way to vectors, and the vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from nlp.features.counts import Dense
from nlp.text.table import Integers, TextWords


class Views(NamedTuple):
    """Passages as vectors, rows of length 1 or 0.

    ``within``, shape (n_passages, d), compares passages of one language; ``across``, shape
    (n_passages, e), compares any two.
    """

    within: Dense
    across: Dense


@dataclass(frozen=True)
class Block:
    """Passages to be turned into vectors; all passages of a text stand together.

    Parameters
    ----------
    pieces : sequence of str, length n_passages
    table : TextWords
        Their words.
    concepts : sparse matrix, shape (n_passages, n_concepts)
        How often each speaks of each concept.
    languages, groups : sequences of str, length n_passages
        Language code, and the group in which languages that share words are compared.
    texts : array, shape (n_passages,)
        Number of the text each passage is in.
    """

    pieces: Sequence[str]
    table: TextWords
    concepts: Any
    languages: Sequence[str]
    groups: Sequence[str]
    texts: Integers
