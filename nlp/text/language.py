"""Language of a passage: French, Arabic, Darija in both scripts, Amazigh, another, or unknown.

Script decides first. In Arabic letters, Darija is told from Arabic by its own words. In Latin
letters, the classifier of py3langid (restricted to plausible languages), French function words
and Darija words each have a say. A short passage leans on the language of the whole text.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from nlp.lexicon import Lexicon
from nlp.text.normalise import Word, is_arabic, listed
from nlp.text.table import Floats, TextWords, Vocabulary, word_table

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


_CODE = {language: code for code, language in enumerate(LANGUAGES)}
#: Script of each code: Arabic letters, Latin ones (and all others), Tifinagh.
_SCRIPT = np.array([1 if c in (ARABIC, DARIJA) else 2 if c == AMAZIGH else 0 for c in LANGUAGES])


class Guess(NamedTuple):
    """A language and how much its evidence weighs, in [0, 1]."""

    language: str
    certainty: float


class Guesses(NamedTuple):
    """Codes (indexes of :data:`LANGUAGES`) and certainties of n texts, each of shape (n,)."""

    codes: npt.NDArray[np.int64]
    certainties: Floats


class Evidence(NamedTuple):
    """What each distinct word says of the language, columns of shape (n_distinct,)."""

    letters: Floats
    latin: Floats
    arabic: Floats
    tifinagh: Floats
    foreign: Floats
    is_arabic: Floats
    darija: Floats
    darija_shape: Floats
    french: Floats
    english: Floats
    amazigh: Floats
    darija_latin: Floats
    is_french: Floats


class _Sums(NamedTuple):
    """The evidence summed over the words of each text, columns of shape (n,)."""

    evidence: Evidence
    n_words: Floats


@cache
def _identifier() -> Any:
    """Load the classifier once, restricted to languages that contributors plausibly use."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_PLAUSIBLE)
    return identifier


