"""Contrasts: which groups speak of a theme more, or less, than everybody else.

The unit is the author: who repeats a theme counts once. Each pair of a theme and a group is a
table of four counts (in the group or elsewhere, speaks of the theme or not). A table with a count
under ``least`` is not shown, nor are others that would give it back by subtraction.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, gammaln
from scipy.stats import false_discovery_control

from nlp.errors import OptionsError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

Direction = Literal["over", "under"]

#: Smallest expected count from which the chi-square law stands for the exact one.
EXACT_UNDER = 30.0
#: Quantile of the normal law for a 95 % interval.
_Z = 1.959963984540054
_DIRECTIONS: dict[float, Direction | None] = {1.0: "over", 0.0: None, -1.0: "under"}


@dataclass(frozen=True)
class Contrast:
    """How one group speaks of one theme, beside everybody else.

    ``n`` of the group's ``size`` authors speak of the theme; ``share`` is their share and
    ``share_elsewhere`` that of all other authors, in [0, 1]; ``lift`` is their quotient,
    ``difference`` their difference, in [-1, 1], with its 95 % interval from ``low`` to ``high``.
    ``p`` comes from ``test``; ``q`` is adjusted for all pairs of the dimension.
    ``direction`` is "over" or "under", None for equal shares. ``holds_within`` says of a
    significant contrast whether it is found among authors of one language as well; None where
    that was not asked. All is None where ``is_suppressed``.
    """

    dimension: str
    group: str
    theme: int
    is_suppressed: bool
    n: int | None = None
    size: int | None = None
    share: float | None = None
    share_elsewhere: float | None = None
    lift: float | None = None
    difference: float | None = None
    low: float | None = None
    high: float | None = None
    test: Literal["fisher", "chi-square"] | None = None
    p: float | None = None
    q: float | None = None
    is_significant: bool | None = None
    direction: Direction | None = None
    holds_within: bool | None = None


class Tables(NamedTuple):
    """Tables of counts: ``n`` of ``size`` in the group, ``other`` of ``other_size`` elsewhere."""

    n: Integers
    size: Integers
    other: Integers
    other_size: Integers

    @property
    def smallest(self) -> Integers:
        """The smallest of the four counts of each table."""
        counts = (self.n, self.size - self.n, self.other, self.other_size - self.other)
        return np.asarray(np.minimum.reduce(counts))

    def of(self, chosen: Booleans) -> "Tables":
        """Return the chosen tables, in one row."""
        return Tables(*(counts[chosen] for counts in self))


def wilson(n: Integers, size: Integers) -> tuple[Floats, Floats]:
    """Return the 95 % intervals of shares (Wilson, 1927); sizes are at least 1."""
    share = n / size
    scale = 1 + _Z**2 / size
    centre = (share + _Z**2 / (2 * size)) / scale
    half = _Z * np.sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2)) / scale
    return np.maximum(centre - half, 0.0), np.minimum(centre + half, 1.0)


def newcombe(tables: Tables) -> tuple[Floats, Floats]:
    """Return the 95 % intervals of the differences of shares (Newcombe, 1998, method 10)."""
    one, two = tables.n / tables.size, tables.other / tables.other_size
    low_one, high_one = wilson(tables.n, tables.size)
    low_two, high_two = wilson(tables.other, tables.other_size)
    below = np.sqrt((one - low_one) ** 2 + (high_two - two) ** 2)
    above = np.sqrt((high_one - one) ** 2 + (two - low_two) ** 2)
    return one - two - below, one - two + above


def _fisher(n: int, size: int, spoke: int, everyone: int) -> float:
    """Return the two-sided p of Fisher's exact test: tables as likely as this one, or less."""
    values = np.arange(max(0, size + spoke - everyone), min(size, spoke) + 1)
    cells = (values, size - values, spoke - values, everyone - size - spoke + values)
    logs = -gammaln(np.stack(cells) + 1).sum(axis=0)
    likely = np.exp(logs - logs.max())
    # Equally likely tables differ by rounding.
    tail = likely[likely <= likely[n - values[0]] * (1 + 1e-7)]
    return min(1.0, float(tail.sum() / likely.sum()))


