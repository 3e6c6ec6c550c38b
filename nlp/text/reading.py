"""Reading of many texts at once: words, languages, passages, quality, concepts spoken of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse

from nlp.lexicon import Lexicon, load_lexicon
from nlp.lexicon.concepts import Mentions
from nlp.text.language import LANGUAGES, Guesses, LanguageDetector
from nlp.text.passages import passage_bounds, whole
from nlp.text.quality import QualityJudge
from nlp.text.table import Integers, TextWords, joined_tables, word_table
from nlp.threads import n_threads

Progress = Callable[[float], None]

#: Texts from which they are read by several processes, and texts that one reads at a time.
MANY_TEXTS, _SHARD = 30_000, 15_000


@dataclass(frozen=True)
class Passages:
    """Passages of texts, columns of shape (n_passages,).

    ``texts`` number of the text; ``starts`` and ``ends`` offsets in it (code points);
    ``languages`` index of :data:`nlp.text.language.LANGUAGES`; ``qualities`` index of
    :data:`nlp.text.quality.QUALITIES`.
    """

    texts: Integers
    starts: Integers
    ends: Integers
    languages: Integers
    qualities: Integers


@dataclass(frozen=True)
class _Reading:
    """What was read of some texts."""

    table: TextWords
    mentions: Mentions
    passages: Passages


class Reader:
    """Texts and the words in them.

    Parameters
    ----------
    texts : sequence of str
    lexicon : Lexicon
    """

    def __init__(self, texts: Sequence[str], lexicon: Lexicon) -> None:
        """Keep the texts; words are sought when first asked for."""
        self.texts = texts
        self.lexicon = lexicon

    @cached_property
    def table(self) -> TextWords:
        """The words of the texts."""
        return word_table(self.texts)

    @cached_property
    def mentions(self) -> Mentions:
        """The concepts that the texts speak of."""
        return self.lexicon.thesaurus.match_all(self.table)

    def passages(self, *, is_split: bool, progress: Progress = lambda _: None) -> Passages:
        """Split the texts into passages, or leave them whole, and judge each passage."""
        if len(self.texts) < MANY_TEXTS or n_threads() < 2:
            return self.read(is_split=is_split, progress=progress)
        shards = [self.texts[i : i + _SHARD] for i in range(0, len(self.texts), _SHARD)]
        work = Parallel(n_jobs=n_threads(), return_as="generator")(
            delayed(_reading)(shard, is_split=is_split) for shard in shards
        )
        readings = []
        for done, reading in enumerate(work, start=1):
            readings.append(reading)
            progress(done / len(shards))
        # Set in the place of what would be read when first asked for.
        self.__dict__["table"] = joined_tables([reading.table for reading in readings])
        self.__dict__["mentions"] = _joined_mentions(readings)
        return _joined_passages(readings)

    def read(self, *, is_split: bool, progress: Progress) -> Passages:
        """Read the passages in this process."""
        detector = LanguageDetector(self.lexicon)
        evidence = detector.evidence(self.table.vocabulary)
        progress(0.3)
        guesses = detector.guess_all(self.table, self.texts, evidence)
        progress(0.4)
        texts, starts, ends = self._bounds(is_split=is_split)
        progress(0.7)
        table = self.table.pieces(texts, starts, ends)
        pieces = [
            self.texts[text][start:end]
            for text, start, end in zip(texts.tolist(), starts.tolist(), ends.tolist(), strict=True)
        ]
        languages = guesses.codes[texts]
        if is_split:
            of_text = Guesses(guesses.codes[texts], guesses.certainties[texts])
            languages = detector.of_passages(table, pieces, evidence, of_text)
        progress(0.85)
        judge = QualityJudge(self.lexicon)
        n_mentions = np.diff(self.concepts(texts, starts, ends).indptr)
        qualities = judge.judge_all(table, pieces, n_mentions)
        progress(1.0)
        return Passages(texts, starts, ends, languages, qualities)

    def _bounds(self, *, is_split: bool) -> tuple[Integers, Integers, Integers]:
        """Return the text, the start and the end of each passage."""
        texts, words, concepts = self.mentions
        places = self.table.starts[words].tolist()
        named = concepts.tolist()
        cuts = np.searchsorted(texts, np.arange(len(self.texts) + 1)).tolist()
        rows: list[tuple[int, int, int]] = []
        for number, text in enumerate(self.texts):
            if is_split:
                part = slice(cuts[number], cuts[number + 1])
                bounds = passage_bounds(text, list(zip(places[part], named[part], strict=True)))
            else:
                bounds = whole(text)
            rows += [(number, start, end) for start, end in bounds]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    def concepts(self, texts: Integers, starts: Integers, ends: Integers) -> Any:
        """Return how often passages speak of each concept, sparse, (n_passages, n_concepts).

        Passages stand in order of texts and offsets.
        """
        n_concepts = max(1, len(self.lexicon.thesaurus.concepts))
        shape = (len(texts), n_concepts)
        if not len(texts):
            return sparse.csr_matrix(shape)
        width = int(ends.max()) + 2
        places = self.mentions.texts * width + np.minimum(
            self.table.starts[self.mentions.words], width - 1
        )
        rows = np.searchsorted(texts * width + starts, places, side="right") - 1
        inside = rows >= 0
        inside &= places < (texts * width + ends)[np.maximum(rows, 0)]
        where = (rows[inside], self.mentions.concepts[inside])
        return sparse.csr_matrix((np.ones(int(inside.sum())), where), shape=shape)


def _reading(texts: Sequence[str], *, is_split: bool) -> _Reading:
    """Read some texts, in a process of its own."""
    reader = Reader(texts, load_lexicon())
    passages = reader.read(is_split=is_split, progress=lambda _: None)
    return _Reading(reader.table, reader.mentions, passages)


def _joined_mentions(readings: Sequence[_Reading]) -> Mentions:
    """Return the mentions of all texts, numbered on."""
    n_texts = np.cumsum([0, *(len(reading.table) for reading in readings)])
    n_words = np.cumsum([0, *(len(reading.table.numbers) for reading in readings)])
    return Mentions(
        np.concatenate([r.mentions.texts + n for r, n in zip(readings, n_texts, strict=False)]),
        np.concatenate([r.mentions.words + n for r, n in zip(readings, n_words, strict=False)]),
        np.concatenate([r.mentions.concepts for r in readings]),
    )


def _joined_passages(readings: Sequence[_Reading]) -> Passages:
    """Return the passages of all texts, numbered on."""
    n_texts = np.cumsum([0, *(len(reading.table) for reading in readings)])
    found = [reading.passages for reading in readings]
    return Passages(
        np.concatenate([p.texts + n for p, n in zip(found, n_texts, strict=False)]),
        np.concatenate([p.starts for p in found]),
        np.concatenate([p.ends for p in found]),
        np.concatenate([p.languages for p in found]),
        np.concatenate([p.qualities for p in found]),
    )


def language_codes(codes: Integers) -> list[str]:
    """Return the codes of :data:`nlp.text.language.LANGUAGES` by their indexes."""
    return [LANGUAGES[code] for code in codes.tolist()]
