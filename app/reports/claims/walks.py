"""Which cells of a table follow from the sums of its rows and columns."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

#: Region, None for all those that are not described, and actor type.
Cell = tuple[str | None, str]


def is_fixed(cell: Cell, hidden: Collection[Cell], counts: Mapping[Cell, int]) -> bool:
    """Tell whether a hidden cell follows from the sums, no cell being under nobody.

    Another table with the same sums differs from this one along a closed walk over hidden cells
    that adds one and takes one away in turn; it must not take from a cell of nobody. The cell is
    fixed if no such walk passes through it, either way.
    """
    adding: dict[object, set[object]] = defaultdict(set)
    for one in hidden:
        row, column = ("row", one[0]), ("column", one[1])
        adding[row].add(column)
        if counts.get(one, 0) > 0:
            adding[column].add(row)
    row, column = ("row", cell[0]), ("column", cell[1])
    more = _leads(adding, column, row)
    return not (more or (counts.get(cell, 0) > 0 and _leads(adding, row, column)))


def _leads(arcs: Mapping[object, set[object]], start: object, end: object) -> bool:
    """Tell whether arcs lead from one place to another by more than the one between the two."""
    seen, todo = {start}, [place for place in arcs.get(start, ()) if place != end]
    while todo:
        place = todo.pop()
        if place == end:
            return True
        if place not in seen:
            seen.add(place)
            todo.extend(arcs.get(place, ()))
    return False
