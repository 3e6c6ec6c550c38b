"""Vectors of whole texts in one space for all languages."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nlp.copies import content_hash
from nlp.errors import InputError
from nlp.features import BilingualSpace, Block, Views
from nlp.lexicon import load_lexicon
from nlp.model import AnalysisOptions, Text
from nlp.stages import (
    MOST_LEARNT,
    Context,
    block_of,
    concepts_of,
    new_space,
    passages_stage,
    read_block,
)
from nlp.text.language import LANGUAGES, UNKNOWN
from nlp.text.reading import Reader
from nlp.threads import one_thread

Integers = npt.NDArray[np.int64]

#: Texts turned into vectors at a time.
_BLOCK = 8_000


def embed_texts(
    texts: Sequence[str], options: AnalysisOptions | None = None
) -> npt.NDArray[np.float32]:
    """Return one vector per text, of length 1, or 0 for a text without a word that counts.

    The space is that of the texts given together: vectors of two calls are not comparable.

    Parameters
    ----------
    texts : sequence of str, length n
    options : AnalysisOptions, optional
        Seed of the reduction and backend; texts stay whole whatever the unit.

    Returns
    -------
    array of float32, shape (n, d)
        In the order given; the order changes no vector.
    """
    order = sorted(range(len(texts)), key=lambda row: (content_hash(texts[row]), row))
    filled = [row for row in order if texts[row].strip()]
    if not filled:
        return np.zeros((len(texts), 1), dtype=np.float32)
    context = Context(
        [Text(str(row), texts[row]) for row in filled],
        replace(options or AnalysisOptions(), unit="row"),
        load_lexicon(),
    )
    with one_thread():
        passages = passages_stage(context, lambda _: None)
        rows = np.arange(len(filled))
        block = block_of(context, passages, rows, concepts_of(context, passages, rows))
        views = new_space(context).fit_transform(block)
    joined = np.hstack([views.within, views.across])
    lengths = np.linalg.norm(joined, axis=1, keepdims=True)
    vectors = np.zeros((len(texts), joined.shape[1]), dtype=np.float32)
    vectors[filled] = joined / np.where(lengths > 0, lengths, 1)
    return vectors


def block_of_texts(texts: Sequence[str], languages: Sequence[str] | None = None) -> Block:
    """Return texts, whole and none of them empty, as the space wants them.

    :raises InputError: if languages are given for other texts, or one is unknown.
    """
    if languages is not None and len(languages) != len(texts):
        raise InputError("A language for each text, or for none.")
    reader = Reader(texts, load_lexicon())
    numbers = np.arange(len(texts))
    starts, ends = np.zeros_like(numbers), np.array([len(text) for text in texts], dtype=np.int64)
    places = {code: number for number, code in enumerate(LANGUAGES)}
    if languages is None:
        found = reader.passages(is_split=False)
        # A text of invisible characters only has no passage.
        codes = np.full(len(texts), places[UNKNOWN], dtype=np.int64)
        codes[found.texts] = found.languages
    else:
        if unknown := set(languages) - set(places):
            raise InputError(f"Unknown languages: {', '.join(sorted(unknown))}.")
        codes = np.array([places[code] for code in languages], dtype=np.int64)
    concepts = reader.concepts(numbers, starts, ends)
    return read_block(reader, numbers, starts, ends, codes, concepts=concepts)


def part_of(block: Block, rows: Integers) -> Block:
    """Return some passages of a block."""
    return Block(
        pieces=[block.pieces[row] for row in rows.tolist()],
        table=block.table.chosen(rows),
        concepts=block.concepts[rows],
        languages=[block.languages[row] for row in rows.tolist()],
        groups=[block.groups[row] for row in rows.tolist()],
        texts=np.asarray(block.texts)[rows],
    )


def views_of(block: Block, *, seed: int = 0, most_learnt: int = MOST_LEARNT) -> Views:
    """Return the views of passages in a space learnt from the first of them.

    Parameters
    ----------
    block : Block
        Passages in an order that has nothing to do with what they say.
    seed : int
        Seed of the reduction.
    most_learnt : int
        Passages that the space is learnt from at most.
    """
    n = len(block.pieces)
    space = BilingualSpace(random_state=seed, lexicon=load_lexicon())
    learnt = space.fit_transform(part_of(block, np.arange(min(n, most_learnt))))
    others = (
        part_of(block, np.arange(start, min(n, start + _BLOCK)))
        for start in range(most_learnt, n, _BLOCK)
    )
    found = [learnt, *(space.transform(part) for part in others)]
    return Views(*(np.concatenate(parts) for parts in zip(*found, strict=True)))


def hash_order(texts: Sequence[str]) -> list[int]:
    """Return the rows of the texts that hold something, in the order of hashes of their content."""
    filled = [row for row, text in enumerate(texts) if text.strip()]
    return sorted(filled, key=lambda row: (content_hash(texts[row]), texts[row]))


def vectors_of(
    texts: Sequence[str], languages: Sequence[str] | None = None, *, seed: int = 0
) -> npt.NDArray[np.float32]:
    """Return one vector per passage, in which any two languages can be compared.

    This is the view *across* languages that themes are found by, each passage by itself, learnt
    from at most :data:`nlp.stages.MOST_LEARNT` passages and applied to all the others. It is meant
    for what compares passages of one corpus: dividing a theme, near themes, the map.

    Parameters
    ----------
    texts : sequence of str, length n
        Passages.
    languages : sequence of str, length n, optional
        Their language codes (:data:`nlp.text.language.LANGUAGES`); None to find them.
    seed : int
        Seed of the reduction.

    Returns
    -------
    array of float32, shape (n, d)
        Rows of length 1, or 0 for a passage without a word that counts. The order of the passages
        changes nothing; vectors of two calls are not comparable.

    Raises
    ------
    InputError
        If languages are given for other texts, or one is unknown.
    """
    if languages is not None and len(languages) != len(texts):
        raise InputError("A language for each text, or for none.")
    rows = hash_order(texts)
    if not rows:
        return np.zeros((len(texts), 1), dtype=np.float32)
    with one_thread():
        own = None if languages is None else [languages[row] for row in rows]
        found = views_of(block_of_texts([texts[row] for row in rows], own), seed=seed).across
    vectors = np.zeros((len(texts), found.shape[1]), dtype=np.float32)
    vectors[rows] = found
    return vectors
