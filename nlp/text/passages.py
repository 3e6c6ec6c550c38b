"""Passages of one idea: sentences of a text that belong together."""

from bisect import bisect_left
from collections.abc import Sequence

from nlp.text.sentences import BULLETS, LONGEST_SENTENCE, Bounds, sentence_bounds, stripped

#: Openings that start another idea in the middle of an answer, folded.
_OPENERS = (
    "par ailleurs", "d'autre part", "de plus", "en outre", "ensuite", "enfin",
    "deuxièmement", "troisièmement", "autre chose", "autre point", "concernant",
    "s'agissant", "quant à", "pour ce qui est", "en ce qui concerne", "من جهة أخرى",
    "ومن جهة أخرى", "من ناحية أخرى", "بالإضافة", "إضافة إلى", "أما", "وأما", "كما أن",
    "كذلك", "وفيما يخص", "فيما يخص", "بخصوص", "ثانيا", "ثالثا", "وأخيرا", "أخيرا",
    "زيادة على", "ou zid", "w zid", "وزيد",
)  # fmt: skip
#: Lengths, in characters, of what one passage of one idea may be.
WHOLE_TEXT, SHORTEST, LONGEST = 160, 60, 420

#: A concept of the thesaurus spoken of at a place of a text.
Mention = tuple[int, int]


def whole(text: str) -> list[Bounds]:
    """Return the bounds of a text without outer white space; none of an empty one."""
    start, end = stripped(text, 0, len(text))
    return [(start, end)] if start < end else []


def _opens_idea(text: str, start: int) -> bool:
    """Whether a sentence starts with a word that announces another idea, or after a line end."""
    before = text[max(0, start - 3) : start]
    if "\n" in before or "\r" in before or text[start] in BULLETS:
        return True
    return text[start : start + 30].casefold().replace("’", "'").startswith(_OPENERS)


def _joins(
    text: str, group: Bounds, concepts: frozenset[int], sentence: Bounds, spoken: frozenset[int]
) -> bool:
    """Whether a sentence belongs to the passage before it."""
    length = group[1] - group[0]
    if sentence[1] - group[0] > LONGEST:
        # What is left over after a cut, or a closing word, is no passage of its own.
        return sentence[1] - sentence[0] < SHORTEST and sentence[1] - group[0] <= LONGEST_SENTENCE
    if length < SHORTEST or sentence[1] - sentence[0] < SHORTEST // 2:
        return True
    if _opens_idea(text, sentence[0]):
        return False
    is_shift = bool(concepts) and bool(spoken) and not concepts & spoken
    return not (is_shift and length > 2 * SHORTEST)


def passage_bounds(text: str, mentions: Sequence[Mention]) -> list[Bounds]:
    """Return the bounds of a text's passages, in order, white space left out.

    A text of at most 160 characters stays whole. Otherwise a sentence joins the passage before
    it unless that would be too long, or the sentence announces another idea or speaks of other
    concepts than the passage does. Every visible character lies in exactly one passage.

    Parameters
    ----------
    text : str
    mentions : sequence of (place, concept number)
        Concepts spoken of in the text, in order of their places (code points).
    """
    bounds = whole(text)
    if not bounds or bounds[0][1] - bounds[0][0] <= WHOLE_TEXT:
        return bounds
    places = [place for place, _ in mentions]
    groups: list[Bounds] = []
    concepts: frozenset[int] = frozenset()
    for start, end in sentence_bounds(text):
        inside = mentions[bisect_left(places, start) : bisect_left(places, end)]
        spoken = frozenset(concept for _, concept in inside)
        if groups and _joins(text, groups[-1], concepts, (start, end), spoken):
            groups[-1] = (groups[-1][0], end)
            concepts |= spoken
        else:
            groups.append((start, end))
            concepts = spoken
    return groups
