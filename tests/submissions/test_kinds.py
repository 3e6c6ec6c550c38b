"""Every kind of question: what is read, what is refused and why, what is written back."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.submissions import answers, errors
from tests.submissions.test_answers import Asked

ITEMS = [{"code": code, "label": {"fr": code.upper()}} for code in ("a", "b", "c")]
OPEN = [*ITEMS, {"code": "other", "label": {"fr": "Autre"}, "is_open": True}]
TABLE = {"items": ITEMS, "columns": [{"code": "x", "label": {"fr": "X"}},
                                     {"code": "y", "label": {"fr": "Y"}}]}  # fmt: skip


def asked(kind: str, options: Any = None, **more: Any) -> Asked:
    """Make a question."""
    return Asked(kind, options=[] if options is None else options, **more)


ONE, SEVERAL = asked("single_choice", OPEN), asked("multiple_choice", OPEN)
WORDS = {"code": "other", "other": "le souk"}


# --- words of one's own


@pytest.mark.parametrize(("question", "value", "kept"), [
    (ONE, "a", "a"),
    (ONE, WORDS, WORDS),
    (ONE, {"code": "other", "other": " "}, "other"),
    (ONE, {"code": "a", "other": "rien à dire ici"}, "a"),
    (SEVERAL, [WORDS, "b"], ["b", WORDS]),
    (SEVERAL, ["other", WORDS, "other"], [WORDS]),
])  # fmt: skip
def test_words_of_ones_own_are_kept_with_an_open_option_alone(
    question: Asked, value: Any, kept: Any
) -> None:
    assert answers.validate_value(question, value) == kept


def test_a_choice_has_plain_codes_and_words_apart() -> None:
    value = ["b", WORDS]
    assert answers.codes_of(value) == ["b", "other"]
    assert answers.other_words(value) == {"other": "le souk"}
    assert answers.written_value(SEVERAL, value) == "B; Autre (le souk)"
    assert answers.codes_of("a") == ["a"]
    assert answers.codes_of(None) == []


def test_fewer_choices_than_wanted_are_refused() -> None:
    question = asked("multiple_choice", ITEMS, rules={"min_choices": 2})
    with pytest.raises(errors.TooFewChoicesError):
        answers.validate_value(question, ["a"])
    assert answers.validate_value(question, []) is None


# --- matrix


MATRIX = asked("matrix", TABLE, is_required=True)


def test_a_matrix_keeps_a_column_for_each_line_and_says_which_line_is_missing() -> None:
    kept, problems = answers.check_value(MATRIX, {"b": "y", "a": "x", "c": ""})
    assert kept == {"a": "x", "b": "y"}
    assert [problem.error.item for problem in problems] == ["c"]
    assert answers.written_value(MATRIX, kept) == "A: X; B: Y"


@pytest.mark.parametrize("value", [{"a": "z"}, {"z": "x"}, "x", ["x"], {"a": ["x"]}])
def test_a_matrix_takes_nothing_but_its_lines_and_columns(value: Any) -> None:
    with pytest.raises(errors.UnknownChoiceError):
        answers.validate_value(MATRIX, value)


# --- ranking


RANKING = asked("ranking", ITEMS)


@given(st.permutations([1, 2, 3]), st.sets(st.sampled_from(["a", "b", "c"]), min_size=1))
def test_ranks_and_an_order_say_the_same(ranks: list[int], ranked: set[str]) -> None:
    given_ranks = {
        code: str(rank) for code, rank in zip("abc", ranks, strict=True) if code in ranked
    }
    order = answers.validate_value(RANKING, given_ranks)
    assert set(order) == ranked
    assert order == sorted(ranked, key=lambda code: int(given_ranks[code]))
    assert answers.validate_value(RANKING, order) == order


@pytest.mark.parametrize(("value", "error"), [
    ({"a": "1", "b": "1"}, errors.RankTwiceError),
    (["a", "a"], errors.RankTwiceError),
    ({"a": "0"}, errors.NotARankError),
    ({"a": "premier"}, errors.NotARankError),
    ({"z": "1"}, errors.UnknownChoiceError),
    (["z"], errors.UnknownChoiceError),
])  # fmt: skip
def test_what_is_no_order_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        answers.validate_value(RANKING, value)


# --- budget


BUDGET = asked("budget", ITEMS)


@given(st.lists(st.integers(0, 120), min_size=3, max_size=3))
def test_points_are_taken_when_they_come_to_the_total_and_then_alone(points: list[int]) -> None:
    value = dict(zip("abc", map(str, points), strict=True))
    if not sum(points):
        assert answers.validate_value(BUDGET, value) is None
    elif sum(points) == 100:
        assert answers.validate_value(BUDGET, value) == dict(zip("abc", points, strict=True))
    else:
        expected = errors.PointsLeftError if sum(points) < 100 else errors.PointsTooManyError
        with pytest.raises(expected) as refusal:
            answers.validate_value(BUDGET, value)
        assert refusal.value.values["count"] == abs(100 - sum(points))


def test_blanks_of_a_budget_are_no_points() -> None:
    question = asked("budget", ITEMS, rules={"total": 10})
    assert answers.validate_value(question, {"b": "١٠"}) == {"a": 0, "b": 10, "c": 0}


@pytest.mark.parametrize("points", ["-1", "1.5", "dix", True, "1" * 12])
def test_points_are_whole_and_not_below_zero(points: Any) -> None:
    with pytest.raises(errors.NotPointsError) as refusal:
        answers.validate_value(BUDGET, {"a": points})
    assert refusal.value.item == "a"


# --- dates and numbers


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_date_is_read_day_first_or_iso(day: date) -> None:
    question = asked("date")
    for written in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day:%Y}",
                    f"{day:%d-%m-%Y}"):  # fmt: skip
        assert answers.validate_value(question, written) == day.isoformat()


@pytest.mark.parametrize("text", ["30/02/2022", "2022-13-01", "18/02/22", "demain", "5", ["x"]])
def test_what_is_no_date_is_refused(text: Any) -> None:
    with pytest.raises(errors.NotADateError):
        answers.validate_value(asked("date"), text)


def test_a_date_stays_between_its_limits() -> None:
    question = asked("date", rules={"min": "2022-01-01", "max": "2022-12-31"})
    assert answers.validate_value(question, "31/12/2022") == "2022-12-31"
    with pytest.raises(errors.TooEarlyError):
        answers.validate_value(question, "2021-12-31")
    with pytest.raises(errors.TooLateError):
        answers.validate_value(question, "2023-01-01")


def test_a_whole_number_has_no_decimals() -> None:
    question = asked("number", rules={"whole": True})
    assert answers.validate_value(question, "12,0") == 12
    with pytest.raises(errors.NotWholeError):
        answers.validate_value(question, "12,5")


def test_a_text_may_have_to_be_long_enough() -> None:
    with pytest.raises(errors.TooShortError):
        answers.validate_value(asked("long_text", rules={"min_length": 10}), "court")


# --- the rest


@pytest.mark.parametrize(("kind", "value", "kept"), [
    ("organisation", "  Association   Tafoukt ", {"id": None, "name": "Association Tafoukt"}),
    ("organisation", {"id": "12", "name": "Tafoukt"}, {"id": 12, "name": "Tafoukt"}),
    ("organisation", {"id": 12, "name": ""}, None),
    ("consent", "1", True),
    ("consent", True, True),
    ("consent", False, None),
    ("note", "a word", None),
    ("file", {"file": "t0k3n", "name": "memo.pdf"}, {"file": "t0k3n", "name": "memo.pdf"}),
    ("file", {"file": "memo.pdf"}, {"file": "memo.pdf"}),
])  # fmt: skip
def test_other_kinds_are_kept_as(kind: str, value: Any, kept: Any) -> None:
    assert answers.validate_value(asked(kind), value) == kept


def test_a_required_agreement_has_to_be_given() -> None:
    _kept, problems = answers.check_value(asked("consent", is_required=True), False)
    assert isinstance(problems[0].error, errors.TickMissingError)


def test_a_note_is_never_missing() -> None:
    question = asked("note", is_required=True)
    checked = answers.check([question], {"q": "x"}, "citizen")
    assert checked.values == {}
    assert checked.problems == []


# --- validity and sections


def test_an_answer_that_does_not_fit_is_refused_in_the_authors_words() -> None:
    question = asked("number", validity={
        "when": {"question": "q", "op": "<", "value": {"question": "people"}},
        "message": {"fr": "Trop d’enfants."},
    })  # fmt: skip
    people = Asked("number", key="people")
    assert not answers.check([people, question], {"people": "4", "q": "3"}, None).problems
    checked = answers.check([people, question], {"people": "4", "q": "5"}, None)
    assert "q" not in checked.values
    assert checked.problems[0].error.words == {"fr": "Trop d’enfants."}  # type: ignore[attr-defined]


def test_a_closed_section_asks_none_of_its_questions() -> None:
    section = SimpleNamespace(visible_if={"question": "first", "is": ["a"]})
    first, second = asked("single_choice", ITEMS, key="first"), asked("short_text")
    second.section = section  # type: ignore[attr-defined]
    assert answers.visible([first, second], {"first": "a"}, None) == [first, second]
    assert answers.visible([first, second], {"first": "b"}, None) == [first]


def test_an_answer_that_must_be_corrected_opens_questions_all_the_same() -> None:
    several = asked("multiple_choice", ITEMS, key="several", rules={"max_choices": 1})
    then = asked("short_text", visible_if={"question": "several", "count": ">=", "value": 2})
    values = {"several": ["a", "b"]}
    assert answers.visible([several, then], values, None) == [several, then]
    assert {problem.key for problem in answers.check([several, then], values, None).problems} == {
        "several"
    }


# --- an order of one's own


@given(st.text(min_size=1, max_size=8))
def test_an_order_of_ones_own_is_stable_complete_and_leaves_open_options_last(seed: str) -> None:
    question = asked("multiple_choice", OPEN, rules={"randomise": True})
    drawn = answers.ordered_items(question, seed)
    assert drawn == answers.ordered_items(question, seed)
    assert drawn[-1]["code"] == "other"
    assert sorted(item["code"] for item in drawn) == ["a", "b", "c", "other"]


def test_orders_differ_between_people_and_only_where_the_rules_say_so() -> None:
    question = asked("multiple_choice", OPEN, rules={"randomise": True})
    orders = {
        tuple(item["code"] for item in answers.ordered_items(question, str(seed)))
        for seed in range(40)
    }
    assert len(orders) == 6
    assert answers.ordered_items(asked("multiple_choice", OPEN), "x") == OPEN
    assert answers.ordered_items(question, "") == OPEN
