"""How often the machine's placements are right, from the checks of people, and when to stop.

Checks are a stratified sample: people look more often where the machine is unsure, so every
stratum (a band of margins, a language) speaks for its own size only. In each one the share of right
placements follows a Beta law: what was checked there, and a little of what was found in the strata
beside it, which is all that a stratum without checks has. Placements not checked are drawn from
these laws, so that the interval closes as the last ones are checked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.errors import OptionsError

Floats = npt.NDArray[np.float64]
Reason = Literal["all_checked", "too_few_checks", "precise_enough", "no_gain", "keep_going"]

#: Checks that the strata beside one count for when it has none; own checks that halve them.
_BORROWED, _FADING = 1.0, 2.0
#: Draws of the simulation.
N_DRAWS = 4_000
#: Quantile of the normal law for a 95 % interval.
_Z = 1.959963984540054


@dataclass(frozen=True)
class Stratum:
    """Placements checked alike.

    Of ``n_all`` placements ``n_checked`` were looked at, drawn by chance among them, and
    ``n_right`` of these were found right.
    """

    n_all: int
    n_checked: int
    n_right: int

    def __post_init__(self) -> None:
        """Refuse counts that contradict each other."""
        if not 0 <= self.n_right <= self.n_checked <= self.n_all:
            raise OptionsError("Right placements are among those checked, these among all.")


@dataclass(frozen=True)
class Accuracy:
    """Shares of right placements, in [0, 1], each with its 95 % interval.

    ``machine`` is the share of the machine's placements that are right; ``now`` that of the
    placements as they stand when each mistake found has been mended. Both are None as long as
    nothing was checked. ``strata`` are the estimates of each stratum's unchecked placements.
    """

    machine: float | None
    low: float | None
    high: float | None
    now: float | None
    now_low: float | None
    now_high: float | None
    n_all: int
    n_checked: int
    strata: tuple[float, ...] = ()


@dataclass(frozen=True)
class GoingOn:
    """Whether more checks are worth making.

    ``half_width`` is half of the interval of the machine's accuracy, and ``half_width_after`` what
    is expected of it after ``n_next`` more checks; ``n_found`` mistakes are expected among these,
    which would raise the share of right placements by ``gain``.
    """

    is_worth: bool
    reason: Reason
    n_next: int
    half_width: float | None
    half_width_after: float | None
    n_found: float | None
    gain: float | None


class _Laws(NamedTuple):
    """Beta law of each stratum's share of right placements, and the share itself."""

    a: Floats
    b: Floats
    shares: Floats


def _laws(strata: Sequence[Stratum]) -> _Laws:
    """Return what is known of each stratum."""
    right = np.array([s.n_right for s in strata], dtype=np.float64)
    checked = np.array([s.n_checked for s in strata], dtype=np.float64)
    near_right, near_checked = _beside(right), _beside(checked)
    # Without checks next door, all the others speak.
    is_alone = near_checked == 0
    near_right = np.where(is_alone, right.sum() - right, near_right)
    near_checked = np.where(is_alone, checked.sum() - checked, near_checked)
    mean = (near_right + 0.5) / (near_checked + 1)
    # The more was checked in a stratum itself, the less it takes from others.
    borrowed = _BORROWED * _FADING / (_FADING + checked) * (len(strata) > 1)
    own = checked + borrowed
    shares = np.divide(right + borrowed * mean, own, out=np.full(len(own), 0.5), where=own > 0)
    # Jeffreys' law, whose interval is nearly Wilson's (Brown, Cai and DasGupta, 2001).
    return _Laws(right + borrowed * mean + 0.5, own - right - borrowed * mean + 0.5, shares)


def _beside(counts: Floats) -> Floats:
    """Return the sum of the counts of the strata just before and after each."""
    padded = np.pad(counts, 1)
    return np.asarray(padded[:-2] + padded[2:])


def estimated_accuracy(
    strata: Sequence[Stratum], *, seed: int = 0, n_draws: int = N_DRAWS
) -> Accuracy:
    """Estimate how often the machine's placements are right.

    Parameters
    ----------
    strata : sequence of Stratum
        In an order in which neighbours are alike, such as bands of margins from weak to clear.
    seed : int
        Seed of the draws.
    n_draws : int
        Draws of the simulation.

    Returns
    -------
    Accuracy

    Raises
    ------
    OptionsError
        If there is no draw to make.
    """
    if n_draws < 1:
        raise OptionsError("At least one draw.")
    n_all, n_checked = sum(s.n_all for s in strata), sum(s.n_checked for s in strata)
    if not n_checked:
        return Accuracy(None, None, None, None, None, None, n_all, n_checked)
    laws = _laws(strata)
    left = np.array([s.n_all - s.n_checked for s in strata])
    n_right = sum(s.n_right for s in strata)
    generator = np.random.default_rng(seed)
    drawn = generator.beta(laws.a, laws.b, size=(n_draws, len(strata)))
    low, high = np.quantile(generator.binomial(left, drawn).sum(axis=1), [0.025, 0.975])
    # Half a check is added to both sides of the law alone: it would pull the estimate to a half.
    expected = min(max(float((left * laws.shares).sum()), low), high)
    rest = [float(part) for part in (expected, low, high)]
    machine, machine_low, machine_high = (round((n_right + part) / n_all, 4) for part in rest)
    now, now_low, now_high = (round((n_checked + part) / n_all, 4) for part in rest)
    return Accuracy(
        machine=machine,
        low=machine_low,
        high=machine_high,
        now=now,
        now_low=now_low,
        now_high=now_high,
        n_all=n_all,
        n_checked=n_checked,
        strata=tuple(np.round(laws.shares, 4).tolist()),
    )


