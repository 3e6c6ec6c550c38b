"""What a subtraction would give back: printed counts of actor types less those that rows show.

The report prints how many voices of each theme are of each actor type, and how many of those who
took part are. Less the rows of the open data that show theirs, that is how many of each type there
are among those whose type is withheld; where all of these are of one type, it is told. So it is
where the difference between two such counts is as large as the one group is without the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations

from app.reports.claims.walks import Cell, is_fixed


@dataclass(frozen=True)
class Printed:
    """A group of people whose actor types are printed as counts.

    :ivar unnamed: types of which no count of this group is printed.
    """

    numbers: frozenset[str]
    unnamed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Told:
    """Somebody's actor type that follows, though it is withheld: the groups it follows from."""

    number: str
    groups: tuple[int, ...]


class Subtraction:
    """Tries every subtraction on one table.

    :param places: region as it is shown (None where it is not) and actor type, by number.
    :param groups: those whose counts by actor type are printed.
    """

    def __init__(self, places: Mapping[str, Cell], groups: Sequence[Printed]) -> None:
        self._places = places
        self._groups = groups

    def told(
        self, hidden: AbstractSet[Cell], among: Collection[tuple[int, ...]] | None = None
    ) -> list[Told]:
        """Return whose type follows while these cells are hidden.

        :param among: the groups, one or two at a time, that are tried; all of them if left out.
        """
        withheld = [
            {n for n in group.numbers if self._places[n] in hidden} for group in self._groups
        ]
        tried = self._all() if among is None else among
        return [
            Told(number, indexes)
            for indexes in tried
            for number in (
                self._by_one(indexes[0], withheld[indexes[0]], hidden)
                if len(indexes) == 1
                else self._by_two(indexes, withheld)
            )
        ]

    def _all(self) -> Iterator[tuple[int, ...]]:
        """Yield every group, then every two of them."""
        for n in (1, 2):
            yield from combinations(range(len(self._groups)), n)

    def _by_one(
        self, index: int, withheld: AbstractSet[str], hidden: AbstractSet[Cell]
    ) -> Iterator[str]:
        """Yield whose type follows from the counts of one group, and from the cells not hidden."""
        unnamed = self._groups[index].unnamed

        def column(actor: str) -> str:
            """Return what an actor type counts under."""
            return "" if actor in unnamed else actor

        counts = Counter((self._places[n][0], column(self._places[n][1])) for n in sorted(withheld))
        rows = Counter(region for region, _column in counts.elements())
        may_be = {(region, column(actor)) for region, actor in hidden if region in rows}
        told = {
            cell
            for cell, n in counts.items()
            if cell[1] and n == rows[cell[0]] and is_fixed(cell, may_be, counts)
        }
        if told:
            yield from (n for n in sorted(withheld) if self._places[n] in told)

    def _by_two(
        self, indexes: tuple[int, ...], withheld: Sequence[AbstractSet[str]]
    ) -> Iterator[str]:
        """Yield whose type follows from the difference between the counts of two groups."""
        one, other = indexes
        unnamed = self._groups[one].unnamed | self._groups[other].unnamed
        for mine, theirs in ((one, other), (other, one)):
            only = withheld[mine] - withheld[theirs]
            types = {self._places[n][1] for n in only}
            others = {self._places[n][1] for n in withheld[theirs] - withheld[mine]}
            if len(types) == 1 and types.isdisjoint(unnamed | others):
                yield from sorted(only)
