"""Agreement of coders, accuracy from checks, and what to look at next."""

import numpy as np
import pytest

from nlp.agreement import (
    Stratum,
    agreement,
    agreement_by,
    agreement_of_two,
    agreement_with_machine,
    attention,
    estimated_accuracy,
    representation,
    worth_going_on,
)
from nlp.errors import OptionsError


def units(*lines):
    """Return the units of lines of codes, one line a coder, a star for a missing code."""
    coders = [[None if code == "*" else code for code in line.split()] for line in lines]
    return list(zip(*coders, strict=True))


#: Examples worked out by Krippendorff (2011): A, B and C there; and one of three coders.
BINARY = units("0 1 0 0 0 0 0 0 1 0", "1 1 1 0 0 1 0 0 0 0")
TWO = units("a a b b d c c c e d d a", "b a b b b c c c e d d d")
FOUR = units(
    "1 2 3 3 2 1 4 1 2 * * *",
    "1 2 3 3 2 2 4 1 2 5 * 3",
    "* 3 3 3 2 3 4 2 2 5 1 *",
    "1 2 3 3 2 4 4 1 2 5 1 *",
)
THREE = units(
    "* * * * * 3 4 1 2 1 1 3 3 * 3",
    "1 * 2 1 3 3 4 3 * * * * * * *",
    "* * 2 1 3 4 4 * 2 1 1 3 3 * 4",
)


@pytest.mark.parametrize(
    ("coded", "alpha"), [(BINARY, 0.095), (TWO, 0.692), (FOUR, 0.743), (THREE, 0.691)]
)
def test_alpha_is_that_of_the_published_examples(coded, alpha):
    assert agreement(coded).alpha == pytest.approx(alpha, abs=0.0006)


def test_units_with_one_code_do_not_count():
    found = agreement(FOUR)
    assert (found.n_units, found.n_codes) == (11, 40)


def test_the_order_of_coders_and_the_names_of_codes_change_nothing():
    turned = [tuple({"1": 7, "2": 5}.get(c, c) for c in reversed(unit)) for unit in FOUR]
    assert agreement(turned) == agreement(FOUR)


def test_two_coders_are_a_case_of_many():
    first, second = zip(*TWO, strict=True)
    assert agreement_of_two(first, second) == agreement(TWO)
    assert agreement(TWO).observed == pytest.approx(9 / 12, abs=1e-4)


def test_nothing_is_said_without_variation_or_with_few_units():
    same = agreement([("a", "a")] * 20)
    assert (same.alpha, same.why, same.observed) == (None, "no_variation", 1.0)
    few = agreement([("a", "b")] * 9)
    assert (few.alpha, few.why) == (None, "too_few_units")
    assert agreement([]).why == "too_few_units"


def test_agreement_without_any_disagreement_has_no_interval():
    found = agreement([("a", "a"), ("b", "b")] * 10)
    assert (found.alpha, found.low, found.high) == (1.0, None, None)


def test_codes_given_by_chance_agree_as_chance_has_it():
    draws = np.random.default_rng(4).integers(0, 4, size=(3000, 2)).tolist()
    found = agreement(draws)
    assert found.low < 0 < found.high
    assert abs(found.alpha) < 0.05
    assert found == agreement(draws)


def test_the_interval_holds_the_true_value_about_as_often_as_it_says():
    generator = np.random.default_rng(1)
    n, k, noise = 80, 4, 0.3
    truth = (1 - noise) ** 2
    held = 0
    for draw in range(100):
        real = generator.integers(0, k, size=n)
        coded = np.where(
            generator.random((2, n)) < noise, generator.integers(0, k, size=(2, n)), real
        )
        found = agreement(coded.T.tolist(), seed=draw, n_draws=400)
        held += found.low <= truth <= found.high
    assert held >= 88


def test_agreement_with_the_machine_leaves_that_of_coders_out():
    coders = [("a", "a"), ("b", "b")] * 10
    machine = ["b", "a"] * 10
    assert agreement_with_machine(coders, machine).alpha < 0
    assert agreement_with_machine(coders, [unit[0] for unit in coders]).alpha == 1.0
    assert agreement_with_machine([("a", None)] * 20, ["a"] * 20).n_units == 20


def test_groups_are_measured_apart():
    coded = [("a", "a"), ("b", "b")] * 10 + [("a", "b"), ("b", "a")] * 10
    groups = ["fr"] * 20 + ["ar"] * 20
    found = agreement_by([*groups, None], [*coded, ("a", "a")])
    assert list(found) == ["ar", "fr"]
    assert found["fr"].alpha == 1.0
    assert found["ar"].alpha < 0
    machine = agreement_by(groups, coded, ["a", "b"] * 20)
    assert machine["fr"].alpha == 1.0
    with pytest.raises(OptionsError):
        agreement_by(groups, coded[1:])


def test_the_accuracy_of_one_stratum_is_nearly_wilson_s():
    found = estimated_accuracy([Stratum(1_000_000, 100, 80)])
    assert found.machine == pytest.approx(0.8, abs=0.005)
    assert found.low == pytest.approx(0.711, abs=0.01)
    assert found.high == pytest.approx(0.867, abs=0.01)


