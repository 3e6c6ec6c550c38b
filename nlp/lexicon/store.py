"""All word lists together, read once."""

from dataclasses import dataclass
from functools import cache

from nlp.lexicon.concepts import Thesaurus
from nlp.lexicon.files import read_rows, read_text, split_cell
from nlp.lexicon.senses import Senses
from nlp.text.normalise import Word, fold


@dataclass(frozen=True)
class Lexicon:
    """Thesaurus, senses, stop words and Darija cue words."""

    thesaurus: Thesaurus
    senses: Senses
    #: Folded words without meaning of their own, all languages together.
    stop_words: frozenset[str]
    #: Folded words by which Darija is told from Arabic, and from French.
    darija_arabic: frozenset[str]
    darija_latin: frozenset[str]
    #: Folded French words and their parts of speech (letters of "n", "a", "v", "r").
    french_kinds: dict[str, str]

    def is_stop(self, word: Word) -> bool:
        """Whether a word is too common, or too short, to say anything."""
        return len(word.form) < 2 or word.form in self.stop_words

    def knows(self, word: Word) -> bool:
        """Whether a dictionary of the package lists the word."""
        return word.form in self.french_kinds or bool(self.senses.of(word))


def _folded(name: str) -> frozenset[str]:
    """Return the folded words of a stop-word file."""
    return frozenset(fold(word) for word in read_text(name).split())


def _darija_lists(rows: list[dict[str, str]]) -> list[tuple[list[str], list[str], list[str]]]:
    """Return the (French, Arabic, Darija) word lists of the entries that carry meaning."""
    return [
        (
            split_cell(row["fr"]),
            split_cell(row["ar"]),
            [*split_cell(row["latin"]), *split_cell(row["arabic"])],
        )
        for row in rows
        if row.get("field") != "function"
    ]


def _cues(rows: list[dict[str, str]], column: str, plain: frozenset[str]) -> frozenset[str]:
    """Return the Darija spellings of a column that are no ordinary word of the other language."""
    return frozenset(
        fold(spelling)
        for row in rows
        for spelling in split_cell(row[column])
        if " " not in spelling and fold(spelling) not in plain
    )


@cache
def load_lexicon() -> Lexicon:
    """Read the word lists of the package (about a tenth of a second, then kept)."""
    darija = read_rows("darija.tsv")
    pivot = read_rows("pivot_fr_ar.tsv")
    kinds = {row["word"]: row["pos"] for row in read_rows("words_fr.tsv")}
    french, arabic = _folded("stopwords_fr.txt"), _folded("stopwords_ar.txt")
    functions = _folded("stopwords_ary.txt")
    standard = {fold(word) for row in pivot for word in split_cell(row["ar"])}
    standard |= {fold(word) for row in darija for word in split_cell(row["ar"])}
    arabic_cues = _cues(darija, "arabic", arabic | frozenset(standard))
    latin_cues = _cues(darija, "latin", french | frozenset(kinds))
    lists = [(split_cell(row["fr"]), split_cell(row["ar"]), list[str]()) for row in pivot]
    function_words = frozenset(
        fold(spelling)
        for row in darija
        if row.get("field") == "function"
        for column in ("latin", "arabic")
        for spelling in split_cell(row[column])
    )
    return Lexicon(
        thesaurus=Thesaurus.from_rows(read_rows("thesaurus.tsv")),
        senses=Senses.from_lists([*lists, *_darija_lists(darija)]),
        stop_words=french | arabic | functions | function_words,
        darija_arabic=(arabic_cues | functions | function_words) - arabic - french,
        darija_latin=(latin_cues | functions | function_words) - french - frozenset(kinds),
        french_kinds=kinds,
    )
