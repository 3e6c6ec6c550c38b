"""What a run would change in themes that people have settled: proposals, each with its evidence.

A run with a history keeps every theme that people touched. Where the machine's own clusters, found
without regard to that history, cut the corpus in another way, it says so and leaves the decision to
people (active clustering by must-link and cannot-link questions: Basu, Banerjee and Mooney, 2004,
asked about themes and not about pairs of passages).
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from nlp import stages
from nlp.analysis import Finished
from nlp.durable import PassageRef
from nlp.joining import references
from nlp.model import STATES
from nlp.naming import GivenNames
from nlp.placement import active_passages

Integers = npt.NDArray[np.int64]

#: Passages of a theme, and of a cluster in it, from which dividing it is worth a question.
LEAST_PART = 8
#: Share of a theme that another cluster holds, and of that cluster that lies in the theme.
SPLIT_SHARE, SPLIT_WITHIN = 0.25, 0.5
#: Share of each of two themes that lies in one cluster, and part of the cluster that each is.
MERGE_SHARE, MERGE_PART = 0.6, 0.15
#: Overlap of a theme before and now under which its name may no longer say what it is.
RENAME_OVERLAP = 0.75


@dataclass(frozen=True)
class ThemeProposal:
    """A change that the clusters of a run speak for.

    Parameters
    ----------
    kind : {"split", "merge", "rename"}
    theme : str
        Key of the theme to divide or rename, or of the one to merge.
    other : str or None
        Key of the theme to merge into.
    name_fr, name_ar : str
        Names of the part, or new names; empty for a merge.
    passages : tuple of PassageRef
        Those of the part, those both themes have in the cluster; none for new names.
    figures : dict of str to float
        ``share`` and ``other_share`` of the themes in the cluster, in [0, 1], ``n`` passages of
        the cluster, ``overlap`` of the theme before and now.
    """

    kind: Literal["split", "merge", "rename"]
    theme: str
    other: str | None
    name_fr: str
    name_ar: str
    passages: tuple[PassageRef, ...]
    figures: dict[str, float]


def proposals_of(finished: Finished) -> list[ThemeProposal]:
    """Return what a run would change, the greatest evidence first within each kind.

    Parameters
    ----------
    finished : Finished
        The results of all stages of a run.

    Returns
    -------
    list of ThemeProposal
        Empty for a run without history: its clusters are the themes.
    """
    carried = finished.carried
    if carried is None or "fresh" not in finished.clusters:
        return []
    settled = [theme.status != "new" for theme in carried.themes]
    counted = _Counted(finished, np.asarray(settled, dtype=bool))
    return [*counted.splits(), *counted.merges(), *_renames(finished)]


def _renames(finished: Finished) -> list[ThemeProposal]:
    """Return new names for themes whose substance has changed and that nobody named."""
    carried = finished.carried
    if carried is None:
        return []
    found = []
    names = finished.names["names"]
    for theme, name in zip(carried.themes, names, strict=True):
        changed = theme.n_before >= LEAST_PART and theme.overlap < RENAME_OVERLAP
        if theme.status != "new" and not theme.by_hand and changed:
            figures = {"overlap": theme.overlap, "n": float(theme.n_passages)}
            found.append(ThemeProposal("rename", theme.key, None, name[0], name[1], (), figures))
    return sorted(found, key=lambda one: one.figures["overlap"])


class _Counted:
    """Passages counted by theme and by the cluster the machine found."""

    def __init__(self, finished: Finished, settled: npt.NDArray[np.bool_]) -> None:
        """Count."""
        self.finished, self.settled = finished, settled
        self.themes: Integers = finished.clusters["labels"]
        self.fresh: Integers = finished.clusters["fresh"]
        self.keys = [theme.key for theme in finished.carried.themes] if finished.carried else []
        n_clusters = int(self.fresh.max(initial=-1)) + 1
        self.table = np.zeros((n_clusters, len(self.keys)), dtype=np.int64)
        both = (self.themes >= 0) & (self.fresh >= 0)
        np.add.at(self.table, (self.fresh[both], self.themes[both]), 1)
        self.sizes = self.table.sum(axis=0)
        self.cluster_sizes = self.table.sum(axis=1)

    def splits(self) -> list[ThemeProposal]:
        """Return parts of settled themes that the machine holds for themes of their own."""
        found = []
        for theme in np.flatnonzero(self.settled).tolist():
            column = self.table[:, theme]
            share = column / max(1, self.sizes[theme])
            within = column / np.maximum(1, self.cluster_sizes)
            mine = (column >= LEAST_PART) & (share >= SPLIT_SHARE) & (within >= SPLIT_WITHIN)
            clusters = np.flatnonzero(mine)
            clusters = clusters[np.argsort(-column[clusters], kind="stable")]
            # The greatest of them is the theme itself.
            for cluster in clusters[1:].tolist():
                rows = np.flatnonzero((self.themes == theme) & (self.fresh == cluster))
                rows = rows[~self.finished.clusters["forced"][rows]]
                if len(rows) >= LEAST_PART:
                    name_fr, name_ar = self._names[cluster]
                    figures = {
                        "share": round(float(share[cluster]), 4),
                        "within": round(float(within[cluster]), 4),
                        "n": float(len(rows)),
                    }
                    found.append(
                        ThemeProposal(
                            "split",
                            self.keys[theme],
                            None,
                            name_fr,
                            name_ar,
                            self._refs(rows),
                            figures,
                        )
                    )
        return sorted(found, key=lambda one: -one.figures["n"])

    def merges(self) -> list[ThemeProposal]:
        """Return pairs of settled themes that the machine holds for one; the smaller goes."""
        found: dict[tuple[int, int], ThemeProposal] = {}
        for cluster, row in enumerate(self.table):
            share = row / np.maximum(1, self.sizes)
            part = row / max(1, self.cluster_sizes[cluster])
            in_it = self.settled & (share >= MERGE_SHARE) & (part >= MERGE_PART)
            in_it &= self.sizes >= LEAST_PART
            themes = sorted(np.flatnonzero(in_it).tolist(), key=lambda one: -self.sizes[one])
            for theme in themes[1:]:
                into = themes[0]
                rows = np.flatnonzero((self.themes == theme) & (self.fresh == cluster))
                figures = {
                    "share": round(float(share[theme]), 4),
                    "other_share": round(float(share[into]), 4),
                    "n": float(self.cluster_sizes[cluster]),
                }
                found[theme, into] = ThemeProposal(
                    "merge",
                    self.keys[theme],
                    self.keys[into],
                    "",
                    "",
                    self._refs(rows),
                    figures,
                )
        return sorted(found.values(), key=lambda one: -one.figures["share"])

    def _refs(self, rows: Integers) -> tuple[PassageRef, ...]:
        """Return references to active passages."""
        finished = self.finished
        active = active_passages(finished.passages, finished.copies)
        return tuple(references(finished.context.texts, finished.passages, active[rows]))

    @cached_property
    def _names(self) -> list[tuple[str, str]]:
        """The clusters named as the machine would name themes."""
        finished = self.finished
        active = active_passages(finished.passages, finished.copies)
        theme = np.full(len(finished.placed["theme"]), -1, dtype=np.int64)
        theme[active] = self.fresh
        # Only passages in a cluster are evidence for its name.
        state = np.where(theme >= 0, STATES.index("in_theme"), STATES.index("to_arbitrate"))
        placed = {**finished.placed, "theme": theme, "state": state}
        given: list[GivenNames] = [(None, None)] * len(self.table)
        named = stages.names_stage(
            finished.context, finished.passages, placed, given, lambda _done: None
        )
        return [(name[0], name[1]) for name in named["names"]]
