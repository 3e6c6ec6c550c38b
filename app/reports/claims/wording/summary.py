"""The sentences of the executive summary, and quotations."""

from __future__ import annotations

from collections.abc import Callable

import flask_babel
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports.claims.wording.core import Claim, Names, template
from app.reports.sentences import fill, how_many, listed

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("first", "second")
def _place(claim: Claim, names: Names) -> Markup:
    """The first or the second theme, or those that share the place."""
    result, themes = claim["result"], [names.theme(i) for i in claim["themes"]]
    values = {
        "theme": themes[0],
        "themes": listed(themes),
        "how_many": how_many(result["count"], result["of"]),
    }
    if claim["template"] == "first" and len(themes) == 1:
        message = _("“%(theme)s” comes first: %(how_many)s raise it.")
    elif claim["template"] == "first":
        message = _("Themes that come first, equally: %(themes)s. Each is raised by %(how_many)s.")
    elif len(themes) == 1:
        message = _("“%(theme)s” comes next: %(how_many)s raise it.")
    else:
        message = _("Themes that come next, equally: %(themes)s. Each is raised by %(how_many)s.")
    return fill(message, **values)


@template("spread")
def _spread(claim: Claim, names: Names) -> Markup:
    """How many regions raise a theme."""
    count, of = claim["result"]["count"], claim["result"]["of"]
    if count == of:
        message = _("“%(theme)s” is raised in every region where at least five people answered.")
    else:
        message = _(
            "“%(theme)s” is raised in %(count)s of the %(of)s regions where at least five people "
            "answered."
        )
    theme = names.theme(claim["themes"][0])
    return fill(message, theme=theme, count=number(count), of=number(of))


@template("tongues")
def _tongues(claim: Claim, names: Names) -> Markup:
    """In how many languages a theme is said."""
    return fill(
        _("“%(theme)s” is raised in %(count)s of the %(of)s languages heard."),
        theme=names.theme(claim["themes"][0]),
        count=number(claim["result"]["count"]),
        of=number(claim["result"]["of"]),
    )


@template("contrast")
def _contrast(claim: Claim, names: Names) -> Markup:
    """Where a theme is said more, or less, than elsewhere."""
    result = claim["result"]
    dimension = "region" if "region" in claim["about"] else "actor_type"
    if dimension == "region" and result["differs"] == "more":
        message = _(
            "%(group)s: “%(theme)s” is raised more than in the rest of the country, %(here)s "
            "against %(rest)s."
        )
    elif dimension == "region":
        message = _(
            "%(group)s: “%(theme)s” is raised less than in the rest of the country, %(here)s "
            "against %(rest)s."
        )
    elif result["differs"] == "more":
        message = _(
            "%(group)s: “%(theme)s” is raised more than by everyone else, %(here)s against "
            "%(rest)s."
        )
    else:
        message = _(
            "%(group)s: “%(theme)s” is raised less than by everyone else, %(here)s against "
            "%(rest)s."
        )
    rest, rest_of = result["all"] - result["count"], result["everyone"] - result["of"]
    return fill(
        message,
        group=names.group(dimension, claim["about"][dimension]),
        theme=names.theme(claim["themes"][0]),
        here=percent(result["count"] / result["of"]),
        rest=percent(rest / rest_of),
    )


@template("copies")
def _copies(claim: Claim, _names: Names) -> Markup:
    """What was sent by several people word for word."""
    count, texts = claim["result"]["count"], claim["result"]["texts"]
    several = ngettext("one text", "%(texts)s texts", texts, texts="%(texts)s")
    message = ngettext(
        "%(count)s passage is a copy of %(texts)s that circulated: it is counted apart, as a "
        "signature.",
        "%(count)s passages are copies of %(texts)s that circulated: they are counted apart, as "
        "signatures.",
        count,
        count="%(count)s",
        texts="%(texts)s",
    )
    return fill(message, count=number(count), texts=fill(several, texts=number(texts)))


@template("open")
def _open(claim: Claim, _names: Names) -> Markup:
    """How much waits for a person."""
    count = claim["result"]["count"]
    if not count:
        return Markup(_("No passage is waiting for a person to decide where it belongs."))  # noqa: S704
    message = ngettext(
        "%(count)s passage is waiting for a person to decide where it belongs.",
        "%(count)s passages are waiting for a person to decide where they belong.",
        count,
        count="%(count)s",
    )
    return fill(message, count=number(count))


@template("quote")
def _quote(claim: Claim, _names: Names) -> Markup:
    """Words as they were written, with the number of their submission."""
    return fill(
        _("%(number)s: “%(words)s”"),
        number=Markup('<bdi dir="ltr">{}</bdi>').format(claim["about"]["number"]),
        words=claim["about"]["words"],
    )
