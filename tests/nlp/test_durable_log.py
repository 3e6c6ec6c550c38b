"""The human log: what decisions mean in order, their form in JSON, and what makes no sense."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.durable import (
    Create,
    DecisionError,
    Earlier,
    EarlierTheme,
    Exclude,
    Merge,
    Move,
    Part,
    PassageIndex,
    PassageRef,
    Pin,
    Rename,
    Restore,
    Retire,
    Split,
    Validate,
    constraints_of,
    decision_from_dict,
)
from nlp.errors import DuplicateKeyError, InputError, NlpError


def ref(key, start=0, end=40):
    """Return a passage of a text."""
    return PassageRef(key, start, end)


ONE, TWO, THREE = ref("r1"), ref("r2"), ref("r3", 12, 90)
EARLIER = Earlier(
    (
        EarlierTheme("creches", "Crèches", "دور الحضانة", members=(ONE, TWO)),
        EarlierTheme("transport", "Transport", "النقل", members=(THREE,)),
        EarlierTheme("routes", "Pistes rurales", "المسالك القروية"),
    )
)
DECISIONS = [
    Rename("1", "creches", name_fr="Garde des tout-petits", name_ar="حضانة الصغار"),
    Merge("2", ("routes",), "transport"),
    Split("3", "transport", (Part("taxi", (ONE,), "Taxi"), Part("bus", (TWO, THREE))), "keep"),
    Move("4", (ONE, TWO), "creches", source="transport"),
    Pin("5", (THREE,), "creches"),
    Exclude("6", (ONE,), "Insulte"),
    Restore("7", (ONE,)),
    Create("8", "l-3yalat", (TWO,), name_ar="العيالات فالدوار"),
    Retire("9", "creches"),
    Validate("10", "transport"),
]


def names_of(constraints):
    """Return the names of the themes by key."""
    return {theme.key: (theme.name_fr, theme.name_ar) for theme in constraints.themes}


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.kind)
def test_a_decision_comes_back_from_json_as_it_went(decision):
    values = json.loads(json.dumps(decision.to_dict()))
    assert values["version"] == 1
    assert decision_from_dict(values) == decision


@given(
    key=st.text(min_size=1),
    start=st.integers(0, 10**6),
    length=st.integers(1, 10**6),
    reason=st.text(min_size=1).filter(str.strip),
)
def test_any_text_and_offsets_come_back_from_json(key, start, length, reason):
    decision = Exclude("x", (PassageRef(key, start, start + length),), reason)
    assert decision_from_dict(json.loads(json.dumps(decision.to_dict()))) == decision


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"kind": "forget"},
        {"passages": [["r1", 5, 5]]},
        {"passages": [["r1", True, 5]]},
        {"passages": [["r1", 0]]},
        {"passages": "r1"},
        {"to": 7},
        {"mood": "good"},
    ],
)
def test_a_damaged_decision_is_refused_by_name(change):
    values = {**Move("lost-42", (ONE,), "creches").to_dict(), **change}
    with pytest.raises(DecisionError, match="lost-42") as caught:
        decision_from_dict(values)
    assert caught.value.decision == "lost-42"
    assert isinstance(caught.value, NlpError)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Rename("bad", "creches"),
        lambda: Rename("bad", "creches", name_fr=""),
        lambda: Merge("bad", (), "creches"),
        lambda: Merge("bad", ("creches",), "creches"),
        lambda: Merge("bad", ("routes", "routes"), "creches"),
        lambda: Split("bad", "creches", (Part("a", (ONE,)),)),
        lambda: Split("bad", "creches", (Part("a", (ONE,)), Part("b", ()))),
        lambda: Split("bad", "creches", (Part("a", (ONE,)), Part("b", (ONE,)))),
        lambda: Split("bad", "creches", (Part("a", (ONE,)), Part("a", (TWO,)))),
        lambda: Split("bad", "creches", (Part("a", (ONE,)), Part("b", (TWO,))), "burn"),
        lambda: Move("bad", (), "creches"),
        lambda: Move("bad", (ONE, ONE), "creches"),
        lambda: Move("bad", (ONE,), "creches", source="creches"),
        lambda: Pin("bad", (), "creches"),
        lambda: Exclude("bad", (ONE,), "  "),
        lambda: Create("bad", "new", (), "Nom"),
        lambda: Create("bad", "new", (ONE,)),
        lambda: Create("bad", "m-0123", (ONE,), "Nom"),
        lambda: Create("bad", "", (ONE,), "Nom"),
    ],
)
def test_a_decision_that_says_nothing_sensible_is_refused(make):
    with pytest.raises(DecisionError, match="'bad'"):
        make()


def test_a_decision_without_id_is_refused():
    with pytest.raises(DecisionError, match="no id"):
        Retire("", "creches")


@pytest.mark.parametrize(
    ("decisions", "message"),
    [
        ([Rename("bad", "unheard-of", "Nom")], "no theme 'unheard-of'"),
        ([Move("bad", (ONE,), "unheard-of")], "no theme"),
        ([Move("bad", (ONE,), "creches", source="unheard-of")], "no theme"),
        ([Merge("1", ("routes",), "transport"), Move("bad", (ONE,), "routes")], "'transport' now"),
        ([Merge("1", ("routes",), "transport"), Merge("bad", ("creches",), "routes")], "ended"),
        ([Merge("1", ("routes",), "creches"), Rename("bad", "routes", "Nom")], "ended"),
        ([Retire("1", "routes"), Validate("bad", "routes")], "no theme now"),
        ([Create("1", "new", (ONE,), "Nom"), Create("bad", "new", (TWO,), "Nom")], "taken"),
        ([Pin("bad", (ONE,), "new"), Create("2", "new", (ONE,), "Nom")], "no theme 'new'"),
        (
            [
                Create("1", "new", (ONE,), "Nom"),
                Retire("2", "new"),
                Create("bad", "new", (TWO,), "Nom"),
            ],
            "taken",
        ),
        ([Restore("bad", (ONE,))], "was not excluded"),
        ([Exclude("1", (ONE,), "Hors sujet"), Restore("bad", (TWO,))], "was not excluded"),
        ([Retire("bad", "routes"), Retire("bad", "creches")], "same id"),
    ],
)
def test_nonsense_in_the_log_is_refused_by_name(decisions, message):
    with pytest.raises(DecisionError, match=message) as caught:
        constraints_of(EARLIER, decisions)
    assert caught.value.decision == "bad"


def test_a_decision_told_twice_is_applied_once():
    retire = Retire("1", "routes")
    assert constraints_of(EARLIER, [retire, retire]) == constraints_of(EARLIER, [retire])


def test_names_given_by_people_replace_those_of_the_machine_one_by_one():
    constraints = constraints_of(EARLIER, [Rename("1", "transport", name_ar="وسائل النقل")])
    assert names_of(constraints)["transport"] == ("Transport", "وسائل النقل")
    theme = next(t for t in constraints.themes if t.key == "transport")
    assert theme.is_kept
    assert theme.by_hand == {"ar"}
    assert [t.key for t in constraints.themes if t.is_kept] == ["transport"]


def test_merged_keys_forward_through_later_merges():
    log = [Merge("1", ("routes",), "transport"), Merge("2", ("transport",), "creches")]
    constraints = constraints_of(EARLIER, [Move("0", (ONE,), "routes"), *log])
    assert constraints.forwards == {"routes": ("creches",), "transport": ("creches",)}
    assert [theme.key for theme in constraints.themes] == ["creches"]
    assert set(constraints.themes[0].members) == {ONE, TWO, THREE}
    assert constraints.places[0].themes == ("creches",)
    assert constraints.former == {"routes", "transport"}


def test_a_divided_theme_leaves_its_passages_to_its_parts_and_these_stay_apart():
    split = Split("1", "creches", (Part("ville", (ONE,)), Part("douar", (TWO,))))
    constraints = constraints_of(EARLIER, [Move("0", (THREE,), "creches"), split])
    assert constraints.divided == (((ONE, TWO), ("douar", "ville")),)
    assert constraints.places[0].themes == ("douar", "ville")
    assert constraints.apart == {frozenset(("douar", "ville"))}
    merged = constraints_of(EARLIER, [split, Merge("2", ("douar",), "ville")])
    assert merged.apart == frozenset()


def test_the_log_may_name_themes_that_ended_long_ago_if_they_are_known():
    log = [Merge("1", ("routes",), "transport")]
    later = Earlier((EarlierTheme("transport"),), frozenset({"routes"}))
    assert [theme.key for theme in constraints_of(later, log).themes] == ["transport"]
    with pytest.raises(DecisionError, match="no theme 'routes'"):
        constraints_of(Earlier((EarlierTheme("transport"),)), log)


def test_applying_a_log_to_what_it_made_changes_nothing():
    log = [
        Create("1", "new", (ONE,), "Nom"),
        Split("2", "creches", (Part("ville", (TWO,)), Part("douar", (THREE,)))),
    ]
    after = Earlier(
        tuple(EarlierTheme(key) for key in ("new", "ville", "douar", "transport", "routes")),
        frozenset({"creches"}),
    )
    before = constraints_of(EARLIER, log)
    again = constraints_of(after, log)
    assert [t.key for t in again.themes] == [t.key for t in before.themes]
    assert again.places == before.places
    assert again.former == before.former == {"creches"}


def test_a_retired_theme_frees_its_passages():
    constraints = constraints_of(EARLIER, [Pin("0", (ONE,), "creches"), Retire("1", "creches")])
    assert constraints.places[0].themes == ()
    assert constraints.forwards == {"creches": ()}
    assert "creches" in constraints.former


def test_a_moved_passage_is_barred_from_the_theme_it_is_said_to_have_left():
    moves = [Move("1", (THREE,), "creches", source="routes"), Move("2", (ONE,), "transport")]
    assert constraints_of(EARLIER, moves).barred == ((THREE, "routes"),)
    merged = constraints_of(EARLIER, [*moves, Merge("3", ("creches",), "routes")])
    assert merged.barred == ()


def test_two_themes_with_one_key_or_one_passage_are_refused():
    with pytest.raises(DuplicateKeyError):
        Earlier((EarlierTheme("a"), EarlierTheme("a")))
    both = Earlier((EarlierTheme("a", members=(ONE,)), EarlierTheme("b", members=(ONE,))))
    with pytest.raises(InputError):
        constraints_of(both)


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (-1, 4)])
def test_a_passage_needs_ordered_offsets(start, end):
    with pytest.raises(InputError):
        PassageRef("r", start, end)


def found(passages, one):
    """Return the passages a reference finds among others of the same text."""
    refs = [PassageRef("r", *span) for span in passages]
    return [passages[row] for row, _ in PassageIndex(refs).find(PassageRef("r", *one))]


def test_a_reference_finds_the_passage_that_holds_most_of_its_span():
    assert found([(0, 100), (100, 150)], (0, 100)) == [(0, 100)]
    assert found([(0, 60), (60, 200)], (0, 100)) == [(0, 60)]
    assert found([(0, 300)], (40, 100)) == [(0, 300)]


def test_a_reference_finds_all_passages_that_its_own_was_divided_into():
    assert found([(0, 30), (30, 70), (70, 100)], (0, 100)) == [(0, 30), (30, 70), (70, 100)]
    assert found([(0, 50), (50, 300)], (0, 100)) == [(0, 50)]


def test_a_reference_to_text_that_is_gone_finds_nothing():
    assert found([(0, 100)], (200, 240)) == []
    assert found([(90, 300)], (0, 100)) == []
    assert PassageIndex([PassageRef("other", 0, 40)]).find(ONE) == []


@given(
    cuts=st.lists(st.integers(1, 299), unique=True, max_size=12).map(sorted),
    start=st.integers(0, 298),
    length=st.integers(1, 300),
)
def test_a_reference_into_a_text_cut_anyhow_always_finds_a_passage(cuts, start, length):
    bounds = [0, *cuts, 300]
    spans = list(pairwise(bounds))
    end = min(300, start + length)
    rows = found(spans, (start, end))
    assert rows
    assert all(min(b, end) > max(a, start) for a, b in rows)
