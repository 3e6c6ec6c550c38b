"""What a subtraction would give back: printed counts of actor types less those that rows show.

The report prints how many voices of each theme are of each actor type, and how many of those who
took part are. Less the rows of the open data that show theirs, that is how many of each type there
are among those whose type is withheld; where all of these are of one type, it is told. So it is
where the difference between two such counts is as large as the one group is without the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import permutations

from app.reports.claims.walks import Cell, is_fixed


@dataclass(frozen=True)
class Printed:
    """A group of people whose actor types are printed as counts.

    :ivar unnamed: types of which no count of this group is printed.
    """

    numbers: frozenset[str]
    unnamed: frozenset[str] = frozenset()


#: The groups that a type follows from, one or two of them by their places in the list.
Told = tuple[int, ...]


class Subtraction:
    """Tries every subtraction on one table.

    :param places: region as it is shown (None where it is not) and actor type, by number.
    :param groups: those whose counts by actor type are printed.
    """

    def __init__(self, places: Mapping[str, Cell], groups: Sequence[Printed]) -> None:
        self._groups = groups
        self._members = [Counter(places[n] for n in group.numbers) for group in groups]
        self._apart = {
            (one, other): Counter(places[n] for n in groups[one].numbers - groups[other].numbers)
            for one, other in permutations(range(len(groups)), 2)
        }

    def told(self, hidden: AbstractSet[Cell], among: Collection[Told] | None = None) -> list[Told]:
        """Return from which groups somebody's type follows while these cells are hidden.

        :param among: the groups that are tried; all of them, and every two, if left out.
        """
        tried: Iterable[Told] = (
            [*((i,) for i in range(len(self._groups))), *self._apart] if among is None else among
        )
        return [
            groups
            for groups in tried
            if (
                self._by_one(groups[0], hidden)
                if len(groups) == 1
                else self._by_two(groups[0], groups[1], hidden)
            )
        ]

    def _by_one(self, index: int, hidden: AbstractSet[Cell]) -> bool:
        """Tell whether a type follows from the counts of one group and the cells not hidden."""
        unnamed = self._groups[index].unnamed
        counts: Counter[Cell] = Counter()
        for cell, n in self._members[index].items():
            if cell in hidden:
                counts[_column(cell, unnamed)] += n
        rows: Counter[str | None] = Counter()
        for (region, _actor), n in counts.items():
            rows[region] += n
        may_be = {_column(cell, unnamed) for cell in hidden if cell[0] in rows}
        return any(
            actor and n == rows[region] and is_fixed((region, actor), may_be, counts)
            for (region, actor), n in counts.items()
        )

    def _by_two(self, one: int, other: int, hidden: AbstractSet[Cell]) -> bool:
        """Tell whether a type follows of those in one group and not the other, by the difference.

        It is as large as they are if all of them are of a type, and none of the others is.
        """
        types = {actor for region, actor in self._apart[one, other] if (region, actor) in hidden}
        if len(types) != 1 or types & (self._groups[one].unnamed | self._groups[other].unnamed):
            return False
        rest = self._apart[other, one]
        return not any(cell[1] in types for cell in rest if cell in hidden)


def _column(cell: Cell, unnamed: AbstractSet[str]) -> Cell:
    """Return what a cell counts under: types of which no count is printed are together."""
    return (cell[0], "") if cell[1] in unnamed else cell
