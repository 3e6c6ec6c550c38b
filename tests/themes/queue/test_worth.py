"""What a human look is worth, and why it is said to be."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from app.themes.models import AnalysisRun, Placement
from app.themes.queue.worth import REPRESENTED
from tests.factories import ConsultationFactory, submission


def test_every_run_says_what_a_look_at_each_passage_is_worth(
    session: Session, analysed: Any
) -> None:
    consultation = ConsultationFactory()
    for number in range(6):
        submission(consultation, f"road: number {number}.", region_code="06")
    submission(consultation, "road: الطريق بعيدة. ?: who knows.", region_code="12")
    for _copy in range(20):
        submission(consultation, "school: dup for everyone.", region_code="06")
    session.commit()

    run = analysed(consultation)

    rows = session.query(Placement).filter_by(run_id=run.id).all()
    worth = {row.passage.text: row.worth for row in rows if row.copy_of_id is None}
    plain = worth["road: number 0."]
    assert all(0 <= value <= 1 for value in worth.values())
    assert worth["?: who knows."] > plain
    assert worth["school: dup for everyone."] > plain
    assert worth["road: الطريق بعيدة."] > plain
    assert all(row.worth is None for row in rows if row.copy_of_id is not None)
    assert run.carried[REPRESENTED]["language"]["ar"] < 0.5


def test_what_is_worked_out_does_not_touch_what_was_found(
    session: Session, run: AnalysisRun
) -> None:
    from app.themes.enriching import enrich

    def facts() -> list[Any]:
        columns = (Placement.state, Placement.theme_id, Placement.margin, Placement.found_state)
        return session.query(*columns).filter_by(run_id=run.id).order_by(Placement.id).all()

    before = facts()
    enrich(session, run)

    assert facts() == before
