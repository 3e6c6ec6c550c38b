"""What a passage is worth before themes are sought: readable, small talk, advertisement."""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from math import log

import numpy as np

from nlp.lexicon import Lexicon, load_lexicon
from nlp.text.normalise import Word, fold, is_arabic, listed, listed_phrases, words
from nlp.text.table import Integers, TextWords

OK, OFF_TOPIC, UNREADABLE = QUALITIES = ("ok", "off_topic", "unreadable")
#: Words of small talk at most.
_LONGEST_TALK = 15

_POLITE = listed(
    """
    bonjour bonsoir salut salutations merci remerciements remercie mille cordialement
    bien sincères respectueusement bonne bon journée soirée continuation courage bravo
    félicitations attention salam slm salamo alaykoum 3alikom chokran choukran choukrane
    hello thanks السلام سلام عليكم ورحمة الله وبركاته تعالى شكرا شكر جزيلا جزيل الشكر
    تحية تحياتي تحياتنا طيبة مرحبا أهلا وسهلا صباح الخير مساء بالتوفيق وفقكم التوفيق
    حفظكم بارك فيكم جزاكم خيرا آمين
    """
)
_NO_ANSWER = listed_phrases(
    """
    rien|rien a dire|rien a signaler|rien a ajouter|ras|neant|sans avis|sans opinion|
    pas d avis|aucun avis|sans reponse|pas de reponse|pas de commentaire|
    sans commentaire|je ne sais pas|nsp|sans objet|لا شيء|لا شيئ|لا تعليق|لا جواب|لا رأي|
    بدون تعليق|بدون رأي|لا أعرف|لا اعلم|والو|walo|walou
    """
)
_ADVERTISING = re.compile(
    r"https?://|www\.|whats\s?app|واتساب|واتس\s?اب|promo(?:tion)?\b|-\s?\d{1,2}\s?%|cliquez|abonnez|"
    r"meilleur prix|livraison gratuite|credit rapide|crédit rapide|عرض خاص|تخفيض|للبيع|اتصل الآن|"
    r"اشترك|رابط|خصم|توصيل مجاني|\b0[67]\d{8}\b|\+212\d{9}",
    re.IGNORECASE,
)
_KEYBOARD_ROWS = (
    "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm",
    "ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ",
)  # fmt: skip
_REPEATED = re.compile(r"(.{1,3})\1{3,}")
_LETTER = re.compile(r"[^\W\d_]")
_LATIN = re.compile(r"[a-z]")


@cache
def _bigrams() -> tuple[dict[str, float], float]:
    """Learn from the word lists how plausible a pair of letters is (log probabilities)."""
    counts: Counter[str] = Counter()
    lexicon = load_lexicon()
    plain = [
        *lexicon.french_kinds,
        *lexicon.stop_words,
        *lexicon.darija_latin,
        *lexicon.darija_weak,
    ]
    arabic = [fold(word) for sense in lexicon.senses.senses for word in sense.ar]
    for word in [*plain, *arabic]:
        marked = f"_{word}_"
        counts.update(marked[i : i + 2] for i in range(len(marked) - 1))
    firsts: Counter[str] = Counter()
    for pair, count in counts.items():
        firsts[pair[0]] += count
    table = {pair: log(count / (firsts[pair[0]] + 40)) for pair, count in counts.items()}
    return table, log(1 / 4000)


def plausibility(form: str) -> float:
    """Return the mean log probability of a folded word's letter pairs: about -2.5 for a word."""
    table, unseen = _bigrams()
    marked = f"_{form}_"
    pairs = [marked[i : i + 2] for i in range(len(marked) - 1)]
    return sum(table.get(pair, unseen) for pair in pairs) / len(pairs)