def p_values(tables: Tables) -> tuple[Floats, Booleans]:
    """Return the two-sided p of each table, and whether it is exact.

    Fisher's exact test where the smallest expected count is under :data:`EXACT_UNDER`, else
    Pearson's chi-square without correction. Tables stand in one row and have no empty margin.
    """
    everyone = tables.size + tables.other_size
    spoke = tables.n + tables.other
    pooled = spoke / everyone
    expected = np.minimum(tables.size, tables.other_size) * np.minimum(pooled, 1 - pooled)
    spread = pooled * (1 - pooled) * (1 / tables.size + 1 / tables.other_size)
    gap = tables.n / tables.size - tables.other / tables.other_size
    p = np.asarray(chdtrc(1, gap**2 / spread))
    exact: Booleans = expected < EXACT_UNDER
    for row in np.flatnonzero(exact).tolist():
        p[row] = _fisher(*(int(c[row]) for c in (tables.n, tables.size, spoke, everyone)))
    return p, exact


def adjusted(p: Floats, n_tests: int) -> Floats:
    """Return the q of p among ``n_tests`` (Benjamini and Hochberg, 1995), the others' p being 1."""
    if not len(p):
        return p
    others = np.ones(n_tests - len(p))
    return np.asarray(false_discovery_control(np.concatenate([p, others]))[: len(p)])


def mantel_haenszel(tables: Tables) -> tuple[Floats, Floats]:
    """Test tables taken apart by strata (Cochran, 1954; Mantel and Haenszel, 1959).

    Tables have the shape (n, n_strata). Returned, of shape (n,), are how many more of the groups
    speak of the theme than expected within strata, and the p of that, uncorrected for
    continuity, 1 where no stratum can tell.
    """
    everyone = tables.size + tables.other_size
    spoke = tables.n + tables.other
    total = np.maximum(everyone, 1)
    surplus = (tables.n - tables.size * (spoke / total)).sum(axis=1)
    spread = (tables.size / total) * tables.other_size * (spoke / total) * (everyone - spoke)
    variance = (spread / np.maximum(everyone - 1, 1)).sum(axis=1)
    statistic = np.where(variance > 1e-12, surplus**2 / np.maximum(variance, 1e-12), 0.0)
    return surplus, np.asarray(chdtrc(1, statistic))


def hidden_groups(sizes: Integers, *, least: int) -> Booleans:
    """Return which groups are not shown: those under ``least``, and what keeps them unknown."""
    hidden: Booleans = sizes < least
    for number in np.argsort(sizes, kind="stable").tolist():
        if hidden.any() and sizes[hidden].sum() < least:
            hidden[number] = True
    return hidden


def _close(shown: Booleans, n: Integers, room: Integers, least: int) -> None:
    """Hide cells of a line with a known sum until its hidden ones cannot be told from it.

    Two cells and ``least`` authors are needed, and ``least`` more that they could have held
    (``room``): then no hidden cell follows from the sum, nor from its bounds.
    """
    for number in np.argsort(n, kind="stable").tolist():
        hidden = ~shown & (n + room > 0)
        if not hidden.any() or (
            hidden.sum() > 1 and n[hidden].sum() >= least and room[hidden].sum() >= least
        ):
            return
        shown[number] = False


def _solvable(shown: Booleans, told_columns: Integers) -> list[tuple[int, int]]:
    """Return the hidden cells that the sums of all rows and of some columns determine together.

    A cell is determined where its unit vector lies in the row space of these equations.
    """
    rows, columns = np.nonzero(~shown)
    if not len(rows):
        return []
    lines = (np.arange(len(shown))[:, None] == rows, told_columns[:, None] == columns)
    equations = np.vstack(lines).astype(np.float64)
    inverse = np.linalg.pinv(equations @ equations.T, rcond=1e-10, hermitian=True)
    told = ((inverse @ equations) * equations).sum(axis=0) > 1 - 1e-6
    return list(zip(rows[told].tolist(), columns[told].tolist(), strict=True))


def shown_cells(
    n: Integers, sizes: Integers, safe: Booleans, *, least: int, is_exclusive: bool
) -> Booleans:
    """Return which cells are shown: safe ones, less those that would give another one back.

    ``n`` and ``safe`` have the shape (n_themes, n_groups). With ``is_exclusive`` no author is in
    two cells of a group, so that its cells, too, have a known sum.
    """
    shown, totals = safe.copy(), n.sum(axis=1)
    columns = np.flatnonzero(safe.any(axis=0)) if is_exclusive else np.zeros(0, dtype=np.int64)
    before = -1
    while shown.sum() != before:
        before = int(shown.sum())
        for row in range(len(n)):
            _close(shown[row], n[row], sizes - n[row], least)
        for column in columns.tolist():
            _close(shown[:, column], n[:, column], totals - n[:, column], least)
        for row, column in _solvable(shown, columns) if is_exclusive else []:
            line = (row, slice(None)) if shown[row].any() else (slice(None), column)
            if shown[line].any():
                shown[line][np.where(shown[line], n[line], n.max() + 1).argmin()] = False
    return shown


