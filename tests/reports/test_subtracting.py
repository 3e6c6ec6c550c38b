"""A subtraction of printed counts, and what rows show, gives no withheld actor type back."""

from collections import Counter, defaultdict
from itertools import permutations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reports.claims.dataset import Dataset, Person, Said
from app.reports.claims.disclosure import concealed, hiding, shown
from app.reports.claims.reducing import reduce
from tests.reports.test_disclosure import others


def dataset(rows, *, screened=True):
    """Return a dataset of ``(region, actor type, themes)``; without a theme, nothing was said.

    :param screened: whether more is withheld than the table of regions by types asks.
    """
    where = {f"S-{i}": (region, actor) for i, (region, actor, _themes) in enumerate(rows)}
    said = [
        Said(f"S-{i}", "q", theme, theme + 1, "h", "fr", "in_theme", theme)
        for i, (_region, _actor, themes) in enumerate(rows)
        for theme in sorted(themes)
    ]
    voices = defaultdict(set)
    for one in said:
        voices[one.theme].add(one.number)
    analysed = {one.number for one in said}
    visible = shown(where, analysed, voices.values())
    if not screened:
        cells, _hidden = hiding(where, analysed)
        hidden = concealed(Counter(cells.values()))
        visible = {n: (cell[0], None if cell in hidden else cell[1]) for n, cell in cells.items()}
    return Dataset(
        people={n: Person(n, region, actor, visible[n]) for n, (region, actor) in where.items()},
        said=said,
        themes=sorted(voices),
        told={"populations": {}},
    )


def printed(data):
    """Return the counts by actor type that a report prints, by group: a theme, or who took part."""
    described = data.described["actor_type"]
    every = sorted({person.actor_type for person in data.people.values()})
    found = {
        measure: {actor: data.ask({"measure": measure, "actor_type": actor}) for actor in every}
        for measure in ("submissions", "analysed")
    }
    for theme in data.themes:
        found[theme] = {
            actor: data.ask({"measure": "voices", "theme": [theme], "actor_type": actor})
            for actor in described
        }
    return found


def without(data):
    """Return those whose type rows withhold, by group, and what rows lack of each printed count."""
    public, counts = reduce(data), printed(data)
    members = {"submissions": set(public.people), "analysed": public.analysed}
    members |= {theme: public.voices_of(theme) for theme in public.themes}
    withheld, lacking = {}, {}
    for group, numbers in members.items():
        rows = Counter(public.people[n].actor_type for n in numbers)
        withheld[group] = {n for n in numbers if public.people[n].actor_type is None}
        lacking[group] = {actor: n - rows[actor] for actor, n in counts[group].items()}
    return withheld, lacking


def attack(data):
    """Return the actor types that follow, by number, from printed counts and the open rows.

    One printed count less what the rows show of it, or less another one: where all those of a group
    whose type is withheld, or all those who are in one of two groups only, must be of a type.
    """
    withheld, lacking = without(data)
    found = {}
    for group, numbers in withheld.items():
        for actor, n in lacking[group].items():
            if n == len(numbers):
                found |= dict.fromkeys(numbers, actor)
    for one, other in permutations(withheld, 2):
        only = withheld[one] - withheld[other]
        for actor in lacking[one].keys() & lacking[other].keys():
            if lacking[one][actor] - lacking[other][actor] == len(only):
                found |= dict.fromkeys(only, actor)
    return found


def narrowed(data):
    """Return what follows from one group's counts and the cells that the report does not print.

    All tables by region and type are gone through that the counts and the cells allow.
    """
    where = {n: (p.region, p.actor_type) for n, p in data.people.items()}
    regions = {n: p.shown[0] for n, p in data.people.items()}
    hidden = {(regions[n], where[n][1]) for n, p in data.people.items() if p.shown[1] is None}
    described = data.described["actor_type"]
    found = {}
    for group in ("submissions", "analysed", *data.themes):
        numbers = data.voices_of(group) if group in data.themes else set(data.people)
        numbers = numbers & data.analysed if group == "analysed" else numbers
        named = described if group in data.themes else {actor for _r, actor in where.values()}
        withheld = [n for n in numbers if data.people[n].shown[1] is None]
        cells = {n: (regions[n], where[n][1] if where[n][1] in named else "") for n in withheld}
        counts = Counter(cells.values())
        may_be = {(r, actor if actor in named else "") for r, actor in hidden}
        tables = list(others(counts, {cell for cell in may_be if cell[0] in regions.values()}))
        for number, (region, actor) in cells.items():
            of = sum(n for cell, n in counts.items() if cell[0] == region)
            if actor and all(table[region, actor] == of for table in tables):
                found[number] = actor
    return found