def _shares(found: Floats, total: Floats) -> Floats:
    """Return shares in [0, 1], 0 of nothing."""
    return np.asarray(np.divide(found, total, out=np.zeros_like(found), where=total > 0))


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
        """Return the most likely language of one text."""
        table = word_table([text])
        codes, certainties = self.guess_all(table, [text], self.evidence(table.vocabulary))
        return Guess(LANGUAGES[codes[0]], float(certainties[0]))

    def evidence(self, vocabulary: Vocabulary) -> Evidence:
        """Return what each distinct word says of the language, whatever text it is in."""
        surfaces = vocabulary.surfaces
        letters = (_LETTER, _LATIN, _ARABIC, _TIFINAGH, _FOREIGN_ARABIC)
        n = len(surfaces)
        all_letters, latin, arabic, tifinagh, foreign = (
            np.fromiter((len(p.findall(s)) for s in surfaces), dtype=np.float64, count=n)
            for p in letters
        )
        column = vocabulary.column
        return Evidence(
            all_letters,
            latin,
            arabic,
            tifinagh,
            foreign,
            column(lambda word: is_arabic(word.form)),
            column(lambda word: self._cue_weight(word.form)),
            column(self._has_darija_shape),
            column(lambda word: word.form in _FRENCH_CUES),
            column(lambda word: word.form in _ENGLISH_CUES),
            column(lambda word: word.form in _AMAZIGH_CUES),
            column(lambda word: self._is_darija_latin(word.form)),
            column(lambda word: word.form in self.lexicon.french_kinds),
        )

    def _cue_weight(self, form: str) -> float:
        """Return what a word proves: 1 a function word of Darija, less any other of its words."""
        if form in self.lexicon.darija_arabic:
            return 1.0
        return 0.4 if form in self.lexicon.darija_weak else 0.0

    def _has_darija_shape(self, word: Word) -> bool:
        """Whether an Arabic word that no list explains is shaped like a Darija verb."""
        is_shaped = len(word.form) >= 5 and bool(_DARIJA_SHAPE.match(word.form))
        return is_shaped and is_arabic(word.form) and not self.lexicon.senses.of(word)

    def _is_darija_latin(self, form: str) -> bool:
        """Whether a word in Latin letters is written the way only Darija is."""
        if form in self.lexicon.darija_latin:
            return True
        if len(form) < 3 or form in self.lexicon.french_kinds or form in self.lexicon.stop_words:
            return False
        has_digit = bool(_DIGIT_LETTER.search(form)) and not form[:4].isdigit()
        return has_digit or bool(_DARIJA_SHAPE_LATIN.match(form))

    def guess_all(self, table: TextWords, texts: Sequence[str], evidence: Evidence) -> Guesses:
        """Return the most likely language of each text.

        Parameters
        ----------
        table : TextWords
            Words of n texts.
        texts : sequence of str, length n
        evidence : Evidence
            Of the vocabulary of the table.
        """
        summed = _Sums(
            Evidence(*(table.sums(column) for column in evidence)),
            table.n_words().astype(np.float64),
        )
        e = summed.evidence
        codes = np.full(len(texts), _CODE[OTHER], dtype=np.int64)
        certainties = np.full(len(texts), 0.9)
        main = np.maximum(e.latin, e.arabic)
        is_amazigh = (e.tifinagh > 0) & (e.tifinagh >= main)
        is_empty = (e.letters == 0) & ~is_amazigh
        is_listed = ~is_amazigh & ~is_empty & (main >= e.letters / 2)
        codes[is_amazigh], certainties[is_amazigh] = _CODE[AMAZIGH], 1.0
        codes[is_empty], certainties[is_empty] = _CODE[UNKNOWN], 0.0
        for rows, kind in (
            (np.flatnonzero(is_listed & (e.arabic > e.latin)), self._arabic),
            (np.flatnonzero(is_listed & (e.arabic <= e.latin)), self._latin),
        ):
            part = _Sums(Evidence(*(column[rows] for column in e)), summed.n_words[rows])
            codes[rows], certainties[rows] = kind(part, [texts[row] for row in rows.tolist()])
        return Guesses(codes, certainties)

    def _arabic(self, sums: _Sums, _texts: Sequence[str]) -> Guesses:
        """Tell Darija from Arabic by the words and verb shapes that only Darija has."""
        e = sums.evidence
        n = e.is_arabic
        certainties = np.minimum(1.0, 0.4 + n / 12)
        share = _shares(2 * e.darija + e.darija_shape, 2 * n)
        enough = np.where(n > 4, 0.1, 0.3)
        is_darija = (e.darija + e.darija_shape / 2 >= 1) & (share >= enough)
        is_other = e.foreign >= np.maximum(2, n // 8)
        codes = np.where(is_darija, _CODE[DARIJA], _CODE[ARABIC])
        codes[is_other], certainties[is_other] = _CODE[OTHER], 0.8
        return Guesses(codes, certainties)

    def _latin(self, sums: _Sums, texts: Sequence[str]) -> Guesses:
        """Tell French, Latin Darija, Amazigh and other languages apart."""
        e = sums.evidence
        n = sums.n_words - e.is_arabic
        french, english, amazigh, darija = (
            _shares(found, n) for found in (e.french, e.english, e.amazigh, e.darija_latin)
        )
        codes = np.full(len(texts), -1, dtype=np.int64)
        certainties = np.minimum(1.0, 0.2 + n / 12)
        rules = (
            (n == 0, UNKNOWN, np.zeros(len(n))),
            ((amazigh >= 0.25) & (amazigh > french), AMAZIGH, amazigh),
            ((darija >= 0.2) & (darija > french * 0.8), DARIJA_LATIN, 0.4 + darija),
            ((french >= 0.2) & (english < 0.1), FRENCH, certainties),
        )
        for holds, language, certainty in rules:
            rows = holds & (codes < 0)
            codes[rows], certainties[rows] = _CODE[language], np.minimum(1.0, certainty[rows])
        known = _shares(e.is_french, n)
        for row in np.flatnonzero(codes < 0).tolist():
            is_french = french[row] > english[row] + 0.1
            is_known = known[row] >= 0.6 and english[row] == 0
            codes[row], certainties[row] = self._classified(
                texts[row], float(certainties[row]), int(n[row]), is_french=is_french or is_known
            )
        return Guesses(codes, certainties)

    def _classified(
        self, text: str, certainty: float, n_words: int, *, is_french: bool
    ) -> tuple[int, float]:
        """Return the code and certainty of a text that the word lists leave open."""
        if is_french:
            return _CODE[FRENCH], certainty
        language, probability = _identifier().classify(text[:4000])
        if language == FRENCH:
            return _CODE[FRENCH], certainty
        is_sure = float(probability) >= 0.9 and n_words >= 3
        return (_CODE[OTHER], certainty) if is_sure else (_CODE[FRENCH], 0.2)

    def of_passages(
        self, table: TextWords, passages: Sequence[str], evidence: Evidence, whole: Guesses
    ) -> npt.NDArray[np.int64]:
        """Return the code of each passage, given the guess for the text it is in.

        The whole text decides for a passage of few words in a script it could be in: one that
        holds no cue of its own, or that is short while the text is long.

        Parameters
        ----------
        table, passages, evidence
            As in :meth:`guess_all`, of n passages.
        whole : Guesses
            Of the text each passage is in, columns of shape (n,).
        """
        own = self.guess_all(table, passages, evidence)
        is_short = table.n_words() < SHORT
        same_script = _SCRIPT[own.codes] == _SCRIPT[whole.codes]
        leans = is_short & same_script & (whole.certainties > own.certainties)
        leans &= own.codes != _CODE[UNKNOWN]
        return np.asarray(np.where(leans, whole.codes, own.codes))
