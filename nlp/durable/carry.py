"""Join the clusters of a new run to the themes before it and to the human log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from nlp.durable.carried import Carried, CarriedTheme, EndedTheme, Status
from nlp.durable.constraints import ConstrainedTheme, Constraints
from nlp.durable.ground import Ground, ground_of
from nlp.durable.log import MACHINE_PREFIX
from nlp.durable.refs import PassageRef, reading_order
from nlp.durable.rounds import Match, one_round
from nlp.durable.scene import Board, Booleans, Centres, Dense, Labels, Scene, gaps, unit_rows
from nlp.errors import InputError

#: Rounds after which themes are taken as they are; two to five are the rule. Where a few passages
#: go round in a circle, of 2, 3, 4 or 6 rounds, a second run with this many ends where one did.
MOST_ROUNDS = 24
#: Passages whose references make the key of a new theme.
_KEY_PASSAGES = 8


def carry_over(
    labels: npt.ArrayLike,
    coordinates: npt.ArrayLike,
    passages: Sequence[PassageRef],
    constraints: Constraints | None = None,
    *,
    margins: npt.ArrayLike | None = None,
    n_themes: int | None = None,
) -> Carried:
    """Join the clusters of a run to earlier themes and human decisions.

    Passages start in the theme they were in, or were put in. Clusters continue the themes they
    share most passages with (assignment problem on Jaccard overlap); a passage leaves its theme
    only when its cluster belongs to another one whose centre is clearly nearer; a cluster that no
    theme explains becomes a new theme. Rounds are repeated until none changes anything, so that
    the same input gives the same themes a second time. What people put somewhere never moves.

    Parameters
    ----------
    labels : array-like of int, shape (n,)
        The machine's clusters of this run, any numbers; negative for none.
    coordinates : array-like of float, shape (n, d)
        Vectors of the passages in which near means alike; scaled to length 1 here.
    passages : sequence of PassageRef, length n
        Where the passages are; those of one text do not overlap. Their order changes nothing but
        the order of the result.
    constraints : Constraints, optional
        Earlier themes and decisions; without, the clusters become new themes as they are.
    margins : array-like of float, shape (n,), optional
        How clearly the machine placed each passage, in [0, 1]; 1 everywhere if not given.
    n_themes : int, optional
        Themes the machine was asked for; those kept by people may exceed it.

    Returns
    -------
    Carried

    Raises
    ------
    InputError
        If the lengths differ, a number is not finite, two passages are the same, or ``n_themes``
        is less than 1.
    """
    constraints = constraints or Constraints()
    fresh, unit, sure = _checked(labels, coordinates, len(passages), margins, n_themes)
    order = sorted(range(len(passages)), key=lambda row: reading_order(passages[row]))
    refs = [passages[row] for row in order]
    ground = ground_of(refs, constraints)
    rows = np.asarray(order, dtype=np.int64)
    joined = _Joined(refs, ground, constraints, fresh[rows], unit[rows], sure[rows])
    return joined.joined(n_themes).result(rows)


def _checked(
    labels: npt.ArrayLike,
    coordinates: npt.ArrayLike,
    n: int,
    margins: npt.ArrayLike | None,
    n_themes: int | None,
) -> tuple[Labels, Dense, Dense]:
    """Return the input as arrays."""
    fresh = np.asarray(labels, dtype=np.int64)
    vectors = np.asarray(coordinates, dtype=np.float64)
    sure = np.ones(n) if margins is None else np.asarray(margins, dtype=np.float64)
    if fresh.shape != (n,) or sure.shape != (n,) or vectors.ndim != 2 or len(vectors) != n:
        raise InputError("There must be one label, one vector and one margin for each passage.")
    if not (np.isfinite(vectors).all() and np.isfinite(sure).all()):
        raise InputError("A coordinate or a margin is not a finite number.")
    if n_themes is not None and n_themes < 1:
        raise InputError("The number of themes must be at least 1.")
    return fresh, unit_rows(vectors), np.clip(sure, 0.0, 1.0)


class _Joined:
    """A run on its way to be joined; rows are passages in reading order, excluded ones too."""

    def __init__(
        self,
        refs: list[PassageRef],
        ground: Ground,
        constraints: Constraints,
        fresh: Labels,
        unit: Dense,
        margins: Dense,
    ) -> None:
        """Set the scene without the excluded passages."""
        self.refs, self.ground, self.constraints = refs, ground, constraints
        self.active = np.flatnonzero(~ground.excluded)
        place = {int(row): at for at, row in enumerate(self.active)}
        self.scene = Scene(
            unit=unit[self.active],
            fresh=_renumbered(fresh[self.active]),
            margins=margins[self.active],
            fixed=ground.fixed[self.active],
            pinned=ground.pinned[self.active],
            barred=[(place[row], theme) for row, theme in ground.barred if row in place],
        )
        themes = constraints.themes
        self.board = Board(
            [theme.is_kept for theme in themes],
            [theme.is_whole for theme in themes],
            [_stored(theme, unit.shape[1]) for theme in themes],
        )
        number = {theme.key: at for at, theme in enumerate(themes)}
        for pair in constraints.apart:
            one, other = sorted(number[key] for key in pair)
            self.board.pairs.add((one, other))
        self.themes = ground.themes[self.active]
        for at in np.flatnonzero(self.scene.pinned):
            self.board.anchored[self.themes[at]] = True
        self._choose([(place[row], heirs) for row, heirs in ground.choices if row in place])

    def _choose(self, choices: list[tuple[int, list[int]]]) -> None:
        """Put passages of divided themes into the part whose seeds are nearest."""
        if not choices:
            return
        angles = Centres(self.scene, self.board, self.themes).angles(
            np.array([row for row, _ in choices], dtype=np.int64)
        )
        for at, (row, heirs) in enumerate(choices):
            self.themes[row] = min(heirs, key=lambda theme: (angles[at, theme], theme))

    def joined(self, n_themes: int | None) -> _Joined:
        """Repeat rounds until none changes anything."""
        self.match = Match(np.full(self.scene.n_clusters, -1), np.zeros((0, 0)))
        for done in range(MOST_ROUNDS):
            self.n_rounds = done + 1
            before, n_before = self.themes, len(self.board)
            self.themes, self.match = one_round(self.scene, self.board, before, n_themes)
            if np.array_equal(before, self.themes) and n_before == len(self.board):
                break
        return self

    def result(self, rows: Labels) -> Carried:
        """Return the result, passages in the order given."""
        keys = self._keys()
        sizes = np.bincount(self.themes[self.themes >= 0], minlength=len(keys))
        living = [t for t in range(len(keys)) if self.board.kept[t] or sizes[t]]
        living.sort(key=lambda theme: keys[theme])
        index = np.full(len(keys) + 1, -1, dtype=np.int64)
        index[living] = np.arange(len(living))
        n = len(self.refs)
        inner = np.full(n, -1, dtype=np.int64)
        inner[self.active] = self.themes
        margins = np.zeros(n)
        margins[self.active] = self._margins()
        earlier = self.ground.earlier
        moved = (earlier >= 0) & (inner != earlier) & ~self.ground.fixed & ~self.ground.excluded
        ended = [t for t in range(len(self.constraints.themes)) if t not in set(living)]
        ended_themes = tuple(self._ended(theme, keys, inner) for theme in ended)
        back = np.empty(n, dtype=np.int64)
        back[rows] = np.arange(n)
        return Carried(
            labels=index[inner][back],
            themes=tuple(self._theme(theme, keys[theme], inner) for theme in living),
            ended=ended_themes,
            margins=margins[back],
            forced=(self.ground.fixed & ~self.ground.excluded)[back],
            excluded=self.ground.excluded[back],
            moved=moved[back],
            forwards=self.constraints.forwards,
            former=self.constraints.former | {theme.key for theme in ended_themes},
            waiting=self.ground.waiting,
            n_rounds=self.n_rounds,
        )

    def _keys(self) -> list[str]:
        """Return the keys of all themes, making those of the new ones."""
        keys = [theme.key for theme in self.constraints.themes]
        taken = set(keys) | self.constraints.former
        matrix = Centres(self.scene, self.board, self.themes).matrix
        for theme in range(len(keys), len(self.board)):
            rows = np.flatnonzero(self.themes == theme)
            nearness = np.round(self.scene.unit[rows] @ matrix[theme], 6)
            central = rows[np.argsort(-nearness, kind="stable")][:_KEY_PASSAGES]
            refs = sorted(self.refs[self.active[row]] for row in central)
            keys.append(_new_key(refs, taken))
            taken.add(keys[-1])
        return keys

    def _margins(self) -> Dense:
        """Return how clearly each passage is in its theme."""
        scene, themes = self.scene, self.themes
        margins = np.zeros(len(themes))
        placed = np.flatnonzero(themes >= 0)
        if not len(placed):
            return margins
        angles = Centres(scene, self.board, themes).angles(placed)
        at = np.arange(len(placed))
        own = angles[at, themes[placed]].copy()
        angles[at, themes[placed]] = np.pi
        margins[placed] = np.clip(gaps(angles.min(axis=1), own), 0, 1)
        # Where the machine agrees, and the theme shares its cluster with no other, it knows more.
        owner = self.match.owner_of(scene.fresh)
        is_alone = np.append(self.board.together().sum(axis=1) <= 1, [False])
        agrees = (themes >= 0) & (owner == themes) & is_alone[themes]
        margins[agrees] = scene.margins[agrees]
        margins[scene.fixed & (themes >= 0)] = 1.0
        return margins

    def _theme(self, theme: int, key: str, inner: Labels) -> CarriedTheme:
        """Describe a theme of this run."""
        known = len(self.constraints.themes)
        old: ConstrainedTheme | None = self.constraints.themes[theme] if theme < known else None
        now, before = inner == theme, (self.ground.earlier == theme) & (theme < known)
        both = now & (self.ground.earlier >= 0) | before
        owned = np.flatnonzero(self.match.owner == theme)
        overlaps = self.match.overlap[owned, theme] if len(owned) else np.zeros(0)
        centre, past = self._centre(now), self._centre(before)
        if past is None and theme < known:
            past = self.board.centres[theme]
        return CarriedTheme(
            key=key,
            status=_status(old, has_cluster=bool(len(owned))),
            name_fr=old.name_fr if old else None,
            name_ar=old.name_ar if old else None,
            by_hand=old.by_hand if old else frozenset(),
            keywords_fr=old.keywords_fr if old else (),
            keywords_ar=old.keywords_ar if old else (),
            n_passages=int(now.sum()),
            n_before=self.ground.n_members[theme] if theme < known else 0,
            n_left=int(before.sum()),
            overlap=round(float((now & before).sum() / max(1, both.sum())), 4),
            machine_overlap=round(float(overlaps.max(initial=0.0)), 4),
            nearness=_nearness(past, centre),
            centre=None if centre is None else tuple(np.round(centre, 9).tolist()),
        )

    def _centre(self, members: Booleans) -> Dense | None:
        """Return the mean direction of passages, None where there is none."""
        total = self.scene.unit[members[self.active]].sum(axis=0)
        length = float(np.linalg.norm(total))
        return np.asarray(total / length) if length > 1e-9 else None

    def _ended(self, theme: int, keys: list[str], inner: Labels) -> EndedTheme:
        """Say why a theme ended and where its passages are."""
        left = inner[(self.ground.earlier == theme) & (inner >= 0)]
        n_left = int((self.ground.earlier == theme).sum())
        counts = np.bincount(left, minlength=len(keys))
        heir = int(np.argmax(counts)) if len(left) else None
        return EndedTheme(
            key=keys[theme],
            reason="changed" if n_left else "gone",
            n_left=n_left,
            heir=None if heir is None else keys[heir],
            share=0.0 if heir is None else round(float(counts[heir] / n_left), 4),
        )


def _renumbered(fresh: Labels) -> Labels:
    """Number clusters by first appearance, whatever their numbers were; negative ones are -1."""
    placed = fresh >= 0
    numbers, first, inverse = np.unique(fresh[placed], return_index=True, return_inverse=True)
    rank = np.empty(len(numbers), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(numbers))
    renumbered = np.full(len(fresh), -1, dtype=np.int64)
    renumbered[placed] = rank[inverse]
    return renumbered


def _stored(theme: ConstrainedTheme, d: int) -> Dense | None:
    """Return the stored centre of a theme, if it is one of this space."""
    if theme.centre is None or len(theme.centre) != d:
        return None
    return np.asarray(unit_rows(np.array([theme.centre]))[0])


def _new_key(refs: list[PassageRef], taken: set[str]) -> str:
    """Return a key from the references of central passages, one that no theme ever had."""
    seed = "\n".join(f"{ref.key}\0{ref.start}\0{ref.end}" for ref in refs)
    attempt = 0
    while True:
        digest = hashlib.sha256(f"{attempt}\n{seed}".encode()).hexdigest()
        key = f"{MACHINE_PREFIX}{digest[:16]}"
        if key not in taken:
            return key
        attempt += 1


def _status(old: ConstrainedTheme | None, *, has_cluster: bool) -> Status:
    """Return why a theme is there."""
    if old is None:
        return "new"
    if old.is_kept:
        return "kept"
    return "matched" if has_cluster else "held"


def _nearness(past: Dense | None, centre: Dense | None) -> float | None:
    """Return the cosine of two centres."""
    if past is None or centre is None:
        return None
    return round(float(past @ centre), 4)
