"""What in a sentence says a quantity, in French and in Arabic, and what only looks like it.

Everything works on a shadow of the text: of the same length, with Arabic-Indic figures as 0-9, and
with :data:`BLANK` over what has figures and counts nothing (years, dates, laws, "axe 1", titles).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

#: Stands over what is not looked at, and over ``[[claim]]``; neither is in any text people type.
BLANK, MARK = "\ue001", "\ue000"

TOKEN = re.compile(r"\[\[([\w.\-]+)(?::(\w+))?\]\]")
_EASTERN = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٪٫", "01234567890123456789%,")
_SPACE = "[ \u00a0\u202f]"
_LETTER = r"[^\W\d_]"

# French

_FR_NOUN = (
    r"(?:contribut(?:eurs?|rices?|ions?)|participant(?:e?s)?|personnes?|répondant(?:e?s)?|réponses?"
    r"|citoyen(?:ne)?s?|habitant(?:e?s)?|passages?|propositions?|thèmes?|régions?|provinces?"
    r"|associations?|coopératives?|organisations?|communes?|voix|femmes?|hommes?|jeunes|élu(?:e?s)?"
    r"|signataires?|citations?|langues?|acteurs?|familles?|usagers?|experts?)"
)
_FR_CARDINAL = (
    r"(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt"
    r"|trente|quarante|cinquante|soixante|cent|cents|mille)(?:[- ](?:et[- ])?(?:un|une|deux|trois|"
    r"quatre|cinq|six|sept|huit|neuf|dix|onze|douze|vingts?|cents?|mille))*"
)
_FR = (
    rf"(?:un|une|{_FR_CARDINAL})\s+(?:\w+\s+){{0,2}}sur\s+(?:{_FR_CARDINAL})",
    rf"{_FR_CARDINAL}\s+(?:autres\s+|seule?s\s+)?{_FR_NOUN}",
    rf"(?:un\s+seul|une\s+seule)\s+{_FR_NOUN}",
    r"(?:la\s+|une\s+|large\s+|grande\s+|forte\s+|courte\s+)?majorité(?:\s+absolue)?",
    r"majoritaire(?:s|ment)?",
    r"(?:la\s+|une\s+)?(?:petite\s+|faible\s+)?minorité|minoritaires?",
    r"la\s+plupart|le\s+plus\s+grand\s+nombre|la\s+quasi[- ]totalité|la\s+totalité",
    r"(?:la\s+|une\s+|près\s+de\s+la\s+|plus\s+de\s+la\s+)?moitié",
    r"(?:le|un|les\s+deux|deux)\s+tiers(?!\s+(?:de\s+confiance|payant|lieux?|secteur))",
    r"(?:le|un|les\s+trois|trois)\s+quarts?(?!\s+(?:d[’']heure|temps))",
    (
        r"(?:le|un|deux|trois|quatre|neuf)\s+(?:cinquièmes?|sixièmes?|huitièmes?|dixièmes?)"
        r"(?!\s+(?:axe|objectif|chapitre|session|édition|année|article))"
    ),
    r"(?:presque\s+|quasiment\s+)?(?:tous|toutes)\s+(?:les\s+|ces\s+)?" + _FR_NOUN,
    r"(?:presque\s+tous|presque\s+toutes|l[’']ensemble\s+des\s+" + _FR_NOUN + ")",
    rf"(?:chaque|aucune?)\s+{_FR_NOUN}|personne\s+n[e’']",
    r"unanim(?:e|es|ité|ement)",
    (
        r"(?:une|des|quelques|plusieurs)\s+(?:dizaines?|douzaines?|quinzaine|vingtaine|trentaine"
        r"|cinquantaine|centaines?|milliers?)"
    ),
    r"(?:deux|trois|quatre|cinq|dix)\s+fois\s+(?:plus|moins)|doubl[ée]\w*|tripl[ée]\w*",
    rf"(?:{_FR_CARDINAL})\s+pour\s+(?:cent|mille)",
)

# Arabic: articles and joined particles may stand before a word.

_AR_JOINED = "(?:و|ف)?(?:ب|ل|ك)?"
_AR_NOUN = (
    r"(?:ال)?(?:مساهم(?:ين|ون|ات|ة|ا)?|مشارك(?:ين|ون|ات|ة|ا)?|مجيب(?:ين|ون|ات|ا)?|شخصا?|أشخاص"
    r"|مواطن(?:ين|ون|ات|ة|ا)?|ساكنة|سكان|مقاطع|مقطعا?|مساهم(?:ات|ة)|جواب(?:ا)?|أجوبة|إجابات|إجابة"
    r"|مواضيع|موضوعا?|جهات|جهة|أقاليم|إقليما?|جمعيات|جمعية|تعاونيات|تعاونية|هيئات|هيئة|جماعات|جماعة"
    r"|أصوات|صوتا?|نساء|امرأة|رجال|رجلا?|شباب|شبان|منتخب(?:ين|ون|ات|ا)?|اقتراحات|اقتراحا?|مقترحات"
    r"|لغات|لغة|أسر|أسرة|خبراء|خبيرا?)"
)
_AR_CARDINAL = (
    "(?:ثلاث|أربع|خمس|ست|سبع|ثمان|ثماني|تسع|عشر)(?:ة)?(?: ?عشر(?:ة)?)?|(?:عشرون|عشرين|ثلاثون|ثلاثين"
    "|أربعون|أربعين|خمسون|خمسين|ستون|ستين|سبعون|سبعين|ثمانون|ثمانين|تسعون|تسعين|مائة|مئة|مائتا|مائتين"
    "|ألف|ألفا|ألفين)"
)
_AR = (
    rf"{_AR_JOINED}(?:ال)?(?:أغلب(?:ية|هم|هن|ها)?|غالبية|معظم(?:هم|هن|ها)?|أكثرية)",
    rf"{_AR_JOINED}(?:ال)?أقلية",
    rf"{_AR_JOINED}جل(?=\s+ال)|{_AR_JOINED}سائر(?=\s+ال)",
    rf"{_AR_JOINED}(?:ال)?نصف(?:هم|هن|ها)?(?!\s+(?:قرن|سنة|سنوية|شهر|يوم|ساعة|نهائي))",
    rf"{_AR_JOINED}(?:ال)?(?:ثلث|ثلثا|ثلثي|ثلثان|ثلثين|ربع|ثلاثة أرباع|خمسا|خمسي|عشر(?= ال))",
    rf"{_AR_JOINED}(?:كل|جميع|كافة)\s+{_AR_NOUN}(?=\W|$)",
    rf"(?:لا أحد|(?:لم|لا|ولم|ولا)\s+\w+\s+(?:أي|أية)\s+{_AR_NOUN}|أي أحد)",
    (
        rf"{_AR_NOUN}(?:\s+واحد(?:ة)?)?\s+(?:على الأقل\s+)?من\s+(?:كل|أصل|بين)\s+"
        rf"(?:{_AR_CARDINAL}|اثنين)"
    ),
    rf"{_AR_JOINED}(?:{_AR_CARDINAL})(?:\s+و(?:{_AR_CARDINAL}))*\s+{_AR_NOUN}(?=\W|$)",
    r"(?:مساهم|مشارك|شخص|مواطن|مقطع|موضوع|صوت|اقتراح)(?:ان|ين اثنين)(?=\W|$)",
    r"(?:جهتان|جمعيتان|هيئتان)",
    r"بالإجماع|إجماع(?=\W|$)|(?:ال)?إجماع",
    r"(?:عشرات|مئات|آلاف)(?=\s)",
    r"(?:ضعف|أضعاف|مضاعف)(?=\W|$)",
    rf"(?:{_AR_CARDINAL})\s+(?:بالمائة|بالمئة|في المائة|في المئة)",
)
QUANTITIES = {
    "fr": re.compile(rf"(?<!{_LETTER})(?:" + "|".join(_FR) + rf")(?!{_LETTER})", re.IGNORECASE),
    "ar": re.compile(rf"(?<!{_LETTER})(?:" + "|".join(_AR) + rf")(?!{_LETTER})"),
}

# Figures

_PERCENT = rf"(?:%|pour{_SPACE}cent|بالمائة|بالمئة|في{_SPACE}المائة|في{_SPACE}المئة)"
_NUMBER = re.compile(
    rf"(?<![\w.,\-])\d+(?:{_SPACE}\d{{3}}(?!\d))*(?:[.,]\d+)?(?:{_SPACE}*{_PERCENT})?",
    re.IGNORECASE,
)
_MONTHS = (
    "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
    "|يناير|فبراير|مارس|أبريل|ماي|مايو|يونيو|يونيه|يوليوز|يوليو|غشت|أغسطس|شتنبر|سبتمبر|أكتوبر"
    "|نونبر|نوفمبر|دجنبر|ديسمبر"
)
_ONE = r"\d+(?:[.\-–/]\d+)*"
_SEVERAL = rf"{_ONE}(?:(?:\s*[,،]\s*|\s+et\s+|\s+à\s+|\s+و\s*|\s+إلى\s+){_ONE})*"
#: Words behind which a number is a name.
_NAMED = (
    r"(?:lois?|dahirs?|décrets?|décisions?|circulaires?|arrêtés?|conventions?|articles?|art\.|alinéas?"
    r"|axes?|objectifs?|mesures?|actions?|annexes?|chapitres?|sections?|parties?|questions?|phases?"
    r"|étapes?|versions?|pages?|p\.|tableaux?|figures?|cartes?|graphiques?|ODD|points?|titres?"
    r"|lots?|programmes?|covid|numéros?|zones?|routes?|niveaux?|cycles?)"
    r"(?:\s+(?:organique|cadre|royal|nationale?|spécifiques?|stratégiques?))?"
    rf"(?:[\s\-]*n{_SPACE}?[°ºo]\.?)?[\s\-]*"
)
_AR_NAMED = (
    r"(?:ال)?(?:قانون|قوانين|ظهير|مرسوم|قرار|دورية|اتفاقية|مادة|مواد|فصل|فصول|محور|محاور|محوران|هدف"
    r"|أهداف|تدبير|إجراء|ملحق|باب|قسم|جزء|سؤال|مرحلة|نسخة|صفحة|جدول|شكل|خريطة|بند|كوفيد|برنامج|رقم"
    r"|منطقة|مستوى|نقطة|محورين|المحورين)"
    r"(?:\s+(?:ال)?(?:تنظيمي|إطار|شريف|ملكي|وطنية?|استراتيجية?))?(?:\s+رقم)?[\s\-:]*"
)
_NAMES = re.compile(
    "|".join(
        (
            rf"\b{_NAMED}{_SEVERAL}",
            rf"(?<!{_LETTER})[وفبلك]?{_AR_NAMED}{_SEVERAL}",
            rf"n{_SPACE}?°\s*{_SEVERAL}",
            rf"(?<!\d)\d{{1,2}}(?:er)?{_SPACE}+(?:{_MONTHS})(?:{_SPACE}+\d{{4}})?",
            r"(?<!\d)\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})(?!\d)",
            r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)",
            rf"(?<!\d)\d{{1,2}}{_SPACE}?(?:h|:)(?:{_SPACE}?\d{{2}})?(?!\w)",
            r"(?<![\w.,])\d+(?:er|ère|ere|re|e|ème|eme|nd|nde)s?\b",
            rf"(?<!{_LETTER}){_LETTER}+[\-–]?\d+\w*",
        )
    ),
    re.IGNORECASE,
)
_YEAR = re.compile(
    rf"(?<![\d.,])(?<!\d{_SPACE})(?:19|20)\d\d(?:\s*[-–/]\s*(?:19|20)?\d\d)?(?![\d.,]\d|\d)"
    rf"(?!{_SPACE}*{_PERCENT})(?!\s+(?:{_FR_NOUN}|{_AR_NOUN})(?!{_LETTER}))",
    re.IGNORECASE,
)


class Found(NamedTuple):
    """A number as it is written: its value, how many decimals it has, and whether of a hundred."""

    text: str
    value: Decimal
    decimals: int
    is_percent: bool

    def says(self, other: Found) -> bool:
        """Tell whether this is another number, or that number rounded."""
        if self.is_percent != other.is_percent or self.decimals > other.decimals:
            return False
        step = Decimal(1).scaleb(-self.decimals)
        return other.value.quantize(step, ROUND_HALF_UP) == self.value


def shadow(text: str, names: Iterable[str] = ()) -> str:
    """Return a text of the same length with what counts nothing blotted out.

    :param names: titles whose figures and words are names.
    """
    found = TOKEN.sub(lambda match: MARK * len(match.group()), text.translate(_EASTERN))
    for name in sorted({name.translate(_EASTERN) for name in names}, key=len, reverse=True):
        if len(name) > 2:
            found = found.replace(name, BLANK * len(name))
    for pattern in (_NAMES, _YEAR):
        found = pattern.sub(lambda match: BLANK * len(match.group()), found)
    return found


def numbers(plain: str) -> Iterator[Found]:
    """Yield the numbers of a shadow, or of any text with figures 0-9."""
    for match in _NUMBER.finditer(plain):
        digits = re.match(rf"\d+(?:{_SPACE}\d{{3}}(?!\d))*(?:[.,]\d+)?", match.group())
        whole = re.sub(_SPACE, "", digits.group() if digits else "").replace(",", ".")
        yield Found(
            match.group().strip(),
            Decimal(whole),
            len(whole.partition(".")[2]),
            bool(re.search(_PERCENT, match.group(), re.IGNORECASE)),
        )


def quantities(plain: str, lang: str) -> Iterator[str]:
    """Yield the words of quantity of a shadow."""
    for match in QUANTITIES[lang].finditer(plain):
        yield match.group().strip()
