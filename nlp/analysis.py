"""The analysis of a set of texts, in stages that can be resumed."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property

from nlp import stages
from nlp.checkpoints import Checkpoints, Payload
from nlp.copies import content_hash
from nlp.durable import Carried, Earlier, EarlierTheme
from nlp.errors import DuplicateKeyError
from nlp.joining import History, fresh_keys, joined, references, rescued
from nlp.lexicon import load_lexicon
from nlp.lexicon.files import fingerprint as lexicon_fingerprint
from nlp.model import (
    STATES,
    Analysis,
    AnalysisOptions,
    BroadThemeResult,
    Text,
    ThemeResult,
)
from nlp.placement import active_passages, placements
from nlp.results import Results, ThemeRecord
from nlp.space import Space
from nlp.threads import one_thread

#: Name and version of the method: results of another one are not comparable.
ENGINE = "tachawor-nlp 3.0"
#: The stages, in order, as reported to ``progress``.
STAGES = ("passages", "copies", "features", "clusters", "names", "quotations")

Progress = Callable[[str, float], None]


def input_fingerprint(texts: Sequence[Text], options: AnalysisOptions) -> str:
    """Return a hash of everything the result depends on, whatever the order of the texts."""
    lists = f"{lexicon_fingerprint()}\0{Space.load().version}"
    digest = hashlib.sha256(f"{ENGINE}\0{lists}\0".encode())
    digest.update(json.dumps(asdict(options), sort_keys=True).encode())
    for row in sorted((text.key, content_hash(text.text).hex(), text.group) for text in texts):
        digest.update(json.dumps(row).encode())
    return digest.hexdigest()


class _Run:
    """One analysis on its way: runs stages, or takes them from checkpoints."""

    def __init__(
        self, fingerprint: str, checkpoints: Checkpoints | None, progress: Progress | None
    ) -> None:
        """Keep where results go and who is told."""
        self.fingerprint = fingerprint
        self.checkpoints = checkpoints
        self.progress = progress

    def stage(self, name: str, work: Callable[[Callable[[float], None]], Payload]) -> Payload:
        """Return the result of a stage, from its checkpoint if that is of this very analysis."""
        kept = self.checkpoints.load(name) if self.checkpoints else None
        if kept is None or kept.get("fingerprint") != self.fingerprint:
            self._report(name, 0.0)
            kept = {**work(lambda done: self._report(name, done)), "fingerprint": self.fingerprint}
            if self.checkpoints:
                self.checkpoints.save(name, kept)
        self._report(name, 1.0)
        return kept

    def add(self, content: str) -> None:
        """Make the results of the stages from here on depend on something more."""
        if content:
            joint = f"{self.fingerprint}\0{content}"
            self.fingerprint = hashlib.sha256(joint.encode()).hexdigest()

    def _report(self, name: str, done: float) -> None:
        """Tell how far a stage is."""
        if self.progress is not None:
            self.progress(name, min(1.0, max(0.0, done)))


def analyse(
    texts: Sequence[Text],
    options: AnalysisOptions | None = None,
    *,
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
) -> Analysis:
    """Find the themes of texts.

    Parameters
    ----------
    texts : sequence of Text
        Texts with unique keys; empty texts have no passages. Their order changes nothing but the
        order of the passages in the result.
    options : AnalysisOptions, optional
        How to analyse.
    progress : callable, optional
        Called with the name of a stage (one of :data:`STAGES`) and the share of it done, in [0, 1].
        An error it raises stops the analysis; finished stages stay in the checkpoints.
    checkpoints : Checkpoints, optional
        Where results of finished stages are kept. A second call with the same texts, options and
        place goes on after the last finished stage, with the same result; what another analysis
        left there is ignored and written over.

    Returns
    -------
    Analysis
        Passages with states that partition them, and themes, greatest first.

    Raises
    ------
    DuplicateKeyError
        If two texts have the same key.
    BackendError
        If the options name a model that cannot be read.
    """
    return run(texts, options, progress=progress, checkpoints=checkpoints).analysis()


def run(
    texts: Sequence[Text],
    options: AnalysisOptions | None = None,
    *,
    history: History | None = None,
    progress: Progress | None = None,
    checkpoints: Checkpoints | None = None,
) -> "Finished":
    """Run the stages of an analysis, as :func:`analyse` does; return all of their results.

    ``history`` is what people and earlier runs have settled, and the themes respect.
    """
    options = options or AnalysisOptions()
    if len({text.key for text in texts}) != len(texts):
        raise DuplicateKeyError("Every text needs a key of its own.")
    ordered = sorted(texts, key=lambda text: (content_hash(text.text), text.key))
    context = stages.Context(ordered, options, load_lexicon())
    running = _Run(input_fingerprint(texts, options), checkpoints, progress)
    with one_thread():
        return _finished(texts, context, running, history or History())


def _finished(
    texts: Sequence[Text], context: stages.Context, running: _Run, history: History
) -> "Finished":
    """Run the stages, one after the other."""
    stage = running.stage
    passages = stage("passages", lambda tell: stages.passages_stage(context, tell))
    if not history.is_empty:
        passages = rescued(context.texts, passages, history)
        running.add("".join(map(str, passages["quality"].tolist())))
    copies = stage("copies", lambda tell: stages.copies_stage(context, passages, tell))
    features = stage(
        "features", lambda tell: stages.features_stage(context, passages, copies, tell)
    )
    clusters = stage(
        "clusters", lambda tell: stages.clusters_stage(context, passages, copies, features, tell)
    )
    carried = None
    if history.is_empty:
        keys = fresh_keys(context.texts, passages, copies, clusters)
        records = [ThemeRecord(key) for key in keys]
    else:
        clusters, carried = joined(
            context.texts,
            passages,
            copies,
            features,
            clusters,
            history,
            n_themes=context.options.n_themes,
        )
        records = [
            ThemeRecord(t.key, t.name_fr, t.name_ar, is_kept=t.status == "kept")
            for t in carried.themes
        ]
        running.add(history.fingerprint())
    share = context.options.arbitrate_share
    placed = placements(passages, copies, clusters, arbitrate_share=share)
    given = [(record.name_fr, record.name_ar) for record in records]
    names = stage("names", lambda tell: stages.names_stage(context, passages, placed, given, tell))
    quotations = stage(
        "quotations",
        lambda tell: stages.quotations_stage(
            context, passages, copies, features, clusters, placed, tell
        ),
    )
    return Finished(
        texts=texts,
        context=context,
        fingerprint=running.fingerprint,
        passages=passages,
        copies=copies,
        features=features,
        clusters=clusters,
        placed=placed,
        names=names,
        quotations=quotations,
        records=records,
        carried=carried,
    )


@dataclass(frozen=True)
class Finished:
    """The results of all stages; passages and themes are numbered in the inner order."""

    texts: Sequence[Text]
    context: stages.Context
    fingerprint: str
    passages: Payload
    copies: Payload
    features: Payload
    clusters: Payload
    placed: Payload
    names: Payload
    quotations: Payload
    records: Sequence[ThemeRecord]
    carried: Carried | None

    @cached_property
    def _results(self) -> Results:
        """Turns numbers into results."""
        return Results(self.texts, self.context, self.passages, self.copies, self.placed)

    @cached_property
    def numbered_themes(self) -> list[tuple[int, ThemeResult]]:
        """Themes with passages, greatest first, each with its number in the stages."""
        return self._results.themes(
            self.records, self.names, self.quotations["quotations"], self.clusters["stabilities"]
        )

    def analysis(self) -> Analysis:
        """Return the result in the caller's order."""
        passages = self._results.passages(self.numbered_themes)
        found = Counter(passage.state for passage in passages)
        return Analysis(
            passages=passages,
            themes=[theme for _, theme in self.numbered_themes],
            fingerprint=self.fingerprint,
            engine=ENGINE,
            counts={state: found[state] for state in STATES},
            broad_themes=[BroadThemeResult(**theme) for theme in self.names["broad_themes"]],
        )

    def earlier(self) -> Earlier:
        """Return the themes of this run as the next one has to know them."""
        active = active_passages(self.passages, self.copies)
        themes = [
            EarlierTheme(record.key, name[0], name[1], tuple(name[2]), tuple(name[3]))
            for record, name in zip(self.records, self.names["names"], strict=True)
        ]
        return Earlier.of(
            themes,
            references(self.context.texts, self.passages, active),
            self.clusters["labels"].tolist(),
            self.carried.former if self.carried else frozenset(),
        )