def _is_mashed(form: str) -> bool:
    """Whether a word is a run along the keyboard or one group of letters again and again."""
    if len(form) >= 5 and any(form[:5] in row or form[:5] in row[::-1] for row in _KEYBOARD_ROWS):
        return True
    return bool(_REPEATED.search(form)) and len(set(form)) <= max(2, len(form) // 3)


def _is_gibberish(word: Word) -> bool:
    """Whether a word that no list knows does not even look like one."""
    if _is_mashed(word.form):
        return True
    if not is_arabic(word.form) and not _LATIN.search(word.form):
        # The word lists know nothing of other scripts.
        return False
    limit = -5.2 if is_arabic(word.form) else -4.7
    return len(word.form) >= 4 and plausibility(word.form) < limit


class QualityJudge:
    """Judges passages by themselves, and only where there is no doubt.

    Parameters
    ----------
    lexicon : Lexicon
        Known words make a passage readable; concepts make it on topic.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the lists at hand."""
        self.lexicon = lexicon

    def judge(self, text: str) -> str:
        """Return ``"ok"``, ``"off_topic"`` or ``"unreadable"``."""
        found = words(text[:20_000])
        if not found or not _LETTER.search(text):
            return UNREADABLE
        if self._is_unreadable(found):
            return UNREADABLE
        if self._is_small_talk(found) or self._is_advertisement(text, found):
            return OFF_TOPIC
        return OK

    def judge_all(
        self, table: TextWords, passages: Sequence[str], n_mentions: Integers
    ) -> Integers:
        """Return the quality of each passage, as an index of :data:`QUALITIES`.

        Only passages that a sum over their words leaves in doubt are looked at one by one.

        Parameters
        ----------
        table : TextWords
            Words of n passages.
        passages : sequence of str, length n
        n_mentions : array, shape (n,)
            How many concepts of the thesaurus each passage speaks of.
        """
        column = table.vocabulary.column
        n_known = table.sums(column(self._is_known))
        n_polite = table.sums(column(lambda word: word.form in _POLITE))
        n_words = table.n_words()
        n_stop = table.sums(column(self.lexicon.is_stop))
        is_talk = (n_words <= _LONGEST_TALK) & ((n_polite > 0) | (n_stop >= n_words - 2))
        in_doubt = (n_known == 0) | is_talk
        for row in np.flatnonzero(~in_doubt & (n_mentions == 0)).tolist():
            in_doubt[row] = _ADVERTISING.search(passages[row]) is not None
        qualities = np.zeros(len(passages), dtype=np.int64)
        for row in np.flatnonzero(in_doubt).tolist():
            qualities[row] = QUALITIES.index(self.judge(passages[row]))
        return qualities

    def _is_unreadable(self, found: Sequence[Word]) -> bool:
        """Whether no word is known and most of the letters are in words that look like none."""
        if any(self._is_known(word) for word in found):
            return False
        bad = sum(len(word.form) for word in found if _is_gibberish(word))
        return bad > 0.6 * sum(len(word.form) for word in found)

    def _is_known(self, word: Word) -> bool:
        """Whether a list of the package holds the word (single letters prove nothing)."""
        lists = self.lexicon
        if len(word.form) < 2:
            return False
        known = word.form in lists.stop_words or word.form in lists.darija_latin
        return known or word.form in lists.darija_weak or lists.knows(word)

    def _is_small_talk(self, found: Sequence[Word]) -> bool:
        """Whether the passage only greets, thanks, or says that there is nothing to say."""
        if len(found) > _LONGEST_TALK:
            return False
        if " ".join(word.form for word in found) in _NO_ANSWER:
            return True
        polite = [word.form in _POLITE for word in found]
        return any(polite) and all(
            is_polite or self.lexicon.is_stop(word)
            for is_polite, word in zip(polite, found, strict=True)
        )

    def _is_advertisement(self, text: str, found: Sequence[Word]) -> bool:
        """Whether several signs of advertising come together and no concept of the domain does."""
        n_signs = len({sign.casefold() for sign in _ADVERTISING.findall(text)})
        has_only_address = (
            n_signs >= 1 and len(found) <= 8 and "http" in text and text.startswith("http")
        )
        return (n_signs >= 2 or has_only_address) and not self.lexicon.thesaurus.match(found)
