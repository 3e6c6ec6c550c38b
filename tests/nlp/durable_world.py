"""A small world of texts in groups, seen by a machine that is never sure, for the tests."""

import numpy as np

from nlp.durable import Earlier, EarlierTheme, PassageRef, carry_over, constraints_of


def unit(vectors):
    """Return vectors of length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def earlier_of(carried, passages, *, names=None, with_centres=False):
    """Return what the next run has to know; ``names`` for themes that had none."""
    themes = []
    for theme in carried.themes:
        name_fr, name_ar = (names or {}).get(theme.key, (None, None))
        themes.append(
            EarlierTheme(
                key=theme.key,
                name_fr=theme.name_fr or name_fr,
                name_ar=theme.name_ar or name_ar,
                keywords_fr=theme.keywords_fr,
                keywords_ar=theme.keywords_ar,
                centre=theme.centre if with_centres else None,
            )
        )
    return Earlier.of(themes, passages, carried.labels.tolist(), carried.former)


class World:
    """Texts in groups, of which each run sees some, with clusters that differ from run to run."""

    def __init__(self, n=360, n_groups=6, *, d=16, noise=0.16, seed=0):
        """Draw the texts."""
        generator = np.random.default_rng(seed)
        self.truth = np.arange(n) % n_groups
        self.centres = unit(generator.standard_normal((n_groups, d)))
        self.vectors = unit(self.centres[self.truth] + noise * generator.standard_normal((n, d)))
        self.refs = [PassageRef(f"t{row:04d}", 0, 60) for row in range(n)]

    def rows(self, group, n=None):
        """Return the references of a group's texts."""
        return tuple(self.refs[row] for row in np.flatnonzero(self.truth == group)[:n])

    def machine(self, rows, seed, *, n_clusters=6, shake=0.1):
        """Return clusters of some texts as an unsteady machine finds them."""
        generator = np.random.default_rng(seed)
        near = generator.permutation(len(self.centres))[:n_clusters]
        centres = self.centres[near]
        centres = centres + shake * generator.standard_normal(centres.shape)
        return np.argmax(self.vectors[rows] @ centres.T, axis=1)

    def run(self, rows, labels, earlier=None, decisions=(), **options):
        """Join a run of some texts to what was before."""
        rows = np.asarray(rows)
        refs = [self.refs[row] for row in rows]
        carried = carry_over(
            labels, self.vectors[rows], refs, constraints_of(earlier, decisions), **options
        )
        return Run(carried, refs)


class Run:
    """What came of a run, by passage."""

    def __init__(self, carried, refs):
        """Keep the result beside the passages."""
        self.carried = carried
        self.refs = refs
        self.keys = [carried.keys[at] if at >= 0 else None for at in carried.labels.tolist()]
        self.of = dict(zip(refs, self.keys, strict=True))

    @property
    def earlier(self):
        """What the next run has to know."""
        return earlier_of(self.carried, self.refs)

    @property
    def themes(self):
        """The themes by key."""
        return {theme.key: theme for theme in self.carried.themes}

    def held_by(self, refs):
        """Return the keys of the themes some passages are in."""
        return {self.of[ref] for ref in refs if ref in self.of}

    def main(self, refs):
        """Return the key of the theme most of some passages are in."""
        keys = [self.of[ref] for ref in refs if ref in self.of]
        return max(sorted(set(keys)), key=keys.count)
