"""The analysis of a set of texts, in stages that can be resumed."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from nlp import stages
from nlp.checkpoints import Checkpoints, Payload
from nlp.copies import content_hash
from nlp.errors import DuplicateKeyError
from nlp.lexicon import load_lexicon
from nlp.lexicon.files import fingerprint as lexicon_fingerprint
from nlp.model import (
    STATES,
    Analysis,
    AnalysisOptions,
    PassageResult,
    QuotationResult,
    Text,
    ThemeResult,
)
from nlp.placement import placements
from nlp.space import Space
from nlp.text.language import LANGUAGES

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
    """
    options = options or AnalysisOptions()
    if len({text.key for text in texts}) != len(texts):
        raise DuplicateKeyError("Every text needs a key of its own.")
    ordered = sorted(texts, key=lambda text: (content_hash(text.text), text.key))
    context = stages.Context(ordered, options, load_lexicon())
    run = _Run(input_fingerprint(texts, options), checkpoints, progress)
    # One thread: sums keep their order, and small matrices are faster so.
    with threadpool_limits(limits=1):
        return _result(texts, context, run)


def _result(texts: Sequence[Text], context: stages.Context, run: _Run) -> Analysis:
    """Run the stages and put their results together."""
    passages = run.stage("passages", lambda tell: stages.passages_stage(context, tell))
    copies = run.stage("copies", lambda tell: stages.copies_stage(context, passages, tell))
    features = run.stage(
        "features", lambda tell: stages.features_stage(context, passages, copies, tell)
    )
    clusters = run.stage(
        "clusters", lambda tell: stages.clusters_stage(context, passages, copies, features, tell)
    )
    share = context.options.arbitrate_share
    placed = placements(passages, copies, clusters, arbitrate_share=share)
    n_themes = len(clusters["stabilities"])
    names = run.stage(
        "names", lambda tell: stages.names_stage(context, passages, placed, n_themes, tell)
    )
    quotations = run.stage(
        "quotations",
        lambda tell: stages.quotations_stage(
            context, passages, copies, features, clusters, placed, tell
        ),
    )
    builder = _Builder(texts, context, passages, copies, placed)
    themes = builder.themes(names["names"], quotations["quotations"], clusters["stabilities"])
    results = builder.passages(themes)
    counts = {state: sum(p.state == state for p in results) for state in STATES}
    return Analysis(results, [theme for _, theme in themes], run.fingerprint, ENGINE, counts)


class _Builder:
    """Turns numbered passages and themes into results in the caller's order."""

    def __init__(
        self,
        texts: Sequence[Text],
        context: stages.Context,
        passages: Payload,
        copies: Payload,
        placed: Payload,
    ) -> None:
        """Work out the order of the passages in the result."""
        self.context = context
        self.columns: dict[str, list[Any]] = {
            name: values.tolist()
            for payload in (passages, copies, placed)
            for name, values in payload.items()
            if isinstance(values, np.ndarray)
        }
        place = {text.key: number for number, text in enumerate(texts)}
        self.order = sorted(
            range(len(self.columns["text"])),
            key=lambda n: (
                place[context.texts[self.columns["text"][n]].key],
                self.columns["start"][n],
            ),
        )

    def key(self, number: int) -> str:
        """Return the key of the text a passage is in."""
        text: int = self.columns["text"][number]
        return self.context.texts[text].key

    def language(self, number: int) -> str:
        """Return the language code of a passage."""
        return LANGUAGES[self.columns["language"][number]]

    def themes(
        self, names: list[Any], quotations: list[Any], stabilities: Any
    ) -> list[tuple[int, ThemeResult]]:
        """Return (cluster number, theme) pairs, greatest theme first."""
        members: dict[int, list[int]] = {theme: [] for theme in range(len(names))}
        signatories = dict.fromkeys(members, 0)
        for number, (state, theme) in enumerate(
            zip(self.columns["state"], self.columns["theme"], strict=True)
        ):
            if STATES[state] == "in_theme":
                members[theme].append(number)
                signatories[theme] += 1
            elif STATES[state] == "copy" and self._is_of_theme(number):
                signatories[theme] += 1
        filled = [theme for theme in members if members[theme]]
        filled.sort(key=lambda theme: (-len(members[theme]), names[theme][0], theme))
        return [
            (
                theme,
                ThemeResult(
                    index=index,
                    name_fr=names[theme][0],
                    name_ar=names[theme][1],
                    keywords_fr=names[theme][2],
                    keywords_ar=names[theme][3],
                    n_passages=len(members[theme]),
                    n_signatories=signatories[theme],
                    languages=stages.count_languages(
                        [self.columns["language"][number] for number in members[theme]]
                    ),
                    quotations=[self._quotation(*row) for row in quotations[theme]],
                    stability=_rounded(float(stabilities[theme])),
                ),
            )
            for index, theme in enumerate(filled)
        ]

    def _is_of_theme(self, number: int) -> bool:
        """Whether the original of a copy is in its theme, and not still to arbitrate."""
        original = self.columns["copy_of"][number]
        return STATES[self.columns["state"][original]] == "in_theme"

    def _quotation(self, number: int, start: int, end: int) -> QuotationResult:
        """Return a quotation of a passage."""
        return QuotationResult(self.key(number), start, end, self.language(number))

    def passages(self, themes: list[tuple[int, ThemeResult]]) -> list[PassageResult]:
        """Return the passages in the order of the texts given."""
        index_of = {theme: result.index for theme, result in themes}
        rank = {number: at for at, number in enumerate(self.order)}
        columns = self.columns
        results = []
        for number in self.order:
            original = columns["copy_of"][number]
            state = STATES[columns["state"][number]]
            results.append(
                PassageResult(
                    key=self.key(number),
                    start=columns["start"][number],
                    end=columns["end"][number],
                    language=self.language(number),
                    state=state,
                    theme=index_of.get(columns["theme"][number]),
                    margin=columns["margin"][number],
                    copy_of=rank[original] if original >= 0 and state == "copy" else None,
                )
            )
        return results


def _rounded(value: float) -> float | None:
    """Return a measure with three decimals, None where nothing was measured."""
    return None if np.isnan(value) else round(value, 3)
