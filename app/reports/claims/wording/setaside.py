"""Sentences on what was set aside."""

from __future__ import annotations

from collections.abc import Callable

import flask_babel
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports import labels
from app.reports.claims.wording.core import KEPT, Claim, Names, template
from app.reports.sentences import fill

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("sum")
def _sum(claim: Claim, _names: Names) -> Markup:
    """The states add up."""
    message = ngettext(
        "%(count)s passage is in exactly one of six states: nothing is lost.",
        "%(count)s passages are each in exactly one of six states: nothing is lost.",
        claim["result"]["of"],
        **KEPT,
    )
    return fill(message, count=number(claim["result"]["of"]))


@template("state")
def _state(claim: Claim, _names: Names) -> Markup:
    """How many passages are in a state."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    return fill(
        _("%(state)s: %(count)s of %(of)s passages (%(share)s)."),
        state=labels.state_title(claim["about"]["state"]),
        count=number(count),
        of=number(of),
        share=percent(claim["result"]["tenths"] / 1000),
    )


@template("left-out")
def _left_out(claim: Claim, names: Names) -> Markup:
    """A theme that was left out."""
    count = claim["result"]["count"]
    message = ngettext(
        "The theme “%(theme)s” was left out with its %(count)s passage. Reason given: %(reason)s",
        "The theme “%(theme)s” was left out with its %(count)s passages. Reason given: %(reason)s",
        count,
        **KEPT,
    )
    return fill(
        message,
        theme=names.theme(claim["themes"][0]),
        count=number(count),
        reason=claim["about"]["reason"],
    )


@template("one-by-one")
def _one_by_one(claim: Claim, _names: Names) -> Markup:
    """Passages that were left out for a reason."""
    reason, count = claim["result"]["row"]
    message = ngettext(
        "%(count)s passage was left out by itself. Reason given: %(reason)s",
        "%(count)s passages were left out one by one. Reason given: %(reason)s",
        count,
        **KEPT,
    )
    return fill(message, count=number(count), reason=reason)
