"""A look and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.access import Role, System
from app.core.audit import AppendOnlyError
from app.core.errors import ForbiddenError
from app.themes import errors
from app.themes.deciding import merge
from app.themes.ledger.recording import newest_event_id
from app.themes.ledger.settling import compare
from app.themes.models import AnalysisRun, Placement, ReviewLook, Theme, ThemeEvent
from app.themes.queue import queries
from app.themes.queue.drawing import Draw
from app.themes.queue.looks import Answer, answer, settle_repeat, take_back

People = Callable[..., User]
Find = Callable[[str], Theme]


@pytest.fixture
def road(session: Session, run: AnalysisRun, theme_called: Find) -> Placement:
    """A passage that the machine put under roads."""
    theme = theme_called("Routes et pistes")
    return session.query(Placement).filter_by(run_id=run.id, theme_id=theme.id).first()


def test_a_confirmation_is_a_look_and_a_decision(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    given = answer(session, person(), run, road.passage_id, None, now=now)

    assert given.look.is_same
    assert given.event.kind == "confirm"
    assert given.look.event_id == given.event.id == road.decided_id
    assert not compare(session, run.consultation_id)


def test_another_theme_moves_the_passage_and_the_look_says_what_the_machine_said(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    school = theme_called("École")
    guess = road.theme_id

    given = answer(session, person(), run, road.passage_id, Answer("in_theme", school.id), now=now)

    assert not given.look.is_same
    assert (given.look.guess_theme_id, given.look.chosen_theme_id) == (guess, school.id)
    assert road.theme_id == school.id
    assert given.event.kind == "move"


@pytest.mark.parametrize("state", ["off_topic", "unreadable", "to_arbitrate", "excluded"])
def test_a_passage_of_no_theme_is_set_aside(
    session: Session, run: AnalysisRun, road: Placement, person: People, state: str, now: Any
) -> None:
    given = answer(session, person(), run, road.passage_id, Answer(state, None, "Insults"), now=now)

    assert road.state == given.look.chosen_state == state
    assert given.event.kind == "set_aside"


def test_an_exclusion_without_a_reason_is_refused_and_leaves_no_look(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    with pytest.raises(errors.ReasonMissingError):
        answer(session, person(), run, road.passage_id, Answer("excluded"), now=now)

    assert session.query(ReviewLook).count() == 0


@pytest.mark.parametrize("state", ["copy", "nonsense", "in_theme"])
def test_what_makes_no_sense_is_refused(
    session: Session, run: AnalysisRun, road: Placement, person: People, state: str, now: Any
) -> None:
    with pytest.raises(errors.MixedStatesError):
        answer(session, person(), run, road.passage_id, Answer(state), now=now)


def test_a_second_click_is_harmless(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    nadia = person()
    first = answer(session, nadia, run, road.passage_id, None, now=now)
    said = Answer("in_theme", theme_called("École").id)

    second = answer(session, nadia, run, road.passage_id, said, now=now)

    assert second.look is first.look
    assert not second.is_new
    assert session.query(ReviewLook).count() == 1
    assert session.query(ThemeEvent).filter_by(actor_id=nadia.id).count() == 1


def test_a_merge_is_taken_into_account(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    school = theme_called("École")
    merge(session, System(), theme_called("Routes et pistes"), school, now=now)

    given = answer(session, person(), run, road.passage_id, Answer("in_theme", school.id), now=now)

    assert given.look.is_same


def test_two_people_who_get_the_same_passage_break_nothing(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    nadia, omar = person("Nadia"), person("Omar")
    seen = newest_event_id(session, run.consultation_id)
    answer(session, nadia, run, road.passage_id, None, seen=seen, now=now)
    said = Answer("in_theme", theme_called("École").id)

    with pytest.raises(errors.PassagesChangedError):
        answer(session, omar, run, road.passage_id, said, seen=seen, now=now)

    assert road.theme_id != said.theme_id
    assert session.query(ReviewLook).count() == 1


def test_a_repeat_decides_nothing_and_a_differing_one_is_to_settle(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    nadia, omar = person("Nadia"), person("Omar")
    school = theme_called("École")
    decision = answer(session, nadia, run, road.passage_id, None, now=now).event
    theme_id = road.theme_id

    said = Answer("in_theme", school.id)
    look = answer(
        session, omar, run, road.passage_id, said, draw=Draw.REPEAT, is_blind=True, now=now
    ).look

    assert (road.theme_id, road.decided_id) == (theme_id, decision.id)
    assert (look.kind, look.is_same, look.event_id) == ("repeat", False, decision.id)
    [(listed, _placement)] = session.execute(queries.differing_repeats(run.id)).all()
    assert listed is look
    settle_repeat(session, nadia, look, is_kept=False, now=now)
    assert road.theme_id == school.id
    assert not session.execute(queries.differing_repeats(run.id)).all()
    settle_repeat(session, nadia, look, is_kept=True, now=now)
    assert session.query(ThemeEvent).filter_by(run_id=None).count() == 2


def test_keeping_the_decision_settles_too(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    nadia = person()
    answer(session, nadia, run, road.passage_id, None, now=now)
    said = Answer("in_theme", theme_called("École").id)
    look = answer(
        session, person("Omar"), run, road.passage_id, said, draw=Draw.REPEAT, now=now
    ).look
    theme_id = road.theme_id

    settle_repeat(session, nadia, look, is_kept=True, now=now)

    assert road.theme_id == theme_id
    assert not session.execute(queries.differing_repeats(run.id)).all()


def test_a_look_taken_back_counts_no_more_and_may_be_given_again(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    nadia = person()
    theme_id = road.theme_id
    said = Answer("in_theme", theme_called("École").id)
    look = answer(session, nadia, run, road.passage_id, said, now=now).look

    take_back(session, nadia, look, now=now)

    assert (road.theme_id, road.decided_id) == (theme_id, None)
    assert not queries.standing_looks(session, run)
    again = answer(session, nadia, run, road.passage_id, None, now=now)
    assert again.look is look
    assert road.decided_id == again.event.id
    with pytest.raises(errors.EventUndoneError):
        take_back(session, nadia, look, now=now)


def test_nobody_takes_back_what_another_said(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    look = answer(session, person("Nadia"), run, road.passage_id, None, now=now).look

    with pytest.raises(errors.EventUndoneError):
        take_back(session, person("Omar"), look, now=now)


def test_looks_are_never_changed(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    look = answer(session, person(), run, road.passage_id, None, now=now).look
    look.is_same = False

    with pytest.raises(AppendOnlyError):
        session.flush()
    session.rollback()


def test_only_those_who_decide_give_looks(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    with pytest.raises(ForbiddenError):
        answer(session, person("Reader", Role.OBSERVER), run, road.passage_id, None, now=now)


def test_a_theme_of_elsewhere_is_refused(
    session: Session, run: AnalysisRun, road: Placement, person: People, now: Any
) -> None:
    with pytest.raises(errors.NoPassageError):
        answer(session, person(), run, road.passage_id, Answer("in_theme", 10**6), now=now)
    with pytest.raises(errors.NoPassageError):
        answer(session, person(), run, 10**6, None, now=now)


def test_a_passage_that_waits_is_moved_to_the_theme_suggested(
    session: Session,
    run: AnalysisRun,
    road: Placement,
    person: People,
    theme_called: Find,
    now: Any,
) -> None:
    school = theme_called("École")
    road.state, road.found_state = "to_arbitrate", "to_arbitrate"
    road.theme_id = road.found_theme_id = school.id
    session.flush()

    given = answer(session, person(), run, road.passage_id, None, now=now)

    assert (road.state, road.theme_id) == ("in_theme", school.id)
    assert given.look.stratum == "worth:waiting"
