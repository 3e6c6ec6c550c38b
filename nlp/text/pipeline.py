"""spaCy pipelines of the package: words, sentences, passages of one text, offsets exact.

The pipelines are blank (no trained model, nothing to download). Their tokenizer is our own: it
keeps abbreviations, numbers, addresses and elisions whole, never changes a character, and is
linear in the length of the text whatever the text is. Analyses read many texts at once
(:mod:`nlp.text.reading`) by the same rules.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from nlp.lexicon import load_lexicon
from nlp.text.normalise import INVISIBLE, MARKS, words
from nlp.text.passages import passage_bounds
from nlp.text.sentences import Bounds, sentence_bounds

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


def _token_at(doc: Doc, places: list[int]) -> list[int]:
    """Return the number of the first token at or after each place of the text."""
    starts = [token.idx for token in doc]
    return [bisect_left(starts, place) for place in places]


@Language.component("tachawor_sentences")  # type: ignore[untyped-decorator]
def mark_sentences(doc: Doc) -> Doc:
    """Set sentence starts by :func:`nlp.text.sentences.sentence_bounds`."""
    starts = {0, *_token_at(doc, [start for start, _ in sentence_bounds(doc.text)])}
    # In one go: set token by token, spaCy would look through the whole document each time.
    marks = np.array([1 if at in starts else -1 for at in range(len(doc))], dtype=np.int32)
    return doc.from_array([SENT_START], marks.astype(np.uint64).reshape(-1, 1))


def _passages(text: str) -> list[Bounds]:
    """Return the bounds of the passages of one text."""
    found = words(text)
    mentions = [
        (found[first].start, concept) for first, _, concept in load_lexicon().thesaurus.match(found)
    ]
    return passage_bounds(text, mentions)


@Language.component("tachawor_passages")  # type: ignore[untyped-decorator]
def mark_passages(doc: Doc) -> Doc:
    """Write the passages of a document to ``doc.spans["passages"]``."""
    bounds = _passages(doc.text)
    first = _token_at(doc, [start for start, _ in bounds])
    last = _token_at(doc, [end for _, end in bounds])
    doc.spans["passages"] = [Span(doc, a, b) for a, b in zip(first, last, strict=True)]
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


def read(text: str, language: str) -> Doc:
    """Return the spaCy document of a text: tokens, sentences, ``spans["passages"]``."""
    return pipeline(language)(_encodable(text))


@contextmanager
def forgetting_words() -> Iterator[None]:
    """Free, in the end, what spaCy remembers of words: a long-lived worker must not grow."""
    with shared_vocabulary().memory_zone():
        yield
