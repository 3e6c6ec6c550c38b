"""Sentences of a text in French, Arabic, Darija or any other language, by their marks alone.

One pass over the places where a sentence may end; the cost is linear in the length of the text.
"""

import re
from collections.abc import Iterator

from nlp.text.normalise import INVISIBLE, MARKS, fold, listed

Bounds = tuple[int, int]

CLOSING = frozenset("»”\")]}’'›")
BULLETS = frozenset("-–—•·*▪◦●‣➢✓→")
#: Characters of a sentence at most; longer ones are cut.
LONGEST_SENTENCE = 480
#: Where a long sentence may be cut: characters from its start.
_CUT_FROM, _CUT_TO = 120, 420

#: Places that may end a sentence, and things that hold a stop without ending one.
_EVENTS = r"""
    (?P<held>
        (?<!\w)(?:https?://|www\.)[^\s<>«»]+
      {address}
      | (?<!\w)\d+(?:[.,:/\u066b\u066c]\d+)+
      | (?<!\w)(?:[^\W\d_]\.){{2,}}
    )
  | (?P<stops>[.!?…؟۔⸮]+)
  | (?P<line>[\n\r]\s*)
"""
_ADDRESS = r"| (?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_PLAIN = re.compile(_EVENTS.format(address=""), re.VERBOSE)
_WITH_ADDRESSES = re.compile(_EVENTS.format(address=_ADDRESS), re.VERBOSE)
_LAST_WORD = re.compile(rf"[\w{MARKS}{INVISIBLE}]+$")
#: Characters looked back on for an abbreviation.
_LOOK_BACK = 16
#: Words that a full stop shortens without ending the sentence, folded.
_ABBREVIATIONS = listed(
    """
    m mm mr mme mmes mlle mlles dr pr me art al alin chap cf ex p pp n no num vol éd ed
    fig tel tél av bd st ste ets env max min resp c-à-d càd réf ref adj boul dep dép
    prof ing sig hab دج د ص ج م هـ ه
    """
)


def _is_shortened(text: str, stop: int) -> bool:
    """Whether the full stop at a place is that of an abbreviation or an initial."""
    found = _LAST_WORD.search(text[max(0, stop - _LOOK_BACK) : stop])
    if not found:
        return False
    before = fold(found.group())
    is_initial = len(before) == 1 and before.isalpha() and found.group().isupper()
    return is_initial or before in _ABBREVIATIONS


def _next_visible(text: str, at: int, skipped: frozenset[str] = frozenset()) -> int:
    """Return the place of the next character that is neither white space nor skipped."""
    while at < len(text) and (text[at].isspace() or text[at] in skipped):
        at += 1
    return at


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Whether a run of stops ends a sentence, and is not an abbreviation's or a pause."""
    run = text[start:end]
    if run == "." and _is_shortened(text, start):
        return False
    if run in {"...", "…", ".."}:
        following = _next_visible(text, end)
        return not text[following : following + 1].islower()
    return True


def _breaks_line(text: str, start: int, end: int) -> bool:
    """Whether a line end is the end of an idea and not of a wrapped line."""
    if text.count("\n", start, end) > 1 or end >= len(text):
        return True
    return text[end] in BULLETS or not text[end].islower()


def _starts(text: str) -> Iterator[int]:
    """Yield where sentences start, the first one at 0."""
    yield 0
    events = _WITH_ADDRESSES if "@" in text else _PLAIN
    last = 0
    for event in events.finditer(text):
        if event.lastgroup == "held":
            continue
        start, end = event.span()
        is_end = _ends_sentence if event.lastgroup == "stops" else _breaks_line
        if end > last and is_end(text, start, end):
            last = _next_visible(text, end, CLOSING)
            if last < len(text):
                yield last


def stripped(text: str, start: int, end: int) -> Bounds:
    """Move bounds inwards past white space."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _cut_points(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Cut a very long sentence at clause marks, or at spaces where it has none."""
    while end - start > LONGEST_SENTENCE:
        window = text[start + _CUT_FROM : start + _CUT_TO]
        cut = max((window.rfind(mark) for mark in ("؛", ";", ":", "،", ",")), default=-1)
        # A mark inside a number ("1,5") or an address is no clause mark.
        if cut < 0 or not window[cut + 1 : cut + 2].isspace():
            cut = max(window.rfind(" "), window.rfind("\n"), window.rfind("\t"))
        if cut < 0:
            break
        middle = start + _CUT_FROM + cut + 1
        yield start, middle
        start = middle
    yield start, end


def sentence_bounds(text: str) -> list[Bounds]:
    """Return the bounds of a text's sentences, long ones cut, white space left out.

    Sentences end at stops (Arabic ones too), line ends and bullets; abbreviations, initials,
    numbers, addresses and pauses do not end them. Every visible character is in one sentence.
    """
    starts = sorted(set(_starts(text)))
    found = []
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        bounds = stripped(text, start, end)
        if bounds[0] < bounds[1]:
            found += [stripped(text, *cut) for cut in _cut_points(text, *bounds)]
    return [(start, end) for start, end in found if start < end]
