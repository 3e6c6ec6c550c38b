"""The one door to the text analysis library: our corpus in, its results out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.themes.corpus import Corpus

if TYPE_CHECKING:
    from nlp import Analysis


def analyse(
    corpus: Corpus,
    options: dict[str, Any],
    *,
    progress: Callable[[str, float], None],
    folder: Path,
) -> Analysis:
    """Find the themes of a corpus; what is done is kept in ``folder`` and not done again.

    :param options: ``n_themes`` (None: chosen by the data), ``unit`` and ``seed``.
    """
    # Loading the library takes seconds: pages and most commands must not pay for it.
    import nlp

    return nlp.analyse(
        [nlp.Text(key=text.key, text=text.text, group=text.group) for text in corpus.texts],
        nlp.AnalysisOptions(**options),
        progress=progress,
        checkpoints=nlp.DirectoryCheckpoints(folder),
    )
