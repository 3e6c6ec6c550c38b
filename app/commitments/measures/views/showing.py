"""What the staff page of a measure shows beside its columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_login import current_user

from app.commitments.measures import queries
from app.commitments.models import Measure
from app.core.access import STAFF
from app.core.db import db
from app.submissions.masking import masks_of
from app.submissions.reach import reaches
from app.themes.models import Passage


@dataclass(frozen=True)
class PassageShown:
    """A passage that a measure answers, as the reader may see it.

    :ivar text: its words, masked; empty where the reader may not see them.
    """

    id: int
    number: str
    language: str
    text: str


def passages_shown(measure: Measure) -> list[PassageShown]:
    """Return the passages that a measure answers."""
    session = db.session()
    rows = session.scalars(queries.passages_answered(measure.id)).all()
    masks = masks_of(session, [row.answer_id for row in rows])
    return [_shown(row, masks) for row in rows]


def _shown(row: Passage, masks: Any) -> PassageShown:
    """Return a passage with its words if the reader reaches where it comes from."""
    said = row.submission
    may_see = said.is_standing and reaches(current_user, STAFF, said)
    text = masks.words(row.answer_id, row.text, row.start) if may_see else ""
    return PassageShown(row.id, said.public_number, row.language, text)
