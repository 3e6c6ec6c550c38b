"""Passages placed among themes found before, by their neighbours among the passages learnt from.

The coordinates of a new passage are the mean of its neighbours' (one step of a walk, the extension
of Bengio et al., 2004, to rows not seen), so that it is compared with themes as all others were.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.clustering.cells import CellIndex
from nlp.clustering.graph import most_neighbours, nearest, wanted_neighbours
from nlp.clustering.kmeans import Labels, sums_by
from nlp.features.block import Views
from nlp.features.counts import Dense, unit

Floats = npt.NDArray[np.float64]

#: Passages of a language from which neighbours are sought in cells only, and size of a cell.
_ENOUGH_FOR_CELLS, _CELL_SIZE = 2_000, 120
#: Rows from which cells are worth making.
_MANY_ROWS = 4_000


class Known(NamedTuple):
    """Passages of which the themes are known.

    ``views`` their vectors; ``groups`` language group of each; ``labels`` theme of each, -1 for
    none; ``coordinates``, shape (n, k), rows of length 1 or 0.
    """

    views: Views
    groups: Sequence[str]
    labels: Labels
    coordinates: Dense


class Placed(NamedTuple):
    """Where passages were placed, columns of shape (n,): as in :class:`nlp.clustering.Partition`.

    ``shares``, shape (n, n_themes), is the weight of the neighbours that are in each theme.
    """

    labels: Labels
    margins: Floats
    centralities: Floats
    shares: Floats


class Placer:
    """Places passages among themes.

    Parameters
    ----------
    known : Known
    n_themes : int
    """

    def __init__(self, known: Known, n_themes: int) -> None:
        """Work out the centres of the themes and who is in which language."""
        self.known = known
        self.n_themes = n_themes
        placed = np.flatnonzero(known.labels >= 0)
        sums = sums_by(known.labels[placed], known.coordinates[placed], n_themes)
        self.centres = unit(sums)
        names = np.array(known.groups, dtype=object)
        labelled = known.labels >= 0
        self.members = {
            name: np.flatnonzero((names == name) & labelled) for name in sorted(set(known.groups))
        }
        self._cells: dict[tuple[str, bool], CellIndex] = {}
        self._views = {
            name: (known.views.across[rows], known.views.within[rows])
            for name, rows in self.members.items()
        }

    def _nearest(
        self, name: str, rows: Dense, n_nearest: int, *, is_own: bool, is_long: bool
    ) -> tuple[npt.NDArray[np.int64], Floats]:
        """Return the numbers and cosines of the nearest known passages of a language."""
        members = self.members[name]
        view = self._views[name][is_own]
        if len(members) < _ENOUGH_FOR_CELLS or not (is_long or (name, is_own) in self._cells):
            found, cosines = nearest(rows, view, n_nearest, same=False, progress=lambda _: None)
        else:
            if (name, is_own) not in self._cells:
                self._cells[name, is_own] = CellIndex(view, cell_size=_CELL_SIZE)
            found, cosines = self._cells[name, is_own].nearest(rows, n_nearest)
        return members[found], cosines

    def _neighbours(
        self, views: Views, rows: npt.NDArray[np.int64], name: str
    ) -> tuple[npt.NDArray[np.int64], Dense]:
        """Return the known neighbours of passages of one language, and their cosines.

        Both of shape (n_rows, k): some of every language, none negative.
        """
        n_wanted = wanted_neighbours(len(self.members))
        numbers = [np.zeros((len(rows), 0), dtype=np.int64)]
        weights = [np.zeros((len(rows), 0))]
        for other, members in self.members.items():
            n_nearest = most_neighbours(n_wanted, len(members))
            if n_nearest < 1:
                continue
            is_own = other == name
            view = views.within if is_own else views.across
            found, cosines = self._nearest(
                other, view[rows], n_nearest, is_own=is_own, is_long=len(rows) > _MANY_ROWS
            )
            numbers.append(found)
            weights.append(np.maximum(cosines, 0.0))
        return np.hstack(numbers), np.hstack(weights).astype(np.float32)

    def place(self, views: Views, groups: Sequence[str]) -> Placed:
        """Place passages.

        Parameters
        ----------
        views : Views
            Vectors of n passages in the space of the known ones.
        groups : sequence of str, length n
            Language group of each.
        """
        n, n_themes = len(groups), max(1, self.n_themes)
        shares = np.zeros((n, n_themes))
        coordinates = np.zeros((n, self.known.coordinates.shape[1]), dtype=np.float32)
        total = np.zeros(n)
        names = np.array(groups, dtype=object)
        for name in sorted(set(groups)):
            rows = np.flatnonzero(names == name)
            numbers, weights = self._neighbours(views, rows, name)
            total[rows] = weights.sum(axis=1)
            cells = rows[:, None] * n_themes + self.known.labels[numbers]
            votes = np.bincount(cells.ravel(), weights.ravel(), minlength=n * n_themes)
            shares += votes.reshape(n, n_themes)
            coordinates[rows] = np.einsum("nk,nkd->nd", weights, self.known.coordinates[numbers])
        shares /= np.maximum(total, 1e-9)[:, None]
        cosines = unit(coordinates) @ self.centres.T
        labels = np.argmax(np.round(shares + cosines, 6), axis=1)
        labels[total < 1e-4] = -1
        return Placed(labels, *judged(np.maximum(labels, 0), shares, cosines), shares)


def judged(
    labels: Labels, shares: Floats, cosines: npt.NDArray[np.floating]
) -> tuple[Floats, Floats]:
    """Return (margins, centralities) of passages in their themes.

    A margin is the geometric mean of how much more votes the theme has than the next one, and of
    how much nearer, by angle, its centre is; in [0, 1].

    Parameters
    ----------
    labels : array, shape (n,)
    shares : array, shape (n, n_themes)
        Votes for each theme.
    cosines : array, shape (n, n_themes)
        With the centre of each theme.
    """
    rows = np.arange(len(labels))
    own = cosines[rows, labels].astype(np.float64)
    if cosines.shape[1] < 2:
        return np.clip(own, 0, 1), own
    others, rest = np.array(shares, dtype=np.float64), np.array(cosines, dtype=np.float64)
    others[rows, labels], rest[rows, labels] = 0.0, -np.inf
    # Angles rather than cosines: in spectral coordinates all cosines with the own centre are high.
    mine, next_one = np.arccos(np.clip(own, -1, 1)), np.arccos(np.clip(rest.max(axis=1), -1, 1))
    angles = np.clip((next_one - mine) / np.maximum(np.maximum(mine, next_one), 1e-9), 0, 1)
    more = np.clip(shares[rows, labels] - others.max(axis=1), 0, 1)
    return np.sqrt(more * angles), own
