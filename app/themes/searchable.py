"""The words by which passages are found: what is masked cannot be searched for either.

They are written with the passage, and again in the transaction that masks words or lifts a mask.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session, object_session

from app.core.text import fold
from app.submissions.masking import masks_of
from app.submissions.models import Answer, Redaction
from app.themes.models import Passage

_CHANGED = "answers whose masks changed"


def refold(session: Session, answer_ids: Collection[int]) -> None:
    """Write the searchable words of some answers' passages again."""
    masks = masks_of(session, answer_ids)
    rows = session.execute(
        select(Passage.id, Passage.answer_id, Passage.start, Passage.end, Answer.text)
        .join(Answer, Answer.id == Passage.answer_id)
        .where(Passage.answer_id.in_(list(answer_ids)))
    ).all()
    folded = [
        {
            "id": row.id,
            "folded": fold(
                masks.words(row.answer_id, (row.text or "")[row.start : row.end], row.start)
            ),
        }
        for row in rows
    ]
    if folded:
        session.execute(update(Passage), folded)


def _note(_mapper: Any, _connection: Any, mask: Redaction) -> None:
    """Note the answer of a mask that is new or was changed."""
    session = object_session(mask)
    if session is not None:
        session.info.setdefault(_CHANGED, set()).add(mask.answer_id)


def _after_flush(session: Session, _context: Any) -> None:
    """Follow the masks that this flush wrote."""
    answer_ids = session.info.pop(_CHANGED, None)
    if answer_ids:
        refold(session, answer_ids)


event.listen(Redaction, "after_insert", _note)
event.listen(Redaction, "after_update", _note)
event.listen(Session, "after_flush_postexec", _after_flush)
