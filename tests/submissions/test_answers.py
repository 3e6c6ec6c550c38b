"""Validation and visibility are pure: the same for a form, for sending and for a file."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultations.models import QuestionKind
from app.submissions import answers, errors

CODES = ["a", "b", "c", "d"]
OPTIONS = [{"code": code, "label": {"fr": code}} for code in CODES]
SCALE = {"items": OPTIONS, "low": {"fr": "peu"}, "high": {"fr": "beaucoup"}}


@dataclass
class Asked:
    """A question without a database."""

    kind: str
    key: str = "q"
    options: Any = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    is_required: bool = False
    visible_if: dict[str, Any] | None = None
    validity: dict[str, Any] | None = None


def choice(**more: Any) -> Asked:
    return Asked("multiple_choice", options=OPTIONS, **more)


# --- values


@given(st.lists(st.sampled_from(CODES)))
def test_several_choices_keep_each_code_once_in_the_order_of_the_options(ticked: list[str]) -> None:
    kept = answers.validate_value(choice(), ticked)
    assert (kept or []) == [code for code in CODES if code in ticked]


@given(st.sets(st.sampled_from(CODES), min_size=1), st.integers(1, 4))
def test_more_choices_than_allowed_are_refused_and_no_fewer(ticked: set[str], most: int) -> None:
    question = choice(rules={"max_choices": most})
    if len(ticked) > most:
        with pytest.raises(errors.TooManyChoicesError) as refusal:
            answers.validate_value(question, sorted(ticked))
        assert refusal.value.values == {"most": most, "count": len(ticked)}
    else:
        assert set(answers.validate_value(question, sorted(ticked))) == ticked


@given(st.text(min_size=1).filter(lambda text: text not in CODES))
def test_a_code_that_is_no_option_is_never_kept(code: str) -> None:
    question = Asked("single_choice", options=OPTIONS)
    with suppress(errors.UnknownChoiceError):
        assert answers.validate_value(question, code) in {None, *CODES}


@given(st.dictionaries(st.sampled_from(CODES), st.integers(0, 5)))
def test_a_scale_keeps_ratings_given_as_numbers_or_as_text(ratings: dict[str, int]) -> None:
    question = Asked("scale", options=SCALE)
    as_text = {code: str(rating) for code, rating in ratings.items()}
    assert (answers.validate_value(question, ratings) or {}) == ratings
    assert answers.validate_value(question, as_text) == answers.validate_value(question, ratings)


@pytest.mark.parametrize("rating", [6, -1, "x", True, 2.5, [1]])
def test_a_rating_outside_the_scale_is_refused_with_its_item(rating: Any) -> None:
    with pytest.raises(errors.NotARatingError) as refusal:
        answers.validate_value(Asked("scale", options=SCALE), {"b": rating})
    assert refusal.value.item == "b"


def test_a_required_scale_wants_every_item_and_i_do_not_know_is_an_answer() -> None:
    question = Asked("scale", options=SCALE, is_required=True)
    kept, problems = answers.check_value(question, {"a": "0", "b": "3", "c": "5"})
    assert kept == {"a": 0, "b": 3, "c": 5}
    assert [problem.error.item for problem in problems] == ["d"]


@pytest.mark.parametrize(("typed", "kept"), [
    ("12", 12), ("12,5", 12.5), ("12.5", 12.5), ("1 234", 1234), ("1\u202f234,5", 1234.5),
    ("١٢", 12), ("-3", -3), ("\u22123", -3), (7, 7), (7.0, 7), (0, 0), ("0", 0),
])
def test_numbers_are_read_as_people_write_them(typed: Any, kept: float) -> None:
    assert answers.validate_value(Asked("number"), typed) == kept


@pytest.mark.parametrize(
    "typed", ["douze", "1e5", "inf", "nan", "1,2,3", "12 km", True, {"a": 1}, "9" * 400]
)
def test_what_is_not_a_number_is_refused(typed: Any) -> None:
    with pytest.raises(errors.NotANumberError):
        answers.validate_value(Asked("number"), typed)


@given(st.integers(-1000, 1000), st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_a_number_is_kept_exactly_when_it_is_within_bounds(least: int, most: int, n: int) -> None:
    question = Asked("number", rules={"min": least, "max": most})
    try:
        assert answers.validate_value(question, str(n)) == n
        assert least <= n <= most
    except (errors.TooSmallError, errors.TooLargeError):
        assert not least <= n <= most


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=60))
def test_a_text_is_kept_letter_for_letter_but_for_its_ends(text: str) -> None:
    kept = answers.validate_value(Asked("long_text"), f"  {text} \n")
    assert (kept or "") == text.strip()


@given(st.integers(1, 40), st.text(alphabet="aé🌍ع", max_size=50))
def test_length_is_counted_in_code_points_and_nothing_is_ever_cut(most: int, text: str) -> None:
    question = Asked("long_text", rules={"max_length": most})
    if len(text) > most:
        with pytest.raises(errors.TooLongError) as refusal:
            answers.validate_value(question, text)
        assert refusal.value.values == {"count": len(text), "most": most}
    else:
        assert (answers.validate_value(question, text) or "") == text


def test_long_texts_without_a_rule_have_three_thousand_signs() -> None:
    assert answers.validate_value(Asked("long_text"), "x" * 3000) == "x" * 3000
    with pytest.raises(errors.TooLongError):
        answers.validate_value(Asked("long_text"), "x" * 3001)


def test_bidi_overrides_go_and_the_joiners_of_arabic_stay() -> None:
    assert answers.validate_value(Asked("short_text"), "a\u202eb\u200bc\u0000 می\u200cخواهم") == (
        "abc می\u200cخواهم"
    )


@pytest.mark.parametrize(("given_", "kept"), [
    ({"region": "08"}, {"region": "08", "province": None, "commune": None}),
    ({"province": "08.201"}, {"region": "08", "province": "08.201", "commune": None}),
    (
        {"commune": "08.201.01.05"},
        {"region": "08", "province": "08.201", "commune": "08.201.01.05"},
    ),
])
def test_a_territory_names_the_ones_it_is_in(given_: Any, kept: Any) -> None:
    assert answers.validate_value(Asked("territory"), given_) == kept


@pytest.mark.parametrize(("given_", "error"), [
    ({"region": "01", "province": "08.201"}, errors.ProvinceElsewhereError),
    ({"province": "08.201", "commune": "01.511.01.01"}, errors.CommuneElsewhereError),
    ("08", errors.UnknownTerritoryError),
    ({"region": ["08"]}, errors.UnknownTerritoryError),
])
def test_levels_that_contradict_each_other_are_refused(given_: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        answers.validate_value(Asked("territory"), given_)


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}, [""], {"region": ""}])
@pytest.mark.parametrize("kind", list(QuestionKind))
def test_nothing_is_nothing_whatever_the_kind(kind: QuestionKind, nothing: Any) -> None:
    question = Asked(kind, options=SCALE if kind == "scale" else OPTIONS)
    assert answers.validate_value(question, nothing) is None


@pytest.mark.parametrize(
    "kind", [kind for kind in QuestionKind if kind not in {"scale", "matrix", "note"}]
)
def test_a_required_question_of_any_kind_wants_an_answer(kind: QuestionKind) -> None:
    question = Asked(kind, options=OPTIONS, is_required=True)
    value, problems = answers.check_value(question, "")
    assert value is None
    assert isinstance(problems[0].error, errors.AnswerMissingError)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.sampled_from(list(QuestionKind)), JUNK)
def test_anything_is_either_kept_or_refused_with_a_reason(kind: QuestionKind, value: Any) -> None:
    question = Asked(kind, options=SCALE if kind == "scale" else OPTIONS)
    try:
        kept = answers.validate_value(question, value)
    except errors.AnswerRefusedError:
        return
    assert answers.validate_value(question, kept) == kept  # what is kept would be kept again


# --- visibility


def asked(key: str, **rule: Any) -> Asked:
    return Asked("single_choice", key=key, options=OPTIONS, visible_if=rule or None)


def test_a_question_waits_for_the_answer_it_depends_on() -> None:
    question = asked("more", question="first", **{"is": ["a", "b"]})
    assert answers.is_visible(question, {"first": "b"}, None)
    assert answers.is_visible(question, {"first": ["c", "a"]}, None)
    assert answers.is_visible(question, {"first": {"item": "a"}}, None)
    assert not answers.is_visible(question, {"first": "c"}, None)
    assert not answers.is_visible(question, {}, None)


def test_codes_and_numbers_are_compared_as_they_are_written() -> None:
    assert answers.is_visible(asked("more", question="n", **{"is": [3]}), {"n": 3}, None)
    assert answers.is_visible(asked("more", question="n", **{"is": [3]}), {"n": "3"}, None)


def test_a_question_for_some_actors_is_not_asked_of_others_nor_of_the_unknown() -> None:
    question = asked("members", actor_type=["association", "cooperative"])
    assert answers.is_visible(question, {}, "cooperative")
    assert not answers.is_visible(question, {}, "citizen")
    assert not answers.is_visible(question, {}, None)


def test_both_conditions_must_hold() -> None:
    question = asked("x", question="first", **{"is": ["a"], "actor_type": ["citizen"]})
    assert answers.is_visible(question, {"first": "a"}, "citizen")
    assert not answers.is_visible(question, {"first": "a"}, "expert")
    assert not answers.is_visible(question, {"first": "b"}, "citizen")


def test_an_answer_to_a_question_no_longer_asked_opens_nothing() -> None:
    questions = [
        asked("one"), asked("two", question="one", **{"is": ["a"]}),
        asked("three", question="two", **{"is": ["a"]}),
    ]
    values = {"one": "b", "two": "a", "three": "a"}
    assert [q.key for q in answers.visible(questions, values, None)] == ["one"]
    assert answers.check(questions, values, None).values == {"one": "b"}


CHAIN = [asked("k0")] + [
    asked(f"k{n}", question=f"k{n - 1}", **{"is": ["a", "b"]}) for n in range(1, 6)
]


@given(st.dictionaries(st.sampled_from([q.key for q in CHAIN]), st.sampled_from(CODES)))
def test_what_is_kept_is_answered_by_questions_that_are_asked(values: dict[str, str]) -> None:
    kept = answers.check(CHAIN, values, None).values
    shown = [question.key for question in answers.visible(CHAIN, values, None)]
    assert set(kept) <= set(shown)
    assert shown == [q.key for q in CHAIN][: len(shown)]  # the chain breaks at one place
    assert all(values[key] in {"a", "b"} for key in shown[:-1])
    assert answers.check(CHAIN, kept, None).values == kept


# --- who answers


@pytest.mark.parametrize(("actor", "name", "key"), [
    (None, "", "actor_type"), ("unknown", "", "actor_type"), ("king", "", "actor_type"),
    ("association", "  ", "organisation"), ("association", "x" * 301, "organisation"),
])
def test_who_answers_is_named(actor: str | None, name: str, key: str) -> None:
    problems = answers.check_actor({"actor_type": actor, "organisation": name})
    assert [problem.key for problem in problems] == [key]


def test_someone_who_answers_for_oneself_has_no_organisation() -> None:
    assert answers.validate_actor("citizen", "left over") == ("citizen", "")
    assert answers.validate_actor("association", " Tafoukt\n Zagora ")[1] == "Tafoukt Zagora"
