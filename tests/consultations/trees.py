"""Random conditions and answers, for whatever has to decide on them alike."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

KEYS = ["a", "b", "c", "d"]
ITEMS = ["x", "y"]
ACTORS = ["citizen", "association", "university"]

WORDS = st.sampled_from(
    [
        "x",
        "y",
        "z",
        "5",
        "05",
        "-1",
        "12.5",
        "2022-02-18",
        "2021-12-31",
        "é",
        "باب",
        "😔",
        "\ufffd",
        "a b",
        "A",
        "",
    ]
)
NUMBERS = st.integers(-5, 30) | st.sampled_from([0.5, 12.5, -1.25, 100.0])
SCALARS = WORDS.filter(bool) | NUMBERS
COMPARISONS = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
PATTERNS = st.sampled_from(
    [
        "[0-9]+",
        r"\d{2,4}-\d{2}-\d{2}",
        "(x|y)",
        "^[a-zé ]*$",
        "[^x]",
        ".",
        r"\w+",
        r"-?\d+(\.\d+)?",
        "[أ-ي]{2,}",
        "a\\sb",
        "x?y?z?",
    ]
)
OPEN_OPTION = st.fixed_dictionaries({"code": st.sampled_from(ITEMS), "other": WORDS})

ANSWERS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | WORDS
    | NUMBERS
    | OPEN_OPTION
    | st.lists(WORDS | OPEN_OPTION, max_size=4)
    | st.dictionaries(st.sampled_from([*ITEMS, "z"]), st.none() | WORDS | NUMBERS, max_size=3)
)
VALUES = st.dictionaries(st.sampled_from(KEYS), ANSWERS, max_size=4)


def _leaf(**parts: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return tests of an answer, of the whole of it or of one line."""
    return st.fixed_dictionaries(
        {"question": st.sampled_from(KEYS), **parts},
        optional={"item": st.sampled_from(ITEMS)},
    )


_REFERENCES = st.fixed_dictionaries({"question": st.sampled_from(KEYS)})
LEAVES = st.one_of(
    _leaf(**{"is": st.lists(SCALARS, min_size=1, max_size=3)}),
    _leaf(op=COMPARISONS, value=SCALARS | _REFERENCES),
    _leaf(op=st.just("matches"), value=PATTERNS),
    _leaf(op=st.sampled_from(["answered", "empty"])),
    _leaf(count=COMPARISONS, value=st.integers(0, 4)),
    _leaf(length=COMPARISONS, value=st.integers(0, 4) | _REFERENCES),
    st.fixed_dictionaries({"actor_type": st.lists(st.sampled_from(ACTORS), min_size=1)}),
    _leaf(
        **{
            "is": st.lists(SCALARS, min_size=1, max_size=2),
            "actor_type": st.lists(st.sampled_from(ACTORS), min_size=1, max_size=2),
        }
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2), "not": inner}),
    ),
    max_leaves=6,
)
