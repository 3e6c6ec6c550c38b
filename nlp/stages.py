"""The stages of an analysis, each from the results of those before it to a payload.

A payload holds arrays and JSON values only, so that it can be kept by
:mod:`nlp.checkpoints` and read back exactly. Passages are numbered in an order that depends on
their content and not on the order in which the texts were given. Spaces and themes are learnt
from at most :data:`MOST_LEARNT` passages; all the others are then placed by what was learnt, in
blocks, so that cost and memory grow with the texts alone.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.checkpoints import Payload
from nlp.clustering import Known, Partition, Placer, ThemeClusterer, neighbour_graph
from nlp.copies import CopyFinder
from nlp.elsewhere import ElsewhereJudge
from nlp.features import BilingualSpace, Block, Views
from nlp.features.counts import Dense
from nlp.lexicon import Lexicon
from nlp.model import AnalysisOptions, Text
from nlp.naming import GivenNames, Sample, first_of_each, name_themes
from nlp.placement import Integers, active_passages, evidence
from nlp.quotations import Candidate, choose_quotations
from nlp.text.language import LANGUAGES
from nlp.text.reading import Reader, language_codes

Progress = Callable[[float], None]

#: Languages that share their words are one group where vectors are compared.
GROUP_OF = {"ar-MA": "ar", "und": "other"}
#: Passages that the space and the themes are learnt from; the others are placed.
MOST_LEARNT = 6_000
#: Passages placed at a time.
_BLOCK = 8_000


@dataclass
class Context:
    """What every stage may need: the texts in their inner order, the options, the word lists.

    ``space`` is set once the space has been learnt in this process, and None before.
    """

    texts: Sequence[Text]
    options: AnalysisOptions
    lexicon: Lexicon
    space: BilingualSpace | None = None

    @cached_property
    def reader(self) -> Reader:
        """The words of the texts, read once."""
        return Reader([text.text for text in self.texts], self.lexicon)


def passages_stage(context: Context, progress: Progress) -> Payload:
    """Split texts into passages with their language and quality."""
    found = context.reader.passages(is_split=context.options.unit == "passage", progress=progress)
    return {
        "text": found.texts,
        "start": found.starts,
        "end": found.ends,
        "language": found.languages,
        "quality": found.qualities,
    }


def pieces_of(context: Context, passages: Payload, rows: Integers) -> list[str]:
    """Return the text of some passages."""
    return [
        context.texts[text].text[start:end]
        for text, start, end in zip(
            *(passages[name][rows].tolist() for name in ("text", "start", "end")), strict=True
        )
    ]


def _hints(context: Context, passages: Payload, progress: Progress) -> list[int]:
    """Return for each passage the like passage of the text that its text copies, or -1."""
    finder = CopyFinder(context.lexicon)
    originals = np.array(finder.find(context.reader.table, progress), dtype=np.int64)
    texts = passages["text"]
    hints = np.full(len(texts), -1, dtype=np.int64)
    copied = np.flatnonzero(originals[texts] >= 0)
    first = np.searchsorted(texts, np.arange(len(context.texts) + 1))
    theirs = originals[texts[copied]]
    n_theirs = first[theirs + 1] - first[theirs]
    place = np.minimum(copied - first[texts[copied]], n_theirs - 1)
    hints[copied] = np.where(n_theirs > 0, first[theirs] + place, -1)
    answer: list[int] = hints.tolist()
    return answer


def copies_stage(context: Context, passages: Payload, progress: Progress) -> Payload:
    """Find, for each passage, the earlier one that it copies."""
    hints = None
    if context.options.unit == "passage":
        hints = _hints(context, passages, lambda done: progress(done / 2))
    table = context.reader.table.pieces(passages["text"], passages["start"], passages["end"])
    found = CopyFinder(context.lexicon).find(
        table, lambda done: progress(0.5 + done / 2), hints=hints
    )
    return {"copy_of": np.array(found, dtype=np.int64)}


def group_names(languages: Integers) -> list[str]:
    """Return the groups in which languages are compared, by the indexes of their codes."""
    return [GROUP_OF.get(code, code) for code in language_codes(languages)]


def language_groups(passages: Payload, chosen: Integers) -> list[str]:
    """Return the language group of chosen passages."""
    return group_names(passages["language"][chosen])


def learnt_from(passages: Payload, active: Integers) -> int:
    """Return how many of the active passages are learnt from: those of the first texts.

    The inner order of texts is that of hashes of their content, so the first are any.
    """
    if len(active) <= MOST_LEARNT:
        return len(active)
    last = passages["text"][active[MOST_LEARNT - 1]]
    return int(np.searchsorted(passages["text"][active], last, side="right"))


def block_of(context: Context, passages: Payload, rows: Integers, concepts: Any) -> Block:
    """Return some passages as the space wants them."""
    columns = (passages[name][rows] for name in ("text", "start", "end", "language"))
    return read_block(context.reader, *columns, concepts=concepts)


def read_block(
    reader: Reader,
    texts: Integers,
    starts: Integers,
    ends: Integers,
    languages: Integers,
    *,
    concepts: Any,
) -> Block:
    """Return passages of texts that were read as the space wants them."""
    columns = (texts.tolist(), starts.tolist(), ends.tolist())
    return Block(
        pieces=[reader.texts[text][start:end] for text, start, end in zip(*columns, strict=True)],
        table=reader.table.pieces(texts, starts, ends),
        concepts=concepts,
        languages=language_codes(languages),
        groups=group_names(languages),
        texts=texts,
    )


def concepts_of(context: Context, passages: Payload, rows: Integers) -> Any:
    """Return how often some passages speak of each concept, sparse."""
    texts, starts, ends = (passages[name] for name in ("text", "start", "end"))
    return context.reader.concepts(texts, starts, ends)[rows]


def _blocks(texts: Integers, start: int) -> list[tuple[int, int]]:
    """Return the bounds of blocks of rows from a start on, no text in two of them."""
    bounds = []
    while start < len(texts):
        last = texts[min(start + _BLOCK, len(texts)) - 1]
        end = int(np.searchsorted(texts, last, side="right"))
        bounds.append((start, end))
        start = end
    return bounds


def new_space(context: Context) -> BilingualSpace:
    """Return the space that the options ask for, nothing learnt yet."""
    return BilingualSpace(
        random_state=context.options.seed,
        lexicon=context.lexicon,
        backend=context.options.backend,
    )


def features_stage(
    context: Context, passages: Payload, copies: Payload, progress: Progress
) -> Payload:
    """Make the vectors of the active passages: learn from some of them, apply to the others."""
    active = active_passages(passages, copies)
    if not len(active):
        nothing = np.zeros((0, 1), dtype=np.float32)
        return {"within": nothing, "across": nothing, "elsewhere": np.zeros(0, dtype=bool)}
    concepts = concepts_of(context, passages, active)
    texts = passages["text"][active]
    judge = ElsewhereJudge(context.lexicon).fit(concepts)
    n_learnt = learnt_from(passages, active)
    space = context.space = new_space(context)
    part = 0.7 if n_learnt == len(active) else 0.2
    views = space.fit_transform(
        block_of(context, passages, active[:n_learnt], concepts[:n_learnt]),
        lambda done: progress(part * done),
    )
    within = np.empty((len(active), views.within.shape[1]), dtype=np.float32)
    across = np.empty((len(active), views.across.shape[1]), dtype=np.float32)
    within[:n_learnt], across[:n_learnt] = views
    for start, end in _blocks(texts, n_learnt):
        block = block_of(context, passages, active[start:end], concepts[start:end])
        within[start:end], across[start:end] = space.transform(block)
        progress(part + (1 - part) * end / len(active))
    return {
        "within": within,
        "across": across,
        "elsewhere": judge.predict(concepts, texts),
    }


def clusters_stage(
    context: Context, passages: Payload, copies: Payload, features: Payload, progress: Progress
) -> Payload:
    """Find the themes of the active passages, those about something else left out."""
    active = active_passages(passages, copies)
    labels = np.full(len(active), -1, dtype=np.int64)
    margins, centralities = np.zeros(len(active)), np.zeros(len(active))
    n_learnt = learnt_from(passages, active)
    sought = np.flatnonzero(~features["elsewhere"][:n_learnt])
    found, coordinates = _partition_of(
        context, passages, active[sought], features, sought, progress
    )
    labels[sought], margins[sought] = found.labels, found.margins
    centralities[sought] = found.centralities
    if n_learnt < len(active) and len(sought):
        known = Known(
            Views(features["within"][sought], features["across"][sought]),
            language_groups(passages, active[sought]),
            found.labels,
            coordinates.astype(np.float32),
        )
        placer = Placer(known, len(found.stabilities))
        for start, end in _blocks(passages["text"][active], n_learnt):
            rows = start + np.flatnonzero(~features["elsewhere"][start:end])
            views = Views(features["within"][rows], features["across"][rows])
            placed = placer.place(views, language_groups(passages, active[rows]))
            labels[rows], margins[rows] = placed.labels, placed.margins
            centralities[rows] = placed.centralities
            progress(0.5 + 0.5 * end / len(active))
    return {
        "labels": labels,
        "margins": margins,
        "centralities": centralities,
        "stabilities": found.stabilities,
        "elsewhere": features["elsewhere"],
        "coordinates": coordinates.astype(np.float32),
    }


def _partition_of(
    context: Context,
    passages: Payload,
    numbers: Integers,
    features: Payload,
    rows: Integers,
    progress: Progress,
) -> tuple[Partition, npt.NDArray[np.float64]]:
    """Return the themes of some passages, of which ``rows`` are the vectors, and coordinates."""
    if len(numbers) < 2:
        ones = np.ones(len(numbers))
        no_stability = np.full(len(numbers), np.nan)
        one_theme = Partition(np.zeros(len(numbers), dtype=np.int64), ones, ones, no_stability)
        return one_theme, np.ones((len(numbers), 1))
    views = Views(features["within"][rows], features["across"][rows])
    groups = language_groups(passages, numbers)
    share = 0.5 if len(rows) < len(features["within"]) else 1.0
    graph = neighbour_graph(views, groups, progress=lambda done: progress(share * 0.3 * done))
    clusterer = ThemeClusterer(n_themes=context.options.n_themes, random_state=context.options.seed)
    clusterer.fit(
        graph,
        n_passages=len(features["within"]),
        progress=lambda done: progress(share * (0.3 + 0.7 * done)),
    )
    return clusterer.partition_, clusterer.coordinates_


def names_stage(
    context: Context,
    passages: Payload,
    placed: Payload,
    given: Sequence[GivenNames],
    progress: Progress,
) -> Payload:
    """Name the themes, but for names given, by the passages that are in them for certain."""
    numbers, labels = evidence(placed)
    if not len(given):
        return {"names": [], "broad": [], "broad_themes": []}
    kept = first_of_each(labels, len(given))
    chosen = numbers[kept]
    texts, starts, ends = (passages[name][chosen] for name in ("text", "start", "end"))
    sample = Sample(
        texts=pieces_of(context, passages, chosen),
        languages=language_codes(passages["language"][chosen]),
        labels=labels[kept],
        table=context.reader.table.pieces(texts, starts, ends),
        starts=starts,
    )
    concepts = concepts_of(context, passages, numbers)
    named, broad = name_themes(sample, concepts, labels, given, context.lexicon, progress)
    return {
        "names": [list(theme) for theme in named],
        "broad": broad.labels,
        "broad_themes": [asdict(theme) for theme in broad.themes],
    }


def quotations_stage(
    context: Context,
    passages: Payload,
    copies: Payload,
    features: Payload,
    clusters: Payload,
    placed: Payload,
    progress: Progress,
) -> Payload:
    """Choose the quotations of every theme, as [passage, start, end] rows."""
    active = active_passages(passages, copies)
    place = {int(number): row for row, number in enumerate(active)}
    members: dict[int, list[int]] = {theme: [] for theme in range(len(clusters["stabilities"]))}
    for number, label in zip(*evidence(placed), strict=True):
        members[label].append(int(number))
    chosen = []
    for theme, numbers in members.items():
        rows = [place[n] for n in numbers]
        vectors = features["across"][rows]
        central = _centralities(vectors, clusters["margins"][rows])
        candidates = [
            _candidate(context, passages, number, centrality)
            for number, centrality in zip(numbers, central, strict=True)
        ]
        chosen.append([list(q) for q in choose_quotations(candidates, vectors)])
        progress((theme + 1) / len(members))
    return {"quotations": chosen}


def _centralities(vectors: Dense, margins: Dense) -> list[float]:
    """Return how central and how sure passages of a theme are, 1 for the most."""
    if not len(vectors):
        return []
    middle = (vectors * margins[:, None]).sum(axis=0)
    middle = middle if np.linalg.norm(middle) > 1e-9 else vectors.sum(axis=0)
    cosines = vectors @ middle / max(float(np.linalg.norm(middle)), 1e-9)
    worths = np.maximum(cosines, 0) * (0.5 + 0.5 * margins)
    central: list[float] = (worths / max(float(worths.max()), 1e-9)).tolist()
    return central


def _candidate(context: Context, passages: Payload, number: int, centrality: float) -> Candidate:
    """Return a passage as a candidate for quotation."""
    text = context.texts[int(passages["text"][number])]
    return Candidate(
        number=number,
        key=text.key,
        text=text.text,
        start=int(passages["start"][number]),
        end=int(passages["end"][number]),
        language=LANGUAGES[int(passages["language"][number])],
        group=text.group,
        centrality=centrality,
    )


def count_languages(codes: Sequence[int]) -> dict[str, int]:
    """Return the numbers of passages by language, in the fixed order of the codes."""
    counts = Counter(codes)
    return {LANGUAGES[code]: counts[code] for code in range(len(LANGUAGES)) if counts[code]}