class _Coded(NamedTuple):
    """Groups of authors as numbers: -1 for none, others in the order of ``names``."""

    codes: Integers
    names: list[str]


class _Corpus:
    """Who speaks of what: authors, their themes and their groups."""

    def __init__(
        self,
        themes: Sequence[int | None],
        groups: Mapping[str, Sequence[str | None]],
        authors: Sequence[Hashable] | None,
    ) -> None:
        """Number everything."""
        numbers: dict[Hashable, int] = {}
        keys: Iterable[Hashable] = range(len(themes)) if authors is None else authors
        coded = [numbers.setdefault(key, len(numbers)) for key in keys]
        self.authors = np.array(coded, dtype=np.int64)
        self.n_authors = len(numbers)
        lengths = {len(self.authors), *(len(values) for values in groups.values())}
        if lengths != {len(themes)}:
            raise OptionsError("Themes, groups and authors must speak of the same passages.")
        self.themes = sorted({theme for theme in themes if theme is not None})
        number_of: dict[int | None, int] = {theme: n for n, theme in enumerate(self.themes)}
        places = np.array([number_of.get(theme, -1) for theme in themes], dtype=np.int64)
        n_themes = max(1, len(self.themes))
        pairs = np.unique((self.authors * n_themes + places)[places >= 0])
        #: Author and theme of each pair of both, each pair once.
        self.speaker, self.theme = np.divmod(pairs, n_themes)
        #: Whether no author speaks of two themes, so that a group's counts add up to its size.
        self.is_exclusive = len(np.unique(self.speaker)) == len(self.speaker)
        self._values = groups

    def dimension(self, name: str) -> _Coded:
        """Return the group of each author: that of most of its passages, the first of equals."""
        values = self._values[name]
        names = sorted({value for value in values if value is not None})
        numbers: dict[str | None, int] = {group: number for number, group in enumerate(names)}
        codes = np.array([numbers.get(value, -1) for value in values], dtype=np.int64)
        n_groups = max(1, len(names))
        keys = (self.authors * n_groups + codes)[codes >= 0]
        pairs, counts = np.unique(keys, return_counts=True)
        author, group = np.divmod(pairs, n_groups)
        # The last one written stays: the most frequent, the first of equals.
        order = np.lexsort((-group, counts, author))
        found = np.full(self.n_authors, -1, dtype=np.int64)
        found[author[order]] = group[order]
        return _Coded(found, names)

    def counts(self, codes: Integers, n_codes: int) -> tuple[Integers, Integers]:
        """Return who speaks of each theme, (n_themes, n_codes), and who there is, (n_codes,)."""
        spoken = codes[self.speaker]
        cells = self.theme[spoken >= 0] * n_codes + spoken[spoken >= 0]
        n = np.bincount(cells, minlength=len(self.themes) * n_codes)
        sizes = np.bincount(codes[codes >= 0], minlength=n_codes)
        return n.reshape(len(self.themes), n_codes), sizes


