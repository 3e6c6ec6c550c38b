"""Sentences made from figures: each one is true by the way it is made.

Quantifiers are careful: "at least three in ten" is the share rounded down, "more than half" is said
only above 50 %, and a difference only where the test found one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import percent
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


def question(claim: dict[str, Any]) -> str:
    """Say what was asked of the data for a claim."""
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
    name = _SAME_QUESTION.get(claim["template"], claim["template"])
    if claim["kind"] == "contrast":
        name = "region" if "region" in claim["about"] else "actor_type"
    return questions.get(name) or _question_of_kind(claim["kind"])


#: Templates that ask what another one asks.
_SAME_QUESTION = {"second": "first", "share": "first"}


def _question_of_kind(kind: str) -> str:
    """Say in general what is asked of the data for a kind of claim."""
    return {
        "count": _("Counted in the record of contributions, passages and themes"),
        "share": _("Counted in the record, and divided by those it is out of"),
        "ranking": _("All are counted and put in order; the first is named if it is alone"),
        "trend": _(
            "Contributors who raise the theme in the first and in the second half of the "
            "collection, in whole weeks, compared (Fisher’s exact test; at most one false "
            "difference in twenty among all themes)"
        ),
        "quotation": _("The words at this place of this contribution, letter for letter"),
        "coverage": _("All that came, and what of it is in the figures"),
        "reliability": _("Measured on passages that people looked at, as the method says"),
    }.get(kind, "")


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
