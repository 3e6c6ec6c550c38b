"""What becomes of each passage once themes are found: its state, theme and margin."""

import numpy as np
import numpy.typing as npt

from nlp.checkpoints import Payload
from nlp.model import STATES

#: A margin under which a passage is as near to another theme as to its own.
WEAK_MARGIN = 0.12

Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

_IN_THEME, _COPY, _TO_ARBITRATE, _OFF_TOPIC, _UNREADABLE, _EXCLUDED = range(len(STATES))


def active_passages(passages: Payload, copies: Payload) -> Integers:
    """Return the numbers of the passages that themes are sought in."""
    is_active = (passages["quality"] == 0) & (copies["copy_of"] < 0)
    return np.asarray(np.flatnonzero(is_active))


def placements(
    passages: Payload, copies: Payload, clusters: Payload, *, arbitrate_share: float
) -> Payload:
    """Return the state, the theme and the margin of every passage, copies like their originals.

    ``state`` holds indexes of :data:`nlp.model.STATES`; ``theme`` is -1 for none.
    """
    active = active_passages(passages, copies)
    n = len(passages["text"])
    state = np.where(passages["quality"] == 1, _OFF_TOPIC, _UNREADABLE)
    theme, margin = np.full(n, -1, dtype=np.int64), np.zeros(n)
    theme[active], margin[active] = clusters["labels"], clusters["margins"]
    state[active] = _IN_THEME
    is_weak = _is_weak(clusters, arbitrate_share)
    if "forced" in clusters:
        # What people decided is not for arbitration.
        is_weak &= ~clusters["forced"]
        state[active[clusters["excluded"]]] = _EXCLUDED
        is_weak &= ~clusters["excluded"]
    state[active[is_weak]] = _TO_ARBITRATE
    state[active[clusters["elsewhere"]]] = _OFF_TOPIC
    is_copy = copies["copy_of"] >= 0
    originals = copies["copy_of"][is_copy]
    # A copy of something unreadable, off topic or excluded is that as well, and no campaign.
    state[is_copy] = np.where(state[originals] >= _OFF_TOPIC, state[originals], _COPY)
    theme[is_copy], margin[is_copy] = theme[originals], margin[originals]
    return {"state": state, "theme": theme, "margin": np.round(margin, 4)}


def _is_weak(clusters: Payload, share: float) -> Booleans:
    """Return which passages are to be arbitrated: those without a theme, and the weakest others.

    At most ``share`` of the placed ones are; a passage that has no neighbour at all can be
    placed nowhere and does not count against the share.
    """
    labels: Integers = clusters["labels"]
    margins: npt.NDArray[np.float64] = np.around(np.asarray(clusters["margins"]), 6)
    weak: Booleans = labels < 0
    placed = np.flatnonzero(~weak)
    most = int(share * len(placed))
    order: Integers = placed[np.argsort(margins[placed], kind="stable")][:most]
    weak[order[margins[order] < WEAK_MARGIN]] = True
    return np.asarray(weak)


def evidence(placed: Payload) -> tuple[Integers, Integers]:
    """Return the numbers of the passages that are in themes for certain, and their themes."""
    numbers = np.flatnonzero(placed["state"] == _IN_THEME)
    return numbers, np.asarray(placed["theme"][numbers])
