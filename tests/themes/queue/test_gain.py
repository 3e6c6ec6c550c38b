"""How often the machine is right, worked out from looks of two kinds, and when to stop."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.core.access import System
from app.themes.deciding import move, undo
from app.themes.models import AnalysisRun, Placement, Theme, ThemeEvent
from app.themes.queue import queries
from app.themes.queue.drawing import Draw
from app.themes.queue.gain import consistency_of, estimate_of, gain_of, history_of
from app.themes.queue.looks import Answer, answer

People = Callable[..., User]
Find = Callable[[str], Theme]


def look(
    session: Session, actor: User, run: AnalysisRun, row: Placement, now: Any, **how: Any
) -> None:
    """Give a look: right, unless told to put it elsewhere."""
    is_right = how.pop("is_right", True)
    said = None if is_right else Answer("off_topic")
    answer(session, actor, run, row.passage_id, said, now=now, **how)


def test_without_looks_drawn_by_chance_nothing_is_said(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    assert estimate_of(session, run).machine is None
    for row in session.query(Placement).order_by(Placement.worth.desc()).limit(10).all():
        look(session, nadia, run, row, now, is_right=False)

    estimate = estimate_of(session, run)

    assert estimate.machine is None
    assert (estimate.n_known, estimate.n_sample) == (10, 0)
    gain = gain_of(session, run)
    assert gain.going_on.reason == "too_few_checks"
    assert (gain.n_looks, gain.n_changed) == (10, 10)


def test_looks_chosen_for_their_worth_do_not_colour_what_nobody_looks_at(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    rows = session.query(Placement).order_by(Placement.worth.desc()).all()
    for row in rows[:20]:
        look(session, nadia, run, row, now, is_right=False)
    for number in list(session.scalars(queries.by_chance(run, nadia.id).limit(20))):
        answer(session, nadia, run, number, None, draw=Draw.CHANCE, is_blind=True, now=now)

    estimate = estimate_of(session, run)

    # Twenty are known to be wrong; the twenty drawn by chance, all right, speak for the others.
    assert estimate.n_all == len(rows)
    expected = (len(rows) - 20) / len(rows)
    assert abs(estimate.machine - expected) < 0.04
    assert estimate.low < estimate.machine <= estimate.high
    assert estimate.now > 0.95


def test_chance_above_the_worth_that_was_reached_is_known_and_no_sample(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    rows = session.query(Placement).order_by(Placement.worth.desc()).all()
    look(session, nadia, run, rows[0], now, draw=Draw.CHANCE, is_right=False)
    for row in rows[1:10]:
        look(session, nadia, run, row, now)
    look(session, nadia, run, rows[40], now, draw=Draw.CHANCE)

    estimate = estimate_of(session, run)

    assert (estimate.n_known, estimate.n_sample) == (10, 1)


def test_when_everything_was_looked_at_the_accuracy_is_what_was_counted(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    rows = session.query(Placement).order_by(Placement.worth.desc()).all()
    for number, row in enumerate(rows):
        look(session, nadia, run, row, now, is_right=number % 5 > 0)

    gain = gain_of(session, run)

    right = sum(number % 5 > 0 for number in range(len(rows))) / len(rows)
    assert gain.estimate.machine == gain.estimate.low == gain.estimate.high == round(right, 4)
    assert gain.estimate.now == 1.0
    assert (gain.going_on.reason, gain.n_left) == ("all_checked", 0)
    assert not gain.going_on.is_worth


def test_the_interval_holds_the_truth_as_often_as_it_says(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    """A truth drawn anew each time, by margin; the queue looks at some and estimates the share."""
    from collections import Counter

    from app.themes.queue.gain import _estimated, _Look

    rows = [(row.margin, row.worth, row.passage_id) for row in session.query(Placement)]
    chance = list(session.scalars(queries.by_chance(run, None)))
    held = 0
    for seed in range(60):
        random = Random(seed)
        random.shuffle(chance)
        truth = {number: random.random() < 0.4 + 0.55 * margin for margin, _worth, number in rows}
        facts = {number: (str(queries.band_of(margin)), worth) for margin, worth, number in rows}
        ranked = sorted(facts, key=lambda number: -facts[number][1])[:15]
        drawn = [number for number in chance if number not in ranked][:18]
        looks = [
            _Look(now, draw, facts[number][0], truth[number], facts[number][1])
            for draw, numbers in (("worth", ranked), ("chance", drawn))
            for number in numbers
        ]
        left = Counter(facts[n][0] for n in facts if n not in {*ranked, *drawn})
        estimate = _estimated(looks, left, 0)
        share = sum(truth.values()) / len(truth)
        held += estimate.low <= share <= estimate.high

    assert held >= 53


def test_what_was_decided_elsewhere_says_nothing_of_the_machine(
    session: Session, run: AnalysisRun, person: People, theme_called: Find, now: Any
) -> None:
    nadia = person()
    ids = [row.passage_id for row in session.query(Placement).limit(20)]
    move(session, System(), theme_called("Soins"), ids, now=now)
    row = session.query(Placement).filter_by(decided_id=None).order_by(Placement.worth).first()
    look(session, nadia, run, row, now, draw=Draw.CHANCE)

    estimate = estimate_of(session, run)

    assert estimate.n_all == session.query(Placement).count() - 20
    assert estimate.now > estimate.machine


def test_a_look_taken_back_leaves_the_estimate(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    row = session.query(Placement).order_by(Placement.worth).first()
    look(session, person(), run, row, now, draw=Draw.CHANCE)
    assert estimate_of(session, run).n_sample == 1

    undo(session, System(), session.query(ThemeEvent).filter_by(kind="confirm").one(), now=now)

    assert estimate_of(session, run).n_sample == 0


def test_the_curve_follows_the_looks_and_ends_at_the_estimate(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    for row in session.query(Placement).order_by(Placement.worth).limit(30).all():
        look(session, nadia, run, row, now, draw=Draw.CHANCE)

    points = history_of(session, run)

    assert 5 < len(points) <= 13
    assert points[-1].n_looks == 30
    assert points[-1].estimate == estimate_of(session, run)
    widths = [point.estimate.high - point.estimate.low for point in points]
    assert widths[-1] < widths[0]


def test_enough_looks_by_chance_end_the_queue(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia = person()
    rows = session.query(Placement).order_by(Placement.worth).all()
    for row in rows[:-6]:
        look(session, nadia, run, row, now, draw=Draw.CHANCE)

    going_on = gain_of(session, run).going_on

    assert going_on.reason in {"precise_enough", "keep_going"}
    assert going_on.half_width < 0.1


def test_consistency_counts_repeats_alone(
    session: Session, run: AnalysisRun, person: People, now: Any
) -> None:
    nadia, omar = person("Nadia"), person("Omar")
    rows = session.query(Placement).limit(4).all()
    for row in rows:
        look(session, nadia, run, row, now)
    before = estimate_of(session, run)
    for number, row in enumerate(rows):
        said = Answer("off_topic") if number == 0 else Answer("in_theme", row.theme_id)
        answer(session, omar, run, row.passage_id, said, draw=Draw.REPEAT, now=now)

    found = consistency_of(session, run)

    assert (found.n_repeats, found.n_same) == (4, 3)
    assert 0.2 < found.low < 0.75 < found.high < 1
    assert estimate_of(session, run) == before


def test_without_repeats_nothing_is_said_of_consistency(session: Session, run: AnalysisRun) -> None:
    assert consistency_of(session, run).low is None
