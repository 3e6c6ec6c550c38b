"""Decisions on passages that a run cut differently: those that cover their words inherit them."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.themes.exploring.extras import Spot
from app.themes.history import refs_of
from app.themes.ledger.folding import Put
from app.themes.ledger.kinds import Kind
from app.themes.ledger.reading import last_words
from app.themes.ledger.recording import append
from app.themes.models import AnalysisRun


def carry_words(
    session: Session, run: AnalysisRun, of_spot: dict[Spot, int], machine: Actor, *, now: datetime
) -> None:
    """Write an event for each decision of which a passage is not in the run as it was.

    :param of_spot: the passages of the run by place.
    """
    from nlp.durable import PassageIndex, PassageRef

    words = last_words(session, run.consultation_id, None)
    present = set(of_spot.values())
    gone = {number: word for number, word in words.items() if number not in present}
    if not gone:
        return
    spots = list(of_spot)
    index = PassageIndex([PassageRef(str(answer), start, end) for answer, start, end in spots])
    grouped: dict[tuple[Any, ...], dict[int, Put]] = defaultdict(dict)
    taken = set(words)
    for number, ref in sorted(refs_of(session, gone).items()):
        word = gone[number]
        for row, _shared in index.find(ref):
            passage_id = of_spot[spots[row]]
            if passage_id not in taken:
                taken.add(passage_id)
                key = (word.event_id, word.state, word.is_pinned, word.reason)
                grouped[key][passage_id] = Put(passage_id, word.theme_id, word.theme_id)
    for (event_id, state, is_pinned, reason), puts in grouped.items():
        append(
            session,
            machine,
            run.consultation_id,
            Kind.CARRY,
            payload={"event": event_id, "state": state, "is_pinned": is_pinned},
            puts=puts.values(),
            reason=reason,
            run_id=run.id,
            now=now,
        )
