"""Sentences made from figures: each one is true by the way it is made.

Quantifiers are careful: "at least three in ten" is the share rounded down, "more than half" is said
only above 50 %, and a difference only where the test found one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import number, percent
from app.reports.labels import language_name

Names = Callable[[Any], str]

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


def fill(message: str, **values: Any) -> Markup:
    """Put values into a translated message; what is not markup is escaped."""
    return Markup(message) % values  # noqa: S704 - the message is the catalogue's, values are escaped


def how_many(count: int, of: int) -> str:
    """Say a share of the contributors in words, never more than it is."""
    if 2 * count > of:
        return _("more than half of the contributors")
    tenths = 10 * count // of if of else 0
    if not tenths:
        return _("fewer than one contributor in ten")
    return ngettext(
        "at least one contributor in ten", "at least %(num)s contributors in ten", tenths
    )


def listed(names: list[str]) -> str:
    """Write a list of names, each in the page's quotation marks."""
    return _(", ").join(_("“%(name)s”", name=name) for name in names)


def claim(data: dict[str, Any], theme: Names, group: Callable[[str, str], str]) -> Markup:
    """Write a claim's sentence.

    :param theme: gives a theme's name by its identifier.
    :param group: gives the name of a region or actor type by its dimension and code.
    """
    kind, count, of = data["kind"], data["count"], data["of"]
    names = [theme(i) for i in data["themes"]]
    if kind in {"first", "second"}:
        return _place(kind, names, count, of)
    if kind in {"region", "actor_type"}:
        rest = data["rest_count"] / data["rest_of"]
        return _difference(kind, names[0], group(kind, data["code"]), count / of, rest)
    if kind == "spread":
        return _spread(names[0], count, of)
    if kind == "tongues":
        message = _("“%(theme)s” is raised in %(count)s of the %(of)s languages heard.")
        return fill(message, theme=names[0], count=number(count), of=number(of))
    if kind == "copies":
        return _copies(count, data["texts"])
    return _open(count)


def _place(kind: str, names: list[str], count: int, of: int) -> Markup:
    """The first or the second theme, or those that share the place."""
    values = {"theme": names[0], "themes": listed(names), "how_many": how_many(count, of)}
    if kind == "first" and len(names) == 1:
        message = _("“%(theme)s” comes first: %(how_many)s raise it.")
    elif kind == "first":
        message = _("Themes that come first, equally: %(themes)s. Each is raised by %(how_many)s.")
    elif len(names) == 1:
        message = _("“%(theme)s” comes next: %(how_many)s raise it.")
    else:
        message = _("Themes that come next, equally: %(themes)s. Each is raised by %(how_many)s.")
    return fill(message, **values)


def _spread(theme: str, count: int, of: int) -> Markup:
    """How many regions raise the first theme."""
    if count == of:
        message = _("“%(theme)s” is raised in every region where at least five people answered.")
    else:
        message = _(
            "“%(theme)s” is raised in %(count)s of the %(of)s regions where at least five people "
            "answered."
        )
    return fill(message, theme=theme, count=number(count), of=number(of))


def _difference(kind: str, theme: str, group: str, here: float, rest: float) -> Markup:
    """Where something is said more than elsewhere."""
    if kind == "region":
        message = _(
            "%(group)s: “%(theme)s” is raised more than in the rest of the country, %(here)s "
            "against %(rest)s."
        )
    else:
        message = _(
            "%(group)s: “%(theme)s” is raised more than by everyone else, %(here)s against "
            "%(rest)s."
        )
    return fill(message, group=group, theme=theme, here=percent(here), rest=percent(rest))


def _copies(count: int, texts: int) -> Markup:
    """What was sent by several people word for word."""
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


def _open(count: int) -> Markup:
    """What the machine leaves to people."""
    if not count:
        return Markup(_("No passage is waiting for a person to decide where it belongs."))  # noqa: S704
    message = ngettext(
        "%(count)s passage is waiting for a person to decide where it belongs.",
        "%(count)s passages are waiting for a person to decide where they belong.",
        count,
        count="%(count)s",
    )
    return fill(message, count=number(count))


def question(kind: str) -> str:
    """Say what was asked of the data for a claim of this kind."""
    questions = {
        "first": _(
            "Contributors with at least one passage of their own in the theme, of all contributors "
            "whose text was analysed"
        ),
        "spread": _(
            "Regions with at least one voice in the theme, of the regions with at least five "
            "contributors"
        ),
        "tongues": _("Languages of the theme’s passages, of the languages of all passages"),
        "region": _(
            "Contributors of the region with a passage of their own in the theme, of those of the "
            "region, compared with everyone else (Fisher’s exact test; at most one false "
            "difference in twenty)"
        ),
        "actor_type": _(
            "Contributors of this kind with a passage of their own in the theme, of all of this "
            "kind, compared with everyone else (Fisher’s exact test; at most one false difference "
            "in twenty)"
        ),
        "copies": _("Passages whose text is nearly identical to another person’s, of all passages"),
        "open": _("Passages that no theme holds clearly, of all passages"),
    }
    return questions["first" if kind == "second" else kind]


def contrast(groups: list[dict[str, Any]], name: Names, dimension: str) -> str:
    """Return a chart's title: the strongest difference found, or that none was.

    :param groups: a theme's rows by region or actor type.
    """
    everywhere = dimension == "region"
    for way in ("more", "less"):
        found = [group for group in groups if group["differs"] == way]
        if found:
            extreme = (max if way == "more" else min)(found, key=lambda group: group["share"])
            place = name(extreme["code"])
            return _contrast(way, place, everywhere=everywhere)
    if everywhere:
        return _("No region stands out from the others")
    return _("No kind of contributor stands out from the others")


def _contrast(way: str, place: str, *, everywhere: bool) -> str:
    """Say where something is raised more, or less, than elsewhere."""
    if everywhere and way == "more":
        return _("Raised more than elsewhere: %(place)s", place=place)
    if everywhere:
        return _("Raised less than elsewhere: %(place)s", place=place)
    if way == "more":
        return _("Raised more than by others: %(place)s", place=place)
    return _("Raised less than by others: %(place)s", place=place)


def first_language(rows: list[dict[str, Any]]) -> Markup:
    """Return the title of a table of languages, from rows with ``code`` and ``passages``."""
    total = sum(row["passages"] for row in rows)
    most = max(row["passages"] for row in rows)
    leaders = [row for row in rows if row["passages"] == most]
    if len(leaders) > 1:
        return Markup(_("No language comes first alone"))  # noqa: S704
    return fill(
        _("First language: %(language)s, %(share)s of the passages"),
        language=language_name(leaders[0]["code"]),
        share=percent(most / total),
    )
