"""How much a human look at each passage is worth, in parts that can be said aloud."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.errors import OptionsError

Floats = npt.NDArray[np.float64]

#: What the doubt of the machine, the signatories and thin representation count for; they sum to 1.
DOUBT, SIGNATORIES, REPRESENTATION = 0.55, 0.2, 0.25
#: Signatories from which a text weighs all it can.
MANY = 500


@dataclass(frozen=True)
class Attention:
    """What a look at each of n passages is worth.

    ``scores``, shape (n,), in [0, 1], are the sums of ``parts``: by name (``doubt``,
    ``signatories`` and the dimensions of representation) what each reason adds, shape (n,).
    """

    scores: Floats
    parts: Mapping[str, Floats]

    def why(self, row: int, *, least: float = 0.05) -> list[tuple[str, float]]:
        """Return the reasons that count for a passage, the strongest first."""
        own = [(name, round(float(part[row]), 4)) for name, part in self.parts.items()]
        return sorted((r for r in own if r[1] >= least), key=lambda r: (-r[1], r[0]))


def representation(
    groups: Sequence[str | None], *, expected: Mapping[str, float] | None = None
) -> Floats:
    """Return how well the group of each passage is represented, shape (n,).

    It is the group's share of the passages over the share it should have: 1 for as it should be,
    less for too few; 1 for a passage without a group, or in one of which nothing is expected.

    Parameters
    ----------
    groups : sequence of str or None, length n
        A region or a language.
    expected : mapping of str to float, optional
        What each group should have, in any unit (inhabitants, shares); None for as much each.

    Raises
    ------
    OptionsError
        If something less than nothing is expected.
    """
    counts = Counter(group for group in groups if group is not None)
    wished = dict.fromkeys(counts, 1.0) if expected is None else dict(expected)
    if any(value < 0 for value in wished.values()):
        raise OptionsError("What is expected of a group cannot be negative.")
    n_all, n_wished = sum(counts.values()), sum(wished.values())
    ratios = {
        group: (count / n_all) / (wished[group] / n_wished)
        for group, count in counts.items()
        if wished.get(group)
    }
    return np.array([1.0 if group is None else ratios.get(group, 1.0) for group in groups])


def attention(
    margins: Sequence[float] | Floats,
    n_signatories: Sequence[int] | npt.NDArray[np.integer],
    represented: Mapping[str, Sequence[float] | Floats] | None = None,
    *,
    many: int = MANY,
) -> Attention:
    """Say what a human look at each passage is worth.

    The score falls as the margin grows, slowly where it is large already; it grows with the
    logarithm of the signatories, up to ``many``; and it grows as the passage's group has less than
    its share, for each dimension alike.

    Parameters
    ----------
    margins : array-like, shape (n,)
        How clearly each passage belongs to its theme, in [0, 1].
    n_signatories : array-like of int, shape (n,)
        Submissions that carry each text, at least 1.
    represented : mapping of str to array-like, shape (n,), optional
        By dimension (``language``, ``region``), what :func:`representation` gives.
    many : int
        Signatories from which a text weighs all it can, at least 2.

    Returns
    -------
    Attention

    Raises
    ------
    OptionsError
        If lengths differ or a value is outside its range.
    """
    represented = represented or {}
    doubt = np.asarray(margins, dtype=np.float64)
    signatories = np.asarray(n_signatories, dtype=np.float64)
    columns = {name: np.asarray(ratio, dtype=np.float64) for name, ratio in represented.items()}
    if {len(signatories), *map(len, columns.values())} - {len(doubt)}:
        raise OptionsError("All columns must speak of the same passages.")
    if many < 2 or (len(doubt) and (doubt.min() < 0 or doubt.max() > 1 or signatories.min() < 1)):
        raise OptionsError("Margins lie in [0, 1], and somebody signed each text.")
    parts = {
        "doubt": DOUBT * (1 - doubt) ** 2,
        "signatories": SIGNATORIES * np.minimum(np.log(signatories) / np.log(many), 1.0),
    }
    for name, ratio in columns.items():
        parts[name] = REPRESENTATION / len(columns) * np.clip(1 - ratio, 0.0, 1.0)
    return Attention(np.asarray(sum(parts.values())), parts)
