"""A proposal to divide one theme: parts with names and seeds, or nothing when it holds together.

The passages of the theme alone make a space and a neighbour graph, balanced between languages as
those of a whole corpus are, and are divided in two, three and so on. Anything can be cut in two, so
a cut is proposed only if its parts come back when the graph is disturbed, are not languages, and
stand farther apart than the parts of a cloud without any: passages drawn from one normal law with
the same covariance (after SigClust: Liu, Hayes, Nobel and Marron, 2008).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import v_measure_score

from nlp.clustering import Known, Partition, Placer, ThemeClusterer, neighbour_graph
from nlp.clustering.kmeans import SphericalKMeans, sums_by
from nlp.clustering.spectrum import Spectrum
from nlp.embedding import block_of_texts, hash_order, part_of, views_of
from nlp.errors import OptionsError
from nlp.features import Block, Views
from nlp.features.counts import Dense, unit
from nlp.lexicon import load_lexicon
from nlp.model import Text
from nlp.naming import NamedTheme, Sample, first_of_each, name_themes
from nlp.placement import WEAK_MARGIN
from nlp.threads import one_thread

Integers = npt.NDArray[np.int64]

#: Passages under which a theme is not divided, and passages a part holds at least.
LEAST_PASSAGES, LEAST_PART = 6, 3
#: Share of the theme that a part holds at least.
LEAST_SHARE = 0.08
#: Stability of parts under which they are not proposed.
LEAST_STABILITY = 0.75
#: V-measure of parts against languages over which they say little else.
MOST_LEAK = 0.3
#: How much farther apart than those of a cloud without parts they stand at least, as silhouettes.
LEAST_EXCESS = 0.0
#: What an excess weighs beside stability when numbers of parts are compared.
_EXCESS_WEIGHT = 2.0
#: Passages that parts are sought among, passages of the comparison with a cloud, clouds drawn.
_MOST_LEARNT, _MOST_COMPARED, _N_CLOUDS = 3_000, 500, 6
#: Seeds of a part, and the cosine from which two passages say the same.
_N_SEEDS, _SAME = 3, 0.97


@dataclass(frozen=True)
class Part:
    """A part of a theme.

    ``indices`` are its passages, in the order given; ``seeds`` a few of them, the most central
    first. ``stability``, in [0, 1], is the mean Jaccard overlap with its nearest part in disturbed
    runs. ``languages`` counts its passages by language code.
    """

    indices: tuple[int, ...]
    name_fr: str
    name_ar: str
    keywords_fr: tuple[str, ...]
    keywords_ar: tuple[str, ...]
    seeds: tuple[int, ...]
    stability: float
    languages: dict[str, int]


@dataclass(frozen=True)
class Division:
    """A proposal to divide a theme into ``parts``, greatest first.

    ``quality``, in [0, 1], is the mean stability of the parts less what they owe to languages;
    ``separation``, in [-1, 1], the mean silhouette of the passages by cosines with the parts'
    centres, and ``excess`` how much more that is than in a cloud without parts; ``leak``, in
    [0, 1], the V-measure of parts against languages. ``undecided`` passages hold no word that
    counts and stay where they are.
    """

    parts: tuple[Part, ...]
    quality: float
    separation: float
    excess: float
    leak: float
    undecided: tuple[int, ...]


@dataclass(frozen=True)
class _Cut:
    """One way to divide the passages, in their inner order."""

    partition: Partition
    leak: float
    separation: float
    excess: float

    @property
    def stability(self) -> float:
        """Mean stability of the parts."""
        return float(np.nanmean(self.partition.stabilities))

    @property
    def merit(self) -> float:
        """What the cut is worth beside others."""
        return round(self.stability - self.leak + _EXCESS_WEIGHT * self.excess, 6)


def separation(vectors: Dense, labels: Integers) -> float:
    """Return the mean silhouette of rows, simplified to their cosines with the centres of parts.

    Parameters
    ----------
    vectors : array, shape (n, d), rows of length 1
    labels : array, shape (n,)
        Part of each row, 0 and up, at least two of them.
    """
    n_parts = int(labels.max()) + 1
    far = np.maximum(1 - vectors @ unit(sums_by(labels, vectors, n_parts)).T, 1e-9)
    rows = np.arange(len(labels))
    own = far[rows, labels].copy()
    far[rows, labels] = np.inf
    other = far.min(axis=1)
    return float(np.mean((other - own) / np.maximum(own, other)))


def _quick_parts(views: Views, groups: Sequence[str], n_parts: int) -> Integers:
    """Return parts found by one run."""
    graph = neighbour_graph(views, groups)
    coordinates = Spectrum(n_parts + 1).fit(graph).coordinates()
    # Products of very short rows raise a flag that no number in them explains.
    with np.errstate(invalid="ignore"):
        return SphericalKMeans(n_parts, n_init=4).fit(coordinates).labels_


def _cloud(views: Views, generator: np.random.Generator) -> Views:
    """Return passages drawn from the normal law that has the covariance of some passages.

    The law is known from as many passages only, so that clouds are a little more stretched than
    the passages are: the comparison leans towards not dividing.
    """
    n = len(views.across)
    mixing = (generator.standard_normal((n, n)) / np.sqrt(n)).astype(np.float32)
    return Views(unit(mixing @ views.within), unit(mixing @ views.across))


class _Excess:
    """How much farther apart parts stand than in clouds without parts."""

    def __init__(self, views: Views, groups: Sequence[str], seed: int) -> None:
        """Draw the clouds."""
        most = slice(0, _MOST_COMPARED)
        self.groups = groups[most]
        self.views = Views(views.within[most], views.across[most])
        generator = np.random.default_rng(seed)
        self.clouds = [_cloud(self.views, generator) for _ in range(_N_CLOUDS)]

    def of(self, n_parts: int) -> float:
        """Return the excess of separation of a number of parts."""
        found = [
            separation(views.across, _quick_parts(views, self.groups, n_parts))
            for views in (self.views, *self.clouds)
        ]
        return round(found[0] - float(np.mean(found[1:])), 4)


def divide(
    texts: Sequence[Text],
    *,
    languages: Sequence[str] | None = None,
    vectors: npt.NDArray[np.floating] | None = None,
    seed: int = 0,
    most_parts: int = 4,
) -> Division | None:
    """Propose to divide a theme, or nothing when it holds together.

    Parameters
    ----------
    texts : sequence of Text, length n
        The passages of one theme, 6 and more.
    languages : sequence of str, length n, optional
        Their language codes; None to find them.
    vectors : array, shape (n, d), optional
        Their vectors (:func:`nlp.embedding.vectors_of`); None makes vectors of these passages
        alone, which tell their differences better.
    seed : int
        Seed of everything that draws numbers.
    most_parts : int
        Parts at most, at least 2.

    Returns
    -------
    Division or None
        The same whatever the order of the passages, but for their numbers.

    Raises
    ------
    OptionsError
        If a number is outside its range or lengths differ.
    InputError
        If a language is unknown.
    """
    if most_parts < 2 or not 0 <= seed < 2**31:
        raise OptionsError("At least two parts, and a seed of 0 or more.")
    if any(given is not None and len(given) != len(texts) for given in (languages, vectors)):
        raise OptionsError("Languages and vectors must be those of the passages.")
    written = [text.text for text in texts]
    order = hash_order(written)
    if len(order) < LEAST_PASSAGES:
        return None
    with one_thread():
        own = None if languages is None else [languages[row] for row in order]
        block = block_of_texts([written[row] for row in order], own)
        if vectors is None:
            views = views_of(block, seed=seed, most_learnt=_MOST_LEARNT)
        else:
            given = np.asarray(vectors, dtype=np.float32)[order]
            views = Views(given, given)
        rows = np.flatnonzero(np.abs(views.across).sum(axis=1) > 0)
        if len(rows) < LEAST_PASSAGES:
            return None
        block, order_of = part_of(block, rows), [order[row] for row in rows.tolist()]
        views = Views(views.within[rows], views.across[rows])
        cut = _best_cut(views, block.groups, most_parts=most_parts, seed=seed)
        if cut is None:
            return None
        return _division(cut, views, block, order_of, len(texts))


def _best_cut(views: Views, groups: Sequence[str], *, most_parts: int, seed: int) -> _Cut | None:
    """Return the best of the cuts that may be proposed."""
    n = len(groups)
    learnt = slice(0, _MOST_LEARNT)
    graph = neighbour_graph(Views(*(view[learnt] for view in views)), groups[learnt])
    excess = _Excess(views, groups, seed)
    cuts = []
    for n_parts in range(2, min(most_parts, n // LEAST_PART) + 1):
        clusterer = ThemeClusterer(n_themes=n_parts, random_state=seed).fit(graph)
        partition = clusterer.partition_
        if n > _MOST_LEARNT:
            partition = _spread(partition, clusterer.coordinates_, views, groups)
        cut = _measured(partition, views, groups, n_parts, excess)
        if cut is not None:
            cuts.append(cut)
    return max(cuts, key=lambda cut: cut.merit, default=None)


def _spread(
    partition: Partition, coordinates: Dense, views: Views, groups: Sequence[str]
) -> Partition:
    """Place the passages that parts were not learnt from."""
    learnt, rest = slice(0, _MOST_LEARNT), slice(_MOST_LEARNT, None)
    known = Known(
        Views(*(view[learnt] for view in views)),
        groups[learnt],
        partition.labels,
        coordinates.astype(np.float32),
    )
    placer = Placer(known, len(partition.stabilities))
    placed = placer.place(Views(*(view[rest] for view in views)), groups[rest])
    return Partition(
        np.concatenate([partition.labels, placed.labels]),
        np.concatenate([partition.margins, placed.margins]),
        np.concatenate([partition.centralities, placed.centralities]),
        partition.stabilities,
    )


def _measured(
    partition: Partition, views: Views, groups: Sequence[str], n_parts: int, excess: _Excess
) -> _Cut | None:
    """Return a cut with its measures, None if it may not be proposed."""
    labels = partition.labels
    sizes = np.bincount(labels[labels >= 0], minlength=n_parts)
    least = max(LEAST_PART, LEAST_SHARE * len(labels))
    if len(sizes) != n_parts or sizes.min() < least:
        return None
    if not np.nanmean(partition.stabilities) >= LEAST_STABILITY:
        return None
    leak = round(float(v_measure_score(groups, labels)), 4)
    if leak > MOST_LEAK:
        return None
    more = excess.of(n_parts)
    if more <= LEAST_EXCESS:
        return None
    placed = labels >= 0
    far = separation(views.across[placed], labels[placed])
    return _Cut(partition, leak, round(far, 4), more)


def _division(
    cut: _Cut, views: Views, block: Block, order: Sequence[int], n_texts: int
) -> Division:
    """Return a cut as a proposal, in the caller's numbers."""
    labels = cut.partition.labels
    n_parts = len(cut.partition.stabilities)
    names = _names(cut.partition, block, n_parts)
    parts = []
    for part in range(n_parts):
        rows = np.flatnonzero(labels == part)
        name = names[part]
        counts = Counter(block.languages[row] for row in rows.tolist())
        parts.append(
            Part(
                indices=tuple(sorted(order[row] for row in rows.tolist())),
                name_fr=name.name_fr,
                name_ar=name.name_ar,
                keywords_fr=tuple(name.keywords_fr),
                keywords_ar=tuple(name.keywords_ar),
                seeds=tuple(order[row] for row in _seeds(cut.partition, views.across, rows)),
                stability=round(float(cut.partition.stabilities[part]), 4),
                languages=dict(sorted(counts.items())),
            )
        )
    parts.sort(key=lambda part: (-len(part.indices), part.name_fr))
    placed = {index for part in parts for index in part.indices}
    return Division(
        parts=tuple(parts),
        quality=round(cut.stability * (1 - cut.leak), 4),
        separation=cut.separation,
        excess=cut.excess,
        leak=cut.leak,
        undecided=tuple(sorted(set(range(n_texts)) - placed)),
    )


