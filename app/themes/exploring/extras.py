"""What passages are given beside their theme: a stance if the words tell, a place on the map.

Working it out takes long and needs no database (:func:`extras_of`); writing it down is quick and
belongs to the transaction of the run (:func:`write_stances`, :func:`write_places`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.core.text import fold
from app.submissions.models import Answer
from app.themes import engine
from app.themes.corpus import Corpus
from app.themes.models import AnalysisRun, Passage, PassageState, Placement

if TYPE_CHECKING:
    from nlp import Analysis

#: Where a passage is: answer, start, end.
Spot = tuple[int, int, int]
#: A place on the map, both in [0, 1].
Place = tuple[float, float]

#: Passages on the map at most; of more, a sample in which every theme has its share.
MOST_ON_MAP = 20_000
#: Passages that a theme has in the sample at least, if it has so many.
_LEAST_OF_THEME = 60
#: What stands on the map: copies would stand on what they copy, and nobody can read the unreadable.
ON_MAP = (PassageState.IN_THEME, PassageState.TO_ARBITRATE, PassageState.OFF_TOPIC)


class Piece(NamedTuple):
    """A passage as far as its extras need it; ``theme`` is -1 for none."""

    spot: Spot
    words: str
    language: str
    state: str
    theme: int


class Reading(NamedTuple):
    """What reading a passage's words gives: what it does, and how it is searched, masks aside."""

    nature: str | None
    folded: str


@dataclass(frozen=True)
class Extras:
    """Stances and places by where passages are; those that have none are left out.

    :ivar readings: of passages that no run had read before.
    """

    stances: Mapping[Spot, str] = field(default_factory=dict)
    places: Mapping[Spot, Place] = field(default_factory=dict)
    readings: Mapping[Spot, Reading] = field(default_factory=dict)


NOTHING = Extras()


def pieces_of(corpus: Corpus, analysis: Analysis) -> list[Piece]:
    """Return the passages of a finished analysis."""
    texts = {text.key: text.text for text in corpus.texts}
    return [
        Piece(
            (int(p.key), p.start, p.end),
            texts[p.key][p.start : p.end],
            p.language,
            str(p.state),
            -1 if p.theme is None else p.theme,
        )
        for p in analysis.passages
    ]


def pieces_in(session: Session, run: AnalysisRun) -> list[Piece]:
    """Return the passages of a run that was written, in the order of their places."""
    words = func.substr(Answer.text, Passage.start + 1, Passage.end - Passage.start)
    rows = session.execute(
        select(
            Passage.answer_id,
            Passage.start,
            Passage.end,
            words,
            Passage.language,
            Placement.found_state,
            Placement.found_theme_id,
        )
        .join(Passage, Placement.passage_id == Passage.id)
        .join(Answer, Passage.answer_id == Answer.id)
        .where(Placement.run_id == run.id)
        .order_by(Passage.answer_id, Passage.start, Passage.end)
    )
    return [
        Piece((row[0], row[1], row[2]), row[3], row[4], row[5], -1 if row[6] is None else row[6])
        for row in rows
    ]


def extras_of(
    pieces: Sequence[Piece],
    *,
    unread: Collection[Spot] = (),
    seed: int = 0,
    progress: Callable[[float], None] = lambda _: None,
) -> Extras:
    """Work out stances, places and readings; no transaction should be open meanwhile.

    :param unread: the passages that no run has read before.
    """
    stances = engine.stances_of([p.words for p in pieces], [p.language for p in pieces])
    told = {
        piece.spot: stance
        for piece, stance in zip(pieces, stances, strict=True)
        if stance is not None
    }
    mapped = sampled([piece for piece in pieces if piece.state in ON_MAP])
    places = engine.places_of(
        [p.words for p in mapped],
        [p.language for p in mapped],
        [p.theme for p in mapped],
        seed=seed,
        progress=progress,
    )
    placed = {
        piece.spot: place for piece, place in zip(mapped, places, strict=True) if place is not None
    }
    return Extras(told, placed, _readings([piece for piece in pieces if piece.spot in unread]))


def _readings(pieces: Sequence[Piece]) -> dict[Spot, Reading]:
    """Read the words of passages."""
    natures = engine.natures_of([p.words for p in pieces], [p.language for p in pieces])
    return {
        piece.spot: Reading(nature, fold(piece.words))
        for piece, nature in zip(pieces, natures, strict=True)
    }


def sampled(pieces: list[Piece], most: int = MOST_ON_MAP) -> list[Piece]:
    """Return the pieces if they are few; else a sample by theme, the same for the same pieces."""
    if len(pieces) <= most:
        return pieces
    sizes = Counter(piece.theme for piece in pieces)
    floor = min(_LEAST_OF_THEME, most // len(sizes))
    rest = most - sum(min(size, floor) for size in sizes.values())
    beyond = sum(max(size - floor, 0) for size in sizes.values())
    due = {
        theme: min(size, floor) + int(rest * max(size - floor, 0) / beyond)
        for theme, size in sizes.items()
    }
    chosen = set()
    for piece in sorted(pieces, key=_drawn):
        if due[piece.theme] > 0:
            due[piece.theme] -= 1
            chosen.add(piece.spot)
    return [piece for piece in pieces if piece.spot in chosen]


def _drawn(piece: Piece) -> bytes:
    """Return what a sample is drawn by: chance, but the same chance each time."""
    return hashlib.blake2b(repr(piece.spot).encode(), digest_size=8).digest()


def write_stances(session: Session, run: AnalysisRun, extras: Extras) -> None:
    """Write the stance of passages that have none yet; one that was written stays."""
    if not extras.stances:
        return
    rows = session.execute(
        select(Passage.answer_id, Passage.start, Passage.end, Passage.id)
        .join(Placement, Placement.passage_id == Passage.id)
        .where(Placement.run_id == run.id, Passage.stance.is_(None))
    )
    new: list[dict[str, Any]] = [
        {"id": row[3], "stance": extras.stances[row[0], row[1], row[2]]}
        for row in rows
        if (row[0], row[1], row[2]) in extras.stances
    ]
    if new:
        session.execute(update(Passage), new)


def write_places(session: Session, run: AnalysisRun, extras: Extras) -> None:
    """Write where the run's passages stand on the map."""
    if not extras.places:
        return
    rows = session.execute(
        select(Passage.answer_id, Passage.start, Passage.end, Placement.id)
        .join(Passage, Placement.passage_id == Passage.id)
        .where(Placement.run_id == run.id)
    )
    new: list[dict[str, Any]] = []
    for row in rows:
        place = extras.places.get((row[0], row[1], row[2]))
        if place is not None:
            new.append({"id": row[3], "map_x": place[0], "map_y": place[1]})
    if new:
        session.execute(update(Placement), new)
