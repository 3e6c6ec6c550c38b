"""All word lists together, read once."""

from dataclasses import dataclass
from functools import cache

from nlp.lexicon.concepts import Thesaurus
from nlp.lexicon.files import read_rows, read_text, split_cell
from nlp.lexicon.senses import Senses
from nlp.text.normalise import Word, arabic_stem, fold, listed

#: Folded words that Darija shares with the Gulf, Egypt or the Levant: no sign of Morocco.
ALL_DIALECTS = listed(
    """
    اللي شي يعني كانو باقي وحده عندي عندك عندهم عندها عندو بلا مو احنا انت منو راح جدا
    مين شويه كان كانت علي انا واحد كله كلهم فيه فيها فيهم له لها لهم معه معها ولا ولكن
    غير حتي هو هي هما نحن مشي والله
    """
)


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
    #: Folded words in Arabic letters that Darija writes and standard Arabic hardly does.
    darija_weak: frozenset[str]
    #: Folded French words and their parts of speech (letters of "n", "a", "v", "r").
    french_kinds: dict[str, str]
    #: Stems of French verbs: an inflected form that no list holds may be one.
    french_verb_stems: frozenset[str]

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


def _spellings(rows: list[dict[str, str]], *columns: str, functions: bool) -> frozenset[str]:
    """Return the folded single-word spellings of function words, or of all the others."""
    return frozenset(
        fold(spelling)
        for row in rows
        if (row.get("field") == "function") == functions
        for column in columns
        for spelling in split_cell(row[column])
        if " " not in spelling
    )


def _standard_stems(pivot: list[dict[str, str]], darija: list[dict[str, str]]) -> frozenset[str]:
    """Return the stems of standard Arabic words: a Darija spelling among them proves nothing."""
    rows = [*pivot, *darija, *({"ar": row["terms_ar"]} for row in read_rows("thesaurus.tsv"))]
    return frozenset(
        arabic_stem(fold(word)) for row in rows for word in row["ar"].replace("|", " ").split()
    )


@cache
def load_lexicon() -> Lexicon:
    """Read the word lists of the package (about a tenth of a second, then kept)."""
    darija = read_rows("darija.tsv")
    pivot = read_rows("pivot_fr_ar.tsv")
    listed_words = read_rows("words_fr.tsv")
    kinds = {row["word"]: row["pos"] for row in listed_words}
    french, arabic = _folded("stopwords_fr.txt"), _folded("stopwords_ar.txt")
    functions = _folded("stopwords_ary.txt")
    lists = [(split_cell(row["fr"]), split_cell(row["ar"]), list[str]()) for row in pivot]
    # In Tifinagh only: in Latin letters they would be words of French and of Darija as well.
    amazigh = frozenset(
        fold(word)
        for row in read_rows("tamazight.tsv")
        if row["note"] == "function"
        for word in split_cell(row["tifinagh"])
    )
    functions |= _spellings(darija, "latin", "arabic", functions=True)
    standard, listed = _standard_stems(pivot, darija), french | frozenset(kinds)
    weak = _spellings(darija, "arabic", functions=False)
    weak = frozenset(word for word in weak if arabic_stem(word) not in standard)
    latin = functions | _spellings(darija, "latin", functions=False)
    return Lexicon(
        thesaurus=Thesaurus.from_rows(read_rows("thesaurus.tsv")),
        senses=Senses.from_lists([*lists, *_darija_lists(darija)]),
        stop_words=french | arabic | functions | amazigh,
        darija_arabic=functions - arabic - ALL_DIALECTS,
        darija_weak=weak - functions - arabic - ALL_DIALECTS,
        darija_latin=latin - listed,
        french_kinds=kinds,
        french_verb_stems=frozenset(row["stem"] for row in listed_words if "v" in row["pos"]),
    )
