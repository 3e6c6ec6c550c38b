"""Sentences on the method and on how reliable it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import day, ltr, number, percent, plain_number
from app.reports import labels
from app.reports.claims.wording.core import KEPT, Claim, Names, bare, template, to_plain
from app.reports.sentences import fill

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


@template("run")
def _run(claim: Claim, _names: Names) -> Markup:
    """What read the texts, and when."""
    count, of = claim["result"]["passages"], claim["result"]["contributors"]
    passages = ngettext("%(count)s passage", "%(count)s passages", count, **KEPT)
    contributors = ngettext("%(count)s contributor", "%(count)s contributors", of, **KEPT)
    return fill(
        _(
            "%(passages)s from %(contributors)s were read by the engine “%(engine)s” on %(day)s "
            "(starting number %(seed)s). People then reviewed the themes: they renamed, merged and "
            "left out what they judged wrong, each time with a trace."
        ),
        passages=fill(passages, count=number(count)),
        contributors=fill(contributors, count=number(of)),
        engine=ltr(claim["result"]["engine"]),
        day=day(datetime.fromisoformat(claim["result"]["analysed_at"])),
        seed=number(claim["result"]["seed"] or 0),
    )


@template("n-themes")
def _n_themes(claim: Claim, _names: Names) -> Markup:
    """How many themes there are, and who chose the number."""
    count, asked = claim["result"]["count"], claim["result"]["asked"]
    if asked:
        message = ngettext(
            "The report has %(count)s theme; the number asked of the analysis was %(all)s.",
            "The report has %(count)s themes; the number asked of the analysis was %(all)s.",
            count,
            **KEPT,
        )
    else:
        message = ngettext(
            "The report has %(count)s theme; the analysis chose their number from the data.",
            "The report has %(count)s themes; the analysis chose their number from the data.",
            count,
            **KEPT,
        )
    return fill(message, count=number(count), all=number(asked or 0))


@template("arbitrate")
def _arbitrate(claim: Claim, _names: Names) -> Markup:
    """How much no theme holds clearly."""
    return fill(
        _(
            "%(share)s of the passages belong to no theme clearly enough: they wait for a person "
            "to decide, and are in no theme’s figures."
        ),
        share=percent(claim["result"]["tenths"] / 1000),
    )


@template("smallest")
def _smallest(claim: Claim, _names: Names) -> Markup:
    """Which groups are not described."""
    count = claim["result"]["count"]
    message = ngettext(
        "Groups of fewer than %(number)s contributor are not described, nor those that a "
        "subtraction would give back.",
        "Groups of fewer than %(number)s contributors are not described, nor those that a "
        "subtraction would give back.",
        count,
        number="%(number)s",
    )
    return fill(message, number=number(count))


@template("withheld")
def _withheld(claim: Claim, _names: Names) -> Markup:
    """How many quotations were left out for what they hold."""
    count = claim["result"]["count"]
    message = ngettext(
        "%(count)s quotation was left out for what looked like personal data.",
        "%(count)s quotations were left out for what looked like personal data.",
        count,
        **KEPT,
    )
    return fill(message, count=number(count))


@template("round")
def _round(claim: Claim, _names: Names) -> Markup:
    """What was coded by two people."""
    count = claim["result"]["count"]
    message = ngettext(
        "Agreement was measured on %(number)s passage, drawn by language and region, that two "
        "people coded without seeing what the machine said nor each other’s answers (closed on "
        "%(day)s).",
        "Agreement was measured on %(number)s passages, drawn by language and region, that two "
        "people coded without seeing what the machine said nor each other’s answers (closed on "
        "%(day)s).",
        count,
        number="%(number)s",
        day="%(day)s",
    )
    closed = day(datetime.fromisoformat(claim["result"]["closed_at"]))
    return fill(message, number=number(count), day=closed)


@template("differing")
def _differing(claim: Claim, _names: Names) -> Markup:
    """On how many passages coders differed."""
    count = claim["result"]["count"]
    message = ngettext(
        "They differed on %(number)s passage; a third person settled %(settled)s.",
        "They differed on %(number)s passages; a third person settled %(settled)s.",
        count,
        number="%(number)s",
        settled="%(settled)s",
    )
    return fill(message, number=number(count), settled=number(claim["result"]["settled"]))


@template("alpha", "alpha-machine")
def _alpha(claim: Claim, _names: Names) -> Markup:
    """How far coders agree, with each other or with the machine."""
    found, code = claim["result"]["measure"], claim["about"].get("language")
    if claim["template"] == "alpha":
        who = _("Agreement of the coders")
    else:
        who = _("Agreement of what was settled with the machine")
    if code:
        who = fill(_("%(name)s, %(language)s"), name=who, language=labels.language_name(code))
    if found["alpha"] is None:
        return fill(
            _("%(name)s: it cannot be told from %(count)s passages."),
            name=who,
            count=number(found["n"]),
        )
    values = {"name": who, "alpha": number(found["alpha"], 2), "count": number(found["n"])}
    if found["low"] is None:
        return fill(_("%(name)s: Krippendorff’s alpha %(alpha)s (passages: %(count)s)."), **values)
    return fill(
        _(
            "%(name)s: Krippendorff’s alpha %(alpha)s (95 percent interval: %(interval)s; "
            "passages: %(count)s)."
        ),
        interval=_between(found["low"], found["high"]),
        **values,
    )


def _between(low: float, high: float) -> Markup:
    """Write the two ends of an interval of a measure."""
    return ltr(f"{plain_number(low, decimals=2)} – {plain_number(high, decimals=2)}")


def _percents(low: float, high: float) -> Markup:
    """Write the two ends of an interval of shares."""
    return ltr(f"{plain_number(low * 100)}–{bare(to_plain(percent(high, 0)))}")


@template("unmeasured")
def _unmeasured(_claim: Claim, _names: Names) -> Markup:
    """That nothing was measured."""
    message = _("Agreement between coders, and with the machine, was not measured.")
    return Markup(message)  # noqa: S704 - the catalogue's


@template("accuracy")
def _accuracy(claim: Claim, _names: Names) -> Markup:
    """How often the machine was right."""
    found: dict[str, Any] = claim["result"]
    return fill(
        _(
            "The machine put %(machine)s of the passages where people would (95%% interval: "
            "%(interval)s)."
        ),
        machine=percent(found["machine"], 0),
        interval=_percents(found["low"], found["high"]),
    )


@template("accuracy-now")
def _accuracy_now(claim: Claim, _names: Names) -> Markup:
    """How often placements are right after review."""
    found: dict[str, Any] = claim["result"]
    return fill(
        _(
            "As they stand after review, %(now)s of the placements are right (95%% interval: "
            "%(interval)s)."
        ),
        now=percent(found["now"], 0),
        interval=_percents(found["low"], found["high"]),
    )


@template("accuracy-sample")
def _sample(claim: Claim, _names: Names) -> Markup:
    """What the estimate is drawn from."""
    return fill(
        _(
            "This is an estimate: %(sample)s passages were drawn by chance and looked at without "
            "the machine’s guess, besides %(known)s that were looked at because the machine was in "
            "doubt or many had signed them."
        ),
        sample=number(claim["result"]["sample"]),
        known=number(claim["result"]["known"]),
    )
