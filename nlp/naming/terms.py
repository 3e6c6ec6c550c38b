"""The terms of passages as people write them, and which of them mark a theme."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import log
from typing import NamedTuple

from nlp.lexicon import Lexicon
from nlp.text.normalise import INVISIBLE, Word, is_arabic, listed, words

#: Words that may stand inside a French noun phrase.
_LINKS = listed(
    """
    de des du d la le les l a au aux en et pour sans sur
    """
)
_DROPPED = dict.fromkeys(range(0x64B, 0x653)) | {0x640: None, 0x670: None}
_DROPPED |= {ord(mark): None for mark in "\u00ad\u061c\u200b\u200e\u200f\ufeff"}
_CLITICS = ("وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
#: Parts of speech of the French list that a name may hold.
_NOMINAL = frozenset("na")
#: French word endings of conjugated verbs, which no word list gives.
_VERB_ENDINGS = ("ons", "ez", "aient", "ait", "eront", "erait", "irait", "issent", "erons", "ent")

#: Words of number and time, which name nothing.
_MEASURES = listed(
    """
    zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze
    seize vingt trente quarante cinquante soixante septante quatre-vingt cent cents mille
    million millions milliard dizaine dizaines vingtaine trentaine centaine centaines millier
    milliers moitié tiers demi demie premier première deuxième second seconde troisième fois
    jour jours journée semaine semaines mois an ans année années heure heures minute minutes
    matin midi soir nuit hier demain lundi mardi mercredi jeudi vendredi samedi dimanche janvier
    février mars avril mai juin juillet août septembre octobre novembre décembre kilomètre
    kilomètres km dirham dirhams euro euros centime centimes chose choses cas gens monde côté
    fait façon manière problème bonne bon plupart reste واحد واحدة اثنان اثنين ثلاث ثلاثة أربع
    أربعة خمس خمسة ست ستة سبع سبعة ثمان ثماني ثمانية تسع تسعة عشر عشرة عشرون عشرين ثلاثون ثلاثين
    أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئة مائة مئات ألف
    آلاف ألفا مليون ملايين جوج تلاتة ربعة خمسطاش عشرين نص نصف ربع ثلث ثلثا الأول الأولى الثاني
    الثانية الثالث الثالثة مرة مرات مرا المرة يوم اليوم يوما يومين أيام أسبوع أسابيع الأسبوع شهر
    الشهر شهرا شهرين أشهر شهور سنة السنة سنوات سنين عام العام عاما عامين أعوام ساعة ساعات الساعة
    ساعتين دقيقة دقائق صباح الصباح مساء ليل ليلة الليل نهار النهار غدا أمس السنوي الشهري درهم
    درهما دراهم الدراهم ريال كيلومتر كيلومترا كيلو الله شيء شي حاجة الحاجة الناس الباقي كثير
    كثيرا
    """
)

LATIN, ARABIC = "fr", "ar"


class Term(NamedTuple):
    """A term of a passage: what it is counted as, and how it is written there."""

    key: str
    surface: str
    n_words: int
    script: str


def tidy(surface: str) -> str:
    """Return a term as written, without vowel signs, invisible marks and outer capitals."""
    surface = unicodedata.normalize("NFC", surface).translate(_DROPPED)
    surface = " ".join("".join(c for c in surface if c not in INVISIBLE).split())
    is_acronym = surface.isupper() and len(surface) <= 6
    return surface if is_acronym else surface.lower()


def is_nominal(word: Word, lexicon: Lexicon) -> bool:
    """Whether a word may carry a name: a noun or an adjective, as far as lists and endings tell."""
    if lexicon.is_stop(word) or len(word.form) < 3 or any(c.isdigit() for c in word.form):
        return False
    if word.form in _MEASURES:
        return False
    if is_arabic(word.form):
        # Present-tense verbs: the lists hold nouns and adjectives that start so as well.
        return not (
            word.form[0] in "ينت" and len(word.form) in (4, 5, 6) and not _is_listed(word, lexicon)
        )
    kinds = "".join(lexicon.french_kinds.get(form, "") for form in _base_forms(word.form))
    if kinds:
        return bool(_NOMINAL & set(kinds))
    return word.stem not in lexicon.french_verb_stems and not word.form.endswith(_VERB_ENDINGS)


def _base_forms(form: str) -> list[str]:
    """Return the forms a French noun or adjective may be listed under: singular, masculine."""
    forms = [form]
    if form.endswith(("s", "x")):
        forms.append(form[:-1])
    if form.endswith("aux"):
        forms.append(form[:-3] + "al")
    if form.endswith(("ees", "ee", "ales", "ale", "elles", "elle", "eres", "ere", "ives", "ive")):
        forms += [form.rstrip("s")[:-1], form.rstrip("s")[:-2], form.rstrip("s")[:-2] + "f"]
    return forms


def _is_listed(word: Word, lexicon: Lexicon) -> bool:
    """Whether a dictionary lists an Arabic word."""
    return bool(lexicon.senses.of(word))


def _script(word: Word) -> str:
    """Return the script of a word."""
    return ARABIC if is_arabic(word.form) else LATIN


def _has_break(gap: str) -> bool:
    """Whether more than a space, an apostrophe or a hyphen stands between two words."""
    return bool(gap.strip(" '’ʼ-\u00a0\u202f" + INVISIBLE.replace("-", "")))


def passage_terms(text: str, lexicon: Lexicon) -> Iterator[Term]:
    """Yield the words and the noun phrases of two to four words of a passage."""
    found = words(text)
    nominal = [is_nominal(word, lexicon) for word in found]
    for at, word in enumerate(found):
        if not nominal[at]:
            continue
        yield Term(word.stem, tidy(text[word.start : word.end]), 1, _script(word))
        yield from _phrases_from(text, found, nominal, at)


def _phrases_from(text: str, found: Sequence[Word], nominal: list[bool], at: int) -> Iterator[Term]:
    """Yield the phrases that start at a noun: nouns joined directly or by links."""
    stems = [found[at].stem]
    script = _script(found[at])
    for last in range(at + 1, min(at + 5, len(found))):
        gap = text[found[last - 1].end : found[last].start]
        if _has_break(gap) or _script(found[last]) != script:
            return
        if nominal[last]:
            stems.append(found[last].stem)
            surface = tidy(text[found[at].start : found[last].end])
            yield Term(" ".join(stems), surface, len(stems), script)
            if len(stems) == 3:
                return
        elif script == ARABIC or found[last].form not in _LINKS:
            return


class TermTable:
    """Counts, for each term, the passages that hold it in each theme, and its spellings."""

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[int],
        lexicon: Lexicon,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Count the terms of passages, each once a passage."""
        self.lexicon = lexicon
        self.holders: dict[str, Counter[int]] = defaultdict(Counter)
        self.surfaces: dict[str, Counter[str]] = defaultdict(Counter)
        self.kinds: dict[str, tuple[int, str]] = {}
        self.sizes: dict[str, Counter[int]] = {LATIN: Counter(), ARABIC: Counter()}
        for number, (text, label) in enumerate(zip(texts, labels, strict=True)):
            if number % 200 == 0:
                progress(number / len(texts))
            terms = list(passage_terms(text, lexicon))
            for script in {term.script for term in terms}:
                self.sizes[script][label] += 1
            for key in {term.key for term in terms}:
                self.holders[key][label] += 1
            for term in terms:
                self.surfaces[term.key][term.surface] += 1
                self.kinds[term.key] = (term.n_words, term.script)
        self.of_theme: dict[int, list[str]] = defaultdict(list)
        for key, holders in self.holders.items():
            for theme in holders:
                self.of_theme[theme].append(key)

    def surface(self, key: str) -> str:
        """Return the most frequent spelling of a term, without joined particles if possible."""
        return min(
            self.surfaces[key].items(), key=lambda item: (_is_joined(item[0]), -item[1], item[0])
        )[0]

    def may_stand_alone(self, key: str) -> bool:
        """Whether a term says something by itself: a phrase, or a word not only an adjective."""
        n_words, script = self.kinds[key]
        if n_words > 1 or script == ARABIC:
            return True
        kinds = "".join(
            self.lexicon.french_kinds.get(form, "")
            for word in words(self.surface(key))
            for form in _base_forms(word.form)
        )
        return not kinds or "n" in kinds

    def score(self, key: str, theme: int) -> float:
        """Return how much a term marks a theme: its passages there times the log of its lift."""
        holders = self.holders[key]
        _, script = self.kinds[key]
        inside, size = holders[theme], self.sizes[script][theme]
        n_holders, total = holders.total(), self.sizes[script].total()
        if not inside:
            return 0.0
        expected = (n_holders + 1) * (size + 1) / (total + 1)
        lift = log((inside + 0.5) / (expected + 0.5))
        return inside * lift

    def ranked(self, theme: int, script: str, *, least: int = 2) -> list[str]:
        """Return the keys of a theme's terms of one script, the most telling first."""
        scored = [
            (self.score(key, theme), key)
            for key in self.of_theme[theme]
            if self.kinds[key][1] == script and self.holders[key][theme] >= least
        ]
        return [
            key for score, key in sorted(scored, key=lambda item: (-item[0], item[1])) if score > 0
        ]


def _is_joined(surface: str) -> bool:
    """Whether an Arabic spelling starts with a particle joined to the article, or with wa-."""
    return surface.startswith(_CLITICS) or (surface.startswith("و") and len(surface) > 5)


def distinct(surfaces: Iterable[tuple[str, str]], most: int) -> list[str]:
    """Return the first ``most`` surfaces whose words are not all in one already taken."""
    kept: list[str] = []
    taken: list[set[str]] = []
    for key, surface in surfaces:
        stems = set(key.split())
        if any(stems <= other or other <= stems for other in taken):
            continue
        kept.append(surface)
        taken.append(stems)
        if len(kept) == most:
            break
    return kept
