"""Write a finished analysis at once: passages, durable themes, placements, the run's end."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from app.core.db import Texts
from app.submissions.models import Submission
from app.themes.corpus import Corpus
from app.themes.matching import Stretch, match, measure
from app.themes.models import AnalysisRun, Passage, PassageState, Placement, Theme
from app.themes.names import LANGUAGES, free_name, key_of
from app.themes.queries import lock_decisions, root_of, themes_of

if TYPE_CHECKING:
    from nlp import Analysis, PassageResult, ThemeResult

#: Where a passage is: answer, start, end.
Spot = tuple[int, int, int]


@dataclass(frozen=True)
class _Known:
    """A passage that an earlier run wrote."""

    id: int
    language: str


def write_analysis(
    session: Session, run: AnalysisRun, corpus: Corpus, analysis: Analysis, *, now: datetime
) -> None:
    """Write what was found and close the run, flushed.

    Passages keep their identity (answer, start, end) from run to run; clusters that are themes
    found before are written on them (see :mod:`app.themes.matching`), with whatever people decided.
    """
    lock_decisions(session, run.consultation_id)
    known = _known_passages(session, run.consultation_id)
    themes = _Themes(session, run, now)
    of_cluster = themes.settle(analysis, known)
    ids = _write_passages(session, corpus, analysis, known)
    rows = list(_placements(run.id, analysis, ids, of_cluster, themes.closed))
    if rows:
        session.execute(insert(Placement), rows)
    run.engine = analysis.engine
    run.fingerprint = analysis.fingerprint
    run.n_submissions = corpus.n_submissions
    run.n_passages = len(rows)
    run.finished_at = now
    session.flush()


def _known_passages(session: Session, consultation_id: int) -> dict[Spot, _Known]:
    """Return the passages of earlier runs by place."""
    rows = session.execute(
        select(Passage.answer_id, Passage.start, Passage.end, Passage.id, Passage.language)
        .join(Placement, Placement.passage_id == Passage.id)
        .join(AnalysisRun, Placement.run_id == AnalysisRun.id)
        .where(AnalysisRun.consultation_id == consultation_id)
        .distinct()
    )
    return {(answer, start, end): _Known(id_, lang) for answer, start, end, id_, lang in rows}


def _spot(passage: PassageResult) -> Spot:
    """Return where a passage is."""
    return int(passage.key), passage.start, passage.end


def _write_passages(
    session: Session, corpus: Corpus, analysis: Analysis, known: dict[Spot, _Known]
) -> list[int]:
    """Add the passages that are new, correct languages, return the ids in the analysis's order."""
    texts = {text.answer_id: text for text in corpus.texts}
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for passage in analysis.passages:
        spot = _spot(passage)
        answer, start, end = spot
        if spot in known:
            if known[spot].language != passage.language:
                changed.append({"id": known[spot].id, "language": passage.language})
            continue
        words = texts[answer].text[start:end]
        new.append(
            {
                "submission_id": texts[answer].submission_id,
                "answer_id": answer,
                "start": start,
                "end": end,
                "language": passage.language,
                "sha256": hashlib.sha256(words.encode()).hexdigest(),
            }
        )
    if changed:
        session.execute(update(Passage), changed)
    ids = {spot: passage.id for spot, passage in known.items()}
    if new:
        added = session.scalars(
            insert(Passage).returning(Passage.id, sort_by_parameter_order=True), new
        )
        ids |= zip(((p["answer_id"], p["start"], p["end"]) for p in new), added, strict=True)
    return [ids[_spot(passage)] for passage in analysis.passages]


def _placements(
    run_id: int, analysis: Analysis, ids: list[int], of_cluster: dict[int, int], closed: set[int]
) -> Iterator[dict[str, Any]]:
    """Yield the placements' rows.

    :param closed: themes whose end of the chain is excluded: their passages and copies are too.
    """
    ranks = _quotation_ranks(analysis)
    for index, passage in enumerate(analysis.passages):
        cluster = passage.theme
        if passage.copy_of is not None:
            # Copies of a text that is itself in doubt are no theme's signatories.
            source = analysis.passages[passage.copy_of]
            cluster = source.theme if source.state == PassageState.IN_THEME else None
        theme_id = None if cluster is None else of_cluster[cluster]
        state = PassageState(passage.state)
        if theme_id in closed and state in {PassageState.IN_THEME, PassageState.COPY}:
            state = PassageState.EXCLUDED
        yield {
            "run_id": run_id,
            "passage_id": ids[index],
            "state": state,
            "theme_id": theme_id,
            "margin": min(max(float(passage.margin), 0.0), 1.0),
            "copy_of_id": None if passage.copy_of is None else ids[passage.copy_of],
            "quotation_rank": ranks.get(index),
        }


def _quotation_ranks(analysis: Analysis) -> dict[int, int]:
    """Return the rank, within its theme, of each passage that holds a chosen quotation."""
    of_text: dict[str, list[int]] = defaultdict(list)
    for index, passage in enumerate(analysis.passages):
        of_text[passage.key].append(index)
    ranks: dict[int, int] = {}
    for theme in analysis.themes:
        for rank, quotation in enumerate(theme.quotations):
            for index in of_text[quotation.key]:
                passage = analysis.passages[index]
                if passage.start <= quotation.start and quotation.end <= passage.end:
                    ranks.setdefault(index, rank)
    return ranks


