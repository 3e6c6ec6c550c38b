"""Rounds: who codes what, in which order, and what is measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.errors import ForbiddenError, NotFoundError
from app.themes import errors
from app.themes.deciding import exclude, merge, move
from app.themes.ledger.settling import compare
from app.themes.models import Coding, CodingItem, CodingRound, Placement, Theme, ThemeEvent
from app.themes.reliability.applying import apply_round
from app.themes.reliability.coding import Coders, Part, code, open_round, progress_of, task_of
from app.themes.reliability.measuring import close_round, measure
from app.themes.reliability.queries import newest_closed

Find = Callable[[str], Theme]


def as_machine(item: CodingItem) -> tuple[str, int | None]:
    """Say what the machine said."""
    return item.machine_state, item.machine_theme_id


def but(positions: set[int], code: tuple[str, int | None]) -> Callable[[CodingItem], Any]:
    """Say what the machine said, but for some items."""
    return lambda item: code if item.position in positions else as_machine(item)


def test_a_round_keeps_what_the_machine_said_whatever_people_decided(
    session: Session, consultation: Any, run: Any, coders: Any, theme_called: Find, now: Any
) -> None:
    school, road = theme_called("École"), theme_called("Routes et pistes")
    moved = session.query(Placement).filter_by(theme_id=road.id).first()
    number = moved.passage_id
    move(session, System(), school, [number], now=now)
    ids = [coders[part].id for part in Part]

    made = open_round(session, System(), consultation, Coders(*ids), size=40, seed=1, now=now)

    [item] = [item for item in made.items if item.passage_id == number]
    assert item.machine_theme_id == road.id
    assert sorted(item.position for item in made.items) == list(range(1, 41))


def test_themes_merged_or_left_out_are_not_what_the_machine_said(
    session: Session, consultation: Any, run: Any, coders: Any, theme_called: Find, now: Any
) -> None:
    school, road, care = (theme_called(n) for n in ("École", "Routes et pistes", "Soins"))
    merge(session, System(), road, school, now=now)
    exclude(session, System(), care, reason="Other ministry", now=now)
    ids = [coders[part].id for part in Part]

    made = open_round(session, System(), consultation, Coders(*ids), size=20, seed=1, now=now)

    assert {item.machine_theme_id for item in made.items} == {school.id}


@pytest.mark.parametrize("who", ["same", "third", "observer", "nobody"])
def test_coders_are_different_people_who_may_review(
    session: Session, consultation: Any, run: Any, coders: Any, person: Any, who: str, now: Any
) -> None:
    nadia, omar = coders[Part.FIRST].id, coders[Part.SECOND].id
    wrong = {
        "same": Coders(nadia, nadia),
        "third": Coders(nadia, omar, omar),
        "observer": Coders(nadia, person("Reader", Role.OBSERVER).id),
        "nobody": Coders(nadia, 0),
    }[who]

    with pytest.raises(errors.CodersError):
        open_round(session, System(), consultation, wrong, size=20, seed=1, now=now)


@pytest.mark.parametrize("size", [0, 19, 1001])
def test_a_sample_that_tells_nothing_is_refused(
    session: Session, consultation: Any, run: Any, coders: Any, size: int, now: Any
) -> None:
    ids = [coders[part].id for part in Part]

    with pytest.raises(errors.SampleTooSmallError):
        open_round(session, System(), consultation, Coders(*ids), size=size, seed=1, now=now)


def test_only_those_who_decide_draw_a_sample(
    session: Session, consultation: Any, run: Any, coders: Any, person: Any, now: Any
) -> None:
    ids = [coders[part].id for part in Part]

    reader = person("Reader", Role.OBSERVER)
    with pytest.raises(ForbiddenError):
        open_round(session, reader, consultation, Coders(*ids), size=20, seed=1, now=now)


def test_each_coder_has_an_order_of_their_own(drawn: CodingRound, codes: Any) -> None:
    first = codes(drawn, Part.FIRST, as_machine)
    second = codes(drawn, Part.SECOND, as_machine)

    assert sorted(first) == sorted(second)
    assert first != second


def test_the_third_person_waits_and_then_sees_only_disagreements(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, now: Any
) -> None:
    third = coders[Part.THIRD].id
    assert task_of(session, drawn, third).is_early
    codes(drawn, Part.FIRST, as_machine)
    assert task_of(session, drawn, third).is_early
    codes(drawn, Part.SECOND, but({3, 4, 5}, ("off_topic", None)))
    agreed = next(item for item in drawn.items if item.position == 1)
    with pytest.raises(NotFoundError):
        code(
            session,
            coders[Part.THIRD],
            drawn,
            agreed.id,
            state="off_topic",
            theme_id=None,
            now=now,
        )

    seen = codes(drawn, Part.THIRD, as_machine)

    assert sorted(seen) == sorted(i.passage_id for i in drawn.items if i.position in {3, 4, 5})
    assert progress_of(session, drawn).is_settled


def test_a_second_answer_changes_nothing_and_nobody_codes_for_another(
    session: Session, drawn: CodingRound, coders: Any, person: Any, now: Any
) -> None:
    item = drawn.items[0]
    nadia = coders[Part.FIRST]
    first = code(session, nadia, drawn, item.id, state="off_topic", theme_id=None, now=now)

    again = code(session, nadia, drawn, item.id, state="unreadable", theme_id=None, now=now)

    assert again is first
    assert session.query(Coding).one().state == "off_topic"
    with pytest.raises(NotFoundError):
        code(session, person("Hind"), drawn, item.id, state="off_topic", theme_id=None, now=now)
    with pytest.raises(NotFoundError):
        code(session, nadia, drawn, 10**6, state="off_topic", theme_id=None, now=now)


@pytest.mark.parametrize("state", ["copy", "excluded", "", "in_theme"])
def test_codes_that_make_no_sense_are_refused(
    session: Session, drawn: CodingRound, coders: Any, state: str, now: Any
) -> None:
    item = drawn.items[0]

    with pytest.raises(errors.CodeError):
        code(session, coders[Part.FIRST], drawn, item.id, state=state, theme_id=None, now=now)


def test_a_round_is_closed_once_both_are_done_and_then_nobody_codes(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, now: Any
) -> None:
    codes(drawn, Part.FIRST, as_machine)
    with pytest.raises(errors.RoundOpenError):
        close_round(session, System(), drawn, now=now)
    codes(drawn, Part.SECOND, but({1}, ("off_topic", None)))
    assert session.scalars(newest_closed(drawn.consultation_id)).first() is None

    close_round(session, System(), drawn, now=now)
    kept = dict(drawn.results)
    close_round(session, System(), drawn, now=now)

    assert drawn.closed_at == now
    assert drawn.results == kept
    assert session.scalars(newest_closed(drawn.consultation_id)).one() is drawn
    number, third = drawn.items[0].id, coders[Part.THIRD]
    with pytest.raises(errors.RoundClosedError):
        code(session, third, drawn, number, state="off_topic", theme_id=None, now=now)
    assert task_of(session, drawn, coders[Part.THIRD].id).item is None


def test_alpha_is_that_of_the_worked_example(
    session: Session, drawn: CodingRound, codes: Any, theme_called: Find
) -> None:
    """Forty passages, two codes; the coders differ on ten, five in each way.

    Of 80 codes 40 are of each kind: expected disagreement
    2 * 40 * 40 / (80 * 79), observed 20 / 80.
    """
    road, school = theme_called("Routes et pistes").id, theme_called("École").id

    def said(changed: range) -> Callable[[CodingItem], Any]:
        return lambda item: ("in_theme", school if item.position in changed else road)

    codes(drawn, Part.FIRST, said(range(1, 21)))
    codes(drawn, Part.SECOND, said(range(6, 26)))

    found = measure(session, drawn)

    alpha = 1 - (20 / 80) / (2 * 40 * 40 / (80 * 79))
    assert abs(found["coders"]["alpha"] - 0.50625) < 1e-4
    assert abs(alpha - 0.50625) < 1e-9
    assert found["coders"]["observed"] == 0.75
    assert found["coders"]["low"] < alpha < found["coders"]["high"]
    assert (found["n_items"], found["n_differing"], found["n_settled"]) == (40, 10, 0)
    assert found["confusions"] == [
        [min(f"t{road}", f"t{school}"), max(f"t{road}", f"t{school}"), 10]
    ]


def test_groups_with_too_few_passages_say_so(
    session: Session, consultation: Any, run: Any, coders: Any, codes: Any, now: Any
) -> None:
    ids = [coders[part].id for part in Part]
    made = open_round(session, System(), consultation, Coders(*ids), size=20, seed=1, now=now)
    codes(made, Part.FIRST, as_machine)
    codes(made, Part.SECOND, but({1, 2, 3}, ("unreadable", None)))

    found = measure(session, made)

    languages = {row["code"]: row for row in found["by_language"]}
    assert set(languages) == {"fr", "ar"}
    assert languages["ar"]["why"] is None
    assert {row["code"] for row in found["by_region"]} == {"04", "08"}
    assert sum(row["n"] for row in found["by_region"]) == 20


def test_the_machine_is_measured_against_each_coder_and_what_was_settled(
    session: Session, drawn: CodingRound, codes: Any
) -> None:
    codes(drawn, Part.FIRST, as_machine)
    codes(drawn, Part.SECOND, but({1, 2, 3, 4}, ("off_topic", None)))
    codes(drawn, Part.THIRD, but({1}, ("off_topic", None)))

    found = measure(session, drawn)

    assert found["machine"]["first"]["observed"] == 1.0
    assert found["machine"]["second"]["observed"] == 0.9
    assert found["machine"]["settled"]["observed"] == 0.975
    assert found["n_settled"] == 4
    [(machine, settled, n)] = found["machine_confusions"]
    assert (settled, n) == ("off_topic", 1)
    assert machine in found["names"]


def test_themes_merged_meanwhile_are_one_code(
    session: Session, drawn: CodingRound, codes: Any, theme_called: Find, now: Any
) -> None:
    school, care = theme_called("École"), theme_called("Soins")
    codes(drawn, Part.FIRST, lambda _item: ("in_theme", school.id))
    codes(drawn, Part.SECOND, lambda _item: ("in_theme", care.id))
    assert progress_of(session, drawn).n_differing == 40

    merge(session, System(), care, school, now=now)

    assert progress_of(session, drawn).n_differing == 0


def test_settled_codes_become_decisions_that_name_the_round(
    session: Session, drawn: CodingRound, codes: Any, now: Any
) -> None:
    codes(drawn, Part.FIRST, but({1}, ("off_topic", None)))
    codes(drawn, Part.SECOND, but({1, 2}, ("off_topic", None)))
    with pytest.raises(errors.RoundOpenError):
        apply_round(session, System(), drawn, reason="Round 1", now=now)
    close_round(session, System(), drawn, now=now)

    decided = apply_round(session, System(), drawn, reason="Round 1", now=now)
    again = apply_round(session, System(), drawn, reason="Round 1", now=now)

    # The second passage is one on which they differ and that nobody settled.
    assert (decided, again) == (39, 0)
    events = session.query(ThemeEvent).all()
    assert {event.reason for event in events} == {"Round 1"}
    assert {event.kind for event in events} == {"confirm", "set_aside"}
    [gone] = session.query(Placement).filter_by(state="off_topic").all()
    assert gone.passage_id == next(i.passage_id for i in drawn.items if i.position == 1)
    assert drawn.results["applied"]["n"] == 39
    assert not compare(session, drawn.consultation_id)


def test_what_another_person_decided_since_the_page_is_not_written_over(
    session: Session, drawn: CodingRound, coders: Any, codes: Any, theme_called: Find, now: Any
) -> None:
    for part in (Part.FIRST, Part.SECOND):
        codes(drawn, part, as_machine)
    close_round(session, System(), drawn, now=now)
    ids = [drawn.items[0].passage_id]
    move(session, coders[Part.SECOND], theme_called("École"), ids, now=now)

    with pytest.raises(errors.PassagesChangedError):
        apply_round(session, coders[Part.FIRST], drawn, reason="Round", seen=0, now=now)


def test_what_was_withdrawn_leaves_the_round(
    session: Session, drawn: CodingRound, coders: Any, codes: Any
) -> None:
    codes(drawn, Part.FIRST, as_machine)
    gone = drawn.items[0].passage.submission
    gone.state = "withdrawn"
    session.commit()
    codes(drawn, Part.SECOND, as_machine)

    assert progress_of(session, drawn).n_items == 39
    assert measure(session, drawn)["n_items"] == 39
