"""Addresses of a person: electronic mail, profiles on the web, streets and houses."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from nlp.personal.kinds import Kind
from nlp.personal.numbers import Hit
from nlp.text.normalise import listed

_LOCAL = r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}"
_EMAIL = re.compile(_LOCAL + r"@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{2,63}){1,4}")
_SPACED_EMAIL = re.compile(
    _LOCAL + r" ?(?:@|\((?:at|arobase)\)) ?"
    r"(?:gmail|yahoo|hotmail|outlook|live|icloud|menara) ?\. ?(?:com|fr|ma)(?![A-Za-z0-9])"
)
_PROFILE = re.compile(
    r"(?<![A-Za-z0-9.@])(?:https?://)?(?:www\.|m\.|web\.|[a-z]{2}(?:-[a-z]{2})?\.)?"
    r"(?:facebook\.com|fb\.com|fb\.me|instagram\.com|twitter\.com|x\.com|tiktok\.com|linkedin\.com|"
    r"youtube\.com|snapchat\.com|t\.me|wa\.me|telegram\.me)/[^\s\ufffc<>\"'«»()\[\],;]+",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"(?<![\w.@/+\-])@[A-Za-z][A-Za-z0-9_.]{1,28}[A-Za-z0-9_](?![A-Za-z0-9_@])")

_DIGIT = re.compile(r"\d")
_NUMBER = r"\d{1,4}(?: ?(?:bis|ter))?"
_NO = r"(?:[Nn][°ºo]?\.? ?|[Nn]umero )"
_STREET = (
    r"(?:[Rr]ue|RUE|[Aa]venue|AVENUE|[Aa]v\.?|[Bb]d\.?|[Bb]ld\.?|[Bb]oulevard|[Ii]mpasse|[Aa]llee|"
    r"[Dd]erb|[Zz]an[kq]at|[Pp]lace)"
)
_AREA = r"(?:[Hh]ay|HAY|[Ll]ot(?:issement)?|[Rr]esidence|[Qq]uartier|[Cc]ite|[Bb]loc)"
_NAMED = (
    r"(?: (?:(?:de|du|des|la|le|el|al|ben|ibn|d|l)['’ ])?(?:[A-Z][\w'\-]{0,24}|\d{1,3}(?!\w))){1,5}"
)
_INSIDE = (
    rf"(?:,? ?(?:[Aa]ppt?|[Aa]pt|[Aa]ppartement|[Ii]mm(?:euble)?|[Ee]tage|{_NO})\.? ?{_NUMBER})"
)
_HOUSE = re.compile(
    rf"(?<![\w.,/\-]){_NO}?{_NUMBER},? {_STREET}{_NAMED}{_INSIDE}{{0,3}}(?!\w)"
    rf"|(?<!\w)(?:{_STREET}|{_AREA}){_NAMED}{_INSIDE}{{1,3}}(?!\w)"
)
_ARABIC_WORDS = r"(?: [\u0621-\u064a]{2,}){1,3}"
_ARABIC_NO = r"(?:رقم|الرقم|عماره|العماره|شقه|الشقه|زنقه|بلوك)"
_ARABIC_HOUSE = re.compile(
    rf"(?<!\w)(?:(?:ال)?رقم )?{_NUMBER},? (?:شارع|زنقه|درب|زقاق){_ARABIC_WORDS}(?!\w)"
    rf"|(?<!\w)(?:ب|ف)?(?:شارع|زنقه|درب|زقاق|حي|تجزيه|اقامه|بلوك|عماره)"
    rf"(?: [\u0621-\u064a]{{2,}}){{1,4}}?(?:,? {_ARABIC_NO} ?{_NUMBER}){{1,3}}(?!\w)"
)
_ANNOUNCED = re.compile(
    r"(?<!\w)(?:adresse(?: personnelle| postale)? ?:|(?:ال)?عنواني? ?:|عنواني هو|عنواني)"
    r" ?(?=[^\n.;\ufffc]{0,70}\d)([^\n.;\ufffc@]{5,80})",
    re.IGNORECASE,
)
_STREET_WORDS = listed(
    """
    rue avenue av bd bld boulevard impasse allee derb zankat zanqat place hay lot lotissement
    residence quartier cite bloc adresse شارع زنقه درب زقاق حي تجزيه اقامه بلوك عماره عنوان عنواني
    العنوان بشارع بزنقه بدرب بزقاق بحي بتجزيه باقامه ببلوك بعماره فشارع فزنقه فدرب فزقاق فحي
    فتجزيه فاقامه فبلوك فعماره وعنواني
    """
)


def _online(text: str) -> Iterator[Hit]:
    """Yield addresses of electronic mail and of profiles."""
    if "@" in text or "(a" in text:
        for pattern, certainty in ((_EMAIL, 1.0), (_SPACED_EMAIL, 0.9)):
            for match in pattern.finditer(text):
                yield Hit(Kind.EMAIL, *match.span(), certainty)
        for match in _HANDLE.finditer(text):
            yield Hit(Kind.PROFILE, *match.span(), 0.7)
    if "/" in text:
        for match in _PROFILE.finditer(text):
            written = match.group().rstrip(".!?:…")
            yield Hit(Kind.PROFILE, match.start(), match.start() + len(written), 0.99)


def _streets(text: str) -> Iterator[Hit]:
    """Yield streets with a number, and what follows "address:" when it holds a number."""
    for match in _HOUSE.finditer(text):
        yield Hit(Kind.ADDRESS, *match.span(), 0.75)
    for match in _ARABIC_HOUSE.finditer(text):
        yield Hit(Kind.ADDRESS, *match.span(), 0.75)
    for match in _ANNOUNCED.finditer(text):
        start, written = match.start(1), match.group(1).rstrip(" ,-")
        if any(char.isdigit() for char in written):
            yield Hit(Kind.ADDRESS, start, start + len(written), 0.85)


def find_contacts(text: str, forms: AbstractSet[str]) -> Iterator[Hit]:
    """Yield the addresses of a view, given its words in small letters; some may overlap."""
    yield from _online(text)
    if not _STREET_WORDS.isdisjoint(forms) and _DIGIT.search(text):
        yield from _streets(text)
