"""What comes of joining a run to the themes before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nlp.durable.refs import PassageRef
from nlp.durable.scene import Booleans, Dense, Labels

#: ``kept``: by a human act; ``matched``: continues in a cluster; ``held``: the machine finds no
#: such cluster now, but its passages hold together; ``new``.
Status = Literal["kept", "matched", "held", "new"]
#: ``gone``: none of its passages is left; ``changed``: they belong elsewhere now.
Reason = Literal["gone", "changed"]


@dataclass(frozen=True)
class CarriedTheme:
    """A theme of this run and why it is there.

    Parameters
    ----------
    key : str
        Lasting key; a new one for a new theme.
    status : {"kept", "matched", "held", "new"}
        Whether a person keeps it, the machine finds it again, it holds without that, or began.
    name_fr, name_ar : str or None
        Names that outlast the run; None where the machine has to give one.
    by_hand : frozenset of str
        Codes ("fr", "ar") of the names that people gave.
    keywords_fr, keywords_ar : tuple of str
        Those it had.
    n_passages, n_before, n_left : int
        Passages now, in the run before, and how many of the latter are in this run's texts.
    overlap : float
        Jaccard index, in [0, 1], of its passages before and now, among those both runs have.
    machine_overlap : float
        Greatest Jaccard index, in [0, 1], with a cluster it owns; 0 where it owns none.
    nearness : float or None
        Cosine of its centre before with its centre now, both in the coordinates of this run, or
        with the stored one where no passage is left; None where there is nothing to compare.
    centre : tuple of float or None
        Its centre in the coordinates of this run; None without passages.
    """

    key: str
    status: Status
    name_fr: str | None
    name_ar: str | None
    by_hand: frozenset[str]
    keywords_fr: tuple[str, ...]
    keywords_ar: tuple[str, ...]
    n_passages: int
    n_before: int
    n_left: int
    overlap: float
    machine_overlap: float
    nearness: float | None
    centre: tuple[float, ...] | None


@dataclass(frozen=True)
class EndedTheme:
    """A theme nobody had touched that ended with this run, and why.

    ``heir`` is the theme with the greatest ``share``, in [0, 1], of the passages left of it.
    """

    key: str
    reason: Reason
    n_left: int
    heir: str | None
    share: float


@dataclass(frozen=True)
class Carried:
    """The themes of a run, joined to those before it.

    Every passage is in exactly one of three states: in a theme (``labels`` from 0 on), excluded,
    or neither (-1 and not excluded: the machine placed it nowhere, to be arbitrated).

    Attributes
    ----------
    labels : array of int, shape (n,)
        Index in ``themes`` of each passage; -1 for an excluded one and one without theme.
    themes : tuple of CarriedTheme
        Sorted by key; a theme kept by a person may have no passage.
    ended : tuple of EndedTheme
        Themes the machine let end, sorted by key.
    margins : array of float, shape (n,)
        In [0, 1]: 1 for a passage put there by hand, the machine's where it agrees, otherwise how
        much nearer by angle its theme is than the next one.
    forced, excluded, moved : array of bool, shape (n,)
        Passages put in place by people; those left out by people; those that changed theme since
        the run before without anybody's word.
    forwards : mapping
        See :class:`Constraints`.
    former : frozenset of str
        Keys of all ended themes.
    waiting : tuple of PassageRef
        Passages in decisions that are not among the texts now; these decisions apply again when
        the texts come back.
    n_rounds : int
        Rounds until nothing changed.
    """

    labels: Labels
    themes: tuple[CarriedTheme, ...]
    ended: tuple[EndedTheme, ...]
    margins: Dense
    forced: Booleans
    excluded: Booleans
    moved: Booleans
    forwards: Mapping[str, tuple[str, ...]]
    former: frozenset[str]
    waiting: tuple[PassageRef, ...]
    n_rounds: int

    @property
    def keys(self) -> tuple[str, ...]:
        """The key of each label."""
        return tuple(theme.key for theme in self.themes)
