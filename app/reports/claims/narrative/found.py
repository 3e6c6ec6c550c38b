"""What was found in free words, and what claims hold of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal, NamedTuple

#: A fraction ("two thirds", "seven of ten") stands for shares as far from it, in points; of larger
#: numbers it is a count, and says no more than both.
_NEAR_A_FRACTION, _LARGEST_PART = Decimal(3), 20
#: How a number is meant: as it is, about it, roundly ("a dozen"), more or less than it.
Sense = Literal["exact", "about", "roundly", "more", "less"]
#: What words of quantity say of a share; ``some`` says nothing that a share could refute.
Kind = Literal["most", "great", "nearly", "all", "none", "few", "some"]

#: How far a number may be, in parts of it: "about" two hundred, "a dozen".
_NEAR: dict[Sense, Decimal] = {
    "exact": Decimal(0),
    "about": Decimal("0.05"),
    "roundly": Decimal("0.25"),
}

_HOLDS: dict[Kind, Callable[[float], bool]] = {
    "most": lambda share: share > 0.5,
    "great": lambda share: share >= 2 / 3,
    "nearly": lambda share: share >= 0.9,
    "all": lambda share: share == 1,
    "none": lambda share: share in {0, 1},
    "few": lambda share: share < 0.5,
}


class Found(NamedTuple):
    """A number as it is written.

    :ivar decimals: how many decimals are written.
    :ivar is_percent: whether it is of a hundred; fractions in words are.
    :ivar out_of: for "two out of three" and "two thirds", both numbers.
    """

    text: str
    value: Decimal
    decimals: int = 0
    is_percent: bool = False
    sense: Sense = "exact"
    out_of: tuple[int, int] | None = None

    def says(self, other: Found) -> bool:
        """Tell whether this is another number, that number rounded, or what is said of it."""
        if self.is_percent != other.is_percent:
            return False
        if self.sense in {"more", "less"}:
            low, high = (self, other) if self.sense == "more" else (other, self)
            return low.value < high.value
        far = abs(other.value - self.value)
        return far <= self._allowed() or self._rounds(other)

    def _allowed(self) -> Decimal:
        """Return how far a number may be from what is said of it; under zero, nothing is near."""
        if self.out_of:
            return _NEAR_A_FRACTION if max(self.out_of) <= _LARGEST_PART else Decimal(-1)
        return self.value * _NEAR[self.sense]

    def _rounds(self, other: Found) -> bool:
        """Tell whether this is another number with as many decimals or fewer."""
        if self.out_of or self.decimals > other.decimals:
            return False
        step = Decimal(1).scaleb(-self.decimals)
        return other.value.quantize(step, ROUND_HALF_UP) == self.value


class Quantity(NamedTuple):
    """Words of quantity, and what they say."""

    text: str
    kind: Kind


@dataclass
class Held:
    """What the claims behind a sentence hold.

    :ivar shares: of each claim that has one, its share.
    """

    numbers: list[Found] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    n_claims: int = 0

    def proves(self, found: Found | Quantity) -> bool:
        """Tell whether what was found is said by a claim."""
        if isinstance(found, Quantity):
            if found.kind == "some":
                return self.n_claims > 0
            return any(_HOLDS[found.kind](share) for share in self.shares)
        if found.out_of and found.sense == "exact" and self._holds_both(found.out_of):
            return True
        return any(found.says(number) for number in self.numbers)

    def _holds_both(self, counts: Sequence[int]) -> bool:
        """Tell whether all of some counts are held."""
        held = {number.value for number in self.numbers if not number.is_percent}
        return all(Decimal(count) in held for count in counts)
