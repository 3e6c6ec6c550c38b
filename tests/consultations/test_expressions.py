"""Expressions of form files and condition trees say the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.consultations.conditions import holds
from app.consultations.xlsform.expressions import Answer, ExpressionError, parse
from app.consultations.xlsform.trees import simplify
from app.consultations.xlsform.wording import write

KINDS = {
    "age": "number",
    "sex": "single_choice",
    "needs": "multiple_choice",
    "born": "date",
    "words": "short_text",
    "ok": "consent",
}
LINES = {"roads": ("grid", "roads"), "water": ("grid", "water")}


def find(name: str) -> Answer | None:
    """Look up a name of the test's form."""
    if name == "actor_type":
        return Answer("actor_type")
    if name in LINES:
        key, item = LINES[name]
        return Answer(key, "matrix", item)
    return Answer(name, KINDS[name]) if name in KINDS else None


def named(key: str, item: str | None) -> tuple[str, str]:
    """Return a question's name and kind."""
    return (item, "matrix") if item else (key, KINDS[key])


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("${sex} = 'f'", {"question": "sex", "is": ["f"]}),
        ("selected( ${needs}, 'water')", {"question": "needs", "is": ["water"]}),
        ("${age} >= 18", {"question": "age", "op": ">=", "value": 18}),
        ("18 < ${age}", {"question": "age", "op": ">", "value": 18}),
        ("${age} > -1.5", {"question": "age", "op": ">", "value": -1.5}),
        ("${words} != ''", {"question": "words", "op": "answered"}),
        ('${words} = ""', {"question": "words", "op": "empty"}),
        ("${born} <= date('2004-01-20')", {"question": "born", "op": "<=", "value": "2004-01-20"}),
        ("count-selected(${needs}) >= 2", {"question": "needs", "count": ">=", "value": 2}),
        ("string-length(${words}) > 3", {"question": "words", "length": ">", "value": 3}),
        (
            "regex(${words}, '[0-9]{5}')",
            {"question": "words", "op": "matches", "value": "[0-9]{5}"},
        ),
        ("${roads} = 'bad'", {"question": "grid", "item": "roads", "is": ["bad"]}),
        ("${ok} = 'OK'", {"question": "ok", "op": "answered"}),
        ("not(${sex} = 'f')", {"not": {"question": "sex", "is": ["f"]}}),
        ("${sex} != 'f'", {"not": {"question": "sex", "is": ["f"]}}),
        ("${sex}='f' or ${sex}='m'", {"question": "sex", "is": ["f", "m"]}),
        ("true()", None),
        (
            "${age} > 17 and (${sex} = 'f' or ${ok} = 'OK')",
            {
                "all": [
                    {"question": "age", "op": ">", "value": 17},
                    {
                        "any": [
                            {"question": "sex", "is": ["f"]},
                            {"question": "ok", "op": "answered"},
                        ]
                    },
                ]
            },
        ),
        ("selected(${actor_type}, 'association')", {"actor_type": ["association"]}),
    ],
)
def test_an_expression_is_read(text: str, tree: Any) -> None:
    assert parse(text, find) == tree


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("${age} + 1 > 3", "+"),
        ("${nobody} = 1", "${nobody}"),
        ("if('a', 2, 3) = 3", "if()"),
        ("${born} > today()", "today()"),
        ("${age} >", "…"),
        ("${needs} = 'water'", "="),
        ("(" * 60 + "true()" + ")" * 60, "("),
        ("${age} > 1 ${sex}", "${sex}"),
        (". > 3", "."),
        ("@ > 3", "@ > 3"),
    ],
)
def test_what_is_not_understood_is_named(text: str, part: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, find)

    assert str(caught.value) == part


def test_the_point_stands_for_the_question_itself() -> None:
    tree = parse(". >= 0 and . <= 120", find, Answer("age", "number"))

    assert tree == {
        "all": [
            {"question": "age", "op": ">=", "value": 0},
            {"question": "age", "op": "<=", "value": 120},
        ]
    }
    assert write(tree, named, own="age") == ". >= 0 and . <= 120"


def test_a_text_with_both_kinds_of_quotes_cannot_be_written() -> None:
    with pytest.raises(ExpressionError):
        write({"question": "words", "op": "=", "value": 'l\'"eau"'}, named)


# --- whatever the tree ----------------------------------------------------------------------------

plain = st.text("abcdéàصحة 0123456789_'", min_size=1, max_size=8)
numbers = st.integers(-(10**6), 10**6) | st.decimals(-1000, 1000, places=2).map(float).filter(
    lambda number: not number.is_integer()
)
comparisons = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
tests = st.one_of(
    st.builds(
        lambda key, codes: {"question": key, "is": codes},
        st.sampled_from(["sex", "needs"]),
        st.lists(plain, min_size=1, max_size=3),
    ),
    st.builds(
        lambda item, codes: {"question": "grid", "item": item, "is": codes},
        st.sampled_from(["roads", "water"]),
        st.lists(plain, min_size=1, max_size=2),
    ),
    st.builds(
        lambda op, value: {"question": "age", "op": op, "value": value}, comparisons, numbers
    ),
    st.builds(
        lambda op, value: {"question": "words", "op": op, "value": value}, comparisons, plain
    ),
    st.builds(
        lambda op, day: {"question": "born", "op": op, "value": day.isoformat()},
        comparisons,
        st.dates(),
    ),
    st.builds(
        lambda op: {"question": "age", "op": op, "value": {"question": "words"}}, comparisons
    ),
    st.builds(
        lambda key, op: {"question": key, "op": op},
        st.sampled_from(sorted(KINDS)),
        st.sampled_from(["answered", "empty"]),
    ),
    st.builds(
        lambda op, n: {"question": "needs", "count": op, "value": n},
        comparisons,
        st.integers(0, 9),
    ),
    st.builds(
        lambda op, n: {"question": "words", "length": op, "value": n},
        comparisons,
        st.integers(0, 99),
    ),
    st.builds(lambda types: {"actor_type": types}, st.lists(plain, min_size=1, max_size=2)),
)
trees = st.recursive(
    tests,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=8,
)
values = st.fixed_dictionaries(
    {},
    optional={
        "age": numbers,
        "sex": plain,
        "needs": st.lists(plain, max_size=3),
        "born": st.dates().map(str),
        "words": plain,
        "ok": st.just(True),
        "grid": st.dictionaries(st.sampled_from(["roads", "water"]), plain),
    },
)


@given(trees)
def test_what_is_written_is_read_as_it_was(tree: Any) -> None:
    text = write(tree, named)

    assert (parse(text, find) or {}) == simplify(tree)
    assert write(parse(text, find), named) == text


@given(trees, values, plain)
def test_the_normal_form_decides_as_the_tree_does(tree: Any, said: Any, actor: str) -> None:
    assert holds(simplify(tree), said, actor) == holds(tree, said, actor)
