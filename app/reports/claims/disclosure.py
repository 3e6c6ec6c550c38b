"""Who could be recognised: which region and actor type the rows of the open data may show.

The report prints how many people took part in each region and of each actor type. Of the table that
crosses the two, cells of fewer than five people are hidden, and as many others as it takes that no
hidden one follows from these sums: :func:`is_fixed` asks it of the whole table, not line by line.
More are hidden where a printed count of a theme's voices would still give somebody away
(:mod:`app.reports.claims.subtracting`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet

from app.reports.claims.subtracting import Printed, Subtraction, Told
from app.reports.claims.walks import Cell, is_fixed
from app.reports.figures import SMALLEST_GROUP, suppressed

#: ``(region, actor type)`` of a submission.
Place = tuple[str, str]
Shown = tuple[str | None, str | None]


def shown(
    places: Mapping[str, Place],
    analysed: AbstractSet[str],
    voices: Collection[AbstractSet[str]] = (),
) -> dict[str, Shown]:
    """Return what may be shown of each submission, by its number.

    Groups too small to be described are withheld; so are the combinations of both that
    :func:`concealed` hides: every combination that rows show, and all that a region or an actor
    type withholds together, is that of at least five, or of everybody there is. Then others, until
    no actor type follows from a subtraction.

    :param places: region (empty where not stated) and actor type, by number.
    :param analysed: those with a passage, over whom groups are measured.
    :param voices: the voices of each theme, whose actor types are printed as counts.
    """
    first, hidden = hiding(places, analysed, voices)
    return {
        number: (region, None if (region, actor) in hidden else actor)
        for number, (region, actor) in first.items()
    }


def hiding(
    places: Mapping[str, Place],
    analysed: AbstractSet[str],
    voices: Collection[AbstractSet[str]] = (),
) -> tuple[dict[str, Cell], set[Cell]]:
    """Return the cell in which each submission is, and the cells that are hidden."""
    measured = [place for number, place in places.items() if number in analysed]
    regions = Counter(region for region, _actor in measured)
    known = regions.keys() - suppressed(regions)
    actors = Counter(actor for _region, actor in measured)
    closed = {actor for _region, actor in places.values()} - (actors.keys() - suppressed(actors))
    first: dict[str, Cell] = {
        number: (region if region in known else None, actor)
        for number, (region, actor) in places.items()
    }
    everyone = frozenset(places)
    groups = [Printed(everyone), Printed(everyone & analysed)]
    groups += [Printed(frozenset(some), frozenset(closed)) for some in voices if some]
    return first, _screened(first, closed, groups)


def _screened(
    places: Mapping[str, Cell], closed: Collection[str], groups: list[Printed]
) -> set[Cell]:
    """Return the cells to hide so that no subtraction tells an actor type, as far as that goes.

    Nothing can be done where all voices of a theme are of one type: then its counts alone say so.
    """
    counts = Counter(places.values())
    subtraction = Subtraction(places, groups)
    hidden = concealed(counts, closed)
    while told := subtraction.told(hidden):
        more = _best(subtraction, told, counts, hidden)
        if more is None:
            break
        hidden = concealed(counts, closed, hidden | {more})
    return hidden


def _best(
    subtraction: Subtraction, told: list[Told], counts: Mapping[Cell, int], hidden: set[Cell]
) -> Cell | None:
    """Return the cell whose hiding leaves the fewest told, the smallest of several.

    None if what is told would be even with all cells hidden.
    """
    among = set(told)
    left = [cell for cell, n in counts.items() if n and cell not in hidden]
    among -= set(subtraction.told(hidden | set(left), among))
    if not among or not left:
        return None
    return min(
        left,
        key=lambda cell: (
            len(subtraction.told(hidden | {cell}, among)),
            counts[cell],
            str(cell),
        ),
    )


def concealed(
    counts: Mapping[Cell, int], closed: Collection[str] = (), also: AbstractSet[Cell] = frozenset()
) -> set[Cell]:
    """Return the cells that are not shown, of a table whose rows' and columns' sums are known.

    :param closed: columns of which no cell is shown.
    :param also: cells that are hidden for another reason.
    """
    table = _Table(counts)
    hidden = {cell for cell in table.cells if cell[1] in closed or table.is_small(cell)} | also
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
