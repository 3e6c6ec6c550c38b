"""A section's free words as its readers will see them, and what its two languages point at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from app.core.i18n import in_language, number, percent
from app.reports.claims.narrative import TOKEN, Flag, flags
from app.reports.claims.wording import to_plain

Claims = dict[str, dict[str, Any]]

#: What only proves a sentence, with the space before it.
_POINTER = re.compile(r"\s*\[\[[\w.\-]+\]\]")


@dataclass(frozen=True)
class Differences:
    """Claims that one language's narrative points at and the other's does not, in order."""

    only_fr: list[str]
    only_ar: list[str]

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self.only_fr or self.only_ar)


def pointed_at(text: str) -> list[str]:
    """Return the claims that a narrative points at, each once, in order."""
    return list(dict.fromkeys(identity for identity, _value in TOKEN.findall(text)))


def differences(narrative: dict[str, str]) -> Differences:
    """Compare what the narratives in the two languages point at."""
    french, arabic = (pointed_at(narrative.get(lang, "")) for lang in ("fr", "ar"))
    return Differences(
        only_fr=[i for i in french if i not in set(arabic)],
        only_ar=[i for i in arabic if i not in set(french)],
    )


def flags_of(section: str, narrative: dict[str, str], claims: Claims) -> list[Flag]:
    """Return what a section's narrative says without proof; it need not be saved."""
    words = {lang: narrative.get(lang, "") for lang in ("fr", "ar")}
    asked = {"id": section, "narrative": words}
    return flags({"claims": list(claims.values()), "sections": [asked]})


def paragraphs(text: str, lang: str, claims: Claims) -> list[Markup]:
    """Return a narrative's paragraphs: values filled in, and a mark where a claim proves."""
    numbers = {identity: i for i, identity in enumerate(pointed_at(text), start=1)}
    with in_language(lang):
        return [
            _paragraph(part.strip(), claims, numbers) for part in text.split("\n\n") if part.strip()
        ]


def _paragraph(text: str, claims: Claims, numbers: dict[str, int]) -> Markup:
    """Return a paragraph; a claim that is not there stays as it was typed."""
    found, at = Markup(""), 0
    for match in TOKEN.finditer(text):
        identity, value = match.groups()
        found += escape(
            text[at : match.start()].rstrip() if not value else text[at : match.start()]
        )
        at = match.end()
        claim = claims.get(identity)
        if claim is None or (value and value not in claim["result"]):
            found += Markup('<bdi class="cue-bad" dir="ltr">{}</bdi>').format(match.group())
        elif value:
            found += written(claim["result"][value])
        else:
            found += Markup('<sup class="cue"><bdi dir="ltr">{}</bdi></sup>').format(
                numbers[identity]
            )
    return found + escape(text[at:])


def as_read(text: str, lang: str, claims: Claims) -> str:
    """Return a narrative as plain text: values filled in, what proves a sentence left out."""

    def filled(match: re.Match[str]) -> str:
        """Write a value; what only proves is not read."""
        identity, value = match.groups()
        known = claims.get(identity, {}).get("result", {})
        return to_plain(written(known[value])) if value and value in known else ""

    with in_language(lang):
        return TOKEN.sub(filled, _POINTER.sub("", text))


def written(value: Any) -> Markup | str:
    """Write a value of a claim: a share as a percentage, a count as a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return percent(value) if isinstance(value, float) else number(value)


def values(claim: dict[str, Any]) -> list[tuple[str, Markup | str]]:
    """Return the values of a claim that a sentence may take: names and how they are written."""
    return [
        (name, written(value))
        for name, value in claim["result"].items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
