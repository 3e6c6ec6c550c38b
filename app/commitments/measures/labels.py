"""Words of measures as people read them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flask_babel
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from app.commitments.models import MeasureKind, MeasureState
from app.core.db import Texts
from app.core.i18n import language, number
from app.core.text import text_direction

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

KINDS = {
    MeasureKind.MEASURE: _l("Measure"),
    MeasureKind.CONVENTION: _l("Convention"),
    MeasureKind.PROGRAMME: _l("Programme"),
}

STATES = {
    MeasureState.PLANNED: _l("Planned"),
    MeasureState.SIGNED: _l("Signed"),
    MeasureState.UNDER_WAY: _l("Under way"),
    MeasureState.DONE: _l("Carried out"),
    MeasureState.SUSPENDED: _l("Suspended"),
    MeasureState.ABANDONED: _l("Abandoned"),
}

FIELDS = {
    "key": _l("Key"),
    "kind": _l("Kind"),
    "title": _l("Title"),
    "description": _l("Description"),
    "parties": _l("Parties"),
    "amount_mad": _l("Amount, in dirhams"),
    "region": _l("Region"),
    "province": _l("Province or prefecture"),
    "commune": _l("Commune"),
    "axis": _l("Axis"),
    "population": _l("Population"),
    "signed_on": _l("Signed on"),
    "starts_on": _l("Starts on"),
    "ends_on": _l("To be done by"),
    "state": _l("State"),
    "milestones": _l("Milestones"),
    "source": _l("Source"),
    "source_url": _l("Address of the source"),
    "is_public": _l("Public"),
    "documents": _l("Documents"),
    "themes": _l("Themes it answers"),
    "passages": _l("Passages it answers"),
}

EVENTS = {
    "create": _l("Written down"),
    "change": _l("Changed"),
    "import": _l("From a file"),
}


def text_of(texts: Any) -> str:
    """Return a text in the page's language, or in the one it has."""
    return Texts(texts or {}).best(language().code)[0]


def state_class(state: str) -> str:
    """Return the class of a state's star: done, under way, to come or failing."""
    return {
        MeasureState.DONE: "is-done",
        MeasureState.PLANNED: "is-next",
        MeasureState.SUSPENDED: "is-off",
        MeasureState.ABANDONED: "is-off",
    }.get(MeasureState(state), "is-now")


def source_lines(source: str, lang: str) -> list[str]:
    """Return the lines of a source in the script of a language; all of them where none is.

    A source may be said once in each language, a line each.
    """
    lines = [line.strip() for line in source.splitlines() if line.strip()]
    wanted = "rtl" if lang == "ar" else "ltr"
    return [line for line in lines if text_direction(line) == wanted] or lines


def amount(value: int) -> Markup:
    """Write an amount with its currency."""
    unit = _("MAD")
    return Markup('{} <abbr title="{}">{}</abbr>').format(number(value), _("dirhams"), unit)


def measures(count: int) -> Markup:
    """Write a number of measures with its noun."""
    message = ngettext("%(count)s measure", "%(count)s measures", count, count="%(count)s")
    return _filled(message, number(count))


def unstated(count: int) -> Markup:
    """Write how many have no amount that was made public."""
    message = ngettext(
        "%(count)s measure without a public amount",
        "%(count)s measures without a public amount",
        count,
        count="%(count)s",
    )
    return _filled(message, number(count))


def _filled(message: str, count: Markup) -> Markup:
    """Put an isolated number into a message."""
    before, found, after = message.partition("%(count)s")
    return Markup("{}{}{}").format(before, count if found else "", after)


def late_word() -> str:
    """Return the word that stands beside what is late."""
    return _("Late")


def moment_words(kind: str, *, is_past: bool) -> str:
    """Say what happens on a day of the calendar, milestones apart."""
    return {
        ("signed", True): _("Signature"),
        ("signed", False): _("Signature planned"),
        ("starts", True): _("Beginning"),
        ("starts", False): _("Beginning"),
        ("ends", True): _("Was to be done by this day"),
        ("ends", False): _("To be done by this day"),
    }[kind, is_past]
