"""Recognise a consultation's durable themes in the clusters of a new run.

The evidence is where the words lie: for each answer, the stretches that earlier runs put in a theme
and those that the new run puts in a cluster. Counting characters rather than passages keeps the
comparison true when the cutting into passages changes; answers that earlier runs did not know are
left out of it, so that new submissions do not make a theme look like another one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

#: Least share of common characters (of the union) for a cluster to be an earlier theme.
SAME_THEME = 0.25
#: Least share of a left-over cluster's characters for it to follow people's decision on a group.
FOLLOWS_DECISION = 0.5


@dataclass(frozen=True, order=True)
class Stretch:
    """Part of an answer, with the theme or cluster it is in."""

    answer_id: int
    start: int
    end: int
    label: int


@dataclass
class Overlap:
    """Common characters of clusters and themes.

    :ivar common: characters by (cluster, theme).
    :ivar clusters: characters of each cluster in answers that earlier runs knew.
    :ivar themes: characters of each earlier theme.
    """

    common: Counter[tuple[int, int]] = field(default_factory=Counter)
    clusters: Counter[int] = field(default_factory=Counter)
    themes: Counter[int] = field(default_factory=Counter)

    def similarity(self, cluster: int, theme: int) -> float:
        """Return the Jaccard index of a cluster and a theme, weighted by characters."""
        common = self.common[cluster, theme]
        union = self.clusters[cluster] + self.themes[theme] - common
        return common / union if union else 0.0


def _in_order(stretches: Iterable[Stretch]) -> dict[tuple[int, int], list[Stretch]]:
    """Group stretches by answer and label, in reading order: those of one group never overlap."""
    grouped: dict[tuple[int, int], list[Stretch]] = defaultdict(list)
    for stretch in sorted(stretches):
        grouped[stretch.answer_id, stretch.label].append(stretch)
    return grouped


def measure(
    found: Iterable[Stretch], earlier: Iterable[Stretch], known_answers: set[int]
) -> Overlap:
    """Count the characters that clusters (``found``) and themes (``earlier``) have in common.

    Earlier themes may overlap: each is where the last run that found it saw it.
    """
    overlap = Overlap()
    old: dict[int, list[tuple[int, list[Stretch]]]] = defaultdict(list)
    for (answer_id, theme), stretches in _in_order(earlier).items():
        overlap.themes[theme] += _length(stretches)
        old[answer_id].append((theme, stretches))
    for (answer_id, cluster), stretches in _in_order(found).items():
        if answer_id in known_answers:
            overlap.clusters[cluster] += _length(stretches)
            for theme, others in old[answer_id]:
                overlap.common[cluster, theme] += _shared(stretches, others)
    return overlap


def _length(stretches: Iterable[Stretch]) -> int:
    """Return the characters of some stretches."""
    return sum(stretch.end - stretch.start for stretch in stretches)


def _shared(new: Sequence[Stretch], old: Sequence[Stretch]) -> int:
    """Return the common characters of two ordered lists of stretches of one answer."""
    i = j = total = 0
    while i < len(new) and j < len(old):
        total += max(min(new[i].end, old[j].end) - max(new[i].start, old[j].start), 0)
        if new[i].end <= old[j].end:
            i += 1
        else:
            j += 1
    return total


def match(
    overlap: Overlap,
    *,
    clusters: Sequence[int],
    themes: Sequence[int],
    decided: Mapping[int, int],
) -> dict[int, int]:
    """Return the earlier theme of each cluster that is one; the others are new themes.

    First one to one, so that the sum of similarities is the greatest (Hungarian method) and none is
    below :data:`SAME_THEME`. Then a cluster that is left follows what people decided on its words:
    if more than half of them were in a group of merged themes or in an excluded one, it goes there,
    so that a run that cuts more finely does not undo the decision.

    :param decided: for each theme of such a group, the theme at the group's end.
    """
    matched = _one_to_one(overlap, clusters, themes)
    for cluster in clusters:
        if cluster in matched:
            continue
        shares: Counter[int] = Counter()
        for theme, end in decided.items():
            shares[end] += overlap.common[cluster, theme]
        # Ties go to the older theme, so that the same input always gives the same answer.
        end, common = min(shares.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))
        if common > FOLLOWS_DECISION * overlap.clusters[cluster]:
            matched[cluster] = end
    return matched


def _one_to_one(overlap: Overlap, clusters: Sequence[int], themes: Sequence[int]) -> dict[int, int]:
    """Pair clusters and themes, leaving out the pairs that are too unlike."""
    if not clusters or not themes:
        return {}
    # Loading it takes a second, which pages and other commands must not pay for.
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    table = np.array([[overlap.similarity(c, t) for t in themes] for c in clusters])
    table[table < SAME_THEME] = 0.0
    pairs = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return {clusters[row]: themes[column] for row, column in pairs if table[row, column] > 0}
