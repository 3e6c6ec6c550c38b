"""Language of a passage: French, Arabic, Darija in both scripts, Amazigh, another, or unknown.

Script decides first. In Arabic letters, Darija is told from Arabic by its own words. In Latin
letters, the classifier of py3langid (restricted to plausible languages), French function words
and Darija words each have a say. A short passage leans on the language of the whole text.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from nlp.lexicon import Lexicon
from nlp.text.normalise import Word, is_arabic, listed, words

FRENCH: Final = "fr"
ARABIC: Final = "ar"
DARIJA: Final = "ar-MA"
DARIJA_LATIN: Final = "ary-Latn"
AMAZIGH: Final = "zgh"
OTHER: Final = "other"
UNKNOWN: Final = "und"
LANGUAGES: Final = (FRENCH, ARABIC, DARIJA, DARIJA_LATIN, AMAZIGH, OTHER, UNKNOWN)

_PLAUSIBLE = ["fr", "en", "es", "it", "de", "nl", "pt"]
_TIFINAGH = re.compile(r"[\u2d30-\u2d7f]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_LETTER = re.compile(r"[^\W\d_]")
#: Letters of Urdu, Pashto and Kurdish that neither Arabic nor Darija uses.
_FOREIGN_ARABIC = re.compile(r"[ٹڈڑںےځڅډړښېۍەۆێڕڵ]")
#: Darija typed in Latin letters writes Arabic sounds as digits inside words.
_DIGIT_LETTER = re.compile(r"(?:[a-z][2379]|[379][a-z])")
#: Verb shapes that only Darija has: ka-/ta- presents, ma-...-ch negations.
_DARIJA_SHAPE = re.compile(r"^(?:ما?.{2,}ش|ك[ايتن].{3,}|كن.{3,}|غن.{3,}|غي.{3,})$")
_DARIJA_SHAPE_LATIN = re.compile(
    r"^(?:ma.{2,}(?:ch|sh)|ka(?:y|n|t|i).{2,}|kan.{2,}|gha(?:n|y).{2,})$"
)
_FRENCH_CUES = listed(
    """
    le la les un une des du de et est pas pour que qui dans sur avec nous vous ils je il
    elle on au aux ce cette ces mais ou plus sont ont faut son sa ses leur leurs en ne
    par
    """
)
_ENGLISH_CUES = listed(
    """
    the of and is are to for with that this you we they have has not in it be should
    would
    """
)
_AMAZIGH_CUES = listed(
    """
    azul tamazight imazighen amazigh tamghart tamgharin irbanen tarbat tirbatin aytma
    istma tmazirt tigmmi igdud nttni nkki kiyyi manik mani mayd ayd ullah urd urilli
    illan ittyawskar tanmmirt tutlayt tawja tawjiwin
    """
)
#: Words below which a passage leans on the language of the whole text.
SHORT = 5


@dataclass(frozen=True)
class Guess:
    """A language and how much its evidence weighs, in [0, 1]."""

    language: str
    certainty: float


@cache
def _identifier() -> Any:
    """Load the classifier once, restricted to languages that contributors plausibly use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_PLAUSIBLE)
    return identifier


def _share(found: float, total: int) -> float:
    """Return a share in [0, 1], 0 of nothing."""
    return found / total if total else 0.0


