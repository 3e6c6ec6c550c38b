"""Normal forms of French, Arabic and Darija words, for matching only.

Nothing here is ever shown: offsets and quotations always refer to the original text.
Arabic stemming follows the "light10" idea (Larkey, Ballesteros and Connell, 2007): articles,
joined particles and common endings come off, roots are never guessed. French uses Snowball.
"""

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import snowballstemmer

#: Marks that may stand inside a word: accents, Arabic vowel signs, tatweel, joiners.
MARKS = "\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d"
#: Marks of direction and invisible characters, dropped before words are sought.
INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"

#: Characters after which a word is cut: no language here has a longer one.
LONGEST_WORD = 60

_LETTER = r"[^\W_]"
_WORD = re.compile(rf"{_LETTER}(?:(?:{_LETTER}|[{MARKS}{INVISIBLE}])*(?:{_LETTER}|[{MARKS}]))?")
_DROPPED = re.compile(
    rf"[\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d{INVISIBLE}]"
)
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff]")
_DIGITS_ONLY = re.compile(r"^[\d\W_]+$")
#: Letters written in several ways, and the look-alikes of Persian and Urdu keyboards.
_ARABIC_LETTERS = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و",
        "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه", "ک": "ك", "گ": "ك", "ڭ": "ك", "ݣ": "ك", "پ": "ب",
        "ڤ": "ف", "ڥ": "ف", "چ": "ش", "ژ": "ج", "ۃ": "ه",
    }
)  # fmt: skip
_LATIN_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d"})

_PREFIXES = ("وبال", "وكال", "ولل", "وال", "فال", "بال", "كال", "لل", "ال")
_SUFFIXES = (
    "هما",
    "كما",
    "تها",
    "ها",
    "هم",
    "هن",
    "كم",
    "نا",
    "ات",
    "ون",
    "ين",
    "ان",
    "يه",
    "ه",
    "ي",
)

_french = snowballstemmer.stemmer("french")


class Word(NamedTuple):
    """A word of a text: where it stands and the keys by which it is matched."""

    start: int
    end: int
    #: Folded form, without clitics or endings removed.
    form: str
    #: Stem: what inflections of one word share.
    stem: str


def _slowly_folded(text: str) -> str:
    """Return a normalised, case-folded text without accents and variants, letter by letter."""
    text = text.translate(_LATIN_LETTERS).translate(_ARABIC_LETTERS)
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


#: What each usual letter with an accent, and each variant of an Arabic one, is folded to.
_FOLDED = {
    code: _slowly_folded(chr(code))
    for code in (*range(0x80, 0x250), *range(0x1E00, 0x1F00), *_ARABIC_LETTERS)
}
#: Texts of which :data:`_FOLDED` says all.
_USUAL = re.compile(
    r"[\x00-\u024f\u0621-\u063a\u0641-\u064a\u0671-\u06bf\u06c1\u06c3-\u06d2\u1e00-\u1eff]*"
)


def fold(text: str) -> str:
    """Return the folded form of a word or a text: case, accents, vowel signs and variants gone."""
    if text.isascii():
        return text.casefold()
    text = unicodedata.normalize("NFKC", _DROPPED.sub("", text)).casefold()
    if _USUAL.fullmatch(text):
        return text.translate(_FOLDED)
    return _slowly_folded(text)


def listed(text: str) -> frozenset[str]:
    """Return the folded words of a list written as text."""
    return frozenset(fold(word) for word in text.split())


def listed_phrases(text: str) -> frozenset[str]:
    """Return the folded phrases of a list written as text, separated by vertical bars."""
    return frozenset(" ".join(fold(phrase).split()) for phrase in text.split("|"))


def is_arabic(form: str) -> bool:
    """Whether the word holds an Arabic letter."""
    return bool(_ARABIC.search(form))


def _without_prefix(form: str) -> str:
    """Take the article and the particles joined to it off an Arabic form."""
    for prefix in _PREFIXES:
        if form.startswith(prefix) and len(form) - len(prefix) >= 2:
            return form[len(prefix) :]
    if form.startswith("و") and len(form) >= 5:
        return form[1:]
    return form


@lru_cache(maxsize=200_000)
def arabic_stem(form: str) -> str:
    """Return the light stem of a folded Arabic form; at least three letters always remain."""
    stem = _without_prefix(form)
    for suffix in _SUFFIXES:
        if stem.endswith(suffix) and len(stem) - len(suffix) >= 3:
            return stem[: -len(suffix)]
    return stem


@cache
def _listed_stems() -> dict[str, str]:
    """Return the stems computed beforehand for the French words of the package's list."""
    path = resources.files("nlp") / "data" / "words_fr.tsv"
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return {row[0]: row[2] for row in rows if len(row) == 3}


@lru_cache(maxsize=200_000)
def french_stem(form: str) -> str:
    """Return the Snowball stem of a folded word in Latin letters."""
    if len(form) <= 3:
        return form
    return _listed_stems().get(form) or str(_french.stemWord(form))


@lru_cache(maxsize=400_000)
def keys_of(surface: str) -> tuple[str, str]:
    """Return the form and the stem of a word as written; both empty when it is a number."""
    form = fold(surface[:LONGEST_WORD])
    if _DIGITS_ONLY.match(form):
        return "", ""
    if is_arabic(form):
        return form, arabic_stem(form)
    return form, french_stem(form)


def arabic_variants(form: str) -> list[str]:
    """Return the forms an Arabic word may stand for, most cautious first.

    A one-letter particle (b-, l-, k-, f-, w-, s-) cannot be told from a first letter without a
    word list, so the caller tries these in turn against the list it has.
    """
    variants = [form]
    bare = _without_prefix(form)
    if bare != form:
        variants.append(bare)
    if form[:1] in "بلكفوس" and len(form) >= 5:
        variants.append(form[1:])
        inner = _without_prefix(form[1:])
        if inner != form[1:]:
            variants.append(inner)
    return variants


def word_of(surface: str) -> Word | None:
    """Return a single word given by itself, None when it is a number or nothing."""
    form, stem = keys_of(surface)
    return Word(0, len(surface), form, stem) if form else None


def surfaces(text: str) -> tuple[list[str], list[int]]:
    """Return the words of a text as written, numbers among them, and where they start."""
    found = list(_WORD.finditer(text))
    return [match.group() for match in found], [match.start() for match in found]


# The steps of a passage follow one another, each asking for the same words.
@lru_cache(maxsize=256)
def words(text: str) -> tuple[Word, ...]:
    """Return the words of a text, with offsets in code points; numbers are left out."""
    found = []
    for match in _WORD.finditer(text):
        form, stem = keys_of(match.group())
        if form:
            found.append(Word(match.start(), match.end(), form, stem))
    return tuple(found)


def stems(text: str) -> list[str]:
    """Return the stems of a text's words, in order."""
    return [word.stem for word in words(text)]
