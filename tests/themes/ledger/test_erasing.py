"""What was decided on a campaign's text holds for the copy that stands for it once it is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import System
from app.submissions.afterwards.applying import forget_answers
from app.submissions.models import Answer
from app.themes import deciding
from app.themes.ledger.settling import compare
from app.themes.models import Passage, Placement

ANALYST = System("analyst")


def test_a_copy_inherits_the_decision_on_the_text_that_is_erased(
    session: Session, consultation: Any, analysed: Any, theme_called: Any, now: datetime
) -> None:
    run = analysed(consultation)
    copy = session.scalars(
        select(Placement).where(Placement.run_id == run.id, Placement.copy_of_id.is_not(None))
    ).one()
    first_id, heir_id = copy.copy_of_id, copy.passage_id
    school = theme_called("École")
    deciding.move(session, ANALYST, school, [first_id], now=now)
    session.commit()

    first = session.get_one(Passage, first_id)
    forget_answers(session, [session.get_one(Answer, first.answer_id)])
    session.commit()

    heir = session.scalars(
        select(Placement).where(Placement.run_id == run.id, Placement.passage_id == heir_id)
    ).one()
    assert (heir.state, heir.theme_id, heir.copy_of_id) == ("in_theme", school.id, None)
    assert not compare(session, consultation.id)
    again = analysed(consultation)
    moved = session.scalars(
        select(Placement).where(Placement.run_id == again.id, Placement.passage_id == heir_id)
    ).one()
    assert (moved.state, moved.theme_id) == ("in_theme", school.id)


def test_a_decision_on_a_copy_is_one_on_the_text_it_copies(
    session: Session, consultation: Any, analysed: Any, theme_called: Any, now: datetime
) -> None:
    run = analysed(consultation)
    copy = session.scalars(
        select(Placement).where(Placement.run_id == run.id, Placement.copy_of_id.is_not(None))
    ).one()
    source_id, copy_id = copy.copy_of_id, copy.passage_id

    deciding.set_aside(
        session,
        ANALYST,
        consultation.id,
        [copy_id],
        state="excluded",
        reason="Not asked",
        now=now,
    )
    session.commit()

    rows = session.scalars(
        select(Placement).where(
            Placement.run_id == run.id, Placement.passage_id.in_([source_id, copy_id])
        )
    ).all()
    assert [row.state for row in rows] == ["excluded", "excluded"]
    again = analysed(consultation)
    states = session.scalars(
        select(Placement.state).where(
            Placement.run_id == again.id, Placement.passage_id.in_([source_id, copy_id])
        )
    ).all()
    assert states == ["excluded", "excluded"]
    assert not compare(session, consultation.id)
