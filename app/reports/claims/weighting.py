"""Shares as they would be if each region had answered in proportion to its inhabitants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.reports.figures import wilson

if TYPE_CHECKING:
    from app.reports.claims.dataset import Dataset

#: Figures after the point, so that every machine writes the same.
DECIMALS = 6


def strata(data: Dataset) -> dict[str, tuple[float, int]]:
    """Return, for each region described, its share of their inhabitants and its analysed."""
    populations = data.told.get("populations") or {}
    codes = [code for code in data.described["region"] if code in populations]
    inhabitants = sum(populations[code] for code in codes)
    if len(codes) < 2 or not inhabitants:
        return {}
    return {
        code: (
            populations[code] / inhabitants,
            data.ask({"measure": "analysed", "region": code}),
        )
        for code in codes
    }


def weights(data: Dataset) -> dict[str, float]:
    """Return the weight of an answer of each region described; one in proportion weighs 1."""
    found = strata(data)
    of = sum(n for _part, n in found.values())
    return {code: round(part * of / n, DECIMALS) for code, (part, n) in found.items()}


def effective(data: Dataset) -> tuple[float, int]:
    """Return the effective sample size (Kish, 1965) and the size itself; zeros if not weighted."""
    found = strata(data)
    of = sum(n for _part, n in found.values())
    spread = sum(part * part / n for part, n in found.values())
    return (round(1 / spread, DECIMALS), of) if spread else (0.0, 0)


def weighted(data: Dataset, theme: int) -> dict[str, float] | None:
    """Return a theme's weighted share with its 95 % interval; None if there is no weight.

    The interval is Wilson's at the effective sample size: the design effect of the weights.
    """
    found, (size, _of) = strata(data), effective(data)
    if not found:
        return None
    share = sum(
        part * data.ask({"measure": "voices", "theme": [theme], "region": code}) / n
        for code, (part, n) in found.items()
    )
    share = min(1.0, share)
    low, high = wilson(share * size, size)
    return {
        "share": round(share, DECIMALS),
        "low": round(low, DECIMALS),
        "high": round(high, DECIMALS),
    }
