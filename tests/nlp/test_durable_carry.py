"""Themes and human decisions outlast new runs, whatever texts come, go or change order."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from nlp.durable import (
    Create,
    Earlier,
    EarlierTheme,
    Exclude,
    Merge,
    Move,
    Part,
    PassageRef,
    Pin,
    Rename,
    Restore,
    Retire,
    Split,
    Validate,
    carry_over,
    constraints_of,
)
from nlp.errors import InputError
from tests.nlp.durable_world import World, earlier_of, unit


@pytest.fixture(scope="module")
def world():
    return World()


@pytest.fixture(scope="module")
def first(world):
    return world.run(range(360), world.truth)


def later_runs(world, run, decisions, n=20):
    """Yield runs one after the other on other texts, shuffled, with other clusters."""
    for seed in range(n):
        generator = np.random.default_rng(seed)
        rows = generator.permutation(360)[: generator.integers(120, 361)]
        run = world.run(rows, world.machine(rows, seed), run.earlier, decisions)
        yield run


def test_without_anything_before_the_clusters_are_the_themes(world, first):
    assert adjusted_rand_score(first.carried.labels, world.truth) == 1
    assert {theme.status for theme in first.carried.themes} == {"new"}
    assert len(set(first.carried.keys)) == 6
    assert not first.carried.forced.any()
    np.testing.assert_array_equal(first.carried.margins, 1)


def test_the_margins_of_the_machine_stay_where_it_agrees(world):
    margins = np.linspace(0, 1, 360)
    run = world.run(range(360), world.truth, margins=margins)
    np.testing.assert_allclose(run.carried.margins, margins)


def test_the_same_input_again_changes_nothing_at_all(world, first):
    labels = (world.truth + 2) % 6
    again = world.run(range(360), labels, first.earlier)
    assert again.of == first.of
    assert not again.carried.moved.any()
    assert {theme.status for theme in again.carried.themes} == {"matched"}
    assert {theme.overlap for theme in again.carried.themes} == {1.0}


@pytest.mark.parametrize("noise", [0.16, 0.3, 0.45])
def test_with_a_few_new_texts_fewer_than_three_in_a_hundred_passages_move(noise):
    world = World(noise=noise)
    run = world.run(range(340), world.machine(range(340), 99))
    for seed in range(5):
        again = world.run(range(360), world.machine(range(360), seed), run.earlier)
        assert again.carried.moved.mean() < 0.03


def test_the_order_of_passages_and_the_numbers_of_clusters_change_nothing(world, first):
    rows = np.random.default_rng(5).permutation(360)[:300]
    labels = world.machine(rows, 5)
    decisions = [
        Rename("1", first.main(world.rows(0)), "Crèches"),
        Exclude("2", world.rows(1)[:3], "x"),
    ]
    one = world.run(rows, labels, first.earlier, decisions)
    order = np.random.default_rng(6).permutation(300)
    names = np.array([40, 3, 17, 0, 8, 25])
    other = world.run(rows[order], names[labels[order]], first.earlier, decisions)
    assert other.of == one.of
    assert other.carried.themes == one.carried.themes
    np.testing.assert_array_equal(other.carried.margins, one.carried.margins[order])


def test_a_theme_nobody_touched_keeps_its_key_and_names_when_the_machine_finds_it_again(world):
    rows = np.arange(240)
    run = world.run(rows, world.truth[rows])
    names = {key: (f"Thème {key}", f"موضوع {key}") for key in run.carried.keys}
    earlier = earlier_of(run.carried, run.refs, names=names)
    more = np.arange(60, 360)
    again = world.run(more, world.truth[more], earlier)
    assert again.carried.keys == run.carried.keys
    assert {key: (t.name_fr, t.name_ar) for key, t in again.themes.items()} == names


def test_a_new_subject_becomes_a_new_theme_and_one_without_texts_ends(world):
    rows = np.flatnonzero(world.truth != 5)
    run = world.run(rows, world.truth[rows])
    later = np.flatnonzero(world.truth != 2)
    again = world.run(later, world.truth[later], run.earlier)
    gone = run.main(world.rows(2))
    assert [(theme.key, theme.reason) for theme in again.carried.ended] == [(gone, "gone")]
    assert [again.themes[key].status for key in again.held_by(world.rows(5))] == ["new"]
    assert gone in again.carried.former
    assert not again.carried.moved.any()


def test_a_theme_whose_substance_was_another_ends_and_says_where_it_went(world):
    wrong = np.where(world.truth == 2, np.arange(360) // 6 % 2 + 6, world.truth)
    run = world.run(range(360), wrong)
    again = world.run(range(360), world.truth, run.earlier, n_themes=6)
    (ended,) = again.carried.ended
    assert ended.reason == "changed"
    assert ended.heir == again.main(world.rows(2))
    assert ended.share == 1
    assert adjusted_rand_score(world.truth, again.carried.labels) == 1


def test_a_clear_new_division_by_the_machine_is_followed_and_a_passing_union_is_not(world):
    joined = np.where(world.truth == 5, 4, world.truth)
    run = world.run(range(360), joined)
    divided = world.run(range(360), world.truth, run.earlier)
    assert adjusted_rand_score(world.truth, divided.carried.labels) == 1
    back = world.run(range(360), joined, divided.earlier)
    assert back.of == divided.of
    assert sorted(t.status for t in back.carried.themes).count("held") == 1
    asked = world.run(range(360), joined, divided.earlier, n_themes=5)
    assert len(asked.carried.themes) == 5


def test_a_renamed_theme_keeps_its_names_through_many_runs(world, first):
    key = first.main(world.rows(3))
    decisions = [Rename("1", key, "Crèches communales", "حضانات الجماعة")]
    for run in later_runs(world, first, decisions):
        theme = run.themes[key]
        assert (theme.name_fr, theme.name_ar) == ("Crèches communales", "حضانات الجماعة")
        assert theme.status == "kept"
        assert run.main(world.rows(3)) == key


def test_merged_themes_stay_merged_though_the_machine_tells_them_apart(world, first):
    one, other = first.main(world.rows(0)), first.main(world.rows(1))
    decisions = [Merge("1", (one,), other)]
    merged = world.run(range(360), world.truth, first.earlier, decisions)
    assert merged.held_by(world.rows(0) + world.rows(1)) == {other}
    for run in later_runs(world, merged, decisions):
        assert run.main(world.rows(0)) == run.main(world.rows(1)) == other
        assert one not in run.themes
        assert run.carried.forwards[one] == (other,)


def test_a_merged_theme_takes_new_texts_of_all_its_sides(world):
    few = np.arange(90)
    run = world.run(few, world.truth[few])
    one, other = run.main(world.rows(0)), run.main(world.rows(1))
    decisions = [Merge("1", (one,), other)]
    again = world.run(range(360), world.truth, run.earlier, decisions)
    assert again.held_by(world.rows(0) + world.rows(1)) == {other}
    assert len(again.carried.themes) == 5


@pytest.mark.parametrize("n_seeds", [1, 3])
def test_a_divided_theme_stays_divided_though_the_machine_sees_one(world, n_seeds):
    joined = np.where(world.truth == 1, 0, world.truth)
    run = world.run(range(360), joined)
    key = run.main(world.rows(0))
    parts = (
        Part("ville", world.rows(0, n_seeds), "En ville", "فالمدينة"),
        Part("douar", world.rows(1, n_seeds), "Au douar", "فالدوار"),
    )
    decisions = [Split("1", key, parts)]
    run = world.run(range(360), joined, run.earlier, decisions)
    assert run.carried.forwards[key] == ("douar", "ville")
    for _ in range(5):
        assert key not in run.themes
        assert run.themes["ville"].name_ar == "فالمدينة"
        labels = [run.of[ref] for ref in world.rows(0) + world.rows(1)]
        assert adjusted_rand_score([0] * 60 + [1] * 60, [key == "ville" for key in labels]) > 0.9
        run = world.run(range(360), joined, run.earlier, decisions)


def test_a_part_taken_out_of_a_theme_leaves_the_rest_in_it(world):
    joined = np.where(world.truth == 1, 0, world.truth)
    run = world.run(range(360), joined)
    key = run.main(world.rows(0))
    decisions = [Split("1", key, (Part("douar", world.rows(1, 4), "Au douar"),), "keep")]
    again = world.run(range(360), joined, run.earlier, decisions)
    assert again.main(world.rows(0)) == key
    right = [again.of[ref] == "douar" for ref in world.rows(1)]
    assert np.mean(right) > 0.85
    assert again.held_by(world.rows(0)) == {key}


def test_moved_passages_stay_where_they_were_put_and_forward_with_a_merge(world, first):
    target, third = first.main(world.rows(1)), first.main(world.rows(2))
    moved = world.rows(0, 7)
    decisions = [Move("1", moved, target)]
    for run in later_runs(world, first, decisions, n=8):
        assert run.held_by(moved) <= {target}
        assert all(run.carried.forced[run.refs.index(ref)] for ref in moved if ref in run.of)
    decisions.append(Merge("2", (target,), third))
    for again in later_runs(world, run, decisions, n=8):
        assert again.held_by(moved) <= {third}


def test_a_moved_passage_does_not_go_back_when_the_theme_it_went_to_is_retired(world, first):
    source, target = first.main(world.rows(0)), first.main(world.rows(1))
    moved = world.rows(0, 2)
    decisions = [Move("1", moved, target, source=source), Retire("2", target)]
    run = world.run(range(360), world.truth, first.earlier, decisions)
    assert target not in run.themes
    assert source not in run.held_by(moved)
    assert not run.carried.forced.any()
    assert run.main(world.rows(0)) == source


def test_excluded_passages_are_in_no_theme_until_they_are_restored(world, first):
    out = world.rows(4, 9)
    decisions = [
        Move("0", out[:1], first.main(world.rows(0))),
        Exclude("1", out, "Données privées"),
    ]
    for run in later_runs(world, first, decisions):
        assert run.held_by(out) <= {None}
        assert run.carried.excluded.sum() == sum(ref in run.of for ref in out)
    decisions.append(Restore("2", out[:5]))
    run = world.run(range(360), world.truth, run.earlier, decisions)
    assert run.held_by(out[5:]) == {None}
    assert None not in run.held_by(out[:5])
    assert run.of[out[0]] == first.main(world.rows(0))


def test_a_theme_made_by_hand_lives_though_the_machine_never_finds_it(world):
    joined = np.where(world.truth == 1, 0, world.truth)
    run = world.run(range(360), joined)
    seeds = world.rows(1, 4)
    decisions = [Create("1", "3yalat", seeds, "Femmes du douar", "عيالات الدوار")]
    run = world.run(range(360), joined, run.earlier, decisions)
    assert np.mean([run.of[ref] == "3yalat" for ref in world.rows(1)]) > 0.8
    assert "3yalat" not in run.held_by([r for g in (0, 2, 3, 4, 5) for r in world.rows(g)])
    for later in later_runs(world, run, decisions):
        assert later.themes["3yalat"].status == "kept"
        assert later.held_by(seeds) <= {"3yalat"}


def test_a_single_seed_does_not_swallow_the_cluster_it_is_in():
    world = World(noise=0.45)
    run = world.run(range(360), world.truth)
    decisions = [Create("1", "new", world.rows(1, 1), "Nouveau")]
    again = world.run(range(360), world.truth, run.earlier, decisions)
    assert 1 <= again.themes["new"].n_passages < 20
    assert again.main(world.rows(1)) == run.main(world.rows(1))


def test_pinned_passages_pull_their_like(world):
    joined = np.where(world.truth == 1, 0, world.truth)
    first = world.run(range(360), joined)
    target = first.main(world.rows(2))
    run = world.run(range(360), joined, first.earlier, [Pin("1", world.rows(1, 5), target)])
    still = world.run(range(360), joined, first.earlier, [Move("1", world.rows(1, 5), target)])
    pulled, moved = (
        np.mean([one.of[ref] == target for ref in world.rows(1)]) for one in (run, still)
    )
    assert pulled > moved
    assert run.held_by(world.rows(2)) == {target}


def test_a_validated_theme_survives_and_is_not_divided_by_the_machine(world):
    joined = np.where(world.truth == 1, 0, world.truth)
    first = world.run(range(360), joined)
    key = first.main(world.rows(0))
    run = world.run(range(360), world.truth, first.earlier, [Validate("1", key)])
    assert run.held_by(world.rows(0) + world.rows(1)) == {key}


def test_decisions_wait_for_texts_that_are_gone_and_apply_when_they_come_back(world, first):
    target = first.main(world.rows(1))
    moved, out = world.rows(0, 3), world.rows(2, 2)
    decisions = [Move("1", moved, target), Exclude("2", out, "Hors sujet")]
    rows = [row for row in range(360) if world.refs[row] not in moved + out]
    without = world.run(rows, world.truth[rows], first.earlier, decisions)
    assert set(without.carried.waiting) == {*moved, *out}
    back = world.run(range(360), world.truth, without.earlier, decisions)
    assert back.held_by(moved) == {target}
    assert back.held_by(out) == {None}
    assert back.carried.waiting == ()


def test_a_kept_theme_stays_without_any_text_and_takes_them_back(world, first):
    key = first.main(world.rows(3))
    decisions = [Rename("1", key, "Santé maternelle")]
    rows = np.flatnonzero(world.truth != 3)
    without = world.run(rows, world.truth[rows], first.earlier, decisions)
    assert without.themes[key].n_passages == 0
    assert without.themes[key].name_fr == "Santé maternelle"
    assert without.carried.ended == ()


def test_a_theme_without_texts_is_found_by_its_stored_centre(world, first):
    earlier = earlier_of(first.carried, first.refs, with_centres=True)
    other = [PassageRef(f"new{row}", 0, 60) for row in range(360)]
    carried = carry_over(world.truth, world.vectors, other, constraints_of(earlier))
    assert carried.keys == first.carried.keys
    assert {theme.status for theme in carried.themes} == {"matched"}
    assert {theme.nearness for theme in carried.themes} == {1.0}


def test_decisions_follow_passages_that_were_divided_or_joined():
    vectors = unit(np.random.default_rng(0).standard_normal((40, 8)))
    whole = [PassageRef(f"t{row}", 0, 100) for row in range(40)]
    first = carry_over(np.arange(40) % 2, vectors, whole)
    decisions = [Move("1", (whole[0],), first.keys[1]), Exclude("2", (whole[2],), "Insulte")]
    halves = [PassageRef(r.key, a, b) for r in whole for a, b in ((0, 45), (45, 100))]
    constraints = constraints_of(earlier_of(first, whole), decisions)
    carried = carry_over(np.arange(80) // 2 % 2, np.repeat(vectors, 2, axis=0), halves, constraints)
    assert carried.labels[:2].tolist() == [1, 1]
    assert carried.excluded.tolist() == [row in (4, 5) for row in range(80)]
    back = carry_over(
        np.arange(40) % 2, vectors, whole, constraints_of(earlier_of(carried, halves), decisions)
    )
    assert back.labels[0] == 1
    assert back.excluded.tolist() == [row == 2 for row in range(40)]


def test_a_new_theme_never_takes_the_key_of_one_that_ended(world, first):
    retired = [Retire(str(at), key) for at, key in enumerate(first.carried.keys)]
    run = world.run(range(360), world.truth, first.earlier, retired)
    assert len(run.carried.keys) == 6
    assert not set(run.carried.keys) & set(first.carried.keys)
    again = world.run(range(360), world.truth, Earlier((), run.carried.former | set(run.themes)))
    assert not set(again.carried.keys) & (set(first.carried.keys) | set(run.carried.keys))


def test_more_themes_asked_for_are_given_and_kept_ones_come_on_top(world, first):
    halves = world.truth * 2 + np.arange(360) // 6 % 2
    more = world.run(range(360), halves, first.earlier, n_themes=9)
    assert len(more.carried.themes) == 9
    decisions = [Rename(str(at), key, f"Nom {at}") for at, key in enumerate(first.carried.keys)]
    joined = np.where(world.truth < 3, 0, world.truth)
    fewer = world.run(range(360), joined, first.earlier, decisions, n_themes=4)
    assert set(fewer.carried.keys) == set(first.carried.keys)


def test_no_passages_and_passages_without_cluster_are_allowed(world, first):
    empty = carry_over([], np.zeros((0, 16)), [], constraints_of(first.earlier))
    assert empty.themes == ()
    assert {theme.reason for theme in empty.ended} == {"gone"}
    none = world.run(range(360), np.full(360, -1), first.earlier)
    assert none.of == first.of
    new = world.run(range(360), np.full(360, -1))
    assert set(new.keys) == {None}
    assert not new.carried.margins.any()


@pytest.mark.parametrize(
    ("labels", "vectors", "options"),
    [
        ([0], np.eye(2), {}),
        ([0, 0], np.eye(3), {}),
        ([0, 0], np.array([[1.0, 0.0], [np.nan, 0.0]]), {}),
        ([0, 0], np.eye(2), {"margins": [1.0]}),
        ([0, 0], np.eye(2), {"n_themes": 0}),
    ],
)
def test_input_that_does_not_fit_is_refused(labels, vectors, options):
    with pytest.raises(InputError):
        carry_over(labels, vectors, [PassageRef("a", 0, 5), PassageRef("b", 0, 5)], **options)


def test_a_passage_given_twice_is_refused():
    with pytest.raises(InputError):
        carry_over([0, 0], np.eye(2), [PassageRef("a", 0, 5)] * 2)


def test_a_theme_that_ended_by_itself_after_a_passage_left_it_bars_nothing():
    ref = PassageRef("a", 0, 10)
    earlier = Earlier((EarlierTheme("one", members=(ref,)),), frozenset({"gone"}))
    moved = Move("d1", (ref,), "one", source="gone")
    constraints = constraints_of(earlier, [moved])
    assert constraints.barred == ()
    carried = carry_over([0], [[1.0, 0.0]], [ref], constraints)
    assert carried.keys == ("one",)
