"""Contrasts between groups: the tests, the rate of false discoveries, and what is not shown."""

from dataclasses import astuple
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from nlp.contrasts import (
    EXACT_UNDER,
    Tables,
    adjusted,
    contrasts,
    mantel_haenszel,
    newcombe,
    p_values,
    shown_cells,
)
from nlp.errors import OptionsError


def tables(*rows):
    """Return tables of rows (n, size, other, other size)."""
    return Tables(*np.array(rows, dtype=np.int64).T)


def said(counts):
    """Return themes, groups and authors of {group: (size, {theme: how many speak of it})}."""
    rows = []
    for group, (size, spoken) in counts.items():
        for author in range(size):
            found = [theme for theme, n in spoken.items() if author < n]
            rows += [(theme, group, f"{group}{author}") for theme in found or [None]]
    return tuple(list(column) for column in zip(*rows, strict=True))


def by_pair(found):
    """Return contrasts by theme and group."""
    return {(c.theme, c.group): c for c in found}


@pytest.mark.parametrize(
    "row", [(7, 20, 9, 80), (5, 12, 40, 60), (11, 40, 5, 38), (30, 90, 6, 30), (9, 18, 9, 18)]
)
def test_small_tables_get_the_p_of_fishers_exact_test(row):
    n, size, other, other_size = row
    p, exact = p_values(tables(row))
    assert exact.all()
    expected = stats.fisher_exact([[n, size - n], [other, other_size - other]]).pvalue
    assert p[0] == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("row", [(150, 400, 500, 1800), (90, 200, 4000, 9000)])
def test_large_tables_get_the_p_of_the_chi_square_test(row):
    n, size, other, other_size = row
    p, exact = p_values(tables(row))
    assert not exact.any()
    found = stats.chi2_contingency([[n, size - n], [other, other_size - other]], correction=False)
    assert found.expected_freq.min() >= EXACT_UNDER
    assert p[0] == pytest.approx(found.pvalue, rel=1e-9)


def test_the_interval_of_a_difference_is_the_published_one():
    # Newcombe (1998), table II, method 10: 56 of 70 and 48 of 80, 9 of 10 and 3 of 10.
    low, high = newcombe(tables((56, 70, 48, 80), (9, 10, 3, 10)))
    np.testing.assert_allclose(low, [0.0524, 0.1705], atol=5e-5)
    np.testing.assert_allclose(high, [0.3339, 0.8090], atol=5e-5)


def test_one_stratum_is_the_chi_square_test_but_for_one_degree_of_freedom():
    row = (150, 400, 500, 1800)
    surplus, p = mantel_haenszel(Tables(*(np.array([[count]]) for count in row)))
    found = stats.chi2_contingency([[150, 250], [500, 1300]], correction=False)
    assert p[0] == pytest.approx(stats.chi2.sf(found.statistic * 2199 / 2200, 1))
    assert surplus[0] == pytest.approx(150 - 400 * 650 / 2200)


def test_hidden_pairs_count_among_the_tests_with_a_p_of_one():
    p = np.array([0.02, 0.0004, 0.3])
    found = adjusted(p, 12)
    expected = stats.false_discovery_control([*p, *[1.0] * 9])[:3]
    np.testing.assert_allclose(found, expected)
    assert (found > stats.false_discovery_control(p)).all()


def test_a_contrast_holds_the_numbers_of_its_table():
    rows = said({"08": (40, {3: 24}), "09": (100, {3: 20}), "10": (60, {3: 15})})
    contrast = by_pair(contrasts(rows[0], {"region": rows[1]}, authors=rows[2]))[3, "08"]
    assert (contrast.dimension, contrast.n, contrast.size) == ("region", 24, 40)
    assert contrast.share == pytest.approx(0.6)
    assert contrast.share_elsewhere == pytest.approx(35 / 160)
    assert contrast.lift == pytest.approx(0.6 * 160 / 35)
    assert contrast.difference == pytest.approx(0.6 - 35 / 160)
    assert contrast.low < contrast.difference < contrast.high
    assert contrast.test == "fisher"
    assert contrast.p == pytest.approx(stats.fisher_exact([[24, 16], [35, 125]]).pvalue)
    assert contrast.q == pytest.approx(3 * contrast.p)
    assert (contrast.is_significant, contrast.direction) == (True, "over")
    assert contrast.holds_within is None


