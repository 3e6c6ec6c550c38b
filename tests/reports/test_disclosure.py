"""Who could be recognised: what the rows of the open data withhold, and sums that give nothing."""

from collections import Counter
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.reports.claims.disclosure import concealed, shown
from app.reports.claims.walks import is_fixed

ROWS, COLUMNS = ("01", "02", "03"), ("a", "b", "c")

tables = st.lists(st.integers(0, 9), min_size=9, max_size=9).map(
    lambda counts: Counter(dict(zip(product(ROWS, COLUMNS), counts, strict=True)))
)


def others(counts, hidden):
    """Return every table with the same sums that differs from this one in hidden cells only."""
    cells = sorted(hidden, key=str)
    sums = Counter()
    for row, column in cells:
        sums["row", row] += counts[row, column]
        sums["column", column] += counts[row, column]

    def fill(index, left, found):
        """Fill the cells from ``index`` on with what the sums leave."""
        if index == len(cells):
            if not any(left.values()):
                yield dict(found)
            return
        row, column = cells[index]
        for n in range(min(left["row", row], left["column", column]) + 1):
            rest = left | {
                ("row", row): left["row", row] - n,
                ("column", column): left["column", column] - n,
            }
            yield from fill(index + 1, rest, found | {cells[index]: n})

    yield from fill(0, dict(sums), {})


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=9, max_size=9),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_a_cell_is_fixed_exactly_when_every_table_of_these_sums_has_it_so(counts, masks):
    table = Counter(dict(zip(product(ROWS, COLUMNS), counts, strict=True)))
    hidden = {c for c, is_hidden in zip(product(ROWS, COLUMNS), masks, strict=True) if is_hidden}
    found = list(others(table, hidden))
    for cell in hidden:
        assert is_fixed(cell, hidden, table) == (len({one[cell] for one in found}) == 1)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_no_sum_gives_a_small_cell_back(table):
    hidden = concealed(table)
    everything = set(product(ROWS, COLUMNS))
    for cell, n in table.items():
        if not 0 < n < 5:
            continue
        assert cell in hidden
        # What follows even where nothing at all is shown cannot be hidden.
        peopled = {c for c in everything if any(table[c[0], k] for k in COLUMNS)}
        peopled = {c for c in peopled if any(table[r, c[1]] for r in ROWS)}
        if not is_fixed(cell, peopled, table):
            assert not is_fixed(cell, hidden, table)


@settings(max_examples=300, deadline=None)
@given(tables)
def test_what_a_line_withholds_together_is_of_five_or_of_everybody(table):
    hidden = concealed(table)
    lines = [[(r, c) for c in COLUMNS] for r in ROWS] + [[(r, c) for r in ROWS] for c in COLUMNS]
    for line in lines:
        withheld = sum(table[cell] for cell in line if cell in hidden)
        left = sum(table[cell] for cell in line if cell not in hidden)
        assert withheld == 0 or withheld >= 5 or left == 0


def people(**cells):
    """Return places from ``{"r08_citizen": 7}``."""
    places = {}
    for cell, n in cells.items():
        region, actor = cell.split("_")
        for i in range(n):
            places[f"S-{cell}-{i}"] = (region.removeprefix("r"), actor)
    return places


def test_a_small_region_is_withheld_with_the_next_smallest_one():
    places = people(r08_citizen=20, r06_citizen=9, r12_citizen=2)
    found = shown(places, set(places))
    assert {found[number][0] for number, (region, _actor) in places.items() if region == "12"} == {
        None
    }
    assert {found[number][0] for number, (region, _actor) in places.items() if region == "06"} == {
        None
    }
    assert {found[number][0] for number, (region, _actor) in places.items() if region == "08"} == {
        "08"
    }


def test_an_actor_type_that_one_region_alone_would_hide_is_hidden_in_another_as_well():
    # 8 experts in all: were the 7 of region 06 shown, the one of region 08 would follow.
    places = people(
        r08_citizen=20, r08_expert=1, r08_private=4, r06_citizen=20, r06_expert=7, r06_private=9
    )
    found = shown(places, set(places))
    seen = Counter(found.values())
    assert seen["08", "expert"] == 0
    assert seen["06", "expert"] == 0
    assert sum(seen.values()) == len(places)


@pytest.mark.parametrize("n", [1, 4])
def test_nobody_is_shown_in_a_group_of_fewer_than_five(n):
    places = people(r08_citizen=20, r08_expert=n, r06_citizen=20, r06_expert=6, r01_citizen=n)
    seen = Counter(shown(places, set(places)).values())
    shown_whole = {place: count for place, count in seen.items() if None not in place}
    assert all(count >= 5 for count in shown_whole.values())
