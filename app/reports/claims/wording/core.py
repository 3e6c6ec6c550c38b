"""What every template shares: names, languages, the form in which sentences are kept."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import flask_babel
from markupsafe import Markup

from app.core.i18n import in_language, language, percent
from app.reports import labels

_: Callable[..., str] = flask_babel.gettext

#: Languages of a report.
LANGUAGES = ("fr", "ar")

ISOLATE, END = "\u2066", "\u2069"
_TAG = re.compile(r"<[^>]+>")

Claim = dict[str, Any]

#: What a query or a result that was tampered with may raise.
UNASKABLE = (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError)


#: A message with a plural is filled twice: these leave its placeholders for the second time.
KEPT = {
    name: f"%({name})s"
    for name in (
        "after",
        "all",
        "before",
        "contrary",
        "count",
        "engine",
        "everyone",
        "favour",
        "group",
        "language",
        "name",
        "of",
        "passages",
        "place",
        "reason",
        "region",
        "rest",
        "settled",
        "share",
        "silent",
        "texts",
        "theme",
    )
}


def share(count: float, of: float) -> Markup:
    """Write a share of a count as a percentage; of nobody it is nothing."""
    return percent(count / of if of else 0.0)


class Names:
    """Names of what a body speaks of, in the language of the moment."""

    def __init__(self, body: dict[str, Any]) -> None:
        self._themes = {
            theme["id"]: theme["name"] for theme in [*body.get("excluded", ()), *body["themes"]]
        }
        self._regions = {r["code"]: r["names"] for r in body["participation"]["by_region"]}

    def theme(self, identity: int) -> str:
        """Return a theme's name."""
        return _best(self._themes[identity])

    def region(self, code: str) -> str:
        """Return a region's name; the empty code is that of those who did not say."""
        return _best(self._regions[code]) if code in self._regions else _("Region not stated")

    def group(self, dimension: str, code: str) -> str:
        """Return the name of a region or of an actor type."""
        return self.region(code) if dimension == "region" else labels.actor_name(code)


def _best(texts: dict[str, str]) -> str:
    """Return a text in the language of the moment, else in French."""
    return texts.get(language().code) or texts.get("fr") or texts.get("ar") or ""


Template = Callable[[Claim, Names], Markup]
TEMPLATES: dict[str, Template] = {}


def template(*names: str) -> Callable[[Template], Template]:
    """Register a function as the template of claims."""

    def register(function: Template) -> Template:
        """Note it under each name."""
        TEMPLATES.update(dict.fromkeys(names, function))
        return function

    return register


def sentence(claim: Claim, names: Names) -> Markup:
    """Return a claim's sentence in the language of the moment.

    :raises KeyError: if it has no template, or a result that the template names is missing.
    """
    return TEMPLATES[claim["template"]](claim, names)


def written(claim: Claim, names: Names) -> dict[str, str]:
    """Return a claim's sentence in both languages, as it is kept.

    :raises KeyError: as :func:`sentence` does.
    """
    found = {}
    for lang in LANGUAGES:
        with in_language(lang):
            found[lang] = to_plain(sentence(claim, names))
    return found


def all_written(claims: Sequence[Claim], names: Names) -> list[dict[str, str]]:
    """Return the sentences of many claims, as they are kept; nothing for one that makes none."""
    found: list[dict[str, str]] = [{} for _claim in claims]
    for lang in LANGUAGES:
        with in_language(lang):
            for claim, sentences in zip(claims, found, strict=True):
                with suppress(*UNASKABLE):
                    sentences[lang] = to_plain(sentence(claim, names))
    return [one if len(one) == len(LANGUAGES) else {} for one in found]


def to_plain(marked: Markup | str) -> str:
    """Return a sentence as plain text: figures isolated by two signs instead of an element."""
    text = str(marked).replace('<bdi dir="ltr">', ISOLATE).replace("</bdi>", END)
    return html.unescape(_TAG.sub("", text))


def to_markup(plain: str) -> Markup:
    """Return a kept sentence for a page."""
    parts = re.split(f"{ISOLATE}([^{END}]*){END}", plain)
    return Markup("").join(
        Markup('<bdi dir="ltr">{}</bdi>').format(part) if odd % 2 else part
        for odd, part in enumerate(parts)
    )


def bare(plain: str) -> str:
    """Return a kept sentence without the signs that isolate figures."""
    return plain.replace(ISOLATE, "").replace(END, "")
