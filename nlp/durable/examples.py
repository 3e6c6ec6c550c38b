"""Pinned passages as examples: which other passages are clearly more like them than like their own.

A few examples are compared by the mean of their cosines with a passage (relevance feedback:
Rocchio, 1971), not by the angle with their centre: the centre of a hundred passages is nearer to
anything than that of three, whereas mean cosines of three and of a hundred can be compared.
"""

from __future__ import annotations

import numpy as np

from nlp.durable.scene import Board, Booleans, Dense, Labels, Scene, sums_by

#: How much more alike, in standard deviations of cosines and for one example; less for more.
_SURELY = 1.5
#: How like the examples others must be, as a share of how like passages of a theme usually are.
_USUALLY = 0.5
#: Passages between which the deviation of cosines is measured.
_MEASURED = 400
#: Examples from which their own likeness says how alike others must be.
_LEAST_EXAMPLES = 3


class Examples:
    """The examples of each theme that has some, for one placing of the passages.

    Parameters
    ----------
    scene : Scene
    board : Board
    themes : array of int, shape (n,)
        Where the passages are.
    """

    def __init__(self, scene: Scene, board: Board, themes: Labels) -> None:
        """Measure how alike the examples are among themselves."""
        self._scene, self._themes = scene, themes
        shown = np.where(scene.pinned, themes, -1)
        counts = np.bincount(shown[shown >= 0], minlength=len(board))
        self.numbers: Labels = np.flatnonzero((counts > 0) & board.mask(board.alive))
        if not len(self.numbers):
            return
        self._counts = counts[self.numbers]
        self._sums = sums_by(shown, scene.unit, len(board))[self.numbers]
        self._sizes = np.bincount(themes[themes >= 0], minlength=len(board))
        self._totals = sums_by(themes, scene.unit, len(board))

    def __bool__(self) -> bool:
        """Whether any theme has examples."""
        return len(self.numbers) > 0

    def like(self, rows: Labels) -> Dense:
        """Return the mean cosine of passages with the examples of each theme, (n_rows, n)."""
        return np.asarray(self._scene.unit[rows] @ (self._sums / self._counts[:, None]).T)

    def like_theme(self, rows: Labels, themes: Labels) -> Dense:
        """Return the mean cosine of passages with the other passages of a theme, (n_rows,)."""
        inside = (self._themes[rows] == themes).astype(np.float64)
        unit = self._scene.unit[rows]
        products = np.einsum("ij,ij->i", unit, self._totals[themes]) - inside
        return np.asarray(products / np.maximum(self._sizes[themes] - inside, 1))

    def taken(self, rows: Labels, own: Labels) -> tuple[Labels, Booleans]:
        """Return for each passage the theme whose examples it is most like, and whether surely."""
        like = self.like(rows)
        # In a theme with examples of its own a passage is held by either likeness.
        before = np.maximum(self.like_theme(rows, own), self._like_own(like, own))
        more = np.where(like >= self._floors(), like - before[:, None], -np.inf)
        more[own[:, None] == self.numbers] = -np.inf
        more -= self._margins()
        best = np.argmax(np.round(more, 9), axis=1)
        return self.numbers[best], more[np.arange(len(rows)), best] > 0

    def stays(self, rows: Labels, own: Labels, other: Labels) -> Booleans:
        """Whether passages are more like the examples of their own theme than like another theme.

        Going in asks for more than staying, so that nothing goes back and forth.
        """
        mine = self._like_own(self.like(rows), own)
        return np.asarray(mine > self.like_theme(rows, other))

    def _like_own(self, like: Dense, own: Labels) -> Dense:
        """Return how like the examples of their own theme passages are, -1 where it has none."""
        at = np.minimum(np.searchsorted(self.numbers, own), len(self.numbers) - 1)
        mine = like[np.arange(len(own)), at]
        return np.where(self.numbers[at] == own, mine, -1.0)

    def _margins(self) -> Dense:
        """Return how much more alike a passage must be to each theme's examples."""
        unit = self._scene.unit
        some = unit[:: -(-len(unit) // _MEASURED)]
        cosines = (some @ some.T)[np.triu_indices(len(some), 1)]
        deviation = float(cosines.std()) if len(cosines) else 0.0
        return np.asarray(_SURELY * max(deviation, 1e-6) / self._counts)

    def _floors(self) -> Dense:
        """Return how like its examples a passage must be: half as like as passages usually are."""
        inside = np.flatnonzero((self._themes >= 0) & ~self._scene.fixed)
        own = self.like_theme(inside, self._themes[inside])
        usual = float(np.median(own)) if len(own) else 0.0
        pairs = np.maximum(self._counts * (self._counts - 1), 1)
        mutual = ((self._sums**2).sum(axis=1) - self._counts) / pairs
        least = np.where(self._counts >= _LEAST_EXAMPLES, np.minimum(mutual, usual), usual)
        return np.asarray(_USUALLY * least)
