"""Sentences of the regions' sheets."""

from __future__ import annotations

from collections.abc import Callable

import flask_babel
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports import labels
from app.reports.claims.wording.core import KEPT, Claim, Names, share, template
from app.reports.sentences import fill

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("took-part")
def _took_part(claim: Claim, names: Names) -> Markup:
    """How much a region took part, beside its inhabitants."""
    result = claim["result"]
    message = ngettext(
        "%(region)s sent %(count)s contribution: %(share)s of those whose region is known, for "
        "%(place)s of the population.",
        "%(region)s sent %(count)s contributions: %(share)s of those whose region is known, for "
        "%(place)s of the population.",
        result["count"],
        **KEPT,
    )
    return fill(
        message,
        region=names.region(claim["about"]["region"]),
        count=number(result["count"]),
        share=share(result["count"], result["of"]),
        place=share(result["inhabitants"], sum(result["populations"].values())),
    )


@template("region-first")
def _first(claim: Claim, names: Names) -> Markup:
    """What a region speaks of most."""
    return _place(
        claim,
        names,
        _("What is raised most in the region: “%(theme)s”, %(count)s of %(of)s contributors."),
    )


@template("region-second")
def _second(claim: Claim, names: Names) -> Markup:
    """What a region speaks of next."""
    return _place(
        claim, names, _("What comes next: “%(theme)s”, %(count)s of %(of)s contributors.")
    )


def _place(claim: Claim, names: Names, message: str) -> Markup:
    """Say which theme takes a place, and how many raise it."""
    return fill(
        message,
        theme=names.theme(claim["themes"][0]),
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )


@template("region-more", "region-less")
def _differs(claim: Claim, names: Names) -> Markup:
    """What a region speaks of more, or less, than the rest."""
    result = claim["result"]
    if claim["template"] == "region-more":
        message = _(
            "“%(theme)s” is raised more here than in the rest of the country: %(here)s against "
            "%(rest)s."
        )
    else:
        message = _(
            "“%(theme)s” is raised less here than in the rest of the country: %(here)s against "
            "%(rest)s."
        )
    rest, rest_of = result["all"] - result["count"], result["everyone"] - result["of"]
    return fill(
        message,
        theme=names.theme(claim["themes"][0]),
        here=percent(result["count"] / result["of"]),
        rest=percent(rest / rest_of),
    )


@template("region-kind")
def _kind(claim: Claim, _names: Names) -> Markup:
    """Who answered most in a region."""
    return fill(
        _("Most frequent capacity in the region: %(name)s, %(count)s of %(of)s contributions."),
        name=labels.actor_name(claim["about"]["actor_type"]),
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )
