"""Free words of a report: what in them has to be proved, and what proves it.

``[[claim]]`` behind the words of a sentence says which claim proves it; ``[[claim:count]]`` stands
for a value of a claim and is written in the language of the text, ``[[claim:share]]`` for its count
out of its denominator. A number in figures or words, a share, a rank, a comparison of counts or a
word of quantity ("most", "two thirds", "all the contributors") in a sentence without either is
flagged; so is a number that none of the sentence's claims holds, and "most" where none of them
has a share above a half. Years, dates, ages, the numbers of laws and of axes, and titles are none.

``shadow`` blots those out, ``french`` and ``arabic`` are the words of each language, ``numerals``
reads numbers in words, ``figures`` finds all of it, ``found`` says what a claim proves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from app.core.i18n import day, in_language, percent, plain_number
from app.reports.claims.narrative.figures import found as read
from app.reports.claims.narrative.figures import numbers
from app.reports.claims.narrative.found import Found, Held
from app.reports.claims.narrative.shadow import MARK, TOKEN, shadow
from app.reports.claims.wording import LANGUAGES, bare, to_plain

__all__ = ["TOKEN", "Flag", "Piece", "expand", "flags", "value_of"]

#: A sentence of a shadow: to its stop, and the claims named behind it; a stop inside a number
#: ends nothing.
_SENTENCE = re.compile(
    rf"[^.!?؟\n]+(?:\.(?=\d)[^.!?؟\n]*)*[.!?؟…]*(?:[^\S\n]*{MARK}+)*[.!?؟]*", re.UNICODE
)
#: Values that are shares, by their names in results.
_SHARES = frozenset({"share", "low", "high", "machine", "now"})
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:T.*)?")


@dataclass(frozen=True)
class Flag:
    """Something in a narrative that no claim stands behind.

    :ivar why: ``number``, ``quantity``, ``unknown`` (a claim that is not there) or
        ``value`` (a claim that has no such value).
    """

    section: str
    lang: str
    sentence: str
    found: str
    why: str


@dataclass(frozen=True)
class Piece:
    """A piece of a paragraph: words, a value, or the mark of a proof.

    :ivar text: the words, the value as it is written in the language, or the number of the claim
        in the report; empty where there is no such claim or value.
    :ivar claim: its identifier; empty for words.
    """

    kind: Literal["text", "value", "proof"]
    text: str
    claim: str = ""


def flags(body: dict[str, Any]) -> list[Flag]:
    """Return what the narratives of a body say without proof, in order."""
    claims = {claim["id"]: claim for claim in body["claims"]}
    names = set(_titles(body))
    return [
        Flag(section["id"], lang, TOKEN.sub("", sentence).strip(), found, why)
        for section in body["sections"]
        for lang in LANGUAGES
        for sentence, plain in _sentences(section["narrative"].get(lang, ""), names)
        for found, why in _unproven(sentence, plain, lang, claims)
    ]


def _titles(body: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names that words may contain: of themes, regions, the consultation."""
    for theme in [*body.get("themes", ()), *body.get("excluded", ())]:
        yield from theme["name"].values()
    yield from body.get("consultation", {}).get("title", {}).values()
    for region in body.get("participation", {}).get("by_region", ()):
        yield from region["names"].values()


def _sentences(text: str, names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the sentences of a text, each with its shadow."""
    plain = shadow(text, names)
    spans = [match.span() for match in _SENTENCE.finditer(plain)]
    return [(text[start:end], plain[start:end]) for start, end in spans]


def _unproven(
    sentence: str, plain: str, lang: str, claims: Mapping[str, dict[str, Any]]
) -> list[tuple[str, str]]:
    """Return what of a sentence is not proved, and why."""
    found, proofs = [], []
    for identity, value in TOKEN.findall(sentence):
        if identity not in claims:
            found.append((identity, "unknown"))
        elif value and value_of(claims[identity], value, lang) is None:
            found.append((f"{identity}:{value}", "value"))
        else:
            proofs.append(claims[identity])
    held = Held(
        [number for proof in proofs for number in _numbers_of(proof, lang)],
        [share for proof in proofs for share in _shares_of(proof, lang)],
        len(proofs),
    )
    return found + [
        (one.text, "number" if isinstance(one, Found) else "quantity")
        for one in read(plain, lang)
        if not held.proves(one)
    ]


def _numbers_of(claim: dict[str, Any], lang: str) -> list[Found]:
    """Return the numbers that a claim holds: those of its sentence, its values and its lists."""
    values = [value_of(claim, name, lang) for name in (*claim["result"], "share")]
    lists = [str(len(value)) for value in claim["result"].values() if isinstance(value, list)]
    found = [
        number
        for text in (bare(claim["sentence"].get(lang, "")), *values, *lists)
        if text is not None
        for number in numbers(text, lang)
    ]
    parts = (part for number in found for part in number.out_of or ())
    return [*found, *(Found(str(part), Decimal(part)) for part in parts)]


def _shares_of(claim: dict[str, Any], lang: str) -> list[float]:
    """Return the share that a claim says, or those of its sentence if it has several."""
    result = claim["result"]
    if isinstance(share := result.get("share"), float | int):
        return [share]
    if result.get("of") and _is_count(result.get("count")):
        return [result["count"] / result["of"]]
    sentence = numbers(bare(claim["sentence"].get(lang, "")), lang)
    return [float(number.value) / 100 for number in sentence if number.is_percent]


def value_of(claim: Mapping[str, Any], name: str, lang: str) -> str | None:
    """Write a value of a claim in a language; None if it has none that can stand in a sentence."""
    result = claim["result"]
    value = result.get(name)
    if name == "share" and value is None and result.get("of") and _is_count(result.get("count")):
        value = result["count"] / result["of"]
    if value is None or isinstance(value, bool | list | dict):
        return None
    with in_language(lang):
        return _written(name, value)


def _is_count(value: Any) -> bool:
    """Tell whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def _written(name: str, value: float | str) -> str:
    """Write a value in the language of the moment."""
    if isinstance(value, str):
        if not _DATE.fullmatch(value):
            return value
        return day(datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value))
    if name in _SHARES:
        return bare(to_plain(percent(value)))
    return plain_number(int(value))


def expand(text: str, lang: str, claims: Sequence[Mapping[str, Any]]) -> list[list[Piece]]:
    """Return the paragraphs of a narrative as pieces, values filled in and proofs numbered.

    :param claims: those of the body, in its order, which numbers them from 1.
    """
    numbered = {claim["id"]: (number, claim) for number, claim in enumerate(claims, 1)}
    paragraphs = (part.strip() for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))
    return [_pieces(part, lang, numbered) for part in paragraphs if part]


def _pieces(
    text: str, lang: str, numbered: Mapping[str, tuple[int, Mapping[str, Any]]]
) -> list[Piece]:
    """Return the pieces of a paragraph; line ends inside it are spaces."""
    pieces: list[Piece] = []
    at = 0
    for match in TOKEN.finditer(text):
        words = re.sub(r"\s*\n\s*", " ", text[at : match.start()])
        if words:
            pieces.append(Piece("text", words))
        identity, value = match.groups()
        number, claim = numbered.get(identity, (0, None))
        if value:
            written = value_of(claim, value, lang) if claim else None
            pieces.append(Piece("value", written or "", identity))
        else:
            pieces.append(Piece("proof", str(number) if number else "", identity))
        at = match.end()
    rest = re.sub(r"\s*\n\s*", " ", text[at:])
    return [*pieces, Piece("text", rest)] if rest else pieces
