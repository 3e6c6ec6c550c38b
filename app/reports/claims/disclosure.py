"""Who could be recognised: which region and actor type the rows of the open data may show.

The report prints how many people took part in each region and of each actor type. Of the table that
crosses the two, cells of fewer than five people are hidden, and as many others as it takes that no
hidden one follows from these sums: :func:`is_fixed` asks it of the whole table, not line by line.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet

from app.reports.figures import SMALLEST_GROUP, suppressed

#: ``(region, actor type)`` of a submission.
Place = tuple[str, str]
Shown = tuple[str | None, str | None]
#: Region, None for all those that are not described, and actor type.
Cell = tuple[str | None, str]


def shown(places: Mapping[str, Place], analysed: AbstractSet[str]) -> dict[str, Shown]:
    """Return what may be shown of each submission, by its number.

    Groups too small to be described are withheld; so are the combinations of both that
    :func:`concealed` hides: every combination that rows show, and all that a region or an actor
    type withholds together, is that of at least five, or of everybody there is.

    :param places: region (empty where not stated) and actor type, by number.
    :param analysed: those with a passage, over whom groups are measured.
    """
    measured = [place for number, place in places.items() if number in analysed]
    regions = Counter(region for region, _actor in measured)
    known = regions.keys() - suppressed(regions)
    actors = Counter(actor for _region, actor in measured)
    closed = {actor for _region, actor in places.values()} - (actors.keys() - suppressed(actors))
    first = {
        number: (region if region in known else None, actor)
        for number, (region, actor) in places.items()
    }
    hidden = concealed(Counter(first.values()), closed)
    return {
        number: (region, None if (region, actor) in hidden else actor)
        for number, (region, actor) in first.items()
    }


def concealed(counts: Mapping[Cell, int], closed: Collection[str] = ()) -> set[Cell]:
    """Return the cells that are not shown, of a table whose rows' and columns' sums are known.

    :param closed: columns of which no cell is shown.
    """
    table = _Table(counts)
    hidden = {cell for cell in table.cells if cell[1] in closed or table.is_small(cell)}
    while (more := _missing(table, hidden)) is not None:
        hidden.add(more)
    return hidden


class _Table:
    """A table by region and actor type, cells of nobody included."""

    def __init__(self, counts: Mapping[Cell, int]) -> None:
        self.counts = {cell: n for cell, n in counts.items() if n > 0}
        self.rows = sorted({row for row, _column in self.counts}, key=str)
        self.columns = sorted({column for _row, column in self.counts})
        self.cells = [(row, column) for row in self.rows for column in self.columns]
        #: Cells that their sums tell even where nothing is shown: hiding others is of no use.
        self.known = {
            cell for cell in self.cells if self.of(cell) and is_fixed(cell, self.cells, self.counts)
        }

    def of(self, cell: Cell) -> int:
        """Return how many are in a cell."""
        return self.counts.get(cell, 0)

    def is_small(self, cell: Cell) -> bool:
        """Tell whether a cell holds somebody, but fewer than may be described."""
        return 0 < self.of(cell) < SMALLEST_GROUP

    def lines(self) -> Iterator[list[Cell]]:
        """Yield the cells of each row, then of each column."""
        for row in self.rows:
            yield [(row, column) for column in self.columns]
        for column in self.columns:
            yield [(row, column) for row in self.rows]


def _missing(table: _Table, hidden: set[Cell]) -> Cell | None:
    """Return the next cell to hide, None when nothing follows from the sums any more."""
    for line in table.lines():
        inside = [cell for cell in line if cell in hidden]
        left = [cell for cell in line if cell not in hidden and table.of(cell)]
        if inside and left and 0 < sum(map(table.of, inside)) < SMALLEST_GROUP:
            return min(left, key=lambda cell: (table.of(cell), str(cell)))
    for cell in sorted(hidden, key=str):
        if not table.is_small(cell) or cell in table.known:
            continue
        if is_fixed(cell, hidden, table.counts):
            left = [c for c in table.cells if c not in hidden]
            left = [c for c in left if c[0] == cell[0] or c[1] == cell[1]] or left
            if left:
                return min(left, key=lambda c: (not table.of(c), table.of(c), str(c)))
    return None


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
