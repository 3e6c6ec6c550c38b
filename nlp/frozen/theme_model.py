"""A model of themes: fitted on a corpus, kept in a file, and used to place new texts."""

import json
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from nlp.analysis import ENGINE, Finished, Progress, run
from nlp.checkpoints import Checkpoints
from nlp.clustering import Known, Placer
from nlp.durable import Carried, Decision, Earlier, EarlierTheme, PassageRef
from nlp.elsewhere import ElsewhereJudge
from nlp.errors import ModelFileError
from nlp.features import BilingualSpace, Views
from nlp.frozen.space_parts import space_of, space_parts
from nlp.joining import History
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
from nlp.placement import WEAK_MARGIN, active_passages
from nlp.space import Space
from nlp.stages import (
    block_of,
    concepts_of,
    language_groups,
    learnt_from,
    new_space,
    read_block,
)
from nlp.text.language import LANGUAGES
from nlp.text.reading import Passages, Reader
from nlp.threads import one_thread

_IN_THEME, _, _TO_ARBITRATE, _OFF_TOPIC, _UNREADABLE, _ = STATES


#: Texts placed at a time, so that memory stays bounded.
_BLOCK = 10_000


@dataclass(frozen=True)
class _Frozen:
    """What placing needs: the space, the passages known, and which concepts are others' matters."""

    space: BilingualSpace
    known: Known
    judge: ElsewhereJudge


