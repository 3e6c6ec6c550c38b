"""Vectors of whole texts in one space for all languages."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from nlp.copies import content_hash
from nlp.lexicon import load_lexicon
from nlp.model import AnalysisOptions, Text
from nlp.stages import Context, block_of, concepts_of, new_space, passages_stage
from nlp.threads import one_thread


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