class _Themes:
    """The consultation's themes while a run is being written."""

    def __init__(self, session: Session, run: AnalysisRun, now: datetime) -> None:
        self._session = session
        self._run = run
        self._now = now
        self._by_id = {t.id: t for t in session.scalars(themes_of(run.consultation_id))}

    @property
    def closed(self) -> set[int]:
        """The themes that are excluded, themselves or by the one they were merged into."""
        ends = ((theme.id, root_of(theme, self._by_id)) for theme in self._by_id.values())
        return {theme_id for theme_id, end in ends if end.state == "excluded"}

    def settle(self, analysis: Analysis, known: dict[Spot, _Known]) -> dict[int, int]:
        """Match clusters to themes, add those that are new, name them; return theme by cluster."""
        matched = self._match(analysis, known)
        for result in analysis.themes:
            if result.index not in matched:
                matched[result.index] = self._add()
        largest: dict[int, ThemeResult] = {}
        for result in analysis.themes:
            largest.setdefault(matched[result.index], result)
        for theme_id, result in largest.items():
            theme = self._by_id[theme_id]
            theme.last_run_id = self._run.id
            theme.stability = result.stability
            theme.keywords = {"fr": list(result.keywords_fr), "ar": list(result.keywords_ar)}
        self._name(largest)
        return matched

    def _match(self, analysis: Analysis, known: dict[Spot, _Known]) -> dict[int, int]:
        """Recognise earlier themes by their words."""
        found = [
            Stretch(*_spot(passage), passage.theme)
            for passage in analysis.passages
            if passage.theme is not None and passage.state == PassageState.IN_THEME
        ]
        overlap = measure(found, self._earlier(), {answer for answer, _start, _end in known})
        return match(
            overlap,
            clusters=[result.index for result in analysis.themes],
            themes=sorted(self._by_id),
            decided=self._decided(),
        )

    def _earlier(self) -> list[Stretch]:
        """Return where each theme's words were when a run last found it; copies weigh nothing."""
        rows = self._session.execute(
            select(Passage.answer_id, Passage.start, Passage.end, Theme.id)
            .join(Placement, Placement.passage_id == Passage.id)
            .join(Theme, Placement.theme_id == Theme.id)
            .join(Submission, Passage.submission_id == Submission.id)
            .where(
                Submission.is_standing,
                Theme.consultation_id == self._run.consultation_id,
                Placement.run_id == Theme.last_run_id,
                Placement.copy_of_id.is_(None),
                or_(
                    Placement.state == PassageState.IN_THEME,
                    Placement.state == PassageState.EXCLUDED,
                ),
            )
        )
        return [Stretch(*row) for row in rows]

    def _decided(self) -> dict[int, int]:
        """Return the end of the chain for themes in a group that people made or excluded."""
        ends = {theme.id: root_of(theme, self._by_id) for theme in self._by_id.values()}
        groups = {end.id for theme_id, end in ends.items() if theme_id != end.id}
        groups |= {end.id for end in ends.values() if end.state == "excluded"}
        return {theme_id: end.id for theme_id, end in ends.items() if end.id in groups}

    def _add(self) -> int:
        """Add a theme without a name yet."""
        theme = Theme(
            consultation_id=self._run.consultation_id,
            name=Texts(),
            first_run_id=self._run.id,
            last_run_id=self._run.id,
            created_at=self._now,
        )
        self._session.add(theme)
        self._session.flush()
        self._by_id[theme.id] = theme
        return theme.id

    def _name(self, found: dict[int, ThemeResult]) -> None:
        """Give the machine's names to themes that nobody has named, each name to one theme.

        Names given by hand are never changed and come first, then those of themes that hold found
        ones by a merge. A theme that only the machine named and that was not found frees its name.
        """
        by_hand = [t for t in self._active() if t.is_named_by_hand]
        for theme in self._by_id.values():
            if not theme.is_named_by_hand:
                theme.key_fr = theme.key_ar = None
        # Two themes may exchange names: none may stand when the new ones are written.
        self._session.flush()
        taken = {"fr": {t.key_fr or "" for t in by_hand}, "ar": {t.key_ar or "" for t in by_hand}}
        holding = {root_of(self._by_id[theme_id], self._by_id).id for theme_id in found}
        for theme in self._active():
            if theme.id in holding - set(found) and not theme.is_named_by_hand:
                self._take(theme, theme.name, taken)
        for theme_id, result in found.items():
            theme = self._by_id[theme_id]
            names = Texts(fr=result.name_fr, ar=result.name_ar)
            if theme.is_named_by_hand:
                continue
            if theme.state == "active":
                self._take(theme, names, taken)
            else:
                theme.name = names
        self._session.flush()

    def _active(self) -> list[Theme]:
        """Return the active themes, oldest first."""
        return [t for _id, t in sorted(self._by_id.items()) if t.state == "active"]

    @staticmethod
    def _take(theme: Theme, names: Texts, taken: dict[str, set[str]]) -> None:
        """Name a theme, differing from the names taken."""
        given = {
            code: free_name(names[code], theme.keywords[code], taken[code]) for code in LANGUAGES
        }
        theme.name = Texts(given)
        theme.key_fr, theme.key_ar = key_of(given["fr"]), key_of(given["ar"])
