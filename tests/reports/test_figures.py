"""The arithmetic of reports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reports.figures import differing, largest_remainder, levels, suppressed, wilson


def test_wilsons_interval_is_the_published_one():
    # Newcombe (1998), table I: 81 of 263 and 0 of 20.
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    low, high = wilson(0, 20)
    assert (low, round(high, 4)) == (0.0, 0.1611)


@pytest.mark.parametrize(("count", "of"), [(1, 0), (3, 2), (-1, 4)])
def test_what_is_not_a_share_has_no_interval(count, of):
    with pytest.raises(ValueError, match="not a share"):
        wilson(count, of)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6).filter(any))
def test_printed_parts_always_make_a_hundred_and_stay_within_one_tenth(counts):
    parts = largest_remainder(counts)

    assert sum(parts) == 1000
    total = sum(counts)
    assert all(abs(part - 1000 * n / total) < 1 for part, n in zip(parts, counts, strict=True))
    assert all(part == 0 for part, n in zip(parts, counts, strict=True) if n == 0)


def test_thirds_are_rounded_to_a_sum():
    assert largest_remainder([1, 1, 1]) == [334, 333, 333]


def test_only_real_differences_are_found():
    strong, weak = (40, 50, 10, 200), (12, 50, 40, 200)
    assert differing([strong, weak]) == [True, False]


def test_a_difference_that_is_alone_may_vanish_among_many_tests():
    borderline = (9, 20, 40, 200)  # p = 0.02 by Fisher's exact test
    assert differing([borderline]) == [True]
    assert differing([borderline] + [(10, 50, 40, 200)] * 19) == [False] * 20


def test_a_group_without_a_rest_is_not_compared():
    assert differing([(3, 10, 0, 0), (0, 0, 3, 10)]) == [False, False]


def test_small_groups_are_suppressed():
    assert suppressed({"a": 100, "b": 4, "c": 3, "d": 50}) == {"b", "c"}


def test_a_small_group_does_not_come_back_by_subtraction():
    assert suppressed({"a": 100, "b": 4, "c": 30}) == {"b", "c"}
    assert suppressed({"a": 100, "empty": 0, "c": 30}) == frozenset()


@given(st.dictionaries(st.text(max_size=3), st.integers(0, 30)))
def test_what_is_hidden_is_never_fewer_than_five_together_unless_all_is(sizes):
    hidden = suppressed(sizes)
    together = sum(sizes[key] for key in hidden)
    peopled = {key for key, size in sizes.items() if size}
    assert not hidden or together >= 5 or hidden == peopled
    assert all(sizes[key] >= 5 for key in peopled - hidden)


def test_shades_go_from_nothing_to_the_largest():
    assert levels({"a": 0, "b": 1, "c": 10}) == {"a": 0, "b": 1, "c": 6}
    assert levels({"a": 0}) == {"a": 0}
