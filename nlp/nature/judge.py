"""Nature of a passage from the cues it holds; unsure where they contradict each other."""

from collections.abc import Sequence
from enum import StrEnum
from itertools import islice
from typing import Final, NamedTuple

from nlp.nature.cues import ASKS, PIECE, Match, Piece, matches, read
from nlp.text.language import AMAZIGH, OTHER, UNKNOWN


class Nature(StrEnum):
    """What a passage does."""

    SITUATION = "situation"
    PROBLEM = "problem"
    PROPOSAL = "proposal"
    COMMITMENT = "commitment"
    QUESTION = "question"


class Judgement(NamedTuple):
    """The nature of a passage, how sure it is, and where the words stand that say so."""

    #: ``None`` when the cues are too few or contradict each other.
    nature: Nature | None
    #: In [0, 1]: how much the nature leads; 0 when there is none.
    certainty: float
    #: Stretches of the passage, in code points, in order.
    cues: tuple[tuple[int, int], ...]


UNSURE: Final = Judgement(None, 0.0, ())
#: Lead over the next nature below which a passage has none.
MARGIN: Final = 0.8
#: Score that a nature needs: one word that only hints at it, or several, are not enough.
_LEAST: Final[dict[str, float]] = {Nature.PROBLEM: 1.6, Nature.QUESTION: 2.4}
_LEAST_OTHERWISE: Final = 1.5
#: What each further cue adds to the strongest one.
_FURTHER: Final = 0.3
#: What a question mark adds: at least, and more the more of the passage it closes.
_MARK, _MARK_SHARE = 0.3, 2.0
#: Languages that no list of cues covers.
_NOT_READ: Final = frozenset({AMAZIGH, OTHER, UNKNOWN})
#: Characters read of a passage.
_MOST: Final = 4000


def _asked_share(line: Sequence[Piece]) -> float:
    """Return the share of the words that stand in sentences closed by a question mark."""
    asked = total = sentence = 0
    for piece in line:
        if not piece.mark:
            sentence += 1
            total += 1
            continue
        asked += sentence if piece.mark == ASKS else 0
        sentence = 0
    return asked / total if total else 0.0


def _scores(found: Sequence[Match]) -> dict[str, float]:
    """Return the score of each nature: its strongest cue, and a part of the others."""
    strongest: dict[str, float] = {}
    sums: dict[str, float] = {}
    for _, _, cue in found:
        nature, weight = cue.nature, cue.weight
        if nature == "none":
            continue
        sums[nature] = sums.get(nature, 0.0) + weight
        if weight > strongest.get(nature, 0.0):
            strongest[nature] = weight
    return {
        nature: strong + _FURTHER * (sums[nature] - strong) for nature, strong in strongest.items()
    }


def _offsets(text: str, found: Sequence[Match], nature: str) -> tuple[tuple[int, int], ...]:
    """Return where the cues of a nature stand: the strongest ones, the weak ones left out."""
    own = [match for match in found if match.cue.nature == nature]
    strongest = max((match.cue.weight for match in own), default=0.0)
    own = [match for match in own if match.cue.weight >= 0.6 * strongest]
    if not own:
        return ()
    last = max(match.end for match in own)
    spans = [piece.span() for piece in islice(PIECE.finditer(text), last)]
    return tuple((spans[match.start][0], spans[match.end - 1][1]) for match in own)


def judge(text: str, language: str | None = None) -> Judgement:
    """Return the nature of a passage and the words that decide it.

    Wordings listed in ``nlp/data/cues_*.tsv`` each speak for a nature with a weight. What leads by
    :data:`MARGIN` wins; otherwise the passage has no nature. A passage that complains and then
    asks for something is a proposal: the request outweighs its reasons.

    Parameters
    ----------
    text : str
        The passage, as written.
    language : str or None
        Its code (see :mod:`nlp.text.language`); passages in Amazigh or other languages are
        left alone. All lists apply to the others, for people mix languages.
    """
    if language in _NOT_READ:
        return UNSURE
    text = text[:_MOST]
    line = read(text)
    found = matches(line)
    scores = _scores(found)
    share = _asked_share(line) if "?" in text or "؟" in text else 0.0
    if share:
        bonus = _MARK + _MARK_SHARE * share
        scores[Nature.QUESTION] = scores.get(Nature.QUESTION, 0.0) + bonus
    else:
        _unasked(scores)
    return _decided(text, found, scores)


def _unasked(scores: dict[str, float]) -> None:
    """Forget interrogative words where no question mark closes a sentence."""
    if scores.get(Nature.QUESTION, 0.0) < 3.0:
        scores.pop(Nature.QUESTION, None)


def _decided(text: str, found: Sequence[Match], scores: dict[str, float]) -> Judgement:
    """Return the nature that leads clearly, if one does."""
    ranked = sorted(scores, key=lambda nature: (-scores[nature], nature))
    if not ranked:
        return UNSURE
    best = ranked[0]
    lead = scores[best] - (scores[ranked[1]] if len(ranked) > 1 else 0.0)
    if lead < MARGIN or scores[best] < _LEAST.get(best, _LEAST_OTHERWISE):
        return UNSURE
    return Judgement(Nature(best), round(lead / (lead + 1.0), 3), _offsets(text, found, best))


def natures_of(texts: Sequence[str], languages: Sequence[str]) -> list[Nature | None]:
    """Return the nature of each passage, ``None`` where it is unsure.

    Parameters
    ----------
    texts, languages : sequences of str, of one length
        Passages as written, and their language codes.
    """
    return [judge(text, code).nature for text, code in zip(texts, languages, strict=True)]
