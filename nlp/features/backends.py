"""Where vectors of meaning come from: the package's own space, none, or an installed model.

A backend is named by a text: ``static`` (the package's bilingual space, the default), ``lexical``
(no vectors: words and concepts alone), or ``sentence-transformers:NAME``, where NAME is the folder
or the installed name of a model of that library.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from nlp.errors import BackendError
from nlp.features.block import Block
from nlp.features.counts import Dense, unit
from nlp.model import BACKENDS, INSTALLED_BACKEND
from nlp.space import Reference, Space

STATIC, LEXICAL = BACKENDS
#: Texts from which the mean of a language is worth taking off.
_ENOUGH_TO_CENTRE = 10
#: Texts encoded at a time by a model.
_BATCH = 64


class Backend(Protocol):
    """Vectors of texts; what is learnt of a corpus is kept in ``state`` (JSON and arrays)."""

    def learn(self, block: Block) -> tuple[Any, Dense]:
        """Return what the corpus tells, and the vectors of its texts, rows of length 1 or 0."""

    def embed(self, block: Block, state: Any) -> Dense:
        """Return the vectors of texts by what was learnt before."""


class StaticBackend:
    """The bilingual space of the package."""

    def learn(self, block: Block) -> tuple[Reference, Dense]:
        """Learn how common words are and the mean of each language."""
        reference, vectors, _ = Space.load().learn(block.table, block.languages)
        return reference, vectors

    def embed(self, block: Block, state: Reference) -> Dense:
        """Return the vectors of texts by the reference of a corpus."""
        return Space.load().embed(block.table, block.languages, reference=state)[0]


class LexicalBackend:
    """No vectors: only the corpus's own words and the thesaurus speak."""

    def learn(self, block: Block) -> tuple[None, Dense]:
        """Learn nothing."""
        return None, self.embed(block, None)

    def embed(self, block: Block, state: None) -> Dense:  # noqa: ARG002
        """Return a column of zeros."""
        return np.zeros((len(block.pieces), 1), dtype=np.float32)


@cache
def _encoder(name: str) -> Any:
    """Load a model of sentence-transformers, from this machine only.

    :raises BackendError: if the library or the model is not there, or cannot be read.
    """
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise BackendError("The library sentence-transformers is not installed.") from error
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        place = "folder" if Path(name).exists() else "name"
        raise BackendError(
            f'No sentence-transformers model can be read from the {place} "{name}".'
        ) from error


class EncoderBackend:
    """A model of the sentence-transformers library installed on this machine.

    Parameters
    ----------
    name : str
        Folder of the model, or the name it is installed under. Nothing is ever downloaded.
    """

    def __init__(self, name: str) -> None:
        """Keep the name."""
        self.name = name

    def learn(self, block: Block) -> tuple[dict[str, list[float]], Dense]:
        """Learn the mean of each language."""
        vectors = self._encoded(block.pieces)
        names = np.array(block.languages, dtype=object)
        means: dict[str, list[float]] = {}
        for name in sorted(set(block.languages)):
            chosen = vectors[names == name]
            if len(chosen) >= _ENOUGH_TO_CENTRE:
                means[name] = chosen.mean(axis=0, dtype=np.float64).tolist()
        return means, self._centred(vectors, block.languages, means)

    def embed(self, block: Block, state: dict[str, list[float]]) -> Dense:
        """Return the vectors of texts, less the means learnt before."""
        return self._centred(self._encoded(block.pieces), block.languages, state)

    def _encoded(self, texts: Sequence[str]) -> Dense:
        """Return the model's vectors, in the order given."""
        found: npt.NDArray[Any] = _encoder(self.name).encode(
            list(texts), batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True
        )
        return unit(np.asarray(found, dtype=np.float32))

    @staticmethod
    def _centred(vectors: Dense, languages: Sequence[str], means: dict[str, list[float]]) -> Dense:
        """Take the mean of its language off each vector."""
        names = np.array(languages, dtype=object)
        vectors = np.array(vectors)
        for name, mean in means.items():
            vectors[names == name] -= np.array(mean, dtype=np.float32)
        return unit(vectors)


def backend(name: str) -> Backend:
    """Return the backend of a name.

    :raises BackendError: if there is none of that name.
    """
    if name == STATIC:
        return StaticBackend()
    if name == LEXICAL:
        return LexicalBackend()
    kind, _, model = name.partition(":")
    if kind == INSTALLED_BACKEND and model:
        return EncoderBackend(model)
    raise BackendError(f'There is no backend "{name}".')
