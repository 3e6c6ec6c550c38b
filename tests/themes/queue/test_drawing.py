"""Which passage comes next, for whom, and what comes back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.themes.deciding import confirm
from app.themes.models import AnalysisRun, Placement, ReviewLook
from app.themes.queue import drawing, queries
from app.themes.queue.chance import owner_of
from app.themes.queue.drawing import Draw, draw, turn_of
from app.themes.queue.looks import Answer, answer

People = Callable[..., User]


def only(kind: Draw) -> Callable[..., Draw]:
    """Return a turn that is always the same."""
    return lambda *_of: kind


def test_one_turn_in_six_is_chance_and_one_in_twelve_a_repeat() -> None:
    turns = Counter(turn_of(1, 7, number) for number in range(6000))

    assert abs(turns[Draw.CHANCE] - 1000) < 120
    assert abs(turns[Draw.REPEAT] - 500) < 90


def test_the_most_worth_comes_first_and_is_there_until_it_is_answered(
    session: Session, run: AnalysisRun, person: People, monkeypatch: Any, now: Any
) -> None:
    monkeypatch.setattr(drawing, "turn_of", only(Draw.WORTH))
    nadia = person()
    [first] = session.query(Placement).order_by(Placement.worth.desc()).limit(1)

    shown = [draw(session, nadia, run, now=now) for _again in range(2)]
    assert shown[0] is not None
    assert shown[0] == shown[1]
    assert shown[0].passage_id == first.passage_id
    answer(session, nadia, run, first.passage_id, None, now=now)
    following = draw(session, nadia, run, now=now)

    assert following is not None
    assert following.passage_id != first.passage_id


def test_people_at_work_together_are_given_different_passages(
    session: Session, run: AnalysisRun, person: People, monkeypatch: Any, now: Any
) -> None:
    monkeypatch.setattr(drawing, "turn_of", only(Draw.WORTH))
    people = [person(name) for name in ("Nadia", "Omar", "Salma")]
    for one in people:
        drawn = draw(session, one, run, now=now)
        assert drawn is not None
        answer(session, one, run, drawn.passage_id, None, now=now)

    for _round in range(5):
        shown = [draw(session, one, run, now=now) for one in people]
        numbers = [drawn.passage_id for drawn in shown if drawn]
        assert len(set(numbers)) == 3
        for one, number in zip(people, numbers, strict=True):
            answer(session, one, run, number, None, now=now)

    assert session.query(ReviewLook).count() == 18


def test_whoever_works_alone_sees_everything(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    seen = []
    while (drawn := draw(session, nadia, run, now=now)) is not None:
        seen.append(drawn.passage_id)
        answer(session, nadia, run, drawn.passage_id, None, draw=drawn.draw, now=now)

    assert sorted(seen) == sorted({row.passage_id for row in session.query(Placement)})


def test_a_passage_left_for_later_comes_again_at_the_end(
    session: Session, run: AnalysisRun, person: People, monkeypatch: Any, now: Any
) -> None:
    monkeypatch.setattr(drawing, "turn_of", only(Draw.WORTH))
    nadia = person()
    numbers = [row.passage_id for row in session.query(Placement)]

    shown = draw(session, nadia, run, skipped=numbers[1:], now=now)
    assert shown is not None
    assert shown.passage_id == numbers[0]
    everything = draw(session, nadia, run, skipped=numbers, now=now)

    assert everything is not None


def test_what_was_decided_by_another_comes_back_and_one_s_own_only_after_an_hour(
    session: Session, run: AnalysisRun, person: People, monkeypatch: Any, now: Any
) -> None:
    monkeypatch.setattr(drawing, "turn_of", only(Draw.REPEAT))
    nadia, omar = person("Nadia"), person("Omar")
    [number] = [row.passage_id for row in session.query(Placement).limit(1)]
    confirm(session, nadia, run.consultation_id, [number], now=now)

    own = draw(session, nadia, run, now=now)
    others = draw(session, omar, run, now=now)
    later = draw(session, nadia, run, now=now + timedelta(hours=1))

    assert own is not None
    assert own.draw is not Draw.REPEAT
    assert own.passage_id != number
    assert (others.passage_id, others.draw) == (number, Draw.REPEAT)
    assert (later.passage_id, later.draw) == (number, Draw.REPEAT)


def test_a_passage_comes_back_once_only(
    session: Session, run: AnalysisRun, person: People, monkeypatch: Any, now: Any
) -> None:
    monkeypatch.setattr(drawing, "turn_of", only(Draw.REPEAT))
    nadia, omar, salma = person("Nadia"), person("Omar"), person("Salma")
    row = session.query(Placement).first()
    confirm(session, nadia, run.consultation_id, [row.passage_id], now=now)
    said = Answer("in_theme", row.theme_id)
    answer(session, omar, run, row.passage_id, said, draw=Draw.REPEAT, now=now)

    assert draw(session, salma, run, now=now).draw is not Draw.REPEAT


def test_the_draw_by_chance_does_not_follow_worth_nor_order(
    session: Session, run: AnalysisRun, person: People
) -> None:
    numbers = list(session.scalars(queries.by_chance(run, person().id)))

    assert sorted(numbers) == [row.passage_id for row in session.query(Placement)]
    half = len(numbers) // 2
    first = [row.margin for row in session.query(Placement) if row.passage_id in numbers[:half]]
    assert numbers != sorted(numbers)
    assert 0.3 < sum(first) / half < 0.6


def test_each_passage_falls_to_one_person_and_evenly() -> None:
    people = {3, 5, 9}
    owners = Counter(owner_of(number, people) for number in range(3000))

    assert set(owners) == people
    assert min(owners.values()) > 850
    assert owner_of(1, set()) is None
