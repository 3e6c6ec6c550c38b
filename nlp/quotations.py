"""Quotations of a theme: central, diverse, whole sentences, exact pieces of the texts."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nlp.features.counts import Dense
from nlp.text.sentences import Bounds, sentence_bounds

#: Lengths, in characters, that read well as a quotation.
SHORTEST, LONGEST = 40, 320
#: Quotations of one theme at most.
MOST = 8
#: Candidates weighed for one theme, the most central first.
_MOST_CANDIDATES = 60
_LETTERS, _CAPITALS = re.compile(r"[^\W\d_]"), re.compile(r"[A-ZÀ-ÖØ-Þ]")
_ENDINGS = tuple('.!?…؟۔»"”)')


@dataclass(frozen=True)
class Candidate:
    """A passage that may be quoted."""

    number: int
    key: str
    text: str
    start: int
    end: int
    language: str
    group: str
    centrality: float


class Quotation(NamedTuple):
    """A chosen piece of a passage."""

    number: int
    start: int
    end: int


def _quality(piece: str) -> float:
    """Return how well a piece reads by itself, in [0, 1]: length, whole sentence, no shouting."""
    score = 1.0
    if len(piece) < SHORTEST:
        score -= 0.5 * (1 - len(piece) / SHORTEST)
    if len(piece) > LONGEST:
        score -= min(0.5, 0.25 * (len(piece) / LONGEST))
    if not piece.endswith(_ENDINGS):
        score -= 0.1
    if piece[:1].islower():
        score -= 0.1
    # Of letters without case, as all Arabic ones are, none shouts.
    if len(_CAPITALS.findall(piece)) > 0.5 * max(1, len(_LETTERS.findall(piece))):
        score -= 0.2
    if "http" in piece or "\n" in piece:
        score -= 0.2
    return max(score, 0.05)


def best_piece(text: str, start: int, end: int) -> Bounds:
    """Return the bounds of the whole sentences of a passage that make the best quotation."""
    if end - start <= LONGEST:
        return start, end
    sentences = [(start + a, start + b) for a, b in sentence_bounds(text[start:end])]
    best, best_score = (start, end), _quality(text[start:end])
    for first in range(len(sentences)):
        for last in range(first, len(sentences)):
            bounds = (sentences[first][0], sentences[last][1])
            length = bounds[1] - bounds[0]
            if length > LONGEST:
                break
            # Of pieces that read equally well the longer says more, the earlier comes first.
            score = _quality(text[bounds[0] : bounds[1]]) + 0.2 * length / LONGEST - 0.01 * first
            if score > best_score + 1e-9:
                best, best_score = bounds, score
    return best


def choose_quotations(
    candidates: Sequence[Candidate], vectors: Dense, *, most: int = MOST
) -> list[Quotation]:
    """Choose the quotations of a theme.

    Each next one is the most central and readable that says something else (maximal marginal
    relevance, Carbonell and Goldstein, 1998), from a group and in a language not yet heard; a
    text is quoted once.

    Parameters
    ----------
    candidates : sequence of Candidate
        Passages of the theme.
    vectors : array, shape (n_candidates, d)
        Their vectors, rows of length 1 or 0.
    most : int
        Greatest number of quotations.
    """
    order = sorted(
        range(len(candidates)),
        key=lambda i: (-round(candidates[i].centrality, 6), candidates[i].text, candidates[i].key),
    )
    pool = [(i, _piece_of(candidates[i])) for i in order[:_MOST_CANDIDATES]]
    worth = {
        i: candidates[i].centrality * _quality(candidates[i].text[start:end])
        for i, (start, end) in pool
    }
    chosen: list[Quotation] = []
    used: list[int] = []
    while pool and len(chosen) < most:
        scores = [worth[i] - _sameness(i, used, candidates, vectors) for i, _ in pool]
        at = int(np.argmax(np.round(scores, 6)))
        i, (start, end) = pool.pop(at)
        chosen.append(Quotation(candidates[i].number, start, end))
        used.append(i)
        key = candidates[i].key
        pool = [entry for entry in pool if candidates[entry[0]].key != key]
    return chosen


def _piece_of(candidate: Candidate) -> Bounds:
    """Return the bounds of the piece of a candidate that would be quoted."""
    return best_piece(candidate.text, candidate.start, candidate.end)


def _sameness(i: int, used: list[int], candidates: Sequence[Candidate], vectors: Dense) -> float:
    """Return how much of a candidate was heard already: words, group, language."""
    if not used:
        return 0.0
    nearest = max(float(vectors[i] @ vectors[j]) for j in used)
    groups = Counter(candidates[j].group for j in used)
    languages = Counter(candidates[j].language for j in used)
    heard_group = groups[candidates[i].group] if candidates[i].group else 0
    heard_language = languages[candidates[i].language] / len(used)
    return 0.4 * max(nearest, 0.0) + 0.1 * heard_group + 0.15 * heard_language
