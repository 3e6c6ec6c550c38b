"""The shadow of a text: of the same length, with what counts nothing blotted out.

Arabic-Indic figures stand in it as 0-9, and :data:`BLANK` over what has figures and counts nothing:
years, dates, ages, laws, "axe 1", streets, the names of plans and themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Stands over what is not looked at, and over ``[[claim]]``; neither is in any text people type.
BLANK, MARK = "\ue001", "\ue000"

TOKEN = re.compile(r"\[\[([\w.\-]+)(?::(\w+))?\]\]")
SPACE = "[ \u00a0\u202f]"
LETTER = r"[^\W\d_]"
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫", "01234567890123456789%,")

#: "60 p. 100" is a percentage, not a page.
_PER_HUNDRED = re.compile(rf"(?<=\d)({SPACE}*)(p\.?{SPACE}?100|p\.?{SPACE}?c(?:ent)?\.)(?!\w)")

PERCENT = (
    rf"(?:%|pour[ \-\u00a0\u202f]?cent|[بف](?:ال)?(?:مائة|مئة|ماية|مية)"
    rf"|في?{SPACE}(?:ال)?(?:مائة|مئة|ماية|مية))"
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|يناير|فبراير|مارس|أبريل|ابريل|ماي|مايو|يونيو|يونيه|يوليوز|يوليو|غشت|أغسطس|شتنبر|سبتمبر"
    "|أكتوبر|نونبر|نوفمبر|دجنبر|ديسمبر"
)
_ONE = r"\d+(?:[.\-–/]\d+)*"
_SEVERAL = rf"{_ONE}(?:(?:\s*[,،]\s*|\s+et\s+|\s+à\s+|\s+و\s*|\s+إلى\s+){_ONE})*"
#: Words behind which a number is a name.
_NAMED = (
    r"(?:lois?|dahirs?|décrets?|décisions?|circulaires?|arrêtés?|conventions?|articles?|art\.|alinéas?"
    r"|axes?|objectifs?|mesures?|actions?|annexes?|chapitres?|sections?|parties?|questions?|phases?"
    r"|étapes?|versions?|pages?|p\.|tableaux?|figures?|cartes?|graphiques?|ODD|points?|titres?"
    r"|lots?|programmes?|covid|numéros?|zones?|routes?|niveaux?|cycles?|RN|RR|RP|rues?|avenues?"
    r"|boulevards?|bus|lignes?|salles?|bureaux?|formulaires?|modèles?|normes?(?:\s+ISO)?|ISO|bac\s?\+"
    r"|indicateurs?|recommandations?|résolutions?|groupes?\s+de\s+travail|ateliers?)"
    r"(?:\s+(?:organique|cadre|royal|nationale?|régionale?|spécifiques?|stratégiques?|vert|unique))?"
    rf"(?:[\s\-]*n{SPACE}?[°ºo]\.?)?[\s\-]*"
)
_AR_NAMED = (
    r"(?:ال)?(?:قانون|قوانين|ظهير|مرسوم|قرار|دورية|اتفاقية|مادة|مواد|فصل|فصول|محور|محاور|محوران|هدف"
    r"|أهداف|تدبير|إجراء|ملحق|باب|قسم|جزء|سؤال|مرحلة|نسخة|صفحة|جدول|شكل|خريطة|بند|كوفيد|برنامج|رقم"
    r"|منطقة|مستوى|نقطة|محورين|مؤشر|توصية|زنقة|شارع|خط|حافلة|قاعة|استمارة|طريق|ورشة|معيار|نموذج)"
    r"(?:\s+(?:ال)?(?:تنظيمي|إطار|شريف|ملكي|وطنية?|جهوية?|استراتيجية?|أخضر|تنمية\s+المستدامة))?"
    r"(?:\s+رقم)?[\s\-:]*"
)
_AGE = rf"\d{{1,2}}(?:{SPACE}*(?:-|–|à|et|ou|إلى|الى|و){SPACE}*\d{{1,2}})?"
_BLOTTED = (
    rf"\b{_NAMED}{_SEVERAL}",
    rf"(?<!{LETTER})[وفبلك]?{_AR_NAMED}{_SEVERAL}",
    rf"n{SPACE}?°\s*{_SEVERAL}",
    rf"(?<!\d)\d{{1,2}}(?:er)?{SPACE}+(?:{_MONTHS})(?:{SPACE}+\d{{4}})?",
    r"(?<!\d)\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})(?!\d)",
    r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)",
    rf"(?<!\d)\d{{1,2}}{SPACE}?(?:h|:)(?:{SPACE}?\d{{2}})?(?!\w)",
    rf"(?<!{LETTER})(?:à|vers|dès|avant|après|de){SPACE}\d{{1,2}}{SPACE}heures?\b",
    rf"الساعة{SPACE}\d{{1,2}}",
    # Ages name a group of people; an average or a wait is behind no such word.
    (
        rf"(?<!{LETTER})(?:de|des|les|dès|à|entre|moins de|plus de|jusqu[’']à|âgé\w* de)"
        rf"{SPACE}{_AGE}{SPACE}ans\b"
    ),
    rf"(?<!{LETTER})(?:فوق|دون|تحت|من|بين|سن|عن|ذوي){SPACE}{_AGE}{SPACE}(?:سنة|عاما|سنوات)",
    # An ordinal in figures is the name of what it numbers, but for a rank.
    (
        r"(?<![\w.,])\d+(?:er|ère|ere|re|e|ème|eme|nd|nde)s?\b"
        rf"(?!{SPACE}(?:rang|place|position))(?<!class)"
    ),
    rf"(?<!{LETTER}){LETTER}+[\-–+]?\d+\w*",
    # What stands in quotation marks behind such a word is the name of something.
    (
        r"(?:plans?|programmes?|initiatives?|projets?|campagnes?|opérations?|stratégies?|labels?"
        r"|slogans?|thèmes?|concours|(?:ال)?(?:مبادرة|برنامج|مخطط|حملة|مشروع|عملية|شعار|استراتيجية))"
        r"\s*[«\"“][^»\"”]{1,80}[»\"”]"
    ),
    # What the country is made of is no finding, unless these regions are said to say something.
    (
        rf"(?:12|75|douze|soixante-quinze){SPACE}(?:régions|provinces(?: et préfectures)?){SPACE}"
        r"(?:du|de notre)\s(?:royaume|maroc|pays)"
        r"(?!\s+(?:(?:ont|sont|se|en|y)\b|[sl][’']|demand|réclam|soulign|cit|évoqu|parl|partag))"
    ),
    rf"جهات{SPACE}(?:المملكة|المغرب|البلاد){SPACE}(?:الاثنت\w+{SPACE}عشرة|12)",
    rf"années?{SPACE}(?:vingt|trente|quarante|cinquante|soixante|quatre-vingts?)(?:-\w+)*",
)
_NAMES = re.compile("|".join(_BLOTTED), re.IGNORECASE)
#: What a year is not: people and what they say are counted.
_COUNTED = (
    r"(?:contribut|participant|personnes?|répond|réponses?|citoyen|habitant|passages?|propositions?"
    r"|avis|voix|femmes|hommes|jeunes|élus|messages?|(?:ال)?(?:مساهم|مشارك|مجيب|شخص|مواطن|ساكنة"
    r"|سكان|مقاطع|مقطع|جواب|إجاب|موضوع|جمعي|صوت|أصوات|نساء|امرأة|رجال|شباب|منتخب|اقتراح|مقترح|رأي))"
)
_YEAR = re.compile(
    rf"(?<![\d.,])(?<!\d{SPACE})(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?(?![\d.,]\d|\d)"
    rf"(?!{SPACE}*{PERCENT})(?!\s+{_COUNTED})",
    re.IGNORECASE,
)


def shadow(text: str, names: Iterable[str] = ()) -> str:
    """Return a text of the same length with what counts nothing blotted out.

    :param names: titles whose figures and words are names.
    """
    found = TOKEN.sub(lambda match: MARK * len(match.group()), text.translate(_EASTERN))
    for name in sorted({name.translate(_EASTERN) for name in names}, key=len, reverse=True):
        if len(name) > 2:
            found = found.replace(name, BLANK * len(name))
    found = _PER_HUNDRED.sub(lambda m: m[1] + "%" + " " * (len(m[2]) - 1), found)
    for pattern in (_NAMES, _YEAR):
        found = pattern.sub(lambda match: BLANK * len(match.group()), found)
    return found


_MARKS = frozenset("ـ" + "".join(map(chr, (*range(0x64B, 0x653), 0x670))))
_FOLDED = str.maketrans("أإآٱى’\u00a0\u202f", "ااااي'  ")


class Folded:
    """A shadow as words are looked for in it: without vowel signs, the forms of a letter alike."""

    def __init__(self, plain: str) -> None:
        self._plain = plain
        self._at = [i for i, char in enumerate(plain) if char not in _MARKS]
        folded = "".join(plain[i] for i in self._at).translate(_FOLDED)
        self.text = "".join(low if len(low := char.lower()) == 1 else char for char in folded)

    def written(self, match: re.Match[str]) -> str:
        """Return what was matched, as it is written."""
        start, end = match.span()
        return self._plain[self._at[start] : self._at[end - 1] + 1].strip() if end > start else ""
