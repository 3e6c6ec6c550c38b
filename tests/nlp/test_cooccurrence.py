"""Themes spoken of together: counts, tests, and what is not shown."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from nlp.cooccurrence import cooccurrence
from nlp.errors import OptionsError


def corpus(both=20, only_one=10, only_other=15, neither=55):
    """Return themes and submissions with given counts of submissions for themes 3 and 7."""
    rows = []
    for size, themes in (
        (both, (3, 7)), (only_one, (3,)), (only_other, (7,)), (neither, (None,)),
    ):  # fmt: skip
        for _ in range(size):
            number = rows[-1][1] + 1 if rows else 0
            rows += [(theme, number) for theme in themes]
    return zip(*rows, strict=True)


def test_a_pair_is_counted_by_submissions():
    themes, submissions = corpus()
    (pair,) = cooccurrence(themes, submissions)
    assert (pair.first, pair.second) == (3, 7)
    assert (pair.n_both, pair.n_first, pair.n_second) == (20, 30, 35)
    assert pair.lift == pytest.approx(20 * 100 / (30 * 35))
    assert pair.jaccard == pytest.approx(20 / 45)
    assert pair.test == "fisher"
    assert pair.p == pytest.approx(fisher_exact([[20, 10], [15, 55]]).pvalue)
    assert pair.is_significant
    assert pair.direction == "together"


def test_who_repeats_a_theme_counts_once_and_the_order_changes_nothing():
    themes, submissions = (list(column) for column in corpus())
    twice = cooccurrence(themes * 2, submissions * 2)
    assert (
        twice == cooccurrence(themes[::-1], submissions[::-1]) == cooccurrence(themes, submissions)
    )


@pytest.mark.parametrize(
    "counts", [(4, 10, 15, 55), (20, 4, 15, 55), (20, 10, 0, 55), (20, 10, 15, 4)]
)
def test_a_pair_with_a_small_count_is_not_shown(counts):
    (pair,) = cooccurrence(*corpus(*counts))
    assert pair.is_suppressed
    assert (pair.n_both, pair.lift, pair.p, pair.is_significant) == (None, None, None, None)


def test_themes_that_avoid_each_other_are_told():
    (pair,) = cooccurrence(*corpus(5, 60, 60, 20))
    assert pair.direction == "apart"
    assert pair.is_significant
    assert pair.lift < 1


def test_chance_makes_few_discoveries():
    generator = np.random.default_rng(6)
    n_found = 0
    for _ in range(20):
        spoken = generator.random((300, 10)) < 0.3
        submissions, themes = np.nonzero(spoken)
        pairs = cooccurrence(themes.tolist(), submissions.tolist())
        n_found += any(pair.is_significant for pair in pairs)
    assert n_found <= 3


def test_there_is_no_pair_without_two_themes():
    assert cooccurrence([], []) == []
    assert cooccurrence([1, None, 1], "abc") == []


def test_impossible_options_are_refused():
    with pytest.raises(OptionsError):
        cooccurrence([1], [])
    with pytest.raises(OptionsError):
        cooccurrence([1], [1], least=0)
    with pytest.raises(OptionsError):
        cooccurrence([1], [1], rate=1)
