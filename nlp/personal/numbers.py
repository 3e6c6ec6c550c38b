"""Numbers that lead to a person: telephones, papers, accounts, cards, dates of birth.

Check digits: accounts by ISO 7064 MOD 97-10 (ISO 13616 for the IBAN; a Moroccan account of 24
digits is divisible by 97), cards by the formula of Luhn (ISO/IEC 7812-1).
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from nlp.personal.kinds import Kind


class Hit(NamedTuple):
    """Something found in a view."""

    kind: Kind
    start: int
    end: int
    certainty: float


#: Between a cue and its number: a few words on the same line.
_GAP = r"(?:[^\w\n\ufffc]{1,3}+[^\W\d_]{1,14}+){0,3}[^\w\n\ufffc]{0,4}"
#: What makes a number a quantity.
_UNIT = re.compile(
    r" ?(?:dh|dhs|mad|dirhams?|درهم|دراهم|درهما|euros?|€|\$|%|km|kg|m2|ha|habitants|نسمه)(?!\w)",
    re.IGNORECASE,
)
_FIVE_DIGITS = re.compile(r"\d(?:[ .\-/()]{0,2}\d){4}")
_DATE = re.compile(r"\d{1,2}([/.\- ])\d{1,2}\1(?:19|20)\d\d(?!\d)")
_BEFORE = r"(?<![A-Za-z0-9+])(?<!\d[.,/\-])"
_MOROCCAN = re.compile(
    _BEFORE + r"(?:(?:\+|00)? ?212[ .\-/]{0,2}(?:\(0\)[ .\-]?|0)?|0)[5-8]"
    r"(?:[ .\-/]{0,2}\d){8}(?![A-Za-z]?\d)(?![.,/\-]\d)"
)
_ABROAD = re.compile(
    _BEFORE + r"(?<!\d )(?:\+|00 ?)[1-9]\d{0,2}(?:[ .\-]{0,2}(?:\(\d\))?\d){7,12}(?![A-Za-z0-9])"
)
_TELEPHONE_CUE = re.compile(
    r"(?<!\w)(?:tel|telephone|teléphone|gsm|portable|mobile|whatsapp|whats app|watsapp|wtsp|nmrti|"
    r"nemrti|nmirti|numerotelephone|(?:ال|و|وال)?(?:هاتف|هاتفي|واتساب|تليفون|تيليفون|تلفون|جوال)|"
    r"نمرتي|نمره تيليفون|رقمي|اتصلوا بي)(?!\w)"
    + _GAP
    + r"(\+?\d(?:[ .\-]{0,2}\d){8,12})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_IDENTITY = re.compile(r"(?<![\w/.\-])[A-Z]{1,2}\d{5,6}(?![\w/\-]|[.,]\d)")
_IDENTITY_CUE = re.compile(
    r"(?<!\w)(?:cin|cine|cnie|c\.i\.n|carte nationale|carte d'identite|lacarte|la carte|"
    r"(?:ال|و|ل)?(?:بطاقه الوطنيه|بطاقه التعريف)|بطاقتي|رقم البطاقه|لاكارط)(?!\w)"
    + _GAP + r"(?<![A-Za-z])([A-Za-z]{1,2} ?-?\d{4,7})(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_REFERENCE = re.compile(
    r"(?:article|loi|decret|dossier|marche|ref|reference|facture|code|arrete|projet|lot|route|"
    r"patente|ice|rc|formulaire|ملف|قانون|مرسوم|مرجع|صفقه)\W{0,4}(?:n\W{0,3}|numero |رقم )?$",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    r"(?<!\w)(?:passeport|passport|(?:ال|و)?جواز ?(?:ال)?سفري?|باسبور|paspor)(?!\w)"
    + _GAP + r"(?<![A-Za-z])([A-Za-z]{1,2} ?\d{6,8})(?!\w)",
    re.IGNORECASE,
)  # fmt: skip
_SOCIAL = re.compile(
    r"(?<!\w)(?:cnss|cnops|amo|ramed|rsu|rnp|idcs|immatriculation|affiliation|securite sociale|"
    r"(?:ال)?راميد|الضمان الاجتماعي|التسجيل|الانخراط|السجل الاجتماعي(?: الموحد)?|"
    r"التغطيه الصحيه)(?!\w)"
    + _GAP + r"(?<!\d)(?<!\d[ .,])(\d{7,13}|[12](?: ?\d\d){3}(?: ?\d{3}){2} ?\d\d)(?![\d/]|[.,]\d)",
    re.IGNORECASE,
)  # fmt: skip
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])(?:\d[ .\-]?){23}\d(?!\d)")
_ACCOUNT_CUE = re.compile(
    r"(?<!\w)(?:rib|r\.i\.b|compte|bancaire|banque|(?:ال|و)?حسابي?|البنكي|البنك)(?!\w)"
    r"[^\d\n\ufffc]{0,30}$", re.IGNORECASE
)  # fmt: skip
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d\d(?: ?[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_LENGTHS: Final = {
    "MA": 28, "FR": 27, "ES": 24, "BE": 16, "DE": 22, "IT": 27, "NL": 18, "GB": 22, "CH": 21,
    "PT": 25, "TN": 24, "AE": 23, "SA": 24, "MR": 27, "QA": 29, "SE": 24, "LU": 20,
}  # fmt: skip
_CARD = re.compile(
    r"(?<![A-Za-z0-9])(?:[2-6]\d{3}(?:[ \-]?\d{4}){3}(?:\d{0,3})|"
    r"3[47]\d\d[ \-]?\d{6}[ \-]?\d{5})(?!\d)"
)
_MONTHS = (
    "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|"
    "يناير|فبراير|مارس|ابريل|ماي|مايو|يونيو|يوليوز|غشت|شتنبر|اكتوبر|نونبر|دجنبر"
)
_ANY_DATE = re.compile(rf"\d ?[/.\-] ?\d{{1,2}} ?[/.\-] ?\d|\d(?:er)? (?:{_MONTHS}),? \d{{4}}")
_BIRTH = re.compile(
    r"(?<!\w)(?:nee?|ne\(e\)|naissance|naissances|ddn|(?:ال|و)?مزداده?|(?:ال)?ازدياد|ازديادي|"
    r"(?:ال)?ميلاد|ميلادي|ولدت|ولد|مواليد|تزاديت|تزاد|تزادت|tzadit|tzad|tzadet)(?!\w)" + _GAP +
    r"(?<!\d)(\d{1,2} ?[/.\-] ?\d{1,2} ?[/.\-] ?(?:\d{4}|\d\d)|\d{4}[/\-]\d{1,2}[/\-]\d{1,2}|"
    rf"\d{{1,2}}(?:er)? (?:{_MONTHS}),? \d{{4}})(?!\d)",
    re.IGNORECASE,
)  # fmt: skip


def passes_luhn(digits: str) -> bool:
    """Whether digits satisfy the formula of Luhn."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(doubled) + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0