LONELY = ("08", "expert", {2})


def lonely():
    """Return rows of which theme 2 withholds one alone: the expert of region 08."""
    themes = ({1}, {2}, {1, 2})
    rows = [(region, "citizen", themes[i % 3]) for region in ("08", "06") for i in range(20)]
    small = [(r, kind, {1}) for r in ("08", "06") for kind in ("expert", "private")] * 3
    return [*rows, *small, LONELY]


def test_the_attack_recovers_what_cells_alone_would_withhold():
    data = dataset(lonely(), screened=False)
    alone = f"S-{lonely().index(LONELY)}"

    assert data.people[alone].shown == ("08", None)
    assert attack(data)[alone] == "expert"


def test_the_attack_recovers_nothing_once_others_are_withheld_with_it():
    data = dataset(lonely())

    assert attack(data) == {}
    withheld = {p.actor_type for p in data.people.values() if p.shown[1] is None}
    assert len(withheld) > 1


def test_those_without_a_passage_are_a_group_too():
    rows = [(r, "citizen", {1} if i else set()) for r in ("08", "06") for i in range(20)]
    rows += [(r, kind, {1}) for r in ("08", "06") for kind in ("expert", "private")] * 3
    rows += [("08", "private", set())]

    assert set(attack(dataset(rows, screened=False)).values()) == {"private"}
    assert attack(dataset(rows)) == {}


def test_a_region_that_hides_few_types_narrows_a_subtraction_down():
    # In theme 2 an expert and a union are withheld; region 08 hides no union, so its own is told.
    themes = ({1}, {2}, {1, 2})
    rows = [(r, "citizen", themes[i % 3]) for r in ("08", "06", "01") for i in range(20)]
    rows += [("08", "expert", {2})] + [("08", "private", {1})] * 4
    rows += [("06", "expert", {1})] * 4 + [("06", "private", {1})] * 4
    rows += [("06", "union", {2})] + [("01", "union", {1})] * 4
    rows += [("01", "expert", {1})] * 4 + [("08", "union", {1})] * 6

    before, after = dataset(rows, screened=False), dataset(rows)
    assert narrowed(before)
    assert narrowed(after) == {}


people = st.tuples(
    st.sampled_from(["", "01", "02", "03"]),
    st.sampled_from("aaaabbbccd"),
    st.sets(st.integers(1, 4)),
)


def inherent(data):
    """Return whose type follows from printed counts alone, were every row's type withheld."""
    return attack(
        Dataset(
            people={
                n: Person(n, p.region, p.actor_type, (p.shown[0], None))
                for n, p in data.people.items()
            },
            said=data.said,
            themes=data.themes,
            told=data.told,
        )
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(people, min_size=1, max_size=24))
def test_no_withheld_type_follows_from_a_groups_counts_and_the_cells(rows):
    data = dataset(rows)
    found = narrowed(data)
    assert all(data.people[number].actor_type == actor for number, actor in found.items())
    assert found.keys() <= inherent(data).keys()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(people, min_size=1, max_size=60))
def test_no_withheld_type_follows_from_one_subtraction(rows):
    data = dataset(rows)
    found = attack(data)
    for number, actor in found.items():
        assert data.people[number].shown[1] is None
        assert data.people[number].actor_type == actor
    # What the printed counts say by themselves, no row can take back.
    assert found.keys() <= inherent(data).keys()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(people, min_size=1, max_size=60))
def test_what_is_hidden_for_it_stays_a_table_that_sums_do_not_solve(rows):
    data = dataset(rows)
    where = {n: (p.region, p.actor_type) for n, p in data.people.items()}
    voices = [data.voices_of(theme) for theme in data.themes]
    cells, hidden = hiding(where, data.analysed, voices)
    closed = set(dict(where.values()).values()) & (
        {actor for _r, actor in where.values()} - set(data.described["actor_type"])
    )
    assert concealed(Counter(cells.values()), closed, hidden) == hidden
