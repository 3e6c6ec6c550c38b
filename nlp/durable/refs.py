"""References to passages that outlast a run: the key of a text and offsets in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from nlp.errors import InputError

#: A reference keeps a passage that holds this share of its span, or lies in it for this share.
_HELD = 0.5


@dataclass(frozen=True, order=True, slots=True)
class PassageRef:
    """A passage as people pointed at it.

    Parameters
    ----------
    key : str
        Key of the text.
    start, end : int
        Offsets in code points of the original text, ``0 <= start < end``.

    Raises
    ------
    InputError
        If the offsets are not ordered.
    """

    key: str
    start: int
    end: int

    def __post_init__(self) -> None:
        """Refuse an empty or negative span."""
        if not 0 <= self.start < self.end:
            raise InputError(f"The offsets {self.start} and {self.end} hold no passage.")

    def overlap(self, other: PassageRef) -> int:
        """Return how many code points two passages share."""
        if self.key != other.key:
            return 0
        return max(0, min(self.end, other.end) - max(self.start, other.start))


def reading_order(ref: PassageRef) -> tuple[str, int, int]:
    """Return what passages are sorted by: faster than comparing the dataclasses."""
    return ref.key, ref.start, ref.end


class PassageIndex:
    """The passages of one run, to be found again by references of another.

    Parameters
    ----------
    passages : sequence of PassageRef, length n
        Passages of one run, all different; those of one text do not overlap.

    Raises
    ------
    InputError
        If two passages are the same.
    """

    def __init__(self, passages: Sequence[PassageRef]) -> None:
        """Note where each passage is."""
        self._row = {reading_order(ref): row for row, ref in enumerate(passages)}
        if len(self._row) != len(passages):
            raise InputError("Two passages have the same text and the same offsets.")

    @cached_property
    def _texts(self) -> dict[str, list[tuple[int, int, int]]]:
        """The passages of each text, sorted; made when a reference first needs a search."""
        texts: dict[str, list[tuple[int, int, int]]] = {}
        for (key, start, end), row in sorted(self._row.items()):
            texts.setdefault(key, []).append((start, end, row))
        return texts

    def find(self, ref: PassageRef) -> list[tuple[int, int]]:
        """Return (row, shared code points) of the passages a reference speaks of, in text order.

        The passage that holds most of the referred span is one of them if that is half of the
        span; so is every passage of which half lies in the span, for a passage that was later
        divided. None are found where the text is gone.
        """
        exact = self._row.get(reading_order(ref))
        if exact is not None:
            return [(exact, ref.end - ref.start)]
        shared = self._shared(ref)
        most = max((length for _, length, _ in shared), default=0)
        holds = most >= _HELD * (ref.end - ref.start)
        found = []
        for row, length, share in shared:
            if share >= _HELD or (holds and length == most):
                found.append((row, length))
                holds = holds and length != most
        return found

    def _shared(self, ref: PassageRef) -> list[tuple[int, int, float]]:
        """Return (row, shared code points, share of the passage) where there are any."""
        spans = self._texts.get(ref.key, [])
        # Passages do not overlap, so that only the one before the first start can reach in.
        at = max(0, bisect_left(spans, (ref.start, 0, 0)) - 1)
        shared = []
        for start, end, row in spans[at:]:
            if start >= ref.end:
                break
            length = min(end, ref.end) - max(start, ref.start)
            if length > 0:
                shared.append((row, length, length / (end - start)))
        return shared
