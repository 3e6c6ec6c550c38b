"""Which themes are spoken of together, by whom speaks: submission by submission.

For each pair of themes, the submissions that speak of both are compared with what chance would
give: the table of four counts (one theme or not, the other or not) is tested as in
:mod:`nlp.contrasts`, with false discoveries held down over all pairs. A pair of which any of the
four counts is small is not shown.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nlp.contrasts import Tables, adjusted, p_values
from nlp.errors import OptionsError

Integers = npt.NDArray[np.int64]
Direction = Literal["together", "apart"]


@dataclass(frozen=True)
class Pair:
    """Two themes in the same submissions, ``first`` before ``second``.

    ``n_both`` submissions speak of both, ``n_first`` and ``n_second`` of each. ``lift`` is
    ``n_both`` over what chance would give; ``jaccard``, in [0, 1], ``n_both`` over the submissions
    that speak of either. ``p`` comes from ``test``; ``q`` is adjusted for all pairs.
    ``direction`` is None at a lift of 1. All is None where ``is_suppressed``.
    """

    first: int
    second: int
    is_suppressed: bool
    n_both: int | None = None
    n_first: int | None = None
    n_second: int | None = None
    lift: float | None = None
    jaccard: float | None = None
    test: Literal["fisher", "chi-square"] | None = None
    p: float | None = None
    q: float | None = None
    is_significant: bool | None = None
    direction: Direction | None = None


def cooccurrence(
    themes: Sequence[int | None],
    submissions: Sequence[Hashable],
    *,
    least: int = 5,
    rate: float = 0.05,
) -> list[Pair]:
    """Tell which themes are spoken of in the same submissions.

    Parameters
    ----------
    themes : sequence of int or None, length n_passages
        Theme of each passage; one without a theme still makes its submission one of all.
    submissions : sequence of hashable, length n_passages
        The submission each passage is in.
    least : int
        Submissions under which a pair is not shown: of both themes, of one without the other, of
        neither; at least 1.
    rate : float
        Share of false discoveries accepted among the significant pairs, in (0, 1).

    Returns
    -------
    list of Pair
        One for each two themes, in their order, whatever the order of the passages.

    Raises
    ------
    OptionsError
        If an option is outside its range or the lengths differ.

    Notes
    -----
    How many submissions speak of each theme is known elsewhere, so a pair's four counts follow
    from any of them: a pair is shown or not as a whole. Nothing else is summed here from which a
    hidden pair could be told. Suppressed pairs count among the tests with a p of 1.
    """
    if least < 1 or not 0 < rate < 1:
        raise OptionsError("At least one submission, and a rate between 0 and 1.")
    if len(themes) != len(submissions):
        raise OptionsError("Themes and submissions must speak of the same passages.")
    names = sorted({theme for theme in themes if theme is not None})
    if len(names) < 2:
        return []
    both, n_all = _counts(themes, submissions, names)
    ones, others = np.triu_indices(len(names), k=1)
    n, sizes = both[ones, others], both.diagonal()
    first, second = sizes[ones], sizes[others]
    tables = Tables(n, first, second - n, n_all - first)
    shown = tables.smallest >= least
    p, exact = p_values(tables.of(shown))
    q = adjusted(p, len(n))
    tested = iter(zip(p.tolist(), q.tolist(), exact.tolist(), strict=True))
    found = []
    for row, (one, other) in enumerate(zip(ones.tolist(), others.tolist(), strict=True)):
        if not shown[row]:
            found.append(Pair(names[one], names[other], is_suppressed=True))
            continue
        counts = (int(n[row]), int(first[row]), int(second[row]))
        found.append(_pair((names[one], names[other]), counts, n_all, next(tested), rate))
    return found


def _pair(
    themes: tuple[int, int],
    counts: tuple[int, int, int],
    n_all: int,
    tested: tuple[float, float, bool],
    rate: float,
) -> Pair:
    """Return what is said of a pair that may be shown."""
    n, first, second = counts
    p, q, is_exact = tested
    lift = n * n_all / (first * second)
    direction: Direction | None = "together" if lift > 1 else "apart" if lift < 1 else None
    return Pair(
        *themes,
        is_suppressed=False,
        n_both=n,
        n_first=first,
        n_second=second,
        lift=lift,
        jaccard=n / (first + second - n),
        test="fisher" if is_exact else "chi-square",
        p=p,
        q=q,
        is_significant=q <= rate,
        direction=direction,
    )


def _counts(
    themes: Sequence[int | None], submissions: Sequence[Hashable], names: Sequence[int]
) -> tuple[Integers, int]:
    """Return how many submissions speak of each two themes, and how many there are.

    The table has the shape (n_themes, n_themes); its diagonal counts each theme by itself.
    """
    number_of: dict[int | None, int] = {theme: number for number, theme in enumerate(names)}
    places: dict[Hashable, int] = {}
    rows = [places.setdefault(submission, len(places)) for submission in submissions]
    cells = {
        (row, number_of[theme])
        for row, theme in zip(rows, themes, strict=True)
        if theme is not None
    }
    where = np.array(sorted(cells), dtype=np.int64).T
    shape = (len(places), len(names))
    spoken = sparse.csr_matrix((np.ones(len(cells), dtype=np.int64), tuple(where)), shape=shape)
    return np.asarray((spoken.T @ spoken).todense(), dtype=np.int64), len(places)
