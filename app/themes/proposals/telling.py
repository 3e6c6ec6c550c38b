"""Why a proposal is made, in words made from its figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from app.core.i18n import localized, number, percent
from app.themes.decisions.telling import filled
from app.themes.models import Proposal


def reason_of(proposal: Proposal) -> Markup:
    """Return the reason of a proposal as one or two sentences."""
    figures = proposal.payload.get("figures", {})
    if proposal.payload.get("asked"):
        return _asked(figures, proposal)
    return _REASONS[proposal.kind](figures, proposal)


def _share(figures: dict[str, Any], name: str) -> Markup:
    """Return a share in words."""
    value = figures.get(name)
    return Markup("—") if value is None else percent(float(value), 0)


def _n(figures: dict[str, Any]) -> Markup:
    """Return the number of passages."""
    return number(int(figures.get("n") or 0))


def _new(figures: dict[str, Any], _proposal: Proposal) -> Markup:
    """A group that no theme holds."""
    if figures.get("stability") is None:
        return filled(
            _("Passages that the new analysis puts together, and no theme so far: %(n)s."),
            n=_n(figures),
        )
    return filled(
        _(
            "Passages that the new analysis puts together, and no theme so far: %(n)s. "
            "%(stability)s of the group comes back when the analysis is repeated on parts of "
            "the texts."
        ),
        n=_n(figures),
        stability=_share(figures, "stability"),
    )


def _split(figures: dict[str, Any], _proposal: Proposal) -> Markup:
    """A part of a theme that is a group of its own."""
    return filled(
        _(
            "%(share)s of this theme’s passages lie in a group of their own in the new analysis "
            "(passages: %(n)s), and %(within)s of that group are in this theme."
        ),
        share=_share(figures, "share"),
        n=_n(figures),
        within=_share(figures, "within"),
    )


def _asked(figures: dict[str, Any], _proposal: Proposal) -> Markup:
    """A part found when somebody asked for one."""
    return filled(
        _(
            "Somebody asked for a division. %(share)s of this theme’s passages (passages: %(n)s) "
            "speak of something of their own; %(stability)s of the part comes back when the "
            "division is repeated on parts of the passages."
        ),
        share=_share(figures, "share"),
        n=_n(figures),
        stability=_share(figures, "stability"),
    )


def _merge(figures: dict[str, Any], proposal: Proposal) -> Markup:
    """Two themes that are one group."""
    return filled(
        _(
            "In the new analysis, %(share)s of this theme’s passages and %(other_share)s of those "
            "of “%(name)s” lie in one and the same group (passages: %(n)s)."
        ),
        share=_share(figures, "share"),
        other_share=_share(figures, "other_share"),
        n=_n(figures),
        name=localized(proposal.other.name) if proposal.other is not None else "—",
    )


def _rename(figures: dict[str, Any], _proposal: Proposal) -> Markup:
    """A theme that has become another one."""
    return filled(
        _(
            "Its passages before and now are the same for %(overlap)s only (passages now: %(n)s): "
            "the name may no longer say what it holds."
        ),
        overlap=_share(figures, "overlap"),
        n=_n(figures),
    )


_REASONS: dict[str, Callable[[dict[str, Any], Proposal], Markup]] = {
    "new": _new,
    "split": _split,
    "merge": _merge,
    "rename": _rename,
}
