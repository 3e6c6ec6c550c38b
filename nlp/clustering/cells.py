"""Approximate nearest neighbours by cells, for corpora too large to compare all pairs.

An inverted file (Jegou, Douze and Schmid, 2011, without its compression): the vectors are divided
among the cells of a k-means, and a row is compared with the vectors of the cells near its own.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from nlp.clustering.kmeans import SphericalKMeans
from nlp.features.counts import Dense

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

#: Vectors in a cell on average, and cells that a row is compared with.
_CELL_SIZE, _N_PROBES = 400, 8
#: Vectors that the cells are learnt from.
_LEARNT_FROM = 12_000


def _cell_of(vectors: Floats, centres: Floats) -> Integers:
    """Return the nearest cell of each vector."""
    found = np.empty(len(vectors), dtype=np.int64)
    for start in range(0, len(vectors), 8192):
        found[start : start + 8192] = np.argmax(vectors[start : start + 8192] @ centres.T, axis=1)
    return found


class CellIndex:
    """Vectors divided among cells, so that the nearest of any row are sought in a few of them.

    Parameters
    ----------
    others : array, shape (m, d), rows of length 1 or 0
    cell_size : int
        Vectors in a cell on average.
    """

    def __init__(self, others: Dense, *, cell_size: int = _CELL_SIZE) -> None:
        """Divide the vectors."""
        self.others = np.asarray(others, dtype=np.float32)
        sample = self.others[:: -(-len(others) // _LEARNT_FROM)]
        self.n_cells = max(1, min(len(others) // cell_size, len(sample) // 8))
        model = SphericalKMeans(self.n_cells, n_init=1, max_iter=6).fit(sample.astype(np.float64))
        self.centres = model.cluster_centers_.astype(np.float32)
        home = _cell_of(self.others, self.centres)
        self.home = home
        self._order = np.argsort(home, kind="stable")
        self._bounds = np.searchsorted(home[self._order], np.arange(self.n_cells + 1))
        cosines = np.round(self.centres @ self.centres.T, 6)
        self._near = np.argsort(-cosines, axis=1, kind="stable")

    def nearest(
        self,
        rows: Dense,
        n_nearest: int,
        *,
        same: bool = False,
        progress: Callable[[float], None] = lambda _: None,
    ) -> tuple[Integers, npt.NDArray[np.float64]]:
        """Return the numbers and cosines of the (nearly always) nearest others of each row.

        Parameters
        ----------
        rows : array, shape (n, d), rows of length 1 or 0
        n_nearest : int
            How many, at most a quarter of what a row is compared with.
        same : bool
            Whether rows and others are the same, so that a row must not find itself.
        """
        left = np.asarray(rows, dtype=np.float32)
        asking = self.home if same else _cell_of(left, self.centres)
        numbers = np.zeros((len(rows), n_nearest), dtype=np.int64)
        cosines = np.full((len(rows), n_nearest), -1.0)
        for cell in range(self.n_cells):
            mine = np.flatnonzero(asking == cell)
            if not len(mine):
                continue
            theirs = _members(self._order, self._bounds, self._near[cell], 4 * n_nearest)
            for start in range(0, len(mine), 1024):
                part = mine[start : start + 1024]
                numbers[part], cosines[part] = _best(
                    left, self.others, part, theirs, n_nearest, same=same
                )
            progress((cell + 1) / self.n_cells)
        return numbers, cosines


def _members(order: Integers, bounds: Integers, near: Integers, least: int) -> Integers:
    """Return the members of the nearest cells: some cells, and more while these are too empty."""
    found: list[Integers] = []
    for probe, cell in enumerate(near):
        if probe >= _N_PROBES and sum(map(len, found)) >= least:
            break
        found.append(order[bounds[cell] : bounds[cell + 1]])
    return np.concatenate(found)


def _best(
    left: Floats, right: Floats, part: Integers, theirs: Integers, n_nearest: int, *, same: bool
) -> tuple[Integers, npt.NDArray[np.float64]]:
    """Compare some rows with some others; return the numbers and cosines of the nearest."""
    block = left[part] @ right[theirs].T
    if same:
        block[theirs[None, :] == part[:, None]] = -2.0
    chosen = np.argpartition(-block, n_nearest - 1, axis=1)[:, :n_nearest]
    return theirs[chosen], np.take_along_axis(block, chosen, axis=1).astype(np.float64)
