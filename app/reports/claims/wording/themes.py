"""Sentences on a theme."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flask_babel
from markupsafe import Markup

from app.core.i18n import day, number, percent
from app.reports.claims.wording.core import KEPT, Claim, Names, share, template
from app.reports.figures import wilson
from app.reports.sentences import fill, how_many

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("share")
def _share(claim: Claim, names: Names) -> Markup:
    """How many raise it."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    low, high = wilson(count, of)
    return fill(
        _(
            "“%(theme)s” is raised by %(how_many)s: %(count)s of %(of)s, %(share)s (95 percent "
            "interval: %(low)s to %(high)s)."
        ),
        theme=names.theme(claim["themes"][0]),
        how_many=how_many(count, of),
        count=number(count),
        of=number(of),
        share=share(count, of),
        low=percent(low),
        high=percent(high),
    )


@template("rank")
def _rank(claim: Claim, _names: Names) -> Markup:
    """Which place it takes."""
    return fill(
        _("Place by number of voices: %(rank)s of %(of)s."),
        rank=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )


@template("weighted")
def _weighted(claim: Claim, _names: Names) -> Markup:
    """Its share once regions weigh as their inhabitants."""
    result = claim["result"]
    return fill(
        _(
            "Weighted by the population of the regions, its share is %(share)s (95 percent "
            "interval: %(low)s to %(high)s)."
        ),
        **{name: percent(result[name]) for name in ("share", "low", "high")},
    )


@template("theme-passages")
def _passages(claim: Claim, _names: Names) -> Markup:
    """In how many passages it is said."""
    count = claim["result"]["count"]
    message = ngettext(
        "It is said in %(count)s passage.", "It is said in %(count)s passages.", count, **KEPT
    )
    return fill(message, count=number(count))


@template("signatories")
def _signatories(claim: Claim, _names: Names) -> Markup:
    """How many only signed."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(count)s person besides only sent a copy of a text that circulated: counted apart, as a "
        "signatory.",
        "%(count)s people besides only sent a copy of a text that circulated: counted apart, as "
        "signatories.",
        count,
        **KEPT,
    )
    return fill(message, count=number(count))


@template("stance")
def _stance(claim: Claim, _names: Names) -> Markup:
    """What its voices say of it."""
    result = claim["result"]
    message = ngettext(
        "%(count)s of the %(of)s voices takes a position: for %(favour)s, against %(contrary)s, "
        "for and against %(mixed)s.",
        "%(count)s of the %(of)s voices take a position: for %(favour)s, against %(contrary)s, for "
        "and against %(mixed)s.",
        result["count"],
        mixed="%(mixed)s",
        **KEPT,
    )
    return fill(
        message,
        count=number(result["count"]),
        of=number(result["of"]),
        favour=number(result["for"]),
        contrary=number(result["against"]),
        mixed=number(result["mixed"]),
    )


@template("trend")
def _trend(claim: Claim, _names: Names) -> Markup:
    """Whether it is raised more as time goes by."""
    result = claim["result"]
    if result["differs"] == "more":
        message = _(
            "It is raised more after %(day)s than before: %(after)s of the contributors against "
            "%(before)s."
        )
    elif result["differs"] == "less":
        message = _(
            "It is raised less after %(day)s than before: %(after)s of the contributors against "
            "%(before)s."
        )
    else:
        message = _(
            "No difference can be told between the time until %(day)s and after: %(before)s of the "
            "contributors, then %(after)s."
        )
    return fill(
        message,
        day=day(date.fromisoformat(claim["about"]["until"])),
        before=share(result["before"], result["before_of"]),
        after=share(result["after"], result["after_of"]),
    )


@template("proposals")
def _proposals(claim: Claim, _names: Names) -> Markup:
    """How many of its passages propose something."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    message = ngettext(
        "%(count)s of its %(of)s passages proposes something (%(share)s).",
        "%(count)s of its %(of)s passages propose something (%(share)s).",
        count,
        **KEPT,
    )
    return fill(message, count=number(count), of=number(of), share=share(count, of))


@template("unsurpassed")
def _unsurpassed(claim: Claim, names: Names) -> Markup:
    """Where nothing is raised more."""
    return fill(
        _("Regions where nothing is raised more than “%(theme)s”: %(count)s of %(of)s"),
        theme=names.theme(claim["themes"][0]),
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )
