"""Words and figures of charts, written in the language of the moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import flask_babel

from app.core.i18n import percent, plain_number
from app.reports.claims.wording import bare, to_plain

_: Callable[..., str] = flask_babel.gettext

#: What stands where a figure is not given.
NONE = "–"


def share(value: float | None, decimals: int = 1) -> str:
    """Write a share as a percentage."""
    return NONE if value is None else bare(to_plain(percent(value, decimals)))


def number(value: float | None, decimals: int = 0) -> str:
    """Write a number."""
    return NONE if value is None else plain_number(value, decimals=decimals)


def between(low: float | None, high: float | None) -> str:
    """Write an interval."""
    if low is None or high is None:
        return NONE
    return f"{plain_number(low * 100)}–{share(high, 0)}"


def isolated(figure: str) -> str:
    """Return a figure that no paragraph reorders."""
    return f"\u2066{figure}\u2069"


def plain(message: str, **values: Any) -> str:
    """Put names and figures into a translated message, as plain text."""
    return message % values


def listed(names: Iterable[str]) -> str:
    """Write names in a row."""
    return _(", ").join(names)


def sentences(*found: str) -> str:
    """Return sentences one after the other."""
    return " ".join(sentence for sentence in found if sentence)


def kept(claims: dict[str, dict[str, Any]], lang: str, *identities: str) -> str:
    """Return the sentence of the first of some claims that is there, without its full stop."""
    for identity in identities:
        if identity in claims:
            return str(claims[identity]["sentence"].get(lang) or "").rstrip(".")
    return ""


def extremes(found: list[tuple[str, float, str]]) -> str:
    """Say which is the highest and which the lowest of some (name, value, figure)."""
    if not found:
        return ""
    high, low = max(found, key=lambda one: one[1]), min(found, key=lambda one: one[1])
    if high[1] == low[1]:
        return plain(_("All have the same: %(figure)s."), figure=isolated(high[2]))
    return plain(
        _("Highest: %(most)s, %(high)s. Lowest: %(least)s, %(low)s."),
        most=high[0],
        high=isolated(high[2]),
        least=low[0],
        low=isolated(low[2]),
    )


def absent(names: list[str]) -> str:
    """Say what is not drawn because too few people answered."""
    if not names:
        return ""
    return plain(_("Not drawn, too few contributors to say: %(groups)s."), groups=listed(names))
