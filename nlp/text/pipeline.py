"""spaCy pipelines of the package: words, sentence marks and passages, offsets exact.

The pipelines are blank (no trained model, nothing to download). Their tokenizer is our own: it
keeps abbreviations, numbers, addresses and elisions whole, never changes a character, and is
linear in the length of the text whatever the text is.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from nlp.lexicon import load_lexicon
from nlp.text.normalise import INVISIBLE, MARKS, fold, listed, words

_TOKEN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<address>(?:https?://|www\.)[^\s<>«»]+ | [\w.+-]{1, 64}@[\w-]{1, 63}(?:\.[\w-]{1, 63}){1, 4})
  | (?P<number>\d+(?:[.,:/\u066b\u066c]\d+)*)
  | (?P<dotted>(?:[^\W\d_]\.){{2,}})
  | (?P<word>[\w{MARKS}{INVISIBLE}]+(?:['’ʼ](?=\w))?)
  | (?P<stops>[.!?…؟۔⸮]+)
  | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_STOPS = frozenset(".!?…؟۔⸮")
_CLOSING = frozenset("»”\")]}’'›")
_BULLETS = frozenset("-–—•·*▪◦●‣➢✓→")
#: Words that a full stop shortens without ending the sentence, folded.
_ABBREVIATIONS = listed(
    """
    m mm mr mme mmes mlle mlles dr pr me art al alin chap cf ex p pp n no num vol éd ed
    fig tel tél av bd st ste ets env max min resp c-à-d càd réf ref adj boul dep dép
    prof ing sig hab دج د ص ج م هـ ه
    """
)
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
WHOLE_TEXT, SHORTEST, LONGEST, LONGEST_SENTENCE = 160, 60, 420, 480

Bounds = tuple[int, int]


class ExactTokenizer:
    """Splits a text into tokens that, joined, are exactly the text."""

    def __init__(self, vocab: Vocab) -> None:
        """Keep the vocabulary the documents share."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Return the document of a text."""
        pieces: list[str] = []
        spaces: list[bool] = []
        for match in _TOKEN.finditer(text):
            piece = match.group()
            if match.lastgroup == "space" and pieces and piece[0] == " " and not spaces[-1]:
                spaces[-1] = True
                piece = piece[1:]
            if piece:
                pieces.append(piece)
                spaces.append(False)
        return Doc(self.vocab, words=pieces, spaces=spaces)


class FrenchText(Language):  # type: ignore[misc]
    """Blank French pipeline of the package."""

    lang = "fr"


class ArabicText(Language):  # type: ignore[misc]
    """Blank Arabic pipeline of the package, for Arabic and Darija in Arabic letters."""

    lang = "ar"


class AnyText(Language):  # type: ignore[misc]
    """Blank pipeline for every other language."""

    lang = "xx"


def _ends_sentence(tokens: list[str], at: int) -> bool:
    """Whether a run of stops ends a sentence, and is not an abbreviation's or a pause."""
    stop = tokens[at]
    following = tokens[at + 1 : at + 3]
    next_word = next((token for token in following if not token.isspace()), "")
    before = fold(tokens[at - 1]) if at else ""
    if stop == ".":
        is_initial = len(before) == 1 and before.isalpha() and tokens[at - 1].isupper()
        if before in _ABBREVIATIONS or is_initial:
            return False
    is_pause = stop in {"...", "…", ".."} and next_word[:1].islower()
    return not is_pause


def _breaks_line(tokens: list[str], at: int) -> bool:
    """Whether a line end is the end of an idea and not of a wrapped line."""
    space = tokens[at]
    if "\n" not in space and "\r" not in space:
        return False
    if space.count("\n") > 1 or at + 1 >= len(tokens):
        return True
    following = tokens[at + 1]
    return following in _BULLETS or not following[:1].islower()


@Language.component("tachawor_sentences")  # type: ignore[untyped-decorator]
def mark_sentences(doc: Doc) -> Doc:
    """Set sentence starts after stops, at line ends and at bullets."""
    tokens = [token.text for token in doc]
    starts = [at == 0 for at in range(len(tokens))]
    ended = False
    for at, token in enumerate(tokens):
        if ended and not token.isspace() and token not in _CLOSING:
            starts[at] = True
            ended = False
        if token[0] in _STOPS:
            ended = ended or _ends_sentence(tokens, at)
        elif token.isspace():
            ended = ended or _breaks_line(tokens, at)
    # In one go: set token by token, spaCy would look through the whole document each time.
    marks = np.array([1 if start else -1 for start in starts], dtype=np.int32)
    return doc.from_array([SENT_START], marks.astype(np.uint64).reshape(-1, 1))