def is_account(digits: str) -> bool:
    """Whether 24 digits are a Moroccan account number with a right key."""
    return len(digits) == 24 and int(digits) > 0 and int(digits) % 97 == 0


def is_iban(characters: str) -> bool:
    """Whether letters and digits without spaces are an IBAN with right check digits."""
    turned = characters[4:] + characters[:4]
    return int("".join(str(int(char, 36)) for char in turned)) % 97 == 1


def _digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(char for char in text if char.isdigit())


def _is_quantity(text: str, end: int) -> bool:
    """Whether a unit follows."""
    return bool(_UNIT.match(text, end))


def _telephones(text: str) -> Iterator[Hit]:
    """Yield telephone numbers, those of amounts and dates left out."""
    for pattern, certainty in ((_MOROCCAN, 0.98), (_ABROAD, 0.9)):
        for match in pattern.finditer(text):
            if _DATE.match(match.group()) or _is_quantity(text, match.end()):
                continue
            yield Hit(Kind.TELEPHONE, match.start(), match.end(), certainty)
    for match in _TELEPHONE_CUE.finditer(text):
        if not (_DATE.match(match.group(1)) or _is_quantity(text, match.end())):
            yield Hit(Kind.TELEPHONE, *match.span(1), 0.85)


def _papers(text: str) -> Iterator[Hit]:
    """Yield numbers of identity cards, passports and social insurance."""
    for match in _IDENTITY.finditer(text):
        before = text[max(0, match.start() - 24) : match.start()]
        if not _REFERENCE.search(before) and not _is_quantity(text, match.end()):
            yield Hit(Kind.IDENTITY, *match.span(), 0.8)
    for pattern, kind in ((_PASSPORT, Kind.PASSPORT), (_IDENTITY_CUE, Kind.IDENTITY)):
        for match in pattern.finditer(text):
            yield Hit(kind, *match.span(1), 0.95)
    for match in _SOCIAL.finditer(text):
        if not _is_quantity(text, match.end()):
            yield Hit(Kind.SOCIAL, *match.span(1), 0.85)


def _accounts(text: str) -> Iterator[Hit]:
    """Yield account and card numbers whose check digits are right, or that a cue announces."""
    for match in _ACCOUNT.finditer(text):
        if is_account(_digits(match.group())):
            yield Hit(Kind.BANK, *match.span(), 1.0)
        elif _ACCOUNT_CUE.search(text[max(0, match.start() - 60) : match.start()]):
            yield Hit(Kind.BANK, *match.span(), 0.7)
    for match in _CARD.finditer(text):
        if passes_luhn(_digits(match.group())):
            yield Hit(Kind.CARD, *match.span(), 0.95)


def _international(text: str) -> Iterator[Hit]:
    """Yield international account numbers; those of one country have one length."""
    for match in _IBAN.finditer(text):
        length = _IBAN_LENGTHS.get(match.group()[:2].upper(), 0)
        places = [at for at, char in enumerate(match.group()) if char != " "]
        if not length or len(places) < length:
            continue
        end = match.start() + places[length - 1] + 1
        is_whole = not text[end : end + 1].isalnum()
        if is_whole and is_iban(text[match.start() : end].replace(" ", "")):
            yield Hit(Kind.BANK, match.start(), end, 1.0)


def find_numbers(text: str) -> Iterator[Hit]:
    """Yield the numbers of a view that lead to a person; some may overlap."""
    if _FIVE_DIGITS.search(text):
        yield from _telephones(text)
        yield from _papers(text)
        yield from _accounts(text)
        yield from _international(text)
    if _ANY_DATE.search(text):
        for match in _BIRTH.finditer(text):
            yield Hit(Kind.BIRTH, *match.span(1), 0.95)
