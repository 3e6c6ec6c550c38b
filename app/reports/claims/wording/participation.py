"""Sentences on who took part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import flask_babel
from markupsafe import Markup

from app.core.i18n import day, number
from app.reports import labels
from app.reports.claims.wording.core import KEPT, Claim, Names, share, template
from app.reports.sentences import fill

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("received")
def _received(claim: Claim, _names: Names) -> Markup:
    """How many contributions were received."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(count)s contribution was received.",
        "%(count)s contributions were received.",
        count,
        **KEPT,
    )
    return fill(message, count=number(count))


@template("analysed")
def _analysed(claim: Claim, _names: Names) -> Markup:
    """How many of them were analysed."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    message = ngettext(
        "%(count)s contribution of %(of)s has a text that was analysed (%(share)s).",
        "%(count)s contributions of %(of)s have a text that was analysed (%(share)s).",
        count,
        **KEPT,
    )
    return fill(message, count=number(count), of=number(of), share=share(count, of))


@template("passages")
def _passages(claim: Claim, _names: Names) -> Markup:
    """How many passages they hold."""
    count = claim["result"]["count"]
    message = ngettext(
        "The texts hold %(count)s passage.", "The texts hold %(count)s passages.", count, **KEPT
    )
    return fill(message, count=number(count))


@template("without-text")
def _without_text(claim: Claim, _names: Names) -> Markup:
    """How many have nothing to analyse."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(number)s contribution has no text to analyse.",
        "%(number)s contributions have no text to analyse.",
        count,
        number="%(number)s",
    )
    return fill(message, number=number(count))


@template("waiting")
def _waiting(claim: Claim, _names: Names) -> Markup:
    """How many texts came too late."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(number)s text came after the analysis and is not in it.",
        "%(number)s texts came after the analysis and are not in it.",
        count,
        number="%(number)s",
    )
    return fill(message, number=number(count))


@template("days")
def _days(claim: Claim, _names: Names) -> Markup:
    """Between which days answers came."""
    first, last = (date.fromisoformat(on) for on in claim["result"]["days"])
    return fill(_("Answers came between %(first)s and %(last)s."), first=day(first), last=day(last))


@template("week")
def _week(claim: Claim, _names: Names) -> Markup:
    """Which week brought most answers."""
    monday = day(date.fromisoformat(claim["about"]["week"]))
    return fill(
        _("Most answers came in the week of %(day)s: %(count)s of %(of)s."),
        day=monday,
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )


@template("heard")
def _heard(claim: Claim, _names: Names) -> Markup:
    """From how many regions answers came."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    if count == of:
        return fill(_("Contributions came from all %(of)s regions."), of=number(of))
    message = _("Contributions came from %(count)s of the %(of)s regions.")
    return fill(message, count=number(count), of=number(of))


@template("most-region")
def _most_region(claim: Claim, names: Names) -> Markup:
    """Which region answered most."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    return fill(
        _(
            "%(region)s sent the most contributions: %(count)s of the %(of)s whose region is known "
            "(%(share)s)."
        ),
        region=names.region(claim["about"]["region"]),
        count=number(count),
        of=number(of),
        share=share(count, of),
    )


@template("densest-region")
def _densest_region(claim: Claim, names: Names) -> Markup:
    """Which region answered most for its inhabitants."""
    return fill(
        _("Most answers for its population: %(region)s, %(rate)s per 100,000 inhabitants"),
        region=names.region(claim["about"]["region"]),
        rate=number(100_000 * claim["result"]["count"] / claim["result"]["of"], 1),
    )


@template("without-region")
def _without_region(claim: Claim, _names: Names) -> Markup:
    """How many did not say where they are."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(count)s contribution does not say from which region it comes.",
        "%(count)s contributions do not say from which region they come.",
        count,
        **KEPT,
    )
    return fill(message, count=number(count))


@template("most-kind")
def _most_kind(claim: Claim, _names: Names) -> Markup:
    """Who answered most."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    return fill(
        _("Most frequent capacity: %(name)s, %(count)s of %(of)s contributions (%(share)s)."),
        name=labels.actor_name(claim["about"]["actor_type"]),
        count=number(count),
        of=number(of),
        share=share(count, of),
    )


@template("most-channel")
def _most_channel(claim: Claim, _names: Names) -> Markup:
    """By which way most answers came."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    return fill(
        _("Most frequent way: %(name)s, %(count)s of %(of)s contributions (%(share)s)."),
        name=labels.channel_name(claim["about"]["channel"]),
        count=number(count),
        of=number(of),
        share=share(count, of),
    )


@template("language")
def _language(claim: Claim, _names: Names) -> Markup:
    """Which language comes first."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    return fill(
        _("First language: %(language)s, %(share)s of the passages"),
        language=labels.language_name(claim["about"]["language"]),
        share=share(count, of),
    )


@template("registry")
def _registry(claim: Claim, _names: Names) -> Markup:
    """How many organisations of the registry took part."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    message = ngettext(
        "%(count)s of the %(of)s organisations verified in the registry took part (%(share)s).",
        "%(count)s of the %(of)s organisations verified in the registry took part (%(share)s).",
        count,
        **KEPT,
    )
    return fill(message, count=number(count), of=number(of), share=share(count, of))


@template("crossed")
def _crossed(claim: Claim, _names: Names) -> Markup:
    """How much of everybody the table of regions by actor types shows."""
    return fill(
        _(
            "The table of regions by capacity shows %(count)s of %(of)s contributions; the others "
            "are in groups too small to be described, or would give them back."
        ),
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )


@template("weighting")
def _weighting(claim: Claim, _names: Names) -> Markup:
    """What weighting costs."""
    return fill(
        _(
            "Once weighted by the population of %(regions)s regions, the answers of %(of)s "
            "contributors tell as much as those of %(count)s drawn in proportion would."
        ),
        regions=number(claim["result"]["regions"]),
        of=number(claim["result"]["of"]),
        count=number(int(claim["result"]["effective"])),
    )
