"""The stages of an analysis, each from the results of those before it to a payload.

A payload holds arrays and JSON values only, so that it can be kept by
:mod:`nlp.checkpoints` and read back exactly. Passages are numbered in an order that depends on
their content and not on the order in which the texts were given.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nlp.checkpoints import Payload
from nlp.clustering import Partition, ThemeClusterer, neighbour_graph
from nlp.copies import CopyFinder
from nlp.elsewhere import speaks_of_elsewhere
from nlp.features import BilingualSpace, Views
from nlp.features.counts import concept_rows
from nlp.features.space import Dense
from nlp.lexicon import Lexicon
from nlp.model import AnalysisOptions, Text
from nlp.naming import name_themes
from nlp.placement import Integers, active_passages, evidence
from nlp.quotations import Candidate, choose_quotations
from nlp.text.language import LANGUAGES, LanguageDetector
from nlp.text.normalise import words
from nlp.text.pipeline import Bounds, forgetting_words, split_passages
from nlp.text.quality import OFF_TOPIC, OK, UNREADABLE, QualityJudge

Progress = Callable[[float], None]

_QUALITIES = (OK, OFF_TOPIC, UNREADABLE)
#: Languages that share their words are one group where vectors are compared.
GROUP_OF = {"ar-MA": "ar", "und": "other"}
#: Texts done between two reports of progress, and before spaCy forgets their words.
_EVERY = 200


@dataclass(frozen=True)
class Context:
    """What every stage may need: the texts in their inner order, the options, the word lists."""

    texts: Sequence[Text]
    options: AnalysisOptions
    lexicon: Lexicon


def _whole(text: str) -> list[Bounds]:
    """Return the bounds of a text without outer white space; none of an empty one."""
    stripped = text.strip()
    start = len(text) - len(text.lstrip())
    return [(start, start + len(stripped))] if stripped else []


def _passages_of(
    text: str, number: int, unit: str, detector: LanguageDetector, judge: QualityJudge
) -> list[tuple[int, int, int, int, int]]:
    """Return the passages of one text as rows (text, start, end, language, quality)."""
    guess = detector.guess(text)
    bounds = _whole(text) if unit == "row" else split_passages(text, guess.language)
    rows = []
    for start, end in bounds:
        piece = text[start:end]
        language = guess.language if unit == "row" else detector.of_passage(piece, guess)
        quality = _QUALITIES.index(judge.judge(piece))
        rows.append((number, start, end, LANGUAGES.index(language), quality))
    return rows


def passages_stage(context: Context, progress: Progress) -> Payload:
    """Split texts into passages with their language and quality."""
    detector, judge = LanguageDetector(context.lexicon), QualityJudge(context.lexicon)
    rows: list[tuple[int, int, int, int, int]] = []
    for batch in range(0, len(context.texts), _EVERY):
        progress(batch / len(context.texts))
        with forgetting_words():
            for number, text in enumerate(context.texts[batch : batch + _EVERY], start=batch):
                rows += _passages_of(text.text, number, context.options.unit, detector, judge)
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    names = ("text", "start", "end", "language", "quality")
    return {name: table[:, column].copy() for column, name in enumerate(names)}


def pieces_of(context: Context, passages: Payload) -> list[str]:
    """Return the text of each passage."""
    return [
        context.texts[text].text[start:end]
        for text, start, end in zip(
            passages["text"].tolist(),
            passages["start"].tolist(),
            passages["end"].tolist(),
            strict=True,
        )
    ]


def _hints(context: Context, passages: Payload, progress: Progress) -> list[int]:
    """Return for each passage the like passage of the text that its text copies, or -1."""
    originals = CopyFinder(context.lexicon).find([t.text for t in context.texts], progress)
    of_text: dict[int, list[int]] = {}
    for number, text in enumerate(passages["text"].tolist()):
        of_text.setdefault(text, []).append(number)
    hints = [-1] * len(passages["text"])
    for text, numbers in of_text.items():
        theirs = of_text.get(originals[text], []) if originals[text] >= 0 else []
        for place, number in enumerate(numbers):
            if theirs:
                hints[number] = theirs[min(place, len(theirs) - 1)]
    return hints


def copies_stage(context: Context, passages: Payload, progress: Progress) -> Payload:
    """Find, for each passage, the earlier one that it copies."""
    hints = _hints(context, passages, lambda done: progress(done / 2))
    found = CopyFinder(context.lexicon).find(
        pieces_of(context, passages), lambda done: progress(0.5 + done / 2), hints=hints
    )
    return {"copy_of": np.array(found, dtype=np.int64)}


def language_groups(passages: Payload, chosen: Integers) -> list[str]:
    """Return the language group of chosen passages."""
    codes = [LANGUAGES[code] for code in passages["language"][chosen].tolist()]
    return [GROUP_OF.get(code, code) for code in codes]


def features_stage(
    context: Context, passages: Payload, copies: Payload, progress: Progress
) -> Payload:
    """Make the vectors of the active passages."""
    active = active_passages(passages, copies)
    if not len(active):
        nothing = np.zeros((0, 1))
        return {"within": nothing, "across": nothing, "elsewhere": np.zeros(0, dtype=bool)}
    pieces = pieces_of(context, passages)
    texts = passages["text"][active].tolist()
    space = BilingualSpace(random_state=context.options.seed, lexicon=context.lexicon).fit(
        [pieces[number] for number in active],
        [LANGUAGES[code] for code in passages["language"][active].tolist()],
        language_groups(passages, active),
        texts=texts,
        progress=progress,
    )
    elsewhere = speaks_of_elsewhere(space.concepts_, texts, context.lexicon)
    return {
        "within": space.views_.within,
        "across": space.views_.across,
        "elsewhere": elsewhere,
    }


def clusters_stage(
    context: Context, passages: Payload, copies: Payload, features: Payload, progress: Progress
) -> Payload:
    """Find the themes of the active passages, those about something else left out."""
    active = active_passages(passages, copies)
    sought = np.flatnonzero(~features["elsewhere"])
    found = _partition_of(context, passages, active[sought], features, sought, progress)
    labels = np.full(len(active), -1, dtype=np.int64)
    margins, centralities = np.zeros(len(active)), np.zeros(len(active))
    labels[sought], margins[sought] = found.labels, found.margins
    centralities[sought] = found.centralities
    return {
        "labels": labels,
        "margins": margins,
        "centralities": centralities,
        "stabilities": found.stabilities,
        "elsewhere": features["elsewhere"],
    }


def _partition_of(
    context: Context,
    passages: Payload,
    numbers: Integers,
    features: Payload,
    rows: Integers,
    progress: Progress,
) -> Partition:
    """Return the themes of some passages, of which ``rows`` are the vectors."""
    if len(numbers) < 2:
        ones = np.ones(len(numbers))
        no_stability = np.full(len(numbers), np.nan)
        return Partition(np.zeros(len(numbers), dtype=np.int64), ones, ones, no_stability)
    views = Views(features["within"][rows], features["across"][rows])
    groups = language_groups(passages, numbers)
    graph = neighbour_graph(views, groups, progress=lambda done: progress(0.3 * done))
    clusterer = ThemeClusterer(n_themes=context.options.n_themes, random_state=context.options.seed)
    clusterer.fit(graph, progress=lambda done: progress(0.3 + 0.7 * done))
    return clusterer.partition_


def names_stage(
    context: Context, passages: Payload, placed: Payload, n_themes: int, progress: Progress
) -> Payload:
    """Name the themes by the passages that are in them for certain."""
    numbers, labels = evidence(placed)
    if not len(numbers):
        return {"names": []}
    pieces = pieces_of(context, passages)
    texts = [pieces[number] for number in numbers]
    matrix = concept_rows([words(text) for text in texts], context.lexicon)
    concepts = [matrix.indices[a:b].tolist() for a, b in pairwise(matrix.indptr.tolist())]
    languages = [LANGUAGES[code] for code in passages["language"][numbers].tolist()]
    named = name_themes(texts, languages, labels, concepts, n_themes, context.lexicon, progress)
    return {"names": [list(theme) for theme in named]}


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