class ThemeModel:
    """Themes of a corpus, and a place among them for any other text.

    Parameters
    ----------
    options : AnalysisOptions, optional
        How texts are analysed.

    Attributes
    ----------
    analysis_ : Analysis
        The result of :meth:`fit`; not kept in a file.
    themes_ : list of ThemeResult
    earlier_ : Earlier
        The themes as the next run has to know them.
    carried_ : Carried or None
        How the themes continue those before; None in a run without history; not kept in a file.
    """

    def __init__(self, options: AnalysisOptions | None = None) -> None:
        """Keep the options."""
        self.options = options or AnalysisOptions()

    def fit(
        self,
        texts: Sequence[Text],
        *,
        earlier: Earlier | None = None,
        decisions: Sequence[Decision] = (),
        progress: Progress | None = None,
        checkpoints: Checkpoints | None = None,
    ) -> Self:
        """Find the themes of texts, as :func:`nlp.analyse` does, and keep what places others.

        Earlier themes keep their keys, names and passages where their substance is the same, and
        everything that people decided holds (:mod:`nlp.durable`).

        Parameters
        ----------
        earlier : Earlier, optional
            Themes of the run before: its ``earlier_``.
        decisions : sequence of Decision
            The whole human log, in the order it was written.
        texts, progress, checkpoints
            As for :func:`nlp.analyse`.

        Raises
        ------
        DuplicateKeyError
            If two texts have the same key.
        DecisionError
            If a decision makes no sense where it stands in the log.
        BackendError
            If the options name a model that cannot be read.
        """
        finished = run(
            texts,
            self.options,
            history=History(earlier, tuple(decisions)),
            progress=progress,
            checkpoints=checkpoints,
        )
        self.analysis_: Analysis = finished.analysis()
        self.themes_ = self.analysis_.themes
        self.carried_: Carried | None = finished.carried
        self.earlier_ = finished.earlier()
        self._frozen = _frozen(finished)
        self._make_placer()
        return self

    def _make_placer(self) -> None:
        """Make ready to place."""
        self._lexicon = load_lexicon()
        self._placer = Placer(self._frozen.known, len(self.themes_))

    def assign(self, texts: Sequence[Text]) -> list[PassageResult]:
        """Place new texts among the themes; the themes do not change.

        Copies are not sought: a text is placed by itself, whatever others say.

        Parameters
        ----------
        texts : sequence of Text

        Returns
        -------
        list of PassageResult
            In the order of the texts, then by offset. A passage whose margin is weak is to
            arbitrate, with the nearest theme as a proposal.
        """
        found: list[PassageResult] = []
        with one_thread():
            for start in range(0, len(texts), _BLOCK):
                block = texts[start : start + _BLOCK]
                reader = Reader([text.text for text in block], self._lexicon)
                passages = reader.passages(is_split=self.options.unit == "passage")
                found += self._results(block, reader, passages)
        return found

    def _results(
        self, keyed: Sequence[Text], reader: Reader, passages: Passages
    ) -> list[PassageResult]:
        """Place the readable passages and say what became of each."""
        n = len(passages.texts)
        readable = np.flatnonzero(passages.qualities == 0)
        labels, margins = np.full(n, -1, dtype=np.int64), np.zeros(n)
        states = np.where(passages.qualities == 1, _OFF_TOPIC, _UNREADABLE).astype(object)
        if len(readable) and self.themes_:
            columns = (passages.texts, passages.starts, passages.ends, passages.languages)
            texts, starts, ends, languages = (column[readable] for column in columns)
            concepts = reader.concepts(texts, starts, ends)
            block = read_block(reader, texts, starts, ends, languages, concepts=concepts)
            views = self._frozen.space.transform(block)
            placed = self._placer.place(views, block.groups)
            labels[readable] = placed.labels
            margins[readable] = placed.margins
            is_weak = (placed.margins < WEAK_MARGIN) | (placed.labels < 0)
            states[readable] = np.where(is_weak, _TO_ARBITRATE, _IN_THEME)
            foreign = readable[self._frozen.judge.predict(block.concepts, block.texts)]
            labels[foreign], margins[foreign], states[foreign] = -1, 0.0, _OFF_TOPIC
        elif len(readable):
            states[readable] = _TO_ARBITRATE
        return [
            PassageResult(
                key=keyed[text].key,
                start=start,
                end=end,
                language=LANGUAGES[language],
                state=state,
                theme=theme if theme >= 0 else None,
                margin=round(margin, 4),
                copy_of=None,
            )
            for text, start, end, language, state, theme, margin in zip(
                passages.texts.tolist(),
                passages.starts.tolist(),
                passages.ends.tolist(),
                passages.languages.tolist(),
                states.tolist(),
                labels.tolist(),
                margins.tolist(),
                strict=True,
            )
        ]

    def save(self, path: Path) -> None:
        """Write the model to a file of arrays and JSON; nothing in it is ever executed."""
        header, arrays = space_parts(self._frozen.space)
        known = self._frozen.known
        groups = sorted(set(known.groups))
        header |= {
            **_versions(),
            "options": asdict(self.options),
            "themes": [asdict(theme) for theme in self.themes_],
            "groups": groups,
            "earlier": asdict(self.earlier_) | {"former": sorted(self.earlier_.former)},
        }
        arrays |= {
            "known_within": known.views.within,
            "known_across": known.views.across,
            "known_groups": np.array([groups.index(name) for name in known.groups], dtype=np.int32),
            "known_labels": known.labels,
            "known_coordinates": known.coordinates,
            "is_foreign": self._frozen.judge.is_foreign_,
        }
        text = json.dumps(header, ensure_ascii=False).encode("utf-8", "surrogatepass")
        arrays["header"] = np.frombuffer(text, dtype=np.uint8)
        with path.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **arrays)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a model written by :meth:`save`.

        :raises ModelFileError: if the file is missing, damaged, or of another version of the
            method or of its word lists.
        """
        try:
            # Opened here: of a torn file the reader would leave its own open.
            with path.open("rb") as stream, np.load(stream, allow_pickle=False) as found:
                arrays = dict(found)
            header = json.loads(arrays.pop("header").tobytes().decode("utf-8", "surrogatepass"))
            if any(header[name] != value for name, value in _versions().items()):
                raise ModelFileError(f"{path} was written by another version of the method.")
            return cls._of_parts(header, arrays)
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
            raise ModelFileError(f"{path} cannot be read as a model of themes.") from error

    @classmethod
    def _of_parts(cls, header: dict[str, Any], arrays: dict[str, Any]) -> Self:
        """Return the model of its parts."""
        lexicon = load_lexicon()
        model = cls(AnalysisOptions(**header["options"]))
        model.themes_ = [_theme(row) for row in header["themes"]]
        model.earlier_ = _earlier(header["earlier"])
        model.carried_ = None
        judge = ElsewhereJudge(lexicon)
        judge.is_foreign_ = arrays["is_foreign"]
        known = Known(
            Views(arrays["known_within"], arrays["known_across"]),
            [header["groups"][number] for number in arrays["known_groups"].tolist()],
            arrays["known_labels"],
            arrays["known_coordinates"],
        )
        model._frozen = _Frozen(space_of(header, arrays, lexicon), known, judge)
        model._make_placer()
        return model


def _versions() -> dict[str, str]:
    """Return what a model depends on beside its own content."""
    return {
        "engine": ENGINE,
        "space": Space.load().version,
        "lexicon": lexicon_fingerprint(),
    }


def _theme(row: dict[str, Any]) -> ThemeResult:
    """Return a theme of its plain values."""
    quotations = [QuotationResult(**quotation) for quotation in row["quotations"]]
    return ThemeResult(**{**row, "quotations": quotations})


def _earlier(values: dict[str, Any]) -> Earlier:
    """Return the themes of a run of their plain values."""
    themes = [
        EarlierTheme(
            key=row["key"],
            name_fr=row["name_fr"],
            name_ar=row["name_ar"],
            keywords_fr=tuple(row["keywords_fr"]),
            keywords_ar=tuple(row["keywords_ar"]),
            members=tuple(PassageRef(**member) for member in row["members"]),
        )
        for row in values["themes"]
    ]
    return Earlier(tuple(themes), frozenset(values["former"]))


def _frozen(finished: Finished) -> _Frozen:
    """Return what places new texts among the themes of a finished analysis."""
    context, passages = finished.context, finished.passages
    active = active_passages(passages, finished.copies)
    n_learnt = learnt_from(passages, active)
    sought = np.flatnonzero(~finished.features["elsewhere"][:n_learnt])
    space = context.space
    if space is None:
        # The vectors came from a checkpoint: learnt again, the space is the same.
        rows = active[:n_learnt]
        concepts = concepts_of(context, passages, rows)
        space = new_space(context).fit(block_of(context, passages, rows, concepts))
    index_of = np.full(len(finished.names["names"]) + 1, -1, dtype=np.int64)
    for index, (number, _) in enumerate(finished.numbered_themes):
        index_of[number] = index
    known = Known(
        Views(finished.features["within"][sought], finished.features["across"][sought]),
        language_groups(passages, active[sought]),
        index_of[finished.clusters["labels"][sought]],
        finished.clusters["coordinates"],
    )
    judge = ElsewhereJudge(context.lexicon).fit(concepts_of(context, passages, active))
    return _Frozen(space, known, judge)
