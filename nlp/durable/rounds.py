"""One round of joining a run to the themes before it: match, let begin and end, place.

Evolutionary clustering (Chakrabarti, Kumar and Tomkins, 2006) weighs how well themes fit today
against how far they are from yesterday's; here a passage stays where it was unless today's
evidence is clear. Fixed passages never move (constrained k-means: Wagstaff et al., 2001) and
pinned ones draw the centres (seeded k-means: Basu, Banerjee and Mooney, 2002). Themes and clusters
are matched by shared passages (after MONIC: Spiliopoulou et al., 2006).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.optimize import linear_sum_assignment

from nlp.durable.examples import Examples
from nlp.durable.scene import (
    Board,
    Booleans,
    Centres,
    Dense,
    Labels,
    Scene,
    angles_of,
    gaps,
    unit_rows,
)
from nlp.placement import WEAK_MARGIN

#: Least Jaccard overlap of a cluster with the theme it continues.
LEAST_OVERLAP = 0.15
#: Least cosine of a cluster's centre with that of a theme of which no passage is left.
_LEAST_NEARNESS = 0.8
#: How much nearer by angle another theme must be for a placed passage to leave its own.
CLEARLY = 0.08
#: How much nearer a theme without cluster must be for a passage that had no theme before.
_PULL = 0.05
#: Share of the passages that speaks for a new theme, or against an old one.
_MOST = 0.5
#: Share of the passages that lie no farther from the centre of their theme than any theme reaches.
_USUAL = 0.95
#: Fewer passages than these are no theme where there are others.
_LEAST_PASSAGES = 3
#: Share of known passages from which a cluster is claimed by the merged theme most of them are in.
_LEAST_KNOWN = 0.1
#: Themes more than clusters that nobody touched and that may live on, when no number is asked for.
_SPARE = 0.25


@dataclass(frozen=True)
class Match:
    """Which theme owns each cluster, and on what evidence.

    ``owner`` (n_clusters,) is -1 for none; ``overlap`` (n_clusters, n_themes) in [0, 1] is the
    Jaccard index.
    """

    owner: Labels
    overlap: Dense

    def owner_of(self, clusters: Labels) -> Labels:
        """Return the theme that owns the cluster of each passage, -1 for none."""
        return np.asarray(np.append(self.owner, -1)[clusters])


def one_round(
    scene: Scene, board: Board, themes: Labels, n_themes: int | None
) -> tuple[Labels, Match]:
    """Return the places of the passages after one round, and who owns which cluster.

    The result depends on the places, the clusters and the board only: when a round changes
    nothing, no later one does, in this run or in the next with the same texts.
    """
    match = _match(scene, board, themes)
    # A machine that found nothing at all says nothing against a theme.
    if not scene.n_clusters:
        return themes, match
    if (match.owner < 0).any() or _orphans(board, match.owner).any():
        themes, match = _begin_and_end(scene, board, themes, match, n_themes)
    return _Placing(scene, board, themes, match).placed(), match


def _match(scene: Scene, board: Board, themes: Labels) -> Match:
    """Match clusters and themes: claims of merged themes first, then greatest total overlap."""
    n_themes = len(board)
    everywhere = np.ones(len(themes), dtype=bool)
    shared = scene.counts(themes, n_themes, everywhere)
    free = scene.counts(themes, n_themes, ~scene.fixed)
    sizes = np.bincount(scene.fresh[scene.fresh >= 0], minlength=scene.n_clusters)
    overlap = _jaccard(shared, free, sizes, themes)
    owner = np.full(scene.n_clusters, -1, dtype=np.int64)
    known = free.sum(axis=1)
    for theme in np.flatnonzero(board.mask(board.whole) & board.mask(board.alive)):
        claimed = (free[:, theme] > _MOST * known) & (known >= _LEAST_KNOWN * sizes)
        owner[claimed] = theme
    worth = _worth(scene, board, themes, overlap)
    clusters = np.flatnonzero(owner < 0)
    others = np.setdiff1d(np.flatnonzero(board.alive), owner)
    rows, columns = linear_sum_assignment(worth[np.ix_(clusters, others)], maximize=True)
    is_match = worth[clusters[rows], others[columns]] > 0
    owner[clusters[rows[is_match]]] = others[columns[is_match]]
    return Match(owner, overlap)


def _jaccard(shared: Dense, free: Dense, sizes: Labels, themes: Labels) -> Dense:
    """Return the Jaccard overlap of clusters and themes among passages known before.

    New passages do not count against a theme; but a few seeds are no claim to a great cluster, so
    for a theme of nothing else the whole cluster counts.
    """
    members = np.bincount(themes[themes >= 0], minlength=shared.shape[1])
    known = shared.sum(axis=1)[:, None]
    has_only_seeds = free.sum(axis=0) == 0
    either = np.where(has_only_seeds, sizes[:, None], known) + members - shared
    return np.asarray(shared / np.maximum(either, 1))


def _worth(scene: Scene, board: Board, themes: Labels, overlap: Dense) -> Dense:
    """Return what each match is worth: overlap, then nearness; 0 for one that may not be."""
    centres = Centres(scene, board, themes)
    nearness = unit_rows(scene.cluster_sums) @ centres.matrix.T
    worth = np.where(overlap >= LEAST_OVERLAP, overlap + 1e-3 * (1 + nearness), 0.0)
    is_empty = np.bincount(themes[themes >= 0], minlength=len(board)) == 0
    near = is_empty & (nearness >= _LEAST_NEARNESS)
    # Less than any overlap that counts: where passages are left, they decide.
    return np.asarray(np.where(near, LEAST_OVERLAP * nearness / 2, worth))


def _orphans(board: Board, owner: Labels) -> Booleans:
    """Return the living themes that nobody touched and the machine does not find."""
    is_free = board.mask(board.alive) & ~board.mask(board.kept)
    return np.asarray(is_free & ~np.isin(np.arange(len(board)), owner))


@dataclass(frozen=True)
class _Candidate:
    """A cluster that may become a theme: its number and the passages that would come."""

    cluster: int
    is_clear: bool
    rows: Labels


def _begin_and_end(
    scene: Scene, board: Board, themes: Labels, match: Match, n_themes: int | None
) -> tuple[Labels, Match]:
    """Let clusters that nothing explains become themes, and themes without substance end."""
    centres = Centres(scene, board, themes)
    candidates = _candidates(scene, themes, match, centres)
    born = {one.cluster for one in candidates if one.is_clear}
    orphans = np.flatnonzero(_orphans(board, match.owner))
    held = [int(t) for t in orphans if _holds(scene, themes, match, centres, int(t), born)]
    n_clusters = scene.n_clusters
    # Room for a theme more or less: the number found by itself differs from run to run.
    most = n_themes if n_themes is not None else n_clusters + ceil(_SPARE * n_clusters)
    room = max(0, most - len(np.unique(match.owner[match.owner >= 0])))
    claims: list[tuple[int, int, int, int | _Candidate]] = [
        (0 if one.is_clear else 2, -len(one.rows), one.cluster, one)
        for one in candidates
        if one.is_clear or n_themes is not None
    ]
    for theme in held:
        rows = np.flatnonzero(themes == theme)
        claims.append((1, -len(rows), int(rows[0]), theme))
    claims = sorted(claims, key=lambda claim: claim[:3])[:room]
    living = {claim[3] for claim in claims if isinstance(claim[3], int)}
    themes = themes.copy()
    for orphan in orphans.tolist():
        if orphan not in living:
            board.alive[orphan] = False
            themes[themes == orphan] = -1
    owner = match.owner.copy()
    for *_, claim in claims:
        if isinstance(claim, _Candidate):
            owner[claim.cluster] = board.bear()
            themes[claim.rows] = owner[claim.cluster]
    overlap = np.pad(match.overlap, ((0, 0), (0, len(board) - match.overlap.shape[1])))
    return themes, Match(_all_owned(scene, board, themes, owner), overlap)


def _candidates(scene: Scene, themes: Labels, match: Match, centres: Centres) -> list[_Candidate]:
    """Return the clusters without owner, and whether they clearly are something else.

    They are if most of their passages are clearly nearer to the rest of the cluster than to the
    theme they were in or, if new, to any theme.
    """
    is_settled = np.zeros(len(centres.is_there), dtype=bool)
    is_settled[themes[~scene.fixed & (themes >= 0)]] = True
    candidates = []
    for cluster in np.flatnonzero(match.owner < 0):
        rows = np.flatnonzero((scene.fresh == cluster) & ~scene.fixed)
        if not len(rows):
            continue
        if not is_settled.any():
            candidates.append(_Candidate(int(cluster), is_clear=True, rows=rows))
            continue
        angles = centres.angles(rows)
        before = np.where(
            themes[rows] >= 0,
            angles[np.arange(len(rows)), themes[rows]],
            np.where(is_settled, angles, np.pi).min(axis=1),
        )
        gap = gaps(before, _angles_with_rest(scene.unit[rows], scene.cluster_sums[cluster]))
        is_clear = len(rows) >= _LEAST_PASSAGES and bool((gap > CLEARLY).mean() >= _MOST)
        coming = rows[(gap > 0) | (themes[rows] < 0)] if is_clear else rows
        candidates.append(_Candidate(int(cluster), is_clear=is_clear, rows=coming))
    return candidates


def _angles_with_rest(unit: Dense, total: Dense) -> Dense:
    """Return the angles of passages with the mean of the others of a group, given its sum.

    A passage is part of the mean of its group, and would be near to it by that alone.
    """
    products = unit @ total
    own = (unit**2).sum(axis=1)
    squares = total @ total - 2 * products + own
    lengths = np.sqrt(np.maximum(squares, 0))
    has_rest = lengths > 1e-6
    cosines = np.where(has_rest, (products - own) / np.where(has_rest, lengths, 1), -1.0)
    return angles_of(cosines)


def _holds(
    scene: Scene, themes: Labels, match: Match, centres: Centres, theme: int, born: set[int]
) -> bool:
    """Whether the passages of a theme the machine does not find still belong together.

    They do unless most are clearly nearer to the theme, or the new theme, that owns their cluster.
    """
    rows = np.flatnonzero(themes == theme)
    if len(rows) < _LEAST_PASSAGES:
        return False
    angles = centres.angles(rows)
    elsewhere = np.full(len(rows), np.pi)
    clusters = scene.fresh[rows]
    owner = match.owner_of(clusters)
    owned = owner >= 0
    elsewhere[owned] = angles[owned, owner[owned]]
    for cluster in sorted(born & set(clusters.tolist())):
        inside = clusters == cluster
        elsewhere[inside] = _angles_with_rest(scene.unit[rows[inside]], scene.cluster_sums[cluster])
    leaving = gaps(angles[:, theme], elsewhere) > CLEARLY
    return bool(leaving.mean() < _MOST)


def _all_owned(scene: Scene, board: Board, themes: Labels, owner: Labels) -> Labels:
    """Give each cluster without owner to the theme most of its passages are in, or the nearest."""
    shared = scene.counts(themes, len(board), np.ones(len(themes), dtype=bool))
    centres = Centres(scene, board, themes)
    nearness = unit_rows(scene.cluster_sums) @ centres.matrix.T
    nearness[:, ~centres.is_there] = -2.0
    owner = owner.copy()
    for cluster in np.flatnonzero(owner < 0):
        if shared[cluster].any():
            # Of equals the nearest: numbers of themes differ from run to run.
            equals = shared[cluster] == shared[cluster].max()
            owner[cluster] = int(np.argmax(np.where(equals, nearness[cluster], -3.0)))
        elif centres.is_there.any():
            owner[cluster] = int(np.argmax(np.round(nearness[cluster], 9)))
    return owner


class _Placing:
    """Moves passages once it is known which theme owns which cluster."""

    def __init__(self, scene: Scene, board: Board, themes: Labels, match: Match) -> None:
        """Measure all angles once."""
        self.scene, self.board, self.themes, self.match = scene, board, themes, match
        self.centres = Centres(scene, board, themes)
        self.angles = self.centres.angles(np.arange(len(themes)))
        self.together = board.together()
        self.examples = Examples(scene, board, themes)

    def placed(self) -> Labels:
        """Return the theme of each passage, -1 for none."""
        scene, before = self.scene, self.themes
        after = before.copy()
        owner = self.match.owner_of(scene.fresh)
        open_ = ~scene.fixed & (owner >= 0)
        is_new = open_ & (before < 0)
        is_in_doubt = open_ & (before >= 0) & ~self.together[owner, before]
        is_in_doubt &= scene.margins >= WEAK_MARGIN
        for rows, is_free in (
            (np.flatnonzero(is_new), True),
            (np.flatnonzero(is_in_doubt), False),
        ):
            nearest = self._nearest(rows, self.together[owner[rows]], owner[rows])
            goes = is_free | (self._gap(rows, before[rows], nearest) > CLEARLY)
            if self.examples and len(rows):
                goes &= is_free | ~self.examples.stays(rows, before[rows], nearest)
            after[rows[goes]] = nearest[goes]
        self._take_in(after, np.flatnonzero(is_new))
        self._pull(after)
        self._keep_out(after)
        return after

    def _nearest(self, rows: Labels, allowed: Booleans, default: Labels) -> Labels:
        """Return the nearest of the allowed themes, the default where none has a centre."""
        angles = np.where(allowed & self.centres.is_there, self.angles[rows], np.inf)
        nearest = np.argmin(angles, axis=1)
        return np.where(np.isinf(angles.min(axis=1)), default, nearest)

    def _gap(self, rows: Labels, own: Labels, other: Labels) -> Dense:
        """Return how much nearer another theme is than the own one."""
        return gaps(self.angles[rows, own], self.angles[rows, other])

    def _take_in(self, after: Labels, rows: Labels) -> None:
        """Give new passages to themes without cluster that are nearer, within their radius."""
        found = np.isin(np.arange(len(self.board)), self.match.owner)
        pullers = np.flatnonzero(~found & self.centres.is_there)
        if not len(pullers) or not len(rows):
            return
        angles = self.angles[np.ix_(rows, pullers)]
        angles = np.where(angles <= self._radii(pullers), angles, np.inf)
        best = np.argmin(angles, axis=1)
        reached = np.isfinite(angles.min(axis=1)) & (after[rows] >= 0)
        rows, target = rows[reached], pullers[best[reached]]
        goes = self._gap(rows, after[rows], target) > _PULL
        after[rows[goes]] = target[goes]

    def _pull(self, after: Labels) -> None:
        """Give passages to themes whose examples they are surely more like than their own."""
        rows = np.flatnonzero(~self.scene.fixed & (after >= 0))
        if self.examples and len(rows):
            target, is_sure = self.examples.taken(rows, after[rows])
            after[rows[is_sure]] = target[is_sure]

    def _radii(self, pullers: Labels) -> Dense:
        """Return how far each theme reaches: as its own passages do, and no farther than usual."""
        themes = self.themes
        inside = np.flatnonzero((themes >= 0) & ~self.scene.fixed)
        own = self.angles[inside, themes[inside]]
        usual = float(np.quantile(own, _USUAL)) if len(own) else np.pi / 3
        radii = []
        for theme in pullers:
            unit = self.scene.unit[themes == theme]
            if len(unit) < _LEAST_PASSAGES:
                radii.append(usual)
                continue
            spread = _angles_with_rest(unit, unit.sum(axis=0))
            # A few passages say where a theme is, but not how far others scatter around it.
            deviation = max(float(spread.std()), float(own.std()) if len(own) else 0.0)
            radii.append(min(float(spread.mean()) + 2 * deviation, usual))
        return np.array(radii)

    def _keep_out(self, after: Labels) -> None:
        """Give moved passages that are free again, and came back, to the next theme."""
        for row, theme in self.scene.barred:
            if after[row] == theme and not self.scene.fixed[row]:
                closed = {other for one, other in self.scene.barred if one == row}
                others = [t for t in np.flatnonzero(self.centres.is_there) if t not in closed]
                nearest = min(others, key=lambda t: (self.angles[row, t], t), default=-1)
                after[row] = nearest
