"""Stance of a passage from the cues it holds; most passages have none."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from nlp.nature.cues import ASKS, PIECE, Match, Piece
from nlp.stance.cues import matches, piece_of
from nlp.text.language import AMAZIGH, OTHER, UNKNOWN


class Side(StrEnum):
    """What a passage says of what its theme is about."""

    FOR = "for"
    AGAINST = "against"
    MIXED = "mixed"


class Stance(NamedTuple):
    """The side a passage takes, how sure that is, and where the words stand that say so."""

    side: Side
    #: In [0, 1].
    certainty: float
    #: Stretches of the passage, in code points, in order.
    cues: tuple[tuple[int, int], ...]


class _Said(NamedTuple):
    """A cue with what it comes to where it stands: for, against, mixed, tolerates or but."""

    match: Match
    side: str
    weight: float


#: What a wording that speaks for something comes to when it is denied; others then say nothing.
_DENIED: Final = {"for": "against", "against": "tolerates"}
#: Weight lost by a wording that is denied: the negation may belong to another word.
_LOST: Final = 0.5
#: What each further cue adds to the strongest one.
_FURTHER: Final = 0.3
#: Languages that no list of cues covers.
_NOT_READ: Final = frozenset({AMAZIGH, OTHER, UNKNOWN})
#: Characters read of a passage.
_MOST: Final = 4000


def _sentences(line: Sequence[Piece]) -> list[int]:
    """Return the number of the sentence each piece is in, -1 for those of questions."""
    numbers = [0] * len(line)
    first = number = 0
    for at, piece in enumerate(line):
        numbers[at] = number
        if piece.mark:
            if piece.mark == ASKS:
                numbers[first : at + 1] = [-1] * (at + 1 - first)
            first, number = at + 1, number + 1
    return numbers


def _said(line: Sequence[Piece]) -> list[_Said]:
    """Return what the cues come to, questions left out."""
    sentences = _sentences(line)
    found = []
    for match, is_denied in matches(line):
        side, weight = match.cue.nature, match.cue.weight
        if side == "none" or sentences[match.start] < 0:
            continue
        if is_denied and side != "but":
            side, weight = _DENIED.get(side, ""), weight - _LOST
        if side:
            found.append(_Said(match, side, weight))
    return _with_reservations(found, sentences)


def _with_reservations(found: Sequence[_Said], sentences: Sequence[int]) -> list[_Said]:
    """Make mixed what a reservation follows in the same sentence; forget what is left of these."""
    made: list[_Said] = []
    for at, said in enumerate(found):
        own = sentences[said.match.start]
        after = (one for one in found[at + 1 :] if one.side == "but")
        reserved = next((one for one in after if sentences[one.match.start] == own), None)
        if said.side in {"for", "tolerates"} and reserved:
            made.append(said._replace(side="mixed", weight=max(said.weight - _LOST, 2.0)))
            made.append(reserved._replace(side="mixed", weight=0.0))
        elif said.side in {"for", "against", "mixed"}:
            made.append(said)
    return made


def stance_of(text: str, language: str | None = None) -> Stance | None:
    """Return the stance of a passage towards what its theme is about, if it says so.

    Wordings listed in ``nlp/data/stance_*.tsv`` speak for or against; the writer must be the one
    who speaks ("we refuse"), and evils that nobody is for (violence, corruption) take no side.
    A negation turns "for" into "against", and "against" into nothing. A passage that speaks for and
    against, or for with a reservation in the same sentence, is mixed. Questions say nothing.

    Parameters
    ----------
    text : str
        The passage, as written.
    language : str or None
        Its code (see :mod:`nlp.text.language`); passages in Amazigh or other languages are left
        alone. All lists apply to the others, for people mix languages.

    Returns
    -------
    Stance or None
        None for a passage without a stance, as most are.
    """
    if language in _NOT_READ:
        return None
    text = text[:_MOST]
    line = list(map(piece_of, PIECE.findall(text)))
    said = _said(line)
    if not said:
        return None
    strengths = {side: _strength(said, side) for side in Side}
    is_both = strengths[Side.FOR] > 0 and strengths[Side.AGAINST] > 0
    if strengths[Side.MIXED] or is_both:
        side, strength = Side.MIXED, max(strengths[Side.MIXED], min(strengths.values()), 2.0)
    else:
        side = Side.FOR if strengths[Side.FOR] else Side.AGAINST
        strength = strengths[side]
    return Stance(side, round(strength / (strength + 1), 3), _offsets(text, said))


def _strength(said: Sequence[_Said], side: Side) -> float:
    """Return the weight of the strongest cue of a side, and a part of the others."""
    weights = [one.weight for one in said if one.side == side]
    if not weights:
        return 0.0
    return max(weights) + _FURTHER * (sum(weights) - max(weights))


def _offsets(text: str, said: Sequence[_Said]) -> tuple[tuple[int, int], ...]:
    """Return where the cues stand, those that overlap as one stretch."""
    last = max(one.match.end for one in said)
    spans = [piece.span() for piece in islice(PIECE.finditer(text), last)]
    found: list[tuple[int, int]] = []
    for one in sorted(said, key=lambda one: one.match.start):
        start, end = spans[one.match.start][0], spans[one.match.end - 1][1]
        if found and start < found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return tuple(found)


def stances_of(texts: Sequence[str], languages: Sequence[str]) -> list[Stance | None]:
    """Return the stance of each passage, None where it says none.

    Parameters
    ----------
    texts, languages : sequences of str, of one length
        Passages as written, and their language codes.
    """
    return [stance_of(text, code) for text, code in zip(texts, languages, strict=True)]