def _stripped(text: str, start: int, end: int) -> Bounds:
    """Move bounds inwards past white space."""
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _cut_points(text: str, start: int, end: int) -> Iterator[Bounds]:
    """Cut a very long sentence at clause marks, or at spaces where it has none."""
    while end - start > LONGEST_SENTENCE:
        window = text[start + SHORTEST * 2 : start + LONGEST]
        cut = max((window.rfind(mark) for mark in ("؛", ";", ":", "،", ",")), default=-1)
        # A mark inside a number ("1,5") or an address is no clause mark.
        if cut < 0 or not window[cut + 1 : cut + 2].isspace():
            cut = max(window.rfind(" "), window.rfind("\n"), window.rfind("\t"))
        if cut < 0:
            break
        middle = start + SHORTEST * 2 + cut + 1
        yield start, middle
        start = middle
    yield start, end


def sentence_bounds(doc: Doc) -> list[Bounds]:
    """Return the bounds of a document's sentences, long ones cut, white space left out."""
    # Asked for once: a document builds its text anew each time.
    text = doc.text
    found = []
    for sentence in doc.sents:
        start, end = _stripped(text, sentence.start_char, sentence.end_char)
        if start < end:
            found += [_stripped(text, *bounds) for bounds in _cut_points(text, start, end)]
    return [(start, end) for start, end in found if start < end]


def _concepts(text: str) -> frozenset[int]:
    """Return the thesaurus concepts a sentence speaks of."""
    return frozenset(number for _, _, number in load_lexicon().thesaurus.match(words(text)))


def _opens_idea(text: str, start: int) -> bool:
    """Whether a sentence starts with a word that announces another idea, or after a line end."""
    before = text[max(0, start - 3) : start]
    if "\n" in before or "\r" in before or text[start] in _BULLETS:
        return True
    return text[start : start + 30].casefold().replace("’", "'").startswith(_OPENERS)


def group_sentences(text: str, bounds: list[Bounds]) -> list[Bounds]:
    """Join sentences into passages of one idea.

    A text of at most 160 characters stays whole. Otherwise a sentence joins the passage before
    it unless that would be too long, or the sentence announces another idea or speaks of other
    concepts than the passage does.
    """
    if not bounds:
        return []
    if bounds[-1][1] - bounds[0][0] <= WHOLE_TEXT:
        return [(bounds[0][0], bounds[-1][1])]
    groups: list[Bounds] = []
    concepts: frozenset[int] = frozenset()
    for start, end in bounds:
        spoken = _concepts(text[start:end])
        if groups and _joins(text, groups[-1], concepts, (start, end), spoken):
            groups[-1] = (groups[-1][0], end)
            concepts |= spoken
        else:
            groups.append((start, end))
            concepts = spoken
    return groups


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


@Language.component("tachawor_passages")  # type: ignore[untyped-decorator]
def mark_passages(doc: Doc) -> Doc:
    """Write the passages of a document to ``doc.spans["passages"]``."""
    starts = [token.idx for token in doc]
    spans = [
        Span(doc, bisect_left(starts, start), bisect_left(starts, end))
        for start, end in group_sentences(doc.text, sentence_bounds(doc))
    ]
    doc.spans["passages"] = spans
    return doc


@cache
def shared_vocabulary() -> Vocab:
    """Return the vocabulary of all pipelines: ours ask no language for the shape of its words."""
    return Vocab()


@cache
def pipeline(language: str) -> Language:
    """Return the pipeline for a language code of :mod:`nlp.text.language`."""
    kind: Callable[..., Language] = AnyText
    if language == "fr":
        kind = FrenchText
    elif language in {"ar", "ar-MA"}:
        kind = ArabicText
    nlp = kind(shared_vocabulary(), max_length=10**9)
    nlp.tokenizer = ExactTokenizer(nlp.vocab)
    nlp.add_pipe("tachawor_sentences")
    nlp.add_pipe("tachawor_passages")
    return nlp


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no encoding accepts, one for one."""
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def split_passages(text: str, language: str) -> list[Bounds]:
    """Return the bounds of a text's passages, in order, white space left out.

    Every character that is not white space lies in exactly one passage.
    """
    doc = pipeline(language)(_encodable(text))
    spans: Iterable[Span] = doc.spans["passages"]
    return [_stripped(text, span.start_char, span.end_char) for span in spans]


def split_sentences(text: str, language: str) -> list[Bounds]:
    """Return the bounds of a text's sentences, in order, white space left out."""
    return sentence_bounds(pipeline(language)(_encodable(text)))


@contextmanager
def forgetting_words() -> Iterator[None]:
    """Free, in the end, what spaCy remembers of words: a long-lived worker must not grow."""
    with shared_vocabulary().memory_zone():
        yield