def _half_width(left: Floats, a: Floats, b: Floats, n_all: int) -> float:
    """Return half of the normal interval of the share of right placements."""
    mean, strength = a / (a + b), a + b
    # Of a Beta-binomial law: the rest is drawn, and the share it is drawn with is not known.
    variance = left * mean * (1 - mean) * (strength + left) / (strength + 1)
    return float(_Z * np.sqrt(variance.sum()) / n_all)


def _shared_out(left: Floats, a: Floats, b: Floats, n_next: int) -> Floats:
    """Share the next checks out where they tell most (Neyman, 1934), no more than are left."""
    mean = a / (a + b)
    wish = left * np.sqrt(mean * (1 - mean))
    given = np.zeros(len(left))
    # What a full stratum cannot take goes to the others.
    for _ in range(len(left)):
        room = left - given
        open_wish = np.where(room > 1e-9, wish, 0.0)
        rest = n_next - given.sum()
        if rest <= 1e-9 or not open_wish.sum():
            break
        given += np.minimum(room, rest * open_wish / open_wish.sum())
    return given


def worth_going_on(
    strata: Sequence[Stratum],
    *,
    n_next: int = 50,
    next_checks: Sequence[int] | None = None,
    precise: float = 0.03,
    least_checks: int = 30,
    least_narrowing: float = 0.001,
    least_gain: float = 0.005,
) -> GoingOn:
    """Say whether the next checks are worth making.

    They are while fewer than ``least_checks`` were made; while the mistakes they are expected to
    find raise the share of right placements by ``least_gain``; and while the interval is wider
    than wished and they still narrow it. Otherwise the accuracy is known precisely enough, or
    more checks would hardly change anything.

    Parameters
    ----------
    strata : sequence of Stratum
        As for :func:`estimated_accuracy`.
    n_next : int
        Checks thought of next, at least 1.
    next_checks : sequence of int, one per stratum, optional
        How many of them fall in each stratum, as a queue would have it; None shares ``n_next`` out
        where they tell most.
    precise : float
        Half of the interval's width that is narrow enough, in (0, 1).
    least_checks : int
        Checks before which nothing is said.
    least_narrowing, least_gain : float
        What the next checks must take off half of the interval, or add to the share of right
        placements, in [0, 1].

    Raises
    ------
    OptionsError
        If an option is outside its range.
    """
    if n_next < 1 or not 0 < precise < 1:
        raise OptionsError("At least one next check, and a width between 0 and 1.")
    if next_checks is not None and len(next_checks) != len(strata):
        raise OptionsError("As many next checks as strata.")
    n_all, n_checked = sum(s.n_all for s in strata), sum(s.n_checked for s in strata)
    n_next = min(n_next if next_checks is None else sum(next_checks), n_all - n_checked)
    if n_next < 1:
        return _verdict("all_checked", 0, 0.0, 0.0, 0.0, 0.0)
    if not n_checked:
        return _verdict("too_few_checks", n_next, None, None, None, None)
    a, b, shares = _laws(strata)
    left = np.array([s.n_all - s.n_checked for s in strata], dtype=np.float64)
    if next_checks is None:
        given = _shared_out(left, a, b, n_next)
    else:
        given = np.minimum(np.array(next_checks, dtype=np.float64), left)
    half = _half_width(left, a, b, n_all)
    after = _half_width(left - given, a + given * shares, b + given * (1 - shares), n_all)
    n_found = float((given * (1 - shares)).sum())
    reason: Reason = "keep_going"
    if n_checked < least_checks:
        reason = "too_few_checks"
    elif n_found / n_all < least_gain:
        is_telling = half - after >= least_narrowing
        reason = "precise_enough" if half <= precise else "keep_going" if is_telling else "no_gain"
    return _verdict(reason, n_next, half, after, n_found, n_found / n_all)


def _verdict(
    reason: Reason,
    n_next: int,
    half: float | None,
    after: float | None,
    n_found: float | None,
    gain: float | None,
) -> GoingOn:
    """Return what was worked out, in few digits."""
    return GoingOn(
        is_worth=reason in {"keep_going", "too_few_checks"},
        reason=reason,
        n_next=n_next,
        half_width=None if half is None else round(half, 4),
        half_width_after=None if after is None else round(after, 4),
        n_found=None if n_found is None else round(n_found, 1),
        gain=None if gain is None else round(gain, 4),
    )