class LanguageDetector:
    """Detects the language of texts and passages with the package's word lists.

    Parameters
    ----------
    lexicon : Lexicon
        Gives the words by which Darija is recognised.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        """Keep the lists at hand."""
        self.lexicon = lexicon

    def guess(self, text: str) -> Guess:
        """Return the most likely language of a text."""
        latin, arabic = len(_LATIN.findall(text)), len(_ARABIC.findall(text))
        tifinagh = len(_TIFINAGH.findall(text))
        letters = len(_LETTER.findall(text))
        if tifinagh and tifinagh >= max(latin, arabic):
            return Guess(AMAZIGH, 1.0)
        if not letters:
            return Guess(UNKNOWN, 0.0)
        if max(latin, arabic) < letters / 2:
            return Guess(OTHER, 0.9)
        found = words(text[:4000])
        if arabic > latin:
            return self._arabic(text, [word for word in found if is_arabic(word.form)])
        return self._latin(text[:4000], [word for word in found if not is_arabic(word.form)])

    def _arabic(self, text: str, found: Sequence[Word]) -> Guess:
        """Tell Darija from Arabic by the words and verb shapes that only Darija has."""
        if len(_FOREIGN_ARABIC.findall(text)) >= max(2, len(found) // 8):
            return Guess(OTHER, 0.8)
        cues = sum(self._cue_weight(word.form) for word in found)
        shapes = sum(self._has_darija_shape(word) for word in found)
        share = _share(2 * cues + shapes, 2 * len(found))
        certainty = min(1.0, 0.4 + len(found) / 12)
        if cues + shapes / 2 >= 1 and share >= (0.1 if len(found) > 4 else 0.3):
            return Guess(DARIJA, certainty)
        return Guess(ARABIC, certainty)

    def _cue_weight(self, form: str) -> float:
        """Return what a word proves: 1 a function word of Darija, less any other of its words."""
        if form in self.lexicon.darija_arabic:
            return 1.0
        return 0.4 if form in self.lexicon.darija_weak else 0.0

    def _has_darija_shape(self, word: Word) -> bool:
        """Whether an Arabic word that no list explains is shaped like a Darija verb."""
        is_shaped = len(word.form) >= 5 and bool(_DARIJA_SHAPE.match(word.form))
        return is_shaped and not self.lexicon.senses.of(word)

    def _latin(self, text: str, found: Sequence[Word]) -> Guess:
        """Tell French, Latin Darija, Amazigh and other languages apart."""
        if not found:
            return Guess(UNKNOWN, 0.0)
        scores = self._cue_shares(found)
        if scores[AMAZIGH] >= 0.25 and scores[AMAZIGH] > scores[FRENCH]:
            return Guess(AMAZIGH, scores[AMAZIGH])
        if scores[DARIJA_LATIN] >= 0.2 and scores[DARIJA_LATIN] > scores[FRENCH] * 0.8:
            return Guess(DARIJA_LATIN, min(1.0, 0.4 + scores[DARIJA_LATIN]))
        if scores[FRENCH] >= 0.2 and scores[OTHER] < 0.1:
            return Guess(FRENCH, min(1.0, 0.2 + len(found) / 12))
        language, probability = _identifier().classify(text)
        is_french = language == FRENCH or scores[FRENCH] > scores[OTHER] + 0.1
        known = _share(sum(w.form in self.lexicon.french_kinds for w in found), len(found))
        certainty = min(1.0, 0.2 + len(found) / 12)
        if is_french or (known >= 0.6 and len(found) < 6 and scores[OTHER] == 0):
            return Guess(FRENCH, certainty)
        is_sure = float(probability) >= 0.9 and len(found) >= 3
        return Guess(OTHER if is_sure else FRENCH, certainty if is_sure else 0.2)

    def _cue_shares(self, found: Sequence[Word]) -> dict[str, float]:
        """Return the share of words that are cues of each language of Latin script."""
        counts: Counter[str] = Counter()
        for word in found:
            counts[FRENCH] += word.form in _FRENCH_CUES
            counts[OTHER] += word.form in _ENGLISH_CUES
            counts[AMAZIGH] += word.form in _AMAZIGH_CUES
            counts[DARIJA_LATIN] += self._is_darija_latin(word.form)
        names = (FRENCH, OTHER, AMAZIGH, DARIJA_LATIN)
        return {language: _share(counts[language], len(found)) for language in names}

    def _is_darija_latin(self, form: str) -> bool:
        """Whether a word in Latin letters is written the way only Darija is."""
        if form in self.lexicon.darija_latin:
            return True
        if len(form) < 3 or form in self.lexicon.french_kinds or form in self.lexicon.stop_words:
            return False
        has_digit = bool(_DIGIT_LETTER.search(form)) and not form[:4].isdigit()
        return has_digit or bool(_DARIJA_SHAPE_LATIN.match(form))

    def of_passage(self, passage: str, text_guess: Guess) -> str:
        """Return the language of a passage, given the guess for the whole text.

        The whole text decides for a passage of few words in a script it could be in: one that
        holds no cue of its own (``und``), or that is short while the text is long.
        """
        guess = self.guess(passage)
        n_words = len(words(passage[:200]))
        if guess.language == UNKNOWN:
            return UNKNOWN
        if n_words >= SHORT or guess.language == text_guess.language:
            return guess.language
        same_script = _script(guess.language) == _script(text_guess.language)
        if same_script and text_guess.certainty > guess.certainty:
            return text_guess.language
        return guess.language


def _script(language: str) -> str:
    """Return the script group of a language code."""
    if language in (ARABIC, DARIJA):
        return "arabic"
    return "tifinagh" if language == AMAZIGH else "latin"