def _names(partition: Partition, block: Block, n_parts: int) -> Sequence[NamedTheme]:
    """Name the parts by the passages that are in them for certain, beside one another."""
    labels = partition.labels
    is_sure = (labels >= 0) & (partition.margins >= WEAK_MARGIN)
    enough = np.bincount(labels[is_sure], minlength=n_parts) >= LEAST_PART
    rows = np.flatnonzero((labels >= 0) & (is_sure | ~enough[labels]))
    chosen = rows[first_of_each(labels[rows], n_parts)]
    sample = Sample(
        texts=[block.pieces[row] for row in chosen.tolist()],
        languages=[block.languages[row] for row in chosen.tolist()],
        labels=labels[chosen],
        table=block.table.chosen(chosen),
        starts=np.zeros(len(chosen), dtype=np.int64),
    )
    given = [(None, None)] * n_parts
    named, _ = name_themes(sample, block.concepts[rows], labels[rows], given, load_lexicon())
    return named


def _seeds(partition: Partition, vectors: Dense, rows: Integers) -> list[int]:
    """Return the rows of a part's most central and certain passages, none saying the same."""
    middle = unit(vectors[rows].sum(axis=0, keepdims=True))[0]
    worth = (vectors[rows] @ middle) * (0.5 + 0.5 * partition.margins[rows])
    chosen: list[int] = []
    for row in rows[np.argsort(-np.round(worth, 6), kind="stable")].tolist():
        if all(float(vectors[row] @ vectors[other]) < _SAME for other in chosen):
            chosen.append(row)
        if len(chosen) == _N_SEEDS:
            break
    return chosen
