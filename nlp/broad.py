"""Broad themes: themes grouped under the axes of the thesaurus, each by its own evidence.

A theme goes to the axis that its passages' concepts speak of; where several are close, to the one
of them that is nearest in meaning. No theme's place depends on how the others are divided, so a
theme that comes back unchanged in a later run keeps its broad theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from sklearn.preprocessing import normalize

from nlp.errors import OptionsError
from nlp.lexicon import Concept
from nlp.lexicon.files import read_rows, split_cell
from nlp.space import Space

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

#: The axis of the thesaurus that is none: its concepts are divided by ``axes.tsv``.
OTHER = "other"
#: Concepts that say of whom a passage speaks, or where, rather than of what.
CROSS_CUTTING = frozenset(
    {
        "associations",
        "children",
        "commune",
        "distance",
        "girls",
        "poor-families",
        "rural-people",
        "women",
        "youth",
    }
)
#: What a mention of these counts beside 1.
CROSS_CUTTING_WEIGHT = 0.4
#: Mentions added to those of each theme, so that a few prove little.
PRIOR_MENTIONS = 3.0
#: Mentions under which the concepts say nothing, and nearness from which meaning then does.
LEAST_MENTIONS, LEAST_NEARNESS = 1.0, 0.15
#: Lead over the next axis from which the concepts alone decide.
CLEAR_LEAD = 0.15
#: Share of the leading axis's mentions from which another is close enough for meaning to choose it.
CONTENDER_SHARE = 0.6


@dataclass(frozen=True)
class Axis:
    """An axis: a slug, its names, and the numbers of its concepts in the thesaurus."""

    slug: str
    name_fr: str
    name_ar: str
    concepts: tuple[int, ...]


@dataclass(frozen=True)
class BroadTheme:
    """A group of themes.

    ``slug`` is that of the axis, None for themes that speak of no axis. ``certainty``, in [0, 1],
    is the mean, by number of passages, of that of its themes.
    """

    slug: str | None
    name_fr: str
    name_ar: str
    n_themes: int
    certainty: float


class Broad(NamedTuple):
    """Broad themes, in the order of the axes, and each theme's number among them.

    ``certainties``, in [0, 1], say how far ahead the axis of each theme is, by concepts; under
    :data:`CLEAR_LEAD` meaning has chosen between close ones.
    """

    labels: list[int]
    certainties: list[float]
    themes: list[BroadTheme]


#: Names of the broad theme of what speaks of no axis.
NO_AXIS = ("Autres sujets", "مواضيع أخرى")


def read_axes(concepts: Sequence[Concept]) -> list[Axis]:
    """Return the axes of ``axes.tsv`` with their concepts, in the order of the file.

    An axis holds the concepts that name it in the thesaurus, or, for parts of :data:`OTHER`, those
    listed with it. Concepts of neither belong to no axis.
    """
    axes = []
    for row in read_rows("axes.tsv"):
        listed = frozenset(split_cell(row["concepts"]))
        members = [
            number
            for number, concept in enumerate(concepts)
            if concept.axis == row["slug"] or (concept.axis == OTHER and concept.slug in listed)
        ]
        axes.append(Axis(row["slug"], row["label_fr"], row["label_ar"], tuple(members)))
    return axes


def axis_meanings(axes: Sequence[Axis], concepts: Sequence[Concept]) -> Floats:
    """Return the mean meaning of the concepts of each axis, in the static space.

    Returns
    -------
    array, shape (n_axes, d)
        Unit rows; a row of zeros for an axis without concepts.
    """
    space = Space.load()
    french = [" . ".join((c.label_fr, *c.terms_fr)) for c in concepts]
    arabic = [" . ".join((c.label_ar, *c.terms_ar)) for c in concepts]
    both = [
        space.embed(lines, [language] * len(lines))[0].astype(np.float64)
        for language, lines in (("fr", french), ("ar", arabic))
    ]
    vectors = normalize(both[0] + both[1])
    return np.asarray(normalize(_members(axes, len(concepts)).T @ vectors))


def _members(axes: Sequence[Axis], n_concepts: int) -> Floats:
    """Return which concepts are of which axis, shape (n_concepts, n_axes)."""
    members = np.zeros((n_concepts, len(axes)))
    for number, axis in enumerate(axes):
        members[list(axis.concepts), number] = 1.0
    return members


def _nearness(centres: Floats, meanings: Floats) -> Floats:
    """Return the cosines of themes and axes, less what the axes have in common.

    What is taken off is the mean of the axes and not of the themes, so that no theme's nearness
    depends on the others; a theme without meaning is near to nothing.
    """
    shared = meanings.mean(axis=0)
    is_known = np.abs(centres).sum(axis=1, keepdims=True) > 0
    own = normalize((normalize(centres) - shared) * is_known)
    nearness: Floats = np.asarray(own @ normalize(meanings - shared).T)
    return nearness.round(6)


def _places(mentions: Floats, nearness: Floats) -> tuple[Integers, Floats]:
    """Return the axis of each theme, -1 for none, and by how much it leads, in [0, 1]."""
    first = mentions.max(axis=1)
    second = np.sort(mentions, axis=1)[:, -2:].min(axis=1)
    leads = np.round((first - second) / (first + second + PRIOR_MENTIONS), 6)
    share = np.where(leads >= CLEAR_LEAD, 1.0, CONTENDER_SHARE)
    # Sums in another order may differ by rounding.
    is_contender = mentions >= (first * share)[:, None] - 1e-9
    chosen = np.where(is_contender, nearness, -2.0).argmax(axis=1)
    is_mute = first < LEAST_MENTIONS
    by_meaning = np.where(nearness.max(axis=1) >= LEAST_NEARNESS, nearness.argmax(axis=1), -1)
    return np.where(is_mute, by_meaning, chosen), np.where(is_mute, 0.0, leads)


def broad_themes(
    centres: Floats,
    sizes: Sequence[int],
    votes: npt.ArrayLike,
    *,
    axes: Sequence[Axis],
    meanings: Floats,
    concepts: Sequence[Concept],
) -> Broad:
    """Group themes under the axes.

    Parameters
    ----------
    centres : array, shape (n_themes, d)
        Mean vector of the passages of each theme, in the space of ``meanings``.
    sizes : sequence of int, length n_themes
        Passages of each theme.
    votes : array, shape (n_themes, n_concepts)
        How many passages of each theme speak of each concept.
    axes : sequence of Axis
        From :func:`read_axes`.
    meanings : array, shape (n_axes, d)
        From :func:`axis_meanings`.
    concepts : sequence of Concept, length n_concepts
        Those of the thesaurus.

    Returns
    -------
    Broad
        Only axes that have a theme; last, where there is one, what speaks of none.

    Raises
    ------
    OptionsError
        If the shapes do not fit together.
    """
    counts = np.asarray(votes, dtype=np.float64)
    shape = (len(sizes), len(concepts))
    if counts.shape != shape or len(centres) != shape[0] or len(meanings) != len(axes):
        raise OptionsError("Themes, concepts and axes must have the same numbers everywhere.")
    if not len(sizes):
        return Broad([], [], [])
    weights = [CROSS_CUTTING_WEIGHT if c.slug in CROSS_CUTTING else 1.0 for c in concepts]
    mentions = (counts * np.array(weights)) @ _members(axes, len(concepts))
    places, leads = _places(mentions, _nearness(np.asarray(centres), meanings))
    return _listed(places, leads, np.asarray(sizes, dtype=np.float64), axes)


def _listed(places: Integers, leads: Floats, sizes: Floats, axes: Sequence[Axis]) -> Broad:
    """Number the axes that have a theme, in their order, and describe them."""
    last = len(axes)
    numbers = np.where(places < 0, last, places)
    used = np.unique(numbers)
    themes = []
    for number in used.tolist():
        own = numbers == number
        slug, names = None, NO_AXIS
        if number < last:
            slug, names = axes[number].slug, (axes[number].name_fr, axes[number].name_ar)
        weights = np.maximum(sizes[own], 1e-9)
        certainty = round(float(weights @ leads[own] / weights.sum()), 3)
        themes.append(BroadTheme(slug, *names, n_themes=int(own.sum()), certainty=certainty))
    return Broad(np.searchsorted(used, numbers).tolist(), leads.tolist(), themes)
