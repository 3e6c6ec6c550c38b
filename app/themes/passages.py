"""Passages of a run written down: found again by their place, or new."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.core.text import fold
from app.submissions.masking import masks_of
from app.themes import engine
from app.themes.corpus import Corpus
from app.themes.exploring.extras import Reading, Spot
from app.themes.models import AnalysisRun, Passage, Placement

if TYPE_CHECKING:
    from nlp import Analysis, PassageResult


@dataclass(frozen=True)
class Known:
    """A passage that an earlier run wrote."""

    id: int
    language: str
    folded: str


def known_passages(session: Session, consultation_id: int) -> dict[Spot, Known]:
    """Return the passages of earlier runs by place."""
    rows = session.execute(
        select(
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Passage.id,
            Passage.language,
            Passage.folded,
        )
        .join(Placement, Placement.passage_id == Passage.id)
        .join(AnalysisRun, Placement.run_id == AnalysisRun.id)
        .where(AnalysisRun.consultation_id == consultation_id)
        .distinct()
    )
    return {(row[0], row[1], row[2]): Known(*row[3:]) for row in rows}


def spot_of(passage: PassageResult) -> Spot:
    """Return where a passage is."""
    return int(passage.key), passage.start, passage.end


def unread_of(session: Session, consultation_id: int, analysis: Analysis) -> set[Spot]:
    """Return the places of passages whose words have still to be read."""
    known = known_passages(session, consultation_id)
    return {spot_of(p) for p in analysis.passages if not is_known(known.get(spot_of(p)), p)}


def write_passages(
    session: Session,
    corpus: Corpus,
    analysis: Analysis,
    known: Mapping[Spot, Known],
    readings: Mapping[Spot, Reading],
) -> list[int]:
    """Add the passages that are new, complete the others; return ids in the analysis's order.

    :param readings: what was read before the transaction began; what is wanting is read here.
    """
    texts = {text.answer_id: text for text in corpus.texts}
    open_ones = [one for one in analysis.passages if not is_known(known.get(spot_of(one)), one)]
    masks = masks_of(session, {int(one.key) for one in open_ones})
    new: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for passage in open_ones:
        answer, start, end = spot = spot_of(passage)
        words = texts[answer].text[start:end]
        before = known.get(spot)
        reading = readings.get(spot) or _read(words, passage.language)
        facts = {"language": passage.language, "nature": reading.nature}
        if before is None or not before.folded:
            shown = masks.words(answer, words, start)
            facts["folded"] = reading.folded if shown == words else fold(shown)
        if before is not None:
            changed.append({"id": before.id, "folded": before.folded} | facts)
            continue
        new.append(
            {
                "submission_id": texts[answer].submission_id,
                "answer_id": answer,
                "start": start,
                "end": end,
                "sha256": hashlib.sha256(words.encode()).hexdigest(),
                **facts,
            }
        )
    if changed:
        session.execute(update(Passage), changed)
    ids = {spot: passage.id for spot, passage in known.items()}
    if new:
        # In no order: in that of the rows SQLite would be sent one statement for each of them.
        added = session.execute(
            insert(Passage).returning(Passage.id, Passage.answer_id, Passage.start, Passage.end),
            new,
        )
        ids |= {(row.answer_id, row.start, row.end): row.id for row in added}
    return [ids[spot_of(passage)] for passage in analysis.passages]


def _read(words: str, language: str) -> Reading:
    """Read words that nothing read beforehand."""
    [nature] = engine.natures_of([words], [language])
    return Reading(nature, fold(words))


def is_known(before: Known | None, passage: PassageResult) -> bool:
    """Tell whether all that is written of a passage's words holds still."""
    return before is not None and bool(before.folded) and before.language == passage.language
