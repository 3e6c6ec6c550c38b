"""Make the bilingual list of senses from Wiktionary entries.

Run ``python -m nlp.build.pivot SOURCE_FOLDER`` where the folder holds

``wiktionary_fr_en.txt`` and ``wiktionary_en_ar.txt``
    French to English and English to Arabic entries of Wiktionary (CC BY-SA 3.0).
``omw_wikt_fra.tab``, ``omw_wikt_arb.tab``, ``omw_arb.tab``
    Open Multilingual Wordnet: Wiktionary's words (CC BY-SA) and the Arabic WordNet (CC BY-SA 3.0)
    on shared synset numbers.

Each line of the result is one sense: its French words and its Arabic words. No sentence or
definition of the source remains, only the fact that these words share a meaning.
Same sources, same bytes.
"""

import argparse
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import snowballstemmer

from nlp.text.normalise import fold, is_arabic

_VOWELS = re.compile(r"[\u0640\u064b-\u0652\u0670\u200e\u200f]")
_BRACES = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|/[^/]*/")
_FRENCH_LINE = re.compile(
    r"^(?P<fr>[^{]+?)\s*\{(?P<pos>[^}]*)\}\s*(?:\[[^\]]*\]\s*)?::\s*(?P<en>.+)$"
)
_ARABIC_LINE = re.compile(
    r"^(?P<en>[^{]+?)\s*\{(?P<pos>[^}]*)\}\s*(?:\((?P<gloss>.*?)\))?\s*::\s*(?P<ar>.+)$"
)
#: A sense that so many words share says too little to be a bridge.
MOST_WORDS = 24
_KEPT = {"n": "n", "m": "n", "f": "n", "mf": "n", "v": "v", "vt": "v", "vi": "v", "vr": "v"}
_KEPT |= {"adj": "a", "a": "a", "adv": "r"}

Senses = dict[tuple[str, str], tuple[set[str], set[str]]]


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a source file that hold an entry."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if not line.startswith("#"):
                yield line.rstrip("\n")


def _clean_french(word: str) -> str:
    """Return a French headword; empty when it is an affix or a long expression."""
    word = unicodedata.normalize("NFC", word).replace("’", "'").strip()
    is_kept = 2 < len(word) <= 40 and word.count(" ") <= 2 and not word.startswith("-")
    return word if is_kept and not word.endswith("-") else ""


def _clean_arabic(cell: str) -> set[str]:
    """Return the Arabic words of a cell without vowel signs, articles kept as written."""
    found = set()
    for part in re.split(r"[,،;/|]", _BRACES.sub(" ", cell)):
        word = " ".join(_VOWELS.sub("", unicodedata.normalize("NFC", part)).split())
        if 2 < len(word) <= 40 and is_arabic(word) and word.count(" ") <= 2:
            found.add(word)
    return found


def _english_heads(cell: str) -> list[str]:
    """Return the English words a French entry is translated by."""
    heads = []
    for part in re.split(r"[,;]", _BRACES.sub(" ", cell)):
        head = " ".join(part.casefold().split()).removeprefix("to ").removeprefix("a ")
        if head and head.count(" ") <= 2:
            heads.append(head)
    return heads


def french_senses(path: Path) -> dict[tuple[str, str], set[str]]:
    """Map (English word, part of speech) to the French words translated by it."""
    senses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in _lines(path):
        match = _FRENCH_LINE.match(line)
        pos = _KEPT.get(match["pos"], "") if match else ""
        word = _clean_french(match["fr"]) if match and pos else ""
        if match and word:
            for head in _english_heads(match["en"]):
                senses[head, pos].add(word)
    return senses


def arabic_senses(path: Path) -> dict[tuple[str, str], set[str]]:
    """Map (English word, part of speech) to the Arabic words that translate it."""
    senses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for line in _lines(path):
        match = _ARABIC_LINE.match(line)
        pos = _KEPT.get(match["pos"], "") if match else ""
        if match and pos:
            senses[match["en"].casefold().strip(), pos] |= _clean_arabic(match["ar"])
    return senses


def synset_words(paths: list[Path], *, arabic: bool) -> dict[tuple[str, str], set[str]]:
    """Map synset numbers to the words of one language."""
    senses: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in paths:
        for line in _lines(path):
            cells = line.split("\t")
            if len(cells) != 3 or not cells[1].endswith(":lemma"):
                continue
            lemma = cells[2].replace("_", " ")
            found = _clean_arabic(lemma) if arabic else {_clean_french(lemma)} - {""}
            senses[cells[0], cells[0][-1]] |= found
    return senses


def merged(source: Path) -> Senses:
    """Join both sides of every source into senses that hold both languages."""
    sides = [
        (
            french_senses(source / "wiktionary_fr_en.txt"),
            arabic_senses(source / "wiktionary_en_ar.txt"),
        ),
        (
            synset_words([source / "omw_wikt_fra.tab"], arabic=False),
            synset_words([source / "omw_wikt_arb.tab", source / "omw_arb.tab"], arabic=True),
        ),
    ]
    senses: Senses = {}
    for french, arabic in sides:
        for key in sorted(french.keys() & arabic.keys()):
            if french[key] and arabic[key] and len(french[key] | arabic[key]) <= MOST_WORDS:
                senses[key] = (french[key], arabic[key])
    return senses


def write(senses: Senses, path: Path) -> int:
    """Write the senses, each distinct pair of word lists once, and return how many."""
    rows = {
        (key[1], "|".join(sorted(fr)), "|".join(sorted(ar))) for key, (fr, ar) in senses.items()
    }
    lines = ["pos\tfr\tar", *("\t".join(row) for row in sorted(rows, key=lambda row: row[1:]))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(rows)


def write_words(source: Path, path: Path) -> int:
    """Write the French words, folded, with parts of speech and stem; return how many.

    The stems spare the slow start of the pure Python stemmer on words known beforehand.
    """
    kinds: dict[str, set[str]] = defaultdict(set)
    for line in _lines(source / "wiktionary_fr_en.txt"):
        match = _FRENCH_LINE.match(line)
        pos = _KEPT.get(match["pos"], "") if match else ""
        word = _clean_french(match["fr"]) if match and pos else ""
        if word and " " not in word and "'" not in word:
            kinds[fold(word)].add(pos)
    stem = snowballstemmer.stemmer("french").stemWord
    rows = [
        f"{word}\t{''.join(sorted(kinds[word]))}\t{stem(word) if len(word) > 3 else word}"
        for word in sorted(kinds)
    ]
    path.write_text("\n".join(["word\tpos\tstem", *rows]) + "\n", encoding="utf-8")
    return len(rows)


def main() -> None:
    """Read the sources and write the two files of the package."""
    parser = argparse.ArgumentParser(prog="python -m nlp.build.pivot", description=main.__doc__)
    parser.add_argument("source", type=Path, help="folder of the dictionary entries")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent.parent / "data", help="folder to write to"
    )
    options = parser.parse_args()
    write(merged(options.source), options.out / "pivot_fr_ar.tsv")
    write_words(options.source, options.out / "words_fr.tsv")


if __name__ == "__main__":
    main()
