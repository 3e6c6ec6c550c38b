"""Decisions one by one: what each does, what it refuses, and what taking it back leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.errors import ForbiddenError
from app.themes import deciding, errors
from app.themes.deciding.on_themes import Part
from app.themes.ledger.recording import newest_event_id
from app.themes.ledger.settling import compare
from app.themes.models import AnalysisRun, Placement, Proposal, Theme, ThemeEvent
from tests.factories import UserFactory, grant, submission
from tests.themes.fake import FakeEngine

Find = Callable[[str], Theme]
ANALYST = System("analyst")


@pytest.fixture
def run(consultation: Any, analysed: Any) -> AnalysisRun:
    """A finished analysis."""
    return analysed(consultation)


@pytest.fixture
def road(run: AnalysisRun, theme_called: Find) -> Theme:
    """Four passages of three people, and a copy."""
    return theme_called("Routes et pistes")


@pytest.fixture
def school(run: AnalysisRun, theme_called: Find) -> Theme:
    """Two passages of two people."""
    return theme_called("École")


def passages(session: Session, run: AnalysisRun, theme: Theme | None, state: str) -> list[int]:
    """Return the passages of a run in a theme and state."""
    rows = select(Placement.passage_id).where(Placement.run_id == run.id, Placement.state == state)
    if theme is not None:
        rows = rows.where(Placement.theme_id == theme.id)
    return list(session.scalars(rows.order_by(Placement.passage_id)))


def where(session: Session, run: AnalysisRun, passage_id: int) -> tuple[str, int | None]:
    """Return where a passage is."""
    row = session.execute(
        select(Placement.state, Placement.theme_id).where(
            Placement.run_id == run.id, Placement.passage_id == passage_id
        )
    ).one()
    return row.state, row.theme_id


def test_a_move_undone_and_done_again(
    session: Session, run: AnalysisRun, road: Theme, school: Theme, now: datetime
) -> None:
    passage = passages(session, run, road, "in_theme")[0]
    event = deciding.move(session, ANALYST, school, [passage], now=now)
    moved = where(session, run, passage)

    undone = deciding.undo(session, ANALYST, event, now=now)
    back = where(session, run, passage)
    deciding.undo(session, ANALYST, undone, now=now)

    assert moved == ("in_theme", school.id)
    assert back == ("in_theme", road.id)
    assert where(session, run, passage) == ("in_theme", school.id)


def test_a_decision_is_taken_back_once(
    session: Session, run: AnalysisRun, road: Theme, now: datetime
) -> None:
    event = deciding.rename(session, ANALYST, road, name_fr="Pistes", name_ar="مسالك", now=now)
    deciding.undo(session, ANALYST, event, now=now)

    with pytest.raises(errors.EventUndoneError):
        deciding.undo(session, ANALYST, event, now=now)

    assert road.name["fr"] == "Routes et pistes"
    assert not road.is_named_by_hand


def test_what_later_decisions_build_on_is_not_taken_back_first(
    session: Session, run: AnalysisRun, road: Theme, now: datetime
) -> None:
    ids = passages(session, run, road, "in_theme")[:2]
    [part] = deciding.split(session, ANALYST, road, [Part("Ponts", "قناطر", ids)], now=now)
    made = session.get_one(ThemeEvent, part.last_event_id)
    later = deciding.rename(session, ANALYST, part, name_fr="Gués", name_ar="معابر", now=now)

    with pytest.raises(errors.UndoBlockedError) as refusal:
        deciding.undo(session, ANALYST, made, now=now)
    session.rollback()

    assert refusal.value.values["event_id"] == later.id


def test_a_split_taken_back_gives_the_passages_back_and_frees_the_name(
    session: Session, run: AnalysisRun, road: Theme, now: datetime
) -> None:
    ids = passages(session, run, road, "in_theme")[:2]
    [part] = deciding.split(session, ANALYST, road, [Part("Ponts", "قناطر", ids)], now=now)
    made = session.get_one(ThemeEvent, part.last_event_id)

    deciding.undo(session, ANALYST, made, now=now)

    assert part.state == "ended"
    assert {where(session, run, number) for number in ids} == {("in_theme", road.id)}
    deciding.rename(session, ANALYST, road, name_fr="Ponts", name_ar="قناطر", now=now)
    with pytest.raises(errors.NameTakenError):
        deciding.undo(session, ANALYST, session.scalars(_undo_of(made)).one(), now=now)


def _undo_of(event: ThemeEvent) -> Any:
    """Select what takes an event back."""
    return select(ThemeEvent).where(ThemeEvent.undoes_id == event.id)


def test_a_merge_undone_after_a_new_run_brings_the_old_passages_back(
    session: Session,
    consultation: Any,
    analysed: Any,
    run: AnalysisRun,
    road: Theme,
    school: Theme,
    now: datetime,
) -> None:
    ids = passages(session, run, school, "in_theme")
    event = deciding.merge(session, ANALYST, school, road, now=now)
    submission(consultation, "school: yet another teacher.", region_code="01")
    session.commit()
    again = analysed(consultation)

    deciding.undo(session, ANALYST, event, now=now)

    assert {where(session, again, number) for number in ids} == {("in_theme", school.id)}
    assert school.state == "active"
    assert not compare(session, consultation.id)


def test_who_has_not_seen_the_last_decision_does_not_write_over_it(
    session: Session, road: Theme, now: datetime
) -> None:
    seen = road.last_event_id
    deciding.rename(
        session, System("Amina"), road, name_fr="Pistes", name_ar="مسالك", seen=seen, now=now
    )

    with pytest.raises(errors.ThemeChangedError) as refusal:
        deciding.exclude(session, ANALYST, road, reason="No", seen=seen, now=now)

    assert refusal.value.values["who"] == "Amina"
    assert road.state == "active"


def test_passages_decided_by_another_since_are_not_moved_unseen(
    session: Session, consultation: Any, run: AnalysisRun, road: Theme, school: Theme, now: Any
) -> None:
    amina, brahim = UserFactory(), UserFactory()
    for user in (amina, brahim):
        grant(user, Role.ANALYST)
    session.commit()
    seen = newest_event_id(session, consultation.id)
    one, two, *_ = passages(session, run, road, "in_theme")
    deciding.confirm(session, amina, consultation.id, [one], seen=seen, now=now)

    with pytest.raises(errors.PassagesChangedError):
        deciding.move(session, brahim, school, [one, two], seen=seen, now=now)
    deciding.move(session, amina, school, [one], seen=seen, now=now)
    deciding.move(session, brahim, school, [two], seen=seen, now=now)

    assert where(session, run, one) == where(session, run, two) == ("in_theme", school.id)


def test_observers_decide_nothing(
    session: Session, consultation: Any, run: AnalysisRun, road: Theme, now: datetime
) -> None:
    observer = UserFactory()
    grant(observer, Role.OBSERVER)
    session.commit()
    passage = passages(session, run, road, "in_theme")[0]

    with pytest.raises(ForbiddenError):
        deciding.confirm(session, observer, consultation.id, [passage], now=now)
    with pytest.raises(ForbiddenError):
        deciding.validate(session, observer, road, now=now)


def test_a_suggestion_is_confirmed_and_what_has_none_is_not(
    session: Session, consultation: Any, run: AnalysisRun, road: Theme, now: datetime
) -> None:
    [doubtful] = passages(session, run, None, "to_arbitrate")

    with pytest.raises(errors.NoSuggestionError):
        deciding.confirm(session, ANALYST, consultation.id, [doubtful], now=now)
    session.execute(
        Placement.__table__.update()
        .where(Placement.passage_id == doubtful)
        .values(found_theme_id=road.id, theme_id=road.id)
    )
    deciding.confirm(session, ANALYST, consultation.id, [doubtful], now=now)

    assert where(session, run, doubtful) == ("in_theme", road.id)


def test_an_exclusion_of_a_theme_takes_moved_passages_and_copies_with_it(
    session: Session, consultation: Any, run: AnalysisRun, road: Theme, school: Theme, now: Any
) -> None:
    moved = passages(session, run, school, "in_theme")[0]
    deciding.move(session, ANALYST, road, [moved], now=now)

    event = deciding.exclude(session, ANALYST, road, reason="Elsewhere", now=now)

    assert len(passages(session, run, road, "excluded")) == 6
    deciding.undo(session, ANALYST, event, now=now)
    assert where(session, run, moved) == ("in_theme", road.id)
    assert len(passages(session, run, road, "copy")) == 1


def test_parents_never_form_a_circle(
    session: Session, road: Theme, school: Theme, now: datetime
) -> None:
    deciding.attach(session, ANALYST, school, to={"parent_id": road.id}, now=now)

    for target in (road.id, school.id, 9999):
        with pytest.raises(errors.AttachmentError):
            deciding.attach(session, ANALYST, road, to={"parent_id": target}, now=now)


def test_a_description_that_says_nothing_new_is_no_event(
    session: Session, road: Theme, now: Any
) -> None:
    texts = {"definition": {"fr": "Voies et ponts", "ar": "الطرق والقناطر"}}
    first = deciding.describe(session, ANALYST, road, texts=texts, now=now)

    assert first is not None
    assert deciding.describe(session, ANALYST, road, texts=texts, now=now) is None
    with pytest.raises(errors.TextTooLongError):
        deciding.describe(session, ANALYST, road, texts={"inclusion": {"fr": "x" * 5000}}, now=now)
    deciding.undo(session, ANALYST, first, now=now)
    assert dict(road.definition) == {}


def test_a_split_takes_only_passages_of_the_theme(
    session: Session, run: AnalysisRun, road: Theme, school: Theme, now: datetime
) -> None:
    own = passages(session, run, road, "in_theme")
    other = passages(session, run, school, "in_theme")

    for ids in ([], other, [*own[:1], *other[:1]]):
        with pytest.raises(errors.SplitError):
            deciding.split(session, ANALYST, road, [Part("Ponts", "قناطر", ids)], now=now)
    parts = [Part("Ponts", "قناطر", own[:2]), Part("Gués", "معابر", own[1:3])]
    with pytest.raises(errors.SplitError):
        deciding.split(session, ANALYST, road, parts, now=now)


@pytest.fixture
def settled(
    session: Session, consultation: Any, run: AnalysisRun, road: Theme, analysed: Any, now: datetime
) -> AnalysisRun:
    """A second analysis, after a decision, which finds a theme more."""
    deciding.validate(session, ANALYST, road, now=now)
    for number in range(4):
        submission(consultation, f"work: no job for {number} of us.", region_code="08")
    session.commit()
    return analysed(consultation)


def test_a_new_theme_is_a_proposal_once_people_have_decided(
    session: Session, settled: AnalysisRun, theme_called: Find, now: datetime
) -> None:
    work = theme_called("Travail")
    proposal = session.scalars(select(Proposal)).one()
    waiting = passages(session, settled, work, "to_arbitrate")

    deciding.accept(session, ANALYST, proposal, name_fr="Emploi", name_ar="التشغيل", now=now)

    assert proposal.kind == "new"
    assert len(waiting) == 4
    assert passages(session, settled, work, "in_theme") == waiting
    assert (work.state, work.name["fr"]) == ("active", "Emploi")
    with pytest.raises(errors.ProposalClosedError):
        deciding.refuse(session, ANALYST, proposal, now=now)


def test_what_was_refused_is_not_proposed_again(
    session: Session,
    consultation: Any,
    settled: AnalysisRun,
    analysed: Any,
    theme_called: Find,
    now: datetime,
) -> None:
    work = theme_called("Travail")
    proposal = session.scalars(select(Proposal)).one()
    event = deciding.refuse(session, ANALYST, proposal, reason="Too thin", now=now)
    submission(consultation, "work: still none.", region_code="04")
    session.commit()

    again = analysed(consultation)

    assert work.state == "refused"
    assert [p.state for p in session.scalars(select(Proposal))] == ["refused"]
    assert passages(session, again, work, "in_theme") == []
    deciding.undo(session, ANALYST, event, now=now)
    assert (work.state, proposal.state) == ("proposed", "open")
    assert not compare(session, consultation.id)


def test_decisions_hold_when_a_run_cuts_the_texts_otherwise(
    session: Session,
    consultation: Any,
    run: AnalysisRun,
    road: Theme,
    school: Theme,
    fake: FakeEngine,
    analysed: Any,
    now: datetime,
) -> None:
    moved = passages(session, run, road, "in_theme")[0]
    deciding.move(session, ANALYST, school, [moved], now=now)
    session.commit()
    fake.shorten = 2

    again = analysed(consultation)

    row = session.scalars(
        select(Placement).where(Placement.run_id == again.id, Placement.decided_id.is_not(None))
    ).one()
    assert row.passage_id != moved
    assert (row.state, row.theme_id) == ("in_theme", school.id)
    assert session.get_one(ThemeEvent, row.decided_id).kind == "carry"
    assert not compare(session, consultation.id)
