"""Masked words cannot be searched for, from the moment they are masked."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.submissions.models import Answer, Redaction
from app.themes.models import Passage


def test_words_are_searchable_until_they_are_masked_and_again_when_the_mask_is_lifted(
    session: Session, consultation: Any, analysed: Any, now: datetime
) -> None:
    analysed(consultation)
    answer = session.scalars(select(Answer).where(Answer.text.contains("no teacher"))).one()
    start = (answer.text or "").index("teacher")
    found = select(Passage.folded).where(Passage.folded.contains("teacher"))

    before = session.scalars(found).all()
    mask = Redaction(
        answer_id=answer.id, start=start, end=start + 7, kind="name", source="staff", created_at=now
    )
    session.add(mask)
    session.commit()
    masked = session.scalars(found).all()
    mask.is_lifted = True
    session.commit()

    assert before == ["school: no teacher."]
    assert masked == []
    assert session.scalars(found).all() == before
