"""Texts as spaCy documents, with all that the package sees in them, offsets exact.

For those who annotate, search or teach with tools that read spaCy's format: words, sentences,
passages, concepts of the thesaurus, personal data, and the nature of each passage with its cues.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, DocBin, Span

from nlp.lexicon import load_lexicon
from nlp.nature import judge
from nlp.personal import find_personal_data
from nlp.text.language import LanguageDetector
from nlp.text.normalise import words
from nlp.text.pipeline import forgetting_words, read

#: Groups of spans of a document: see :func:`annotated`.
PASSAGES, CONCEPTS, NATURES, CUES, PERSONAL = (
    "passages",
    "concepts",
    "natures",
    "cues",
    "personal_data",
)


def _span(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """Return the span of whole tokens around two offsets; None where there is no token."""
    found: Span | None = doc.char_span(start, end, label=label, alignment_mode="expand")
    return found


def _spans(doc: Doc, rows: Iterator[tuple[int, int, str]]) -> list[Span]:
    """Return labelled spans."""
    found = (_span(doc, start, end, label) for start, end, label in rows)
    return [span for span in found if span is not None]


def _concepts(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a text speaks of concepts, and their slugs."""
    thesaurus = load_lexicon().thesaurus
    found = words(text)
    for first, last, number in thesaurus.match(found):
        yield found[first].start, found[last - 1].end, thesaurus.concepts[number].slug


def annotated(text: str, language: str | None = None) -> Doc:
    """Return the spaCy document of a text.

    Parameters
    ----------
    text : str
    language : str, optional
        Code of :mod:`nlp.text.language`; found out when not given.

    Returns
    -------
    Doc
        With sentence starts and, in ``spans``: ``passages``; ``concepts`` labelled by their slug
        in the thesaurus; ``natures``, passages labelled by their nature where it is sure, and
        ``cues``, the words that decided; ``personal_data`` labelled by kind. Its language code is
        in ``user_data["language"]``.
    """
    code = language or LanguageDetector(load_lexicon()).guess(text).language
    doc = read(text, code)
    doc.user_data["language"] = code
    doc.spans[CONCEPTS] = _spans(doc, _concepts(text))
    natures, cues = [], []
    for passage in doc.spans[PASSAGES]:
        start = passage.start_char
        judged = judge(passage.text, code)
        if judged.nature is not None:
            natures.append((start, passage.end_char, str(judged.nature)))
            cues += [(start + a, start + b, str(judged.nature)) for a, b in judged.cues]
    doc.spans[NATURES] = _spans(doc, iter(natures))
    doc.spans[CUES] = _spans(doc, iter(cues))
    found = find_personal_data(text)
    doc.spans[PERSONAL] = _spans(doc, ((f.start, f.end, str(f.kind)) for f in found))
    return doc


def document_bin(texts: Sequence[str]) -> DocBin:
    """Return texts as a collection in spaCy's own file format, in their order."""
    collection = DocBin(store_user_data=True)
    for text in texts:
        # Written at once: what spaCy remembers of words must not grow with the corpus.
        with forgetting_words():
            collection.add(annotated(text))
    return collection
