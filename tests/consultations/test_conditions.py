"""Conditions: what they say, what is refused, and that a browser decides as the server does."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from app.consultations import conditions, errors, patterns
from tests.consultations.trees import ACTORS, CONDITIONS, KEYS, VALUES

SCRIPT = Path("app/static/js/questions.js").resolve()


def says(condition: dict[str, Any], values: dict[str, Any], actor: str | None = None) -> bool:
    """Check a condition, then evaluate it."""
    conditions.check_condition(condition, set(KEYS))
    return conditions.holds(condition, values, actor)


# --- what they say


@pytest.mark.parametrize(("condition", "values", "verdict"), [
    ({"question": "a", "is": ["x"]}, {"a": "x"}, True),
    ({"question": "a", "is": ["x"]}, {"a": ["y", "x"]}, True),
    ({"question": "a", "is": ["x"]}, {"a": [{"code": "x", "other": "words"}]}, True),
    ({"question": "a", "is": ["words"]}, {"a": {"code": "x", "other": "words"}}, False),
    ({"question": "a", "is": [4, 5]}, {"a": {"x": 5}}, True),
    ({"question": "a", "item": "y", "is": [5]}, {"a": {"x": 5, "y": 3}}, False),
    ({"question": "a", "is": ["true"]}, {"a": True}, True),
    ({"question": "a", "op": ">", "value": 9}, {"a": 10}, True),
    ({"question": "a", "op": ">", "value": "9"}, {"a": "10"}, True),
    ({"question": "a", "op": "<", "value": "2022-01-01"}, {"a": "2021-12-31"}, True),
    ({"question": "a", "op": "=", "value": {"question": "b"}}, {"a": 3, "b": 3}, True),
    ({"question": "a", "op": "=", "value": {"question": "b"}}, {"a": 3}, False),
    ({"question": "a", "op": "!=", "value": 3}, {"a": 4}, True),
    ({"question": "a", "op": "!=", "value": 3}, {}, False),
    ({"question": "a", "op": "matches", "value": "[0-9]{2}"}, {"a": "12"}, True),
    ({"question": "a", "op": "matches", "value": "[0-9]{2}"}, {"a": "123"}, False),
    ({"question": "a", "op": "answered"}, {"a": 0}, True),
    ({"question": "a", "op": "empty"}, {"a": {"x": None}}, True),
    ({"question": "a", "count": ">=", "value": 2}, {"a": ["x", "y"]}, True),
    ({"question": "a", "count": "=", "value": 0}, {}, True),
    ({"question": "a", "length": "<=", "value": 3}, {"a": "😔😔😔"}, True),
    ({"not": {"question": "a", "is": ["x"]}}, {}, True),
    ({"any": [{"question": "a", "is": ["x"]}, {"question": "b", "is": ["y"]}]}, {"b": "y"}, True),
    ({"all": [{"question": "a", "is": ["x"]}, {"question": "b", "is": ["y"]}]}, {"b": "y"}, False),
])  # fmt: skip
def test_a_condition_says(condition: dict[str, Any], values: dict[str, Any], verdict: bool) -> None:
    assert says(condition, values) is verdict


def test_several_tests_in_one_object_must_all_be_passed() -> None:
    condition = {"question": "a", "is": ["x"], "actor_type": ["association"]}
    assert says(condition, {"a": "x"}, "association")
    assert not says(condition, {"a": "x"}, "citizen")
    assert not says(condition, {"a": "y"}, "association")


def test_no_condition_is_always_fulfilled() -> None:
    assert conditions.holds(None, {}, None)
    assert conditions.holds({}, {}, None)


@given(CONDITIONS, VALUES, st.sampled_from(ACTORS))
def test_not_says_the_contrary(
    condition: dict[str, Any], values: dict[str, Any], actor: str
) -> None:
    assert says({"not": condition}, values, actor) is not says(condition, values, actor)


@given(CONDITIONS, VALUES, st.sampled_from(ACTORS))
def test_only_the_questions_named_decide(
    condition: dict[str, Any], values: dict[str, Any], actor: str
) -> None:
    named = conditions.questions_in(condition)
    fewer = {key: value for key, value in values.items() if key in named}
    assert says(condition, values, actor) is says(condition, fewer, actor)


@given(CONDITIONS, CONDITIONS, VALUES, st.sampled_from(ACTORS))
def test_both_says_that_one_and_the_other_hold(
    one: dict[str, Any], other: dict[str, Any], values: dict[str, Any], actor: str
) -> None:
    together = conditions.both(one, None, other)
    assert conditions.holds(together, values, actor) is (
        conditions.holds(one, values, actor) and conditions.holds(other, values, actor)
    )


# --- what is refused


@pytest.mark.parametrize(("condition", "error", "place"), [
    ({}, errors.ConditionMalformedError, "/"),
    ([], errors.ConditionMalformedError, "/"),
    ({"any": []}, errors.ConditionMalformedError, "/any"),
    ({"question": "a"}, errors.ConditionMalformedError, "/"),
    ({"is": ["x"]}, errors.ConditionMalformedError, "/"),
    ({"question": "a", "is": "x"}, errors.ConditionMalformedError, "/is"),
    ({"question": "a", "is": [None]}, errors.ConditionMalformedError, "/is"),
    ({"question": "a", "op": "=", "value": ""}, errors.ConditionMalformedError, "/value"),
    ({"question": "a", "op": "=", "value": float("nan")}, errors.ConditionMalformedError, "/value"),
    ({"question": "a", "count": "=", "value": "2"}, errors.ConditionMalformedError, "/value"),
    ({"question": "a", "op": "~", "value": 1}, errors.ConditionOperatorError, "/"),
    ({"question": "a", "count": "matches", "value": 1}, errors.ConditionOperatorError, "/"),
    ({"question": "z", "is": ["x"]}, errors.ConditionQuestionError, "/"),
    ({"all": [{"question": "a", "is": ["x"]}, {"not": {"question": "z", "is": ["x"]}}]},
     errors.ConditionQuestionError, "/all/2/not"),
    ({"question": "a", "op": "=", "value": {"question": "z"}}, errors.ConditionQuestionError, "/"),
    ({"question": "a", "is": ["x"], "whne": 1}, errors.ConditionPartUnknownError, "/"),
    ({"question": "a", "op": "matches", "value": "(a+)+"}, errors.ConditionPatternError, "/"),
])  # fmt: skip
def test_what_is_no_condition_is_refused_with_its_place(
    condition: Any, error: type[errors.ConditionError], place: str
) -> None:
    with pytest.raises(error) as refusal:
        conditions.check_condition(condition, set(KEYS))
    assert refusal.value.values["place"] == place


def test_a_tree_without_end_is_refused() -> None:
    deep: dict[str, Any] = {"question": "a", "is": ["x"]}
    for _ in range(50):
        deep = {"not": deep}
    wide = {"all": [{"question": "a", "is": ["x"]}] * 500}
    for condition in (deep, wide):
        with pytest.raises(errors.ConditionTooLargeError):
            conditions.check_condition(condition, {"a"})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "question", "is", "op", "value", "count", "item"])
            | st.text(max_size=3),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(JSON, VALUES)
def test_anything_is_either_refused_or_can_be_decided(tree: Any, values: dict[str, Any]) -> None:
    try:
        conditions.check_condition(tree, set(KEYS))
    except errors.ConditionError:
        return
    assert conditions.holds(tree, values, "citizen") in {True, False}


# --- patterns


@pytest.mark.parametrize("pattern", [
    "(a+)+", "(a|b)*", "(a?){30}a{30}", "a?" * 40, ".*.*.*.*x", "(a", "a)", "*a", "a{3}{3}", "[]",
    "[z-a]", r"\p{L}", r"(a)\1", "(?=a)", "(?i)a", "a++", "x" * 201, "", "{", "a{,3}",
])  # fmt: skip
def test_a_pattern_that_could_run_away_or_is_none_is_refused(pattern: str) -> None:
    with pytest.raises(patterns.PatternError):
        patterns.compiled(pattern)
    assert not patterns.matches(pattern, "aaa")


@pytest.mark.parametrize(("pattern", "text"), [
    (r"^(\+212|0)[5-7][0-9]{8}$", "0612345678"),
    (r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-z]{2,}", "tafoukt@example.ma"),
    (r"([0-9]{1,3}\.){3}[0-9]{1,3}", "10.0.0.1"),
    (r"[A-Z]{1,2}\d{1,6}", "BK12345"),
    ("[أ-ي ]+", "باب المدينة"),
])  # fmt: skip
def test_patterns_that_forms_use_are_taken(pattern: str, text: str) -> None:
    assert patterns.matches(pattern, text)
    assert not patterns.matches(pattern, f"{text}!")


@settings(max_examples=60, deadline=2000)
@given(
    st.lists(
        st.sampled_from(["a", "b", ".", "[ab]", "(a|b)", "(a|ab)", "(ab)", "*", "+", "?", "{2,5}",
                         "{3}", "{2,}"]), max_size=14,
    ).map("".join)
)  # fmt: skip
def test_no_pattern_that_is_taken_takes_long(pattern: str) -> None:
    patterns.matches(pattern, "ab" * 75 + "a" * 149 + "!")


# --- a browser decides alike


def _decided_by_script(cases: list[tuple[Any, Any, Any]]) -> list[bool]:
    """Let the script decide, run by the JavaScript engine."""
    program = (
        "const {holds} = require(process.argv[1]);"
        "const cases = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "console.log(JSON.stringify(cases.map(([c, v, a]) => holds(c, v, a))));"
    )
    node = shutil.which("node") or "node"
    done = subprocess.run(
        [node, "-e", program, str(SCRIPT)],
        input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    return list(json.loads(done.stdout))


# Making a case smaller would start the engine each time: the first three that differ say enough.
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.data())
def test_the_script_decides_on_random_trees_as_the_server_does(data: st.DataObject) -> None:
    cases = [
        (
            data.draw(CONDITIONS),
            data.draw(VALUES),
            data.draw(st.sampled_from(ACTORS) | st.none()),
        )
        for _ in range(60)
    ]
    here = [conditions.holds(*case) for case in cases]
    there = _decided_by_script(cases)
    different = [case for case, one, other in zip(cases, here, there, strict=True) if one != other]
    assert not different, different[:3]


def test_the_random_trees_hold_and_fail() -> None:
    for verdict in (True, False):
        find(
            st.tuples(CONDITIONS, VALUES),
            lambda case, verdict=verdict: (  # type: ignore[misc]
                conditions.holds(case[0], case[1], "citizen") is verdict
            ),
            settings=settings(deadline=None),
        )
