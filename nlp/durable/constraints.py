"""Earlier themes and the human log as constraints on what a new run may find."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Self

from nlp.durable.log import Decision
from nlp.durable.refs import PassageIndex, PassageRef, reading_order
from nlp.durable.standing import Standing, stand
from nlp.errors import DuplicateKeyError


@dataclass(frozen=True)
class EarlierTheme:
    """A theme as the run before left it.

    Parameters
    ----------
    key : str
        Its lasting key.
    name_fr, name_ar : str or None
        Its names; None where it has none yet.
    keywords_fr, keywords_ar : tuple of str
        Its keywords, handed on.
    members : tuple of PassageRef
        The passages in it, in any order.
    centre : tuple of float or None
        Its centre of length 1, only if the coordinates of both runs are comparable.
    """

    key: str
    name_fr: str | None = None
    name_ar: str | None = None
    keywords_fr: tuple[str, ...] = ()
    keywords_ar: tuple[str, ...] = ()
    members: tuple[PassageRef, ...] = ()
    centre: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Earlier:
    """The themes of the run before, and the keys of all that ended before it.

    ``former`` matters: the log may name a theme that was merged away three runs ago, and a new
    theme must not take its key.

    Raises
    ------
    DuplicateKeyError
        If two themes have the same key.
    """

    themes: tuple[EarlierTheme, ...] = ()
    former: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        themes: Sequence[EarlierTheme],
        passages: Sequence[PassageRef],
        labels: Sequence[int],
        former: frozenset[str] = frozenset(),
    ) -> Self:
        """Return themes with the passages that a run put in them, as the next run has to know them.

        Parameters
        ----------
        themes : sequence of EarlierTheme
            Themes without their members, in any order.
        passages : sequence of PassageRef, length n
            The passages of the run.
        labels : sequence of int, length n
            Index in ``themes`` of each passage; negative for one without theme.
        former : frozenset of str
            Keys of all ended themes.
        """
        members: list[list[PassageRef]] = [[] for _ in themes]
        for ref, label in zip(passages, labels, strict=True):
            if label >= 0:
                members[label].append(ref)
        filled = [
            replace(theme, members=tuple(sorted(refs, key=reading_order)))
            for theme, refs in zip(themes, members, strict=True)
        ]
        return cls(tuple(sorted(filled, key=lambda theme: theme.key)), former)

    def __post_init__(self) -> None:
        """Refuse two themes with one key."""
        if len({theme.key for theme in self.themes}) != len(self.themes):
            raise DuplicateKeyError("Every earlier theme needs a key of its own.")

    @property
    def keys(self) -> frozenset[str]:
        """Keys of all themes there are or ever were."""
        return self.former | {theme.key for theme in self.themes}


@dataclass(frozen=True)
class ConstrainedTheme:
    """A theme that a new run starts from.

    ``is_kept``: a human act keeps it, it must exist; otherwise it is free to match or to end.
    ``is_whole``: merged or validated, so that clusters lying in it do not leave it.
    ``by_hand`` holds the codes ("fr", "ar") of the names people gave. ``members`` are those it had
    and those of themes merged into it.
    """

    key: str
    name_fr: str | None
    name_ar: str | None
    keywords_fr: tuple[str, ...]
    keywords_ar: tuple[str, ...]
    members: tuple[PassageRef, ...]
    centre: tuple[float, ...] | None
    is_kept: bool
    is_whole: bool
    by_hand: frozenset[str]


@dataclass(frozen=True)
class Place:
    """A passage put somewhere by a person.

    ``themes`` holds one key: it stays there; several: in one of these, the theme it was put in
    having been divided since; none: it is free again, that theme having been retired.
    """

    passage: PassageRef
    themes: tuple[str, ...]
    is_pinned: bool


@dataclass(frozen=True)
class Constraints:
    """What a new run has to respect.

    Attributes
    ----------
    themes : tuple of ConstrainedTheme
        Living themes, sorted by key.
    divided : tuple of (members, keys)
        Passages of themes divided since the run before, and the parts they go to.
    places : tuple of Place
        In the order of the log; of two that speak of one passage the later holds.
    exclusions : tuple of (passage, reason)
        In the order of the log; None restores.
    apart : frozenset of frozenset
        Pairs of themes that are parts of one and never become one again by themselves.
    barred : tuple of (passage, key)
        Moved passages and the themes they left: they do not go back there by themselves.
    forwards : mapping
        For each ended theme the living ones its key stands for: one if merged, several if
        divided, none if retired.
    former : frozenset of str
        Keys that no new theme may take.
    """

    themes: tuple[ConstrainedTheme, ...] = ()
    divided: tuple[tuple[tuple[PassageRef, ...], tuple[str, ...]], ...] = ()
    places: tuple[Place, ...] = ()
    exclusions: tuple[tuple[PassageRef, str | None], ...] = ()
    apart: frozenset[frozenset[str]] = frozenset()
    barred: tuple[tuple[PassageRef, str], ...] = ()
    forwards: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    former: frozenset[str] = frozenset()


def constraints_of(
    earlier: Earlier | None = None, decisions: Iterable[Decision] = ()
) -> Constraints:
    """Return earlier themes and decisions as constraints.

    Parameters
    ----------
    earlier : Earlier, optional
        The themes of the run before, the effects of decisions in them or not: applying a decision
        again changes nothing.
    decisions : iterable of Decision
        The whole human log, in the order it was written.

    Returns
    -------
    Constraints

    Raises
    ------
    DecisionError
        If a decision names an unknown or ended theme, a key that is taken, or has the id of
        another one.
    InputError
        If a passage is in two earlier themes.
    """
    earlier = earlier or Earlier()
    # Refuses a passage in two themes.
    PassageIndex([ref for theme in earlier.themes for ref in theme.members])
    standing = stand(decisions, earlier.keys)
    kept = {theme.key for theme in earlier.themes} & standing.alive | standing.kept
    members, divided = _members(earlier, standing)
    return Constraints(
        themes=tuple(_theme(key, earlier, standing, members) for key in sorted(kept)),
        divided=divided,
        places=tuple(
            Place(ref, standing.now(key), is_pinned) for ref, key, is_pinned in standing.places
        ),
        exclusions=tuple(standing.exclusions),
        apart=_apart(standing),
        barred=tuple((ref, key) for ref, key in _barred(standing) if key in kept),
        forwards=MappingProxyType({key: standing.now(key) for key in sorted(standing.heirs)}),
        former=(earlier.keys | set(standing.heirs)) - kept,
    )


def _theme(
    key: str, earlier: Earlier, standing: Standing, members: Mapping[str, tuple[PassageRef, ...]]
) -> ConstrainedTheme:
    """Return a living theme with the names people gave, else those it had."""
    before = next((one for one in earlier.themes if one.key == key), EarlierTheme(key))
    names = standing.names.get(key, {})
    return ConstrainedTheme(
        key=key,
        name_fr=names.get("fr", before.name_fr),
        name_ar=names.get("ar", before.name_ar),
        keywords_fr=before.keywords_fr,
        keywords_ar=before.keywords_ar,
        members=members.get(key, ()),
        centre=before.centre,
        is_kept=key in standing.kept,
        is_whole=key in standing.whole,
        by_hand=frozenset(names),
    )


def _members(
    earlier: Earlier, standing: Standing
) -> tuple[
    dict[str, tuple[PassageRef, ...]], tuple[tuple[tuple[PassageRef, ...], tuple[str, ...]], ...]
]:
    """Return members by living theme, and those that go to one of several parts."""
    members: dict[str, tuple[PassageRef, ...]] = {}
    divided = []
    for theme in sorted(earlier.themes, key=lambda one: one.key):
        now = standing.now(theme.key)
        if len(now) == 1:
            members[now[0]] = members.get(now[0], ()) + theme.members
        elif now and theme.members:
            divided.append((theme.members, now))
    return members, tuple(divided)


def _apart(standing: Standing) -> frozenset[frozenset[str]]:
    """Return the pairs kept apart, as they live today."""
    pairs = set()
    for pair in standing.apart:
        one, other = sorted(pair)
        pairs |= {
            frozenset((a, b)) for a in standing.now(one) for b in standing.now(other) if a != b
        }
    return frozenset(pairs)


def _barred(standing: Standing) -> tuple[tuple[PassageRef, str], ...]:
    """Return moved passages with the themes that the log says they left."""
    barred = set()
    for ref, source, target in standing.departures:
        barred |= {(ref, key) for key in set(standing.now(source)) - set(standing.now(target))}
    return tuple(sorted(barred))
