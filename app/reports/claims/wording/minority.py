"""Sentences on minority positions."""

from __future__ import annotations

from collections.abc import Callable

import flask_babel
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports.claims.wording.core import KEPT, Claim, Names, share, template
from app.reports.sentences import fill

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("carried")
def _carried(claim: Claim, names: Names) -> Markup:
    """A theme of few that a group carries."""
    result = claim["result"]
    dimension = "region" if "region" in claim["about"] else "actor_type"
    rest, rest_of = result["all"] - result["count"], result["everyone"] - result["of"]
    return fill(
        _(
            "“%(theme)s” is raised by %(all)s of the contributors only, but one group carries it: "
            "%(group)s, %(share)s against %(rest)s of the others."
        ),
        theme=names.theme(claim["themes"][0]),
        all=share(result["all"], result["everyone"]),
        group=names.group(dimension, claim["about"][dimension]),
        share=share(result["count"], result["of"]),
        rest=percent(rest / rest_of),
    )


@template("position")
def _position(claim: Claim, names: Names) -> Markup:
    """A position that few voices hold."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    if claim["about"]["stance"] == "for":
        message = ngettext(
            "“%(theme)s”: %(count)s of the %(of)s voices that take a position is for it, against "
            "the greater number.",
            "“%(theme)s”: %(count)s of the %(of)s voices that take a position are for it, against "
            "the greater number.",
            count,
            **KEPT,
        )
    else:
        message = ngettext(
            "“%(theme)s”: %(count)s of the %(of)s voices that take a position is against it, "
            "unlike the greater number.",
            "“%(theme)s”: %(count)s of the %(of)s voices that take a position are against it, "
            "unlike the greater number.",
            count,
            **KEPT,
        )
    theme = names.theme(claim["themes"][0])
    return fill(message, theme=theme, count=number(count), of=number(of))
