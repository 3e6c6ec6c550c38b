"""The passages of a run and the themes they may be in, as arrays, with centres and angles."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import sparse

Booleans = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]
Dense = npt.NDArray[np.float64]

#: Weights of passages in the centre of their theme: put there by hand, and pinned.
MOVED_WEIGHT, PINNED_WEIGHT = 2.0, 4.0
#: Pinned passages together weigh at least this much against each other member.
_PINNED_SHARE = 0.25
#: A side of a merged theme has this share of its passages, and this many.
_SIDE_SHARE, _SIDE_LEAST = 0.1, 3


@dataclass
class Scene:
    """Passages of one run, in reading order, excluded ones left out.

    Parameters
    ----------
    unit : array, shape (n, d)
        Rows of length 1, or 0.
    fresh : array of int, shape (n,)
        The machine's clusters 0, 1 ...; -1 for none.
    margins : array, shape (n,)
        How clearly each passage is in its cluster, in [0, 1].
    fixed, pinned : array of bool, shape (n,)
        Passages put somewhere by hand, and those of them that pull their like.
    barred : list of (row, theme)
        Where passages do not go back to by themselves.
    """

    unit: Dense
    fresh: Labels
    margins: Dense
    fixed: Booleans
    pinned: Booleans
    barred: list[tuple[int, int]] = field(default_factory=list)
    n_clusters: int = 0
    cluster_sums: Dense = field(default_factory=lambda: np.zeros((0, 0)))

    def __post_init__(self) -> None:
        """Sum the vectors of the clusters, which never change."""
        self.n_clusters = int(self.fresh.max(initial=-1)) + 1
        self.cluster_sums = sums_by(self.fresh, self.unit, self.n_clusters)

    def counts(self, themes: Labels, n_themes: int, rows: Booleans) -> Dense:
        """Return how many of some passages clusters and themes share, (n_clusters, n_themes)."""
        both = rows & (self.fresh >= 0) & (themes >= 0)
        cells = self.fresh[both] * n_themes + themes[both]
        table = np.bincount(cells, minlength=self.n_clusters * n_themes)
        return table.reshape(self.n_clusters, n_themes).astype(np.float64)


class Board:
    """The themes there are: those of the constraints, and those born while a run is joined."""

    def __init__(self, kept: list[bool], whole: list[bool], centres: list[Dense | None]) -> None:
        """Begin with the themes of the constraints; the born ones are numbered after them."""
        self.kept = list(kept)
        self.whole = list(whole)
        self.centres = list(centres)
        self.alive = [True] * len(kept)
        self.anchored = [False] * len(kept)
        self.pairs: set[tuple[int, int]] = set()

    def __len__(self) -> int:
        """Number of themes, ended ones counted."""
        return len(self.kept)

    def bear(self) -> int:
        """Add a theme and return its number."""
        for column, value in (
            (self.kept, False),
            (self.whole, False),
            (self.alive, True),
            (self.anchored, False),
        ):
            column.append(value)
        self.centres.append(None)
        return len(self) - 1

    @staticmethod
    def mask(column: list[bool]) -> Booleans:
        """Return one of the columns as an array, also of no themes."""
        return np.array(column, dtype=np.bool_)

    def together(self) -> Booleans:
        """Return which themes share their clusters: each with itself, and parts of one theme."""
        table = np.eye(len(self), dtype=bool)
        for one, other in self.pairs:
            table[one, other] = table[other, one] = True
        return np.asarray(table & self.mask(self.alive)[None, :])


class Centres:
    """Centres of the themes for one placing of the passages.

    A theme is as near as its nearest side. A merged one has a side for each cluster that holds a
    good part of it, so that two far groups of passages have no centre between them where neither
    is; the pinned passages of a theme are a side too.
    """

    def __init__(self, scene: Scene, board: Board, themes: Labels) -> None:
        """Sum up the passages of each theme."""
        self._scene = scene
        n_themes = len(board)
        sizes = np.bincount(themes[themes >= 0], minlength=n_themes)
        weights = _weights(scene, themes, sizes)
        self.matrix: Dense = unit_rows(sums_by(themes, scene.unit, n_themes, weights))
        for theme in np.flatnonzero(np.abs(self.matrix).sum(axis=1) == 0):
            stored = board.centres[theme]
            if stored is not None:
                self.matrix[theme] = stored
        #: Themes that have a centre and live.
        self.is_there: Booleans = (np.abs(self.matrix).sum(axis=1) > 0) & board.mask(board.alive)
        self._sides = {
            theme: self._sides_of(themes == theme, is_whole=board.whole[theme])
            for theme in range(n_themes)
            if (board.whole[theme] or board.anchored[theme]) and sizes[theme]
        }

    def _sides_of(self, members: Booleans, *, is_whole: bool) -> Dense:
        """Return the sides of a merged or pinned theme, shape (n_sides, d)."""
        pinned = self._scene.unit[members & self._scene.pinned].sum(axis=0, keepdims=True)
        return np.vstack([unit_rows(pinned), *([self._great(members)] if is_whole else [])])

    def _great(self, members: Booleans) -> Dense:
        """Return the sides of a merged theme that hold a good part of it."""
        clusters = np.where(members, self._scene.fresh, -1)
        sizes = np.bincount(clusters[clusters >= 0], minlength=self._scene.n_clusters)
        sums = sums_by(clusters, self._scene.unit, self._scene.n_clusters)
        return unit_rows(sums[sizes >= max(_SIDE_LEAST, _SIDE_SHARE * sizes.sum())])

    def angles(self, rows: Labels) -> Dense:
        """Return the angles of some passages with all themes, (n_rows, n_themes), radians.

        Themes that ended or have no centre are as far as can be.
        """
        unit = self._scene.unit[rows]
        cosines = unit @ self.matrix.T
        for theme, sides in self._sides.items():
            nearest = (unit @ sides.T).max(axis=1)
            cosines[:, theme] = np.maximum(cosines[:, theme], nearest)
        cosines[:, ~self.is_there] = -1.0
        return angles_of(cosines)


def unit_rows(vectors: Dense) -> Dense:
    """Return vectors scaled to length 1, those of length 0 as they are."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1.0))


def sums_by(groups: Labels, vectors: Dense, n_groups: int, weights: Dense | None = None) -> Dense:
    """Return the weighted sum of the vectors of each group, (n_groups, d); -1 is no group."""
    rows = np.flatnonzero(groups >= 0)
    values = np.ones(len(rows)) if weights is None else weights[rows]
    shape = (n_groups, len(groups))
    return np.asarray(sparse.csr_matrix((values, (groups[rows], rows)), shape=shape) @ vectors)


def angles_of(cosines: Dense) -> Dense:
    """Return angles in radians, [0, pi], without the last digits, which depend on the machine."""
    return np.asarray(np.round(np.arccos(np.clip(cosines, -1, 1)), 9))


def gaps(far: Dense, near: Dense) -> Dense:
    """Return how much nearer one angle is than another, in [-1, 1], as a share of the greater."""
    return np.asarray((far - near) / np.maximum(np.maximum(far, near), 1e-9))


def _weights(scene: Scene, themes: Labels, sizes: Labels) -> Dense:
    """Return the weight of each passage in the centre of its theme."""
    n_pinned = np.bincount(themes[scene.pinned & (themes >= 0)], minlength=len(sizes))
    pinned = np.maximum(PINNED_WEIGHT, _PINNED_SHARE * sizes / np.maximum(n_pinned, 1))
    weights = np.where(scene.fixed, MOVED_WEIGHT, 1.0)
    rows = np.flatnonzero(scene.pinned & (themes >= 0))
    weights[rows] = pinned[themes[rows]]
    return np.asarray(weights)