class _Dimension:
    """The contrasts of one dimension."""

    def __init__(self, corpus: _Corpus, name: str, least: int) -> None:
        """Count, and decide what is shown."""
        self.corpus, self.name = corpus, name
        self.groups = corpus.dimension(name)
        n, sizes = corpus.counts(self.groups.codes, len(self.groups.names))
        spoke = np.bincount(corpus.theme, minlength=len(corpus.themes))[:, None]
        inside = np.broadcast_to(sizes, n.shape)
        self.tables = Tables(n, inside, spoke - n, corpus.n_authors - inside)
        hidden = hidden_groups(sizes, least=least)
        self.n_tests = int((~hidden).sum()) * len(n)
        safe = (self.tables.smallest >= least) & ~hidden
        self.shown = shown_cells(n, sizes, safe, least=least, is_exclusive=corpus.is_exclusive)

    def results(self, strata: _Coded | None, rate: float) -> Iterator[Contrast]:
        """Return the contrasts, by theme and group."""
        shown = self.tables.of(self.shown)
        p, exact = p_values(shown)
        q = adjusted(p, self.n_tests)
        share, elsewhere = shown.n / shown.size, shown.other / shown.other_size
        gaps, significant = share - elsewhere, q <= rate
        holds: list[bool | None] = [None] * len(p)
        if strata is not None:
            holds = self._holding(strata, gaps, significant, rate)
        ways = [_DIRECTIONS[sign] for sign in np.sign(gaps).tolist()]
        tests = np.where(exact, "fisher", "chi-square")
        # In the order of the fields of a contrast.
        counted = (shown.n, shown.size, share, elsewhere, share / elsewhere, gaps, *newcombe(shown))
        judged = (tests, p, q, significant, ways, holds)
        rows = zip(*(np.asarray(c, dtype=object) for c in (*counted, *judged)), strict=True)
        for theme, group in np.ndindex(*self.shown.shape):
            key = (self.name, self.groups.names[group], self.corpus.themes[theme])
            is_shown = bool(self.shown[theme, group])
            values: tuple[Any, ...] = next(rows) if is_shown else ()
            yield Contrast(*key, not is_shown, *values)

    def _holding(
        self, strata: _Coded, differences: Floats, significant: Booleans, rate: float
    ) -> list[bool | None]:
        """Tell of each table shown whether a significant contrast is found within strata."""
        # Authors without a stratum are one of their own.
        n_strata, n_groups = len(strata.names) + 1, len(self.groups.names)
        n_themes = len(self.corpus.themes)
        stratum = strata.codes + 1
        inside = np.where(self.groups.codes >= 0, self.groups.codes * n_strata + stratum, -1)
        n, size = self.corpus.counts(inside, n_groups * n_strata)
        spoke, everyone = self.corpus.counts(stratum, n_strata)
        shape = (n_themes, n_groups, n_strata)
        n, sizes = n.reshape(shape), np.broadcast_to(size.reshape(1, n_groups, n_strata), shape)
        tables = Tables(n, sizes, spoke[:, None, :] - n, everyone - sizes).of(self.shown)
        surplus, p = mantel_haenszel(tables)
        holds = (p <= rate) & (np.sign(surplus) == np.sign(differences))
        return [
            bool(held) if asked else None for held, asked in zip(holds, significant, strict=True)
        ]


def contrasts(
    themes: Sequence[int | None],
    groups: Mapping[str, Sequence[str | None]],
    *,
    authors: Sequence[Hashable] | None = None,
    least: int = 5,
    rate: float = 0.05,
    stratum: str = "language",
) -> list[Contrast]:
    """Compare how often each group and everybody else speak of each theme.

    Parameters
    ----------
    themes : sequence of int or None, length n_passages
        Theme of each passage; one without a theme still makes its author one of those counted.
    groups : mapping of str to sequence of str or None, each of length n_passages
        Dimensions (region, actor type ...) with the group of each passage. An author belongs to
        the group of most of its passages; one without a group is elsewhere for all groups.
    authors : sequence of hashable, length n_passages, optional
        Who wrote each passage; None when each has an author of its own.
    least : int
        Authors under which a group, or one of the four counts of a table, is not shown; at least 1.
    rate : float
        Share of false discoveries accepted among the significant contrasts of a dimension, in
        (0, 1).
    stratum : str
        The dimension within which a significant contrast of the others should hold.

    Returns
    -------
    list of Contrast
        One for each dimension, theme and group, in this order, whatever the order of the passages.

    Raises
    ------
    OptionsError
        If an option is outside its range or the lengths differ.

    Notes
    -----
    q follows Benjamini and Hochberg (1995) over all pairs of a dimension, suppressed ones with a p
    of 1: which pairs are suppressed depends on the counts, and leaving them out would keep, of many
    rare pairs, those that chance made frequent.
    """
    if least < 1 or not 0 < rate < 1:
        raise OptionsError("At least one author, and a rate between 0 and 1.")
    corpus = _Corpus(themes, groups, authors)
    strata = corpus.dimension(stratum) if stratum in groups else None
    found: list[Contrast] = []
    for name in sorted(groups):
        dimension = _Dimension(corpus, name, least)
        found.extend(dimension.results(None if name == stratum else strata, rate))
    return found
