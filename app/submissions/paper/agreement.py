"""How well two readings of the same forms agree, question by question and agent by agent."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.submissions.answers import is_empty
from app.submissions.models import PaperEntry, PaperForm

#: Quantile of the normal distribution for an interval of 95 %.
_Z = 1.959964


@dataclass
class Rate:
    """A share of fields that differ.

    :ivar n_wrong: fields that differ (or, for an agent, that were settled against them).
    :ivar n: fields typed twice.
    """

    n_wrong: int = 0
    n: int = 0

    @property
    def share(self) -> float:
        """The share, 0 if nothing was compared."""
        return self.n_wrong / self.n if self.n else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %, which stays within 0 and 1 and holds for few fields."""
        if not self.n:
            return 0.0, 1.0
        share, z2 = self.share, _Z**2
        centre = (share + z2 / (2 * self.n)) / (1 + z2 / self.n)
        half = _Z * math.sqrt(share * (1 - share) / self.n + z2 / (4 * self.n**2))
        half /= 1 + z2 / self.n
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass
class Agreement:
    """What the copies typed twice tell.

    :ivar by_question: by question key, and ``actor_type`` and ``organisation``.
    :ivar by_agent: by account number: of the differences that were settled, those settled for the
        other reading.
    """

    overall: Rate
    by_question: dict[str, Rate]
    by_agent: dict[int, Rate]
    n_copies: int = 0
    n_open: int = 0


def _comparable(value: Any) -> Any:
    """Return what two agents can be expected to type alike: not spaces, nor forms of one letter."""
    if is_empty(value):
        return None
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFKC", value).split())
    if isinstance(value, Mapping):
        parts = {key: _comparable(part) for key, part in value.items()}
        return {key: part for key, part in sorted(parts.items()) if part is not None}
    if isinstance(value, (list, tuple)):
        return [_comparable(part) for part in value]
    return value


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the keys that two readings do not type alike, with both values."""
    return {
        key: {"first": first.get(key), "second": second.get(key)}
        for key in [*first, *(key for key in second if key not in first)]
        if _comparable(first.get(key)) != _comparable(second.get(key))
    }


def compared(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """Return the fields that at least one of two readings filled in."""
    return [
        key
        for key in dict.fromkeys((*first, *second))
        if not (is_empty(first.get(key)) and is_empty(second.get(key)))
    ]


def measure(copies: Iterable[PaperForm]) -> Agreement:
    """Measure the agreement of the copies that were typed twice."""
    found = Agreement(Rate(), {}, {})
    for copy in copies:
        if len(copy.entries) == 2:
            _add(found, *copy.entries)
    return found


def _add(found: Agreement, first: PaperEntry, second: PaperEntry) -> None:
    """Count one copy."""
    found.n_copies += 1
    found.n_open += any("kept" not in one for one in second.differences.values())
    for key in compared(first.values, second.values):
        difference = second.differences.get(key)
        for rate in (found.overall, found.by_question.setdefault(key, Rate())):
            rate.n += 1
            rate.n_wrong += difference is not None
        kept = (difference or {}).get("kept", "first" if difference is None else None)
        for entry, name in ((first, "first"), (second, "second")):
            own = found.by_agent.setdefault(entry.typed_by_id, Rate())
            own.n += 1
            own.n_wrong += difference is not None and kept is not None and kept != name