def test_an_author_who_repeats_a_theme_counts_once():
    rows = said({"a": (30, {1: 12}), "b": (50, {1: 20})})
    once = contrasts(rows[0], {"region": rows[1]}, authors=rows[2])
    repeated = [[value for value in column for _ in range(4)] for column in rows]
    assert contrasts(repeated[0], {"region": repeated[1]}, authors=repeated[2]) == once


def test_an_author_belongs_to_the_language_of_most_passages():
    themes = [1, 1, 1] * 20 + [1] * 10 + [None] * 40
    languages = ["ar", "fr", "fr"] * 20 + ["ar"] * 10 + ["fr", "ar"] * 20
    authors = [n // 3 for n in range(60)] + list(range(20, 70))
    found = by_pair(contrasts(themes, {"language": languages}, authors=authors))
    assert (found[1, "fr"].n, found[1, "fr"].size) == (20, 40)
    assert (found[1, "ar"].n, found[1, "ar"].size) == (10, 30)


def test_between_two_equal_languages_the_first_name_decides():
    # 20 authors of one passage in each language, then 30 of one in French.
    themes = [1, None] * 10 + [None, None] * 10 + [1] * 10 + [None] * 20
    languages = ["fr", "ar"] * 20 + ["fr"] * 30
    authors = [n // 2 for n in range(40)] + list(range(20, 50))
    found = by_pair(contrasts(themes, {"language": languages}, authors=authors))
    assert [(found[1, code].n, found[1, code].size) for code in ("ar", "fr")] == [
        (10, 20),
        (10, 30),
    ]


def draws(seed, *, lift=1.0):
    """Return passages of 600 authors in 12 uneven groups, themes 0 to 39 from common to rare.

    Themes do not depend on groups, but for theme 0 in group "00", ``lift`` times as frequent.
    """
    generator = np.random.default_rng(seed)
    weights = 1 / np.arange(1, 13)
    group = generator.choice(12, size=600, p=weights / weights.sum())
    chances = np.tile(0.25 / np.arange(1, 41) ** 0.7, (600, 1))
    chances[group == 0, 0] *= lift
    spoken = generator.random((600, 40)) < chances
    spoken = np.hstack([spoken, ~spoken.any(axis=1, keepdims=True)])
    authors, themes = np.nonzero(spoken)
    return (
        [None if theme == 40 else theme for theme in themes.tolist()],
        [f"{group[author]:02}" for author in authors],
        authors.tolist(),
    )


def test_without_any_difference_few_draws_have_a_discovery():
    rate, any_found, any_careless, any_naive = 0.05, 0, 0, 0
    for seed in range(150):
        themes, groups, authors = draws(seed)
        found = contrasts(themes, {"region": groups}, authors=authors, rate=rate)
        p = [contrast.p for contrast in found if not contrast.is_suppressed]
        any_found += any(contrast.is_significant for contrast in found)
        any_careless += stats.false_discovery_control(p).min() <= rate
        any_naive += min(p) <= rate
    # Three standard errors above the rate.
    assert any_found / 150 <= rate + 3 * (rate * (1 - rate) / 150) ** 0.5
    # The same draws condemn what is not adjusted, or adjusted for what chance made frequent only.
    assert any_naive / 150 > 0.9
    assert any_careless > any_found


def test_a_planted_contrast_is_found_and_few_others():
    n_found, false_shares = 0, []
    for seed in range(30):
        themes, groups, authors = draws(seed, lift=2.0)
        found = contrasts(themes, {"region": groups}, authors=authors)
        significant = [c for c in found if c.is_significant]
        planted = [c for c in significant if (c.theme, c.group, c.direction) == (0, "00", "over")]
        n_found += len(planted)
        # Beside the planted one, the other groups are under the rest for theme 0, truly.
        false = [c for c in significant if c.theme != 0]
        false_shares.append(len(false) / max(1, len(significant)))
    assert n_found >= 28
    assert np.mean(false_shares) <= 0.05 + 0.05


def spoken_by_language(*, depends_on):
    """Return 800 authors in two regions of unlike languages; theme 1 depends on one of both."""
    rows = []
    for number in range(800):
        is_south, is_arabic = number % 2 == 0, number % 20 < (18 if number % 2 == 0 else 4)
        is_likely = {"region": is_south, "language": is_arabic}[depends_on]
        speaks = (number * 7919) % 800 < (320 if is_likely else 80)
        rows.append((1 if speaks else None, "south" if is_south else "north", is_arabic))
    themes, regions, arabic = (list(column) for column in zip(*rows, strict=True))
    return themes, {"region": regions, "language": ["ar" if is_ar else "fr" for is_ar in arabic]}


@pytest.mark.parametrize(("depends_on", "holds"), [("region", True), ("language", False)])
def test_a_contrast_of_regions_that_is_one_of_languages_does_not_hold_within(depends_on, holds):
    themes, groups = spoken_by_language(depends_on=depends_on)
    found = [c for c in contrasts(themes, groups) if c.dimension == "region"]
    assert [c.is_significant for c in found] == [True, True]
    assert [c.holds_within for c in found] == [holds, holds]


def test_languages_themselves_are_not_held_within_languages():
    themes, groups = spoken_by_language(depends_on="language")
    found = [c for c in contrasts(themes, groups) if c.dimension == "language"]
    assert found
    assert all(c.is_significant and c.holds_within is None for c in found)


def test_what_is_suppressed_says_nothing_but_that():
    rows = said({"a": (40, {1: 20}), "b": (40, {1: 2}), "c": (3, {1: 1}), "d": (60, {1: 30})})
    found = contrasts(rows[0], {"region": rows[1]}, authors=rows[2])
    hidden = [contrast for contrast in found if contrast.is_suppressed]
    assert {c.group for c in hidden} >= {"b", "c"}
    for contrast in hidden:
        assert set(astuple(contrast)[4:]) == {None}


def test_a_group_too_small_takes_the_next_with_it():
    counts = {"a": (40, {1: 20}), "b": (40, {1: 15}), "c": (3, {1: 1}), "d": (12, {1: 6})}
    rows = said(counts)
    found = by_pair(contrasts(rows[0], {"region": rows[1]}, authors=rows[2]))
    assert [found[1, group].is_suppressed for group in "abcd"] == [False, False, True, True]


@st.composite
def corpora(draw, *, is_exclusive):
    """Draw {group: (size, {theme: n})}; exclusive when no author speaks of two themes."""
    n_themes = draw(st.integers(1, 4))
    counts = {}
    for group in range(draw(st.integers(1, 5))):
        spoken = draw(st.lists(st.integers(0, 16), min_size=n_themes, max_size=n_themes))
        others = draw(st.sampled_from([0, 1, 3, 6, 20]))
        most = sum(spoken) if is_exclusive else max(spoken)
        if most + others:
            counts[f"g{group}"] = (most + others, dict(enumerate(spoken)))
    return counts


def exclusive_rows(counts):
    """Return themes, groups and authors with one passage an author."""
    rows = [
        (theme, group)
        for group, (size, spoken) in counts.items()
        for theme in [
            *(theme for theme, n in spoken.items() for _ in range(n)),
            *[None] * (size - sum(spoken.values())),
        ]
    ]
    themes, groups = ([row[0] for row in rows], [row[1] for row in rows])
    return themes, groups, list(range(len(rows)))


def check_ranges(counts, found, least):
    """Fail if the sum of a theme tells a hidden cell, knowing all sizes but those hidden."""
    visible = {c.group for c in found if not c.is_suppressed}
    sizes = {group: size for group, (size, _) in counts.items()}
    unseen = set(sizes) - visible
    for theme in {c.theme for c in found}:
        row = {c.group: c for c in found if c.theme == theme}
        hidden = [group for group, c in row.items() if c.is_suppressed]
        if not hidden or len(hidden) == len(row):
            continue
        assert len(hidden) > 1
        total = sum(counts[group][1].get(theme, 0) for group in hidden)
        capacity = sum(sizes[group] for group in hidden)
        for group in hidden:
            # Of groups never shown only the sum of the sizes is known, each at least 1.
            lump = sum(sizes[other] for other in unseen)
            own = lump - len(unseen) + 1 if group in unseen else sizes[group]
            others = capacity - sizes[group] if group not in unseen else capacity - 1
            assert min(own, total) > max(0, total - others)


@pytest.mark.parametrize("least", [3, 5])
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_no_hidden_count_follows_from_the_sum_of_its_theme(least, data):
    is_exclusive = data.draw(st.booleans())
    counts = data.draw(corpora(is_exclusive=is_exclusive))
    rows = exclusive_rows(counts) if is_exclusive else said(counts) if counts else ([], [], [])
    found = contrasts(rows[0], {"region": rows[1]}, authors=rows[2], least=least)
    for contrast in found:
        if not contrast.is_suppressed:
            elsewhere = len(set(rows[2])) - contrast.size
            spoke = round(contrast.share_elsewhere * elsewhere)
            cells = (contrast.n, contrast.size - contrast.n, spoke, elsewhere - spoke)
            assert min(cells) >= least
    check_ranges(counts, found, least)


@given(counts=corpora(is_exclusive=True))
@settings(max_examples=150, deadline=None)
def test_no_hidden_count_follows_from_sums_of_themes_and_groups_together(counts):
    themes, groups, authors = exclusive_rows(counts)
    found = contrasts(themes, {"region": groups}, authors=authors, least=3)
    hidden = [(c.theme, c.group) for c in found if c.is_suppressed]
    told_themes = {c.theme for c in found if not c.is_suppressed}
    told_groups = {c.group for c in found if not c.is_suppressed}
    known = [[float(cell[0] == theme) for cell in hidden] for theme in sorted(told_themes)]
    known += [[float(cell[1] == group) for cell in hidden] for group in sorted(told_groups)]
    if not known or not hidden:
        return
    rank = np.linalg.matrix_rank(np.array(known))
    for place in range(len(hidden)):
        # One equation that says nothing new would say what the cell is.
        more = np.vstack([known, np.eye(len(hidden))[place]])
        assert np.linalg.matrix_rank(more) == rank + 1


def hidden_pattern(n, *, room, unsafe, is_exclusive=False):
    """Return which cells are shown where some are unsafe and each group has ``room`` more."""
    n = np.array(n)
    safe = np.ones(n.shape, dtype=bool)
    safe[tuple(np.array(unsafe).T)] = False
    return shown_cells(n, n.max(axis=0) + room, safe, least=5, is_exclusive=is_exclusive)


def test_two_hidden_groups_who_all_speak_of_a_theme_take_a_third_with_them():
    unsafe = [(0, 0), (0, 1)]
    assert hidden_pattern([[9, 9, 9, 9]], room=5, unsafe=unsafe).sum() == 2
    sizes = np.array([9, 9, 30, 30])
    safe = np.array([[False, False, True, True]])
    shown = shown_cells(np.array([[9, 9, 9, 9]]), sizes, safe, least=5, is_exclusive=False)
    assert shown.tolist() == [[False, False, False, True]]


def test_hidden_cells_of_a_group_hold_enough_authors_when_its_cells_add_up():
    n = np.full((4, 4), 20)
    n[:2, :2] = [[2, 2], [2, 9]]
    unsafe = [(0, 0), (0, 1), (1, 0), (1, 1)]
    shown = hidden_pattern(n, room=5, unsafe=unsafe, is_exclusive=True)
    for line in range(4):
        for counts, cells in ((n[line], shown[line]), (n[:, line], shown[:, line])):
            assert cells.all() or counts[~cells].sum() >= 5


def test_a_hidden_cell_between_two_hidden_blocks_is_not_told_by_all_sums_together():
    # Blocks of four hidden cells each, and one that joins them: sums of two lines tell that one.
    block = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (2, 3), (3, 2), (3, 3)]
    n = np.full((4, 4), 20)
    alone = hidden_pattern(n, room=60, unsafe=block, is_exclusive=True)
    assert (~alone).sum() == 8
    joined = hidden_pattern(n, room=60, unsafe=[*block, (1, 2)], is_exclusive=True)
    assert not joined[1, 2]
    assert (~joined).sum() > 9


@given(order=st.randoms(use_true_random=False), seed=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_the_order_of_passages_changes_nothing(order, seed):
    themes, groups, authors = draws(seed, lift=2.0)
    languages = ["fr" if author % 3 else "ar" for author in authors]
    rows = list(zip(themes, groups, languages, authors, strict=True))
    analyse = partial(contrasts, least=5)
    expected = analyse(themes, {"region": groups, "language": languages}, authors=authors)
    order.shuffle(rows)
    themes, groups, languages, authors = (list(column) for column in zip(*rows, strict=True))
    assert analyse(themes, {"language": languages, "region": groups}, authors=authors) == expected


def test_nothing_to_compare_is_no_error():
    assert contrasts([], {"region": []}) == []
    assert contrasts([None] * 9, {"region": ["a"] * 9}) == []
    assert contrasts([1] * 9, {"region": [None] * 9}) == []
    assert [c.is_suppressed for c in contrasts([1] * 9, {"region": ["a"] * 9})] == [True]


@pytest.mark.parametrize("options", [{"least": 0}, {"rate": 0.0}, {"rate": 1.0}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(OptionsError):
        contrasts([1], {"region": ["a"]}, **options)


def test_lists_of_unlike_lengths_are_refused():
    with pytest.raises(OptionsError, match="same passages"):
        contrasts([1, 2], {"region": ["a"]})
    with pytest.raises(OptionsError, match="same passages"):
        contrasts([1, 2], {"region": ["a", "b"]}, authors=["x"])
