"""The terms of passages as people write them, and which of them mark a theme."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from math import log
from typing import NamedTuple

from nlp.lexicon import Lexicon
from nlp.naming.sample import Sample
from nlp.text.normalise import INVISIBLE, Word, is_arabic, listed, words
from nlp.text.table import TextWords

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


@lru_cache(maxsize=100_000)
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


@lru_cache(maxsize=1_000)
def _has_break(gap: str) -> bool:
    """Whether more than a space, an apostrophe or a hyphen stands between two words."""
    return bool(gap.strip(" '’ʼ-\u00a0\u202f" + INVISIBLE.replace("-", "")))


class _Kinds:
    """What the words of a vocabulary are in a phrase, by number."""

    def __init__(self, table: TextWords, lexicon: Lexicon) -> None:
        """Look at each distinct word once."""
        words = table.vocabulary.words
        self.is_nominal = [is_nominal(word, lexicon) for word in words]
        self.is_link = [word.form in _LINKS for word in words]
        self.script = [_script(word) for word in words]
        self.stem = table.vocabulary.stems


def passage_terms(
    text: str, numbers: Sequence[int], bounds: Sequence[tuple[int, int]], kinds: _Kinds
) -> Iterator[Term]:
    """Yield the words and the noun phrases of two to four words of a passage.

    Parameters
    ----------
    text : str
    numbers : sequence of int
        Its words by their numbers in the vocabulary.
    bounds : sequence of (start, end)
        Where they stand.
    kinds : _Kinds
    """
    for at, number in enumerate(numbers):
        if kinds.is_nominal[number]:
            start, end = bounds[at]
            yield Term(kinds.stem[number], tidy(text[start:end]), 1, kinds.script[number])
            yield from _phrases_from(text, numbers, bounds, kinds, at)


def _phrases_from(
    text: str,
    numbers: Sequence[int],
    bounds: Sequence[tuple[int, int]],
    kinds: _Kinds,
    at: int,
) -> Iterator[Term]:
    """Yield the phrases that start at a noun: nouns joined directly or by links."""
    stems = [kinds.stem[numbers[at]]]
    script = kinds.script[numbers[at]]
    for last in range(at + 1, min(at + 5, len(numbers))):
        number = numbers[last]
        if kinds.script[number] != script or _has_break(
            text[bounds[last - 1][1] : bounds[last][0]]
        ):
            return
        if kinds.is_nominal[number]:
            stems.append(kinds.stem[number])
            surface = tidy(text[bounds[at][0] : bounds[last][1]])
            yield Term(" ".join(stems), surface, len(stems), script)
            if len(stems) == 3:
                return
        elif script == ARABIC or not kinds.is_link[number]:
            return


class TermTable:
    """Counts, for each term, the passages that hold it in each theme, and its spellings."""

    def __init__(
        self,
        sample: Sample,
        lexicon: Lexicon,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Count the terms of passages, each once a passage."""
        self.lexicon = lexicon
        self.sizes: dict[str, Counter[int]] = {LATIN: Counter(), ARABIC: Counter()}
        kinds = _Kinds(sample.table, lexicon)
        held: list[tuple[str, int]] = []
        written: list[tuple[str, str]] = []
        self.kinds: dict[str, tuple[int, str]] = {}
        for number, label in enumerate(sample.labels.tolist()):
            if number % 200 == 0:
                progress(number / len(sample.labels))
            terms = self._terms(sample, number, kinds)
            for script in {term.script for term in terms}:
                self.sizes[script][label] += 1
            found = {term.key: (term.n_words, term.script) for term in terms}
            self.kinds.update(found)
            held += [(key, label) for key in found]
            written += [(term.key, term.surface) for term in terms]
        #: Passages of each theme that hold each term, and of all themes together.
        self._holders = Counter(held)
        self._n_holders = Counter(key for key, _ in held)
        self._of_theme: dict[int, list[str]] = defaultdict(list)
        for key, theme in self._holders:
            self._of_theme[theme].append(key)
        self._surfaces: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for (key, surface), count in Counter(written).items():
            self._surfaces[key].append((surface, count))

    @staticmethod
    def _terms(sample: Sample, row: int, kinds: _Kinds) -> list[Term]:
        """Return the terms of one passage."""
        table, start = sample.table, int(sample.starts[row])
        chosen = slice(int(table.first[row]), int(table.last[row]))
        starts = (table.starts[chosen] - start).tolist()
        ends = (table.ends[chosen] - start).tolist()
        bounds = list(zip(starts, ends, strict=True))
        return list(passage_terms(sample.texts[row], table.numbers[chosen].tolist(), bounds, kinds))

    def surface(self, key: str) -> str:
        """Return the most frequent spelling of a term, without joined particles if possible."""
        return min(self._surfaces[key], key=lambda item: (_is_joined(item[0]), -item[1], item[0]))[
            0
        ]

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
        _, script = self.kinds[key]
        inside, size = self._holders[key, theme], self.sizes[script][theme]
        n_holders, total = self._n_holders[key], self.sizes[script].total()
        if not inside:
            return 0.0
        expected = (n_holders + 1) * (size + 1) / (total + 1)
        lift = log((inside + 0.5) / (expected + 0.5))
        return inside * lift

    def ranked(self, theme: int, script: str, *, least: int = 2) -> list[str]:
        """Return the keys of a theme's terms of one script, the most telling first."""
        scored = [
            (self.score(key, theme), key)
            for key in self._of_theme[theme]
            if self.kinds[key][1] == script and self._holders[key, theme] >= least
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