def test_strata_speak_for_their_size():
    found = estimated_accuracy([Stratum(1000, 100, 50), Stratum(9000, 100, 95)])
    assert found.machine == pytest.approx(0.1 * 0.5 + 0.9 * 0.95, abs=0.01)
    assert found.strata[0] < found.strata[1]


def test_when_all_is_checked_nothing_is_left_to_guess():
    found = estimated_accuracy([Stratum(50, 50, 40), Stratum(50, 50, 48)])
    assert (found.machine, found.low, found.high) == (0.88, 0.88, 0.88)
    assert (found.now, found.now_low, found.now_high) == (1.0, 1.0, 1.0)


def test_nothing_is_estimated_before_the_first_check():
    assert estimated_accuracy([Stratum(10, 0, 0)]).machine is None
    assert estimated_accuracy([]).machine is None


def test_a_stratum_without_checks_borrows_and_widens_the_interval():
    known = estimated_accuracy([Stratum(500, 60, 54), Stratum(500, 60, 54)])
    unknown = estimated_accuracy([Stratum(500, 60, 54), Stratum(500, 0, 0)])
    assert unknown.machine == pytest.approx(known.machine, abs=0.03)
    assert unknown.high - unknown.low > 2 * (known.high - known.low)


def test_the_accuracy_lies_in_its_interval_about_as_often_as_it_says():
    generator = np.random.default_rng(2)
    sizes, shares, checked = (400, 900, 3000), (0.55, 0.75, 0.92), (40, 30, 30)
    held = 0
    for draw in range(300):
        strata, n_right = [], 0
        for size, share, n in zip(sizes, shares, checked, strict=True):
            right = generator.random(size) < share
            n_right += int(right.sum())
            strata.append(Stratum(size, n, int(right[:n].sum())))
        found = estimated_accuracy(strata, seed=draw, n_draws=500)
        held += found.low <= n_right / sum(sizes) <= found.high
    assert 0.90 <= held / 300 <= 0.99


def test_counts_that_contradict_each_other_are_refused():
    with pytest.raises(OptionsError):
        Stratum(10, 11, 5)
    with pytest.raises(OptionsError):
        Stratum(10, 5, 6)


def test_going_on_says_why():
    assert worth_going_on([Stratum(9000, 0, 0)]).reason == "too_few_checks"
    assert worth_going_on([Stratum(9000, 20, 18)]).is_worth
    assert worth_going_on([Stratum(9000, 100, 80)]).reason == "keep_going"
    enough = worth_going_on([Stratum(50_000, 2000, 1900)])
    assert (enough.is_worth, enough.reason) == (False, "precise_enough")
    assert worth_going_on([Stratum(20, 20, 20)]).reason == "all_checked"
    assert worth_going_on([Stratum(50_000, 600, 300)], precise=0.01).reason == "keep_going"
    late = worth_going_on([Stratum(50_000, 1500, 750)], precise=0.01, n_next=10)
    assert (late.is_worth, late.reason) == (False, "no_gain")


def test_mistakes_that_would_be_found_are_a_reason_to_go_on():
    found = worth_going_on([Stratum(600, 300, 200)], precise=0.2)
    assert found.reason == "keep_going"
    assert found.n_found == pytest.approx(50 / 3, abs=1)
    assert found.gain == pytest.approx(found.n_found / 600, abs=0.001)


def test_more_checks_narrow_the_interval():
    strata = [Stratum(400, 40, 20), Stratum(4000, 60, 57)]
    found = [worth_going_on(strata, n_next=n) for n in (10, 100, 1000)]
    after = [step.half_width_after for step in found]
    assert found[0].half_width > after[0] > after[1] > after[2]
    queue = worth_going_on(strata, next_checks=[100, 0])
    assert queue.n_next == 100
    assert queue.n_found > found[1].n_found


def test_attention_moves_one_way_with_each_of_its_reasons():
    margins = attention([0, 0.1, 0.5, 1], [1] * 4).scores
    assert (np.diff(margins) < 0).all()
    signatories = attention([0.5] * 4, [1, 2, 50, 900]).scores
    assert (np.diff(signatories) > 0).all()
    shares = {"region": [0.1, 0.5, 1, 3]}
    assert np.diff(attention([0.5] * 4, [1] * 4, shares).scores).max() <= 0


def test_attention_lies_between_0_and_1_and_is_the_sum_of_its_reasons():
    extremes = attention([0, 1], [10_000, 1], {"language": [0, 1], "region": [0, 2]})
    assert extremes.scores.tolist() == pytest.approx([1, 0])
    assert sum(part[0] for part in extremes.parts.values()) == pytest.approx(1)
    assert [name for name, _ in extremes.why(0)] == ["doubt", "signatories", "language", "region"]
    assert extremes.why(1) == []
    with pytest.raises(OptionsError):
        attention([2.0], [1])
    with pytest.raises(OptionsError):
        attention([0.5], [1, 1])


def test_a_group_is_represented_by_its_share_beside_the_one_it_should_have():
    found = representation(["a", "a", "a", "b", None], expected={"a": 1, "b": 1, "c": 2})
    assert found.tolist() == [3.0, 3.0, 3.0, 1.0, 1.0]
    assert representation(["a", "a", "a", "b"]).tolist() == [1.5, 1.5, 1.5, 0.5]
