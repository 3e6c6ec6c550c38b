"""The one door to the text analysis library: corpus and what is settled in, results out."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.themes.corpus import Corpus

if TYPE_CHECKING:
    from nlp import Analysis
    from nlp.dividing import Division
    from nlp.durable import Carried
    from nlp.joining import History
    from nlp.proposing import ThemeProposal


@dataclass(frozen=True)
class Found:
    """What an analysis found.

    :ivar carried: how earlier themes came through; None where there were none.
    :ivar proposals: what it would change in themes that are settled.
    """

    analysis: Analysis
    carried: Carried | None = None
    proposals: Sequence[ThemeProposal] = field(default_factory=tuple)


def analyse(
    corpus: Corpus,
    options: dict[str, Any],
    *,
    history: History | None,
    progress: Callable[[str, float], None],
    folder: Path,
) -> Found:
    """Find the themes of a corpus; what is done is kept in ``folder`` and not done again.

    :param options: ``n_themes`` (None: chosen by the data), ``unit`` and ``seed``.
    :param history: earlier themes and decisions, which the result respects.
    """
    # Loading the library takes seconds: pages and most commands must not pay for it.
    import nlp
    from nlp.analysis import run
    from nlp.proposing import proposals_of

    finished = run(
        [nlp.Text(key=text.key, text=text.text, group=text.group) for text in corpus.texts],
        nlp.AnalysisOptions(**options),
        history=history,
        progress=progress,
        checkpoints=nlp.DirectoryCheckpoints(folder),
    )
    return Found(finished.analysis(), finished.carried, proposals_of(finished))


def natures_of(texts: Sequence[str], languages: Sequence[str]) -> list[str | None]:
    """Return what each passage does, None where its words do not tell."""
    from nlp.nature import natures_of as judged

    return [None if nature is None else str(nature) for nature in judged(texts, languages)]


def divide(texts: Sequence[str], languages: Sequence[str]) -> Division | None:
    """Return how a theme could be divided, None if it holds together.

    :param texts: its passages; their places are the numbers in the answer.
    """
    import nlp
    from nlp.dividing import divide as divided

    passages = [nlp.Text(key=str(place), text=text) for place, text in enumerate(texts)]
    return divided(passages, languages=languages)


def stances_of(texts: Sequence[str], languages: Sequence[str]) -> list[str | None]:
    """Return whether each passage says that it is for or against; None where it does not say."""
    from nlp.stance import stances_of as judged

    return [None if stance is None else stance.side.value for stance in judged(texts, languages)]


def places_of(
    texts: Sequence[str],
    languages: Sequence[str],
    themes: Sequence[int],
    *,
    seed: int,
    progress: Callable[[float], None],
) -> list[tuple[float, float] | None]:
    """Return where each passage stands on the map, None for one that is like nothing else.

    :param themes: the theme of each, -1 for none.
    """
    from nlp.embedding import vectors_of
    from nlp.landscape import landscape

    if not texts:
        return []
    vectors = vectors_of(texts, languages, seed=seed)
    places = landscape(vectors, themes, seed=seed, progress=progress)
    return [None if math.isnan(x) else (round(x, 5), round(y, 5)) for x, y in places.tolist()]
