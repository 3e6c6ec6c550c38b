"""Reads the dictionary entries: each becomes a sense, words of some languages with English hints.

Expected in the folder given to the build: ``wiktionary_fr_en.txt``, ``wiktionary_en_ar.txt`` and
``wiktionary_fr_ar_pivot.csv`` (Wiktionary, CC BY-SA 3.0); ``omw_fra.tab``, ``omw_wikt_fra.tab``,
``omw_arb.tab`` and ``omw_wikt_arb.tab`` (Open Multilingual Wordnet: WOLF, CeCILL-C; Arabic
WordNet, CC BY-SA 3.0; Wiktionary, CC BY-SA); ``tico19_terms_en_fr.csv`` and
``tico19_terms_en_ar.csv`` (CC0);
``entraide_terms_fr_ar.csv`` (facts). The thesaurus and the Darija list are those of the package.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nlp.lexicon.files import read_rows, split_cell
from nlp.text.normalise import fold, is_arabic

_FRENCH_LINE = re.compile(
    r"^(?P<head>[^{]+?)\s*\{(?P<pos>[^}]*)\}\s*(?:\[[^\]]*\]\s*)*::\s*(?P<en>.+)$"
)
_ARABIC_LINE = re.compile(
    r"^(?P<en>[^{]+?)\s*\{(?P<pos>[^}]*)\}\s*(?:\((?P<gloss>.*?)\)\s*)?::\s*(?P<ar>.+)$"
)
_SQUARE = re.compile(r"\[[^\]]*\]")
_ROUND = re.compile(r"\([^)]*\)")
_SOUNDS = re.compile(r"/[^/ ]*/")
_SPACES = re.compile(r"\s+")
#: A run of Arabic words: whatever stands between two runs separates two forms.
_LETTERS = r"[\u0621-\u0652\u0670\u0671\u067e\u0686\u06a4\u06af]+"
_RUN = re.compile(rf"{_LETTERS}(?: {_LETTERS})*")
_LEADING = re.compile(r"^(?:to|a|an|the|of|be|something|someone) ", re.IGNORECASE)
_REFLEXIVE = re.compile(r"^(?:se |s['’])(\S+)$")
#: Senses of these kinds are about writing and grammar, not about the world.
_DROPPED_KINDS = {"letter", "prefix", "suffix", "symbol", "abbr", "initialism", "infix", "interfix"}
#: Longest head of a gloss that counts as a translation rather than a definition.
_PIECE_WORDS = 3


@dataclass
class Sense:
    """A meaning: expressions by language and English wordings of it with weights."""

    source: str
    words: dict[str, list[str]]
    english: list[tuple[str, float]] = field(default_factory=list)
    pos: str = ""


def _lines(path: Path) -> Iterator[str]:
    """Yield the lines of a file that are not comments."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            if not line.startswith("#"):
                yield line.rstrip("\n")


def _tidy(text: str) -> str:
    """Take marks of usage and pronunciation out of an English wording."""
    text = _SOUNDS.sub(" ", _SQUARE.sub(" ", text)).replace("“", '"').replace("”", '"')
    return _SPACES.sub(" ", text).strip(" ;,.:")


def pieces(gloss: str) -> list[str]:
    """Return the short translations in a gloss: "dwelling, abode (money)" gives two."""
    found = []
    for part in re.split(r"[,;]", _ROUND.sub(" ", gloss)):
        piece = _SPACES.sub(" ", part).strip(" .:").casefold()
        piece = _LEADING.sub("", _LEADING.sub("", piece))
        if piece and piece.count(" ") < _PIECE_WORDS:
            found.append(piece)
    return list(dict.fromkeys(found))


def french_heads(head: str) -> list[str]:
    """Return the forms a French head word is found under; none for affixes."""
    head = _SPACES.sub(" ", _ROUND.sub(" ", _SQUARE.sub(" ", head))).replace("’", "'").strip()
    if not head or head[0] == "-" or head[-1] in "-'" or len(head) > 60:
        return []
    reflexive = _REFLEXIVE.match(head)
    return [head, reflexive[1]] if reflexive else [head]


def french_entries(path: Path) -> Iterator[Sense]:
    """Yield the senses of the French to English dictionary, in its order."""
    for line in _lines(path):
        match = _FRENCH_LINE.match(line)
        if not match or match["pos"] in _DROPPED_KINDS:
            continue
        heads, gloss = french_heads(match["head"]), _tidy(match["en"])
        if not heads or not gloss:
            continue
        short = pieces(gloss)
        english = [(gloss, 1.0), *((piece, 1.0 / len(short)) for piece in short)]
        yield Sense("wikt_fr", {"fr": heads}, english, match["pos"])


def arabic_forms(cell: str) -> list[str]:
    """Return the Arabic expressions of a cell, plurals and imperfects among them."""
    plurals = (inside for inside in _ROUND.findall(cell) if "plural" in inside)
    text = " ".join([_ROUND.sub(" ", cell), *plurals])
    return list(dict.fromkeys(run.group() for run in _RUN.finditer(text)))


def _worded(english: str, gloss: str) -> list[tuple[str, float]]:
    """Return the wordings of an English head word with its gloss."""
    english = _LEADING.sub("", english.strip())
    gloss = _tidy(gloss or "")
    return [(english, 1.0), (f"{english}: {gloss}", 1.0)] if gloss else [(english, 2.0)]


def arabic_entries(path: Path) -> Iterator[Sense]:
    """Yield the senses of the English to Arabic dictionary."""
    for line in _lines(path):
        match = _ARABIC_LINE.match(line)
        if not match or match["pos"] in _DROPPED_KINDS:
            continue
        forms = arabic_forms(match["ar"])
        if forms:
            english = _worded(match["en"], match["gloss"] or "")
            yield Sense("wikt_ar", {"ar": forms}, english, match["pos"])


def pivot_entries(path: Path) -> Iterator[Sense]:
    """Yield the senses that join French and Arabic words through one English sense."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            heads, forms = french_heads(row["fr"]), arabic_forms(row["ar"])
            if heads and forms and row["pos"] not in _DROPPED_KINDS:
                english = _worded(row["en"], row["en_gloss"])
                yield Sense("pivot", {"fr": heads, "ar": forms}, english, row["pos"])


def synsets(folder: Path) -> Iterator[Sense]:
    """Yield the synsets of the wordnets: words of both languages, without any English."""
    found: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    names = {"omw_fra.tab": ("wolf", "fr"), "omw_wikt_fra.tab": ("omw", "fr")}
    names |= {"omw_arb.tab": ("omw", "ar"), "omw_wikt_arb.tab": ("omw", "ar")}
    for name, (source, language) in names.items():
        for line in _lines(folder / name):
            cells = line.split("\t")
            if len(cells) != 3 or not cells[1].endswith(("lemma", "brokenplural")):
                continue
            expression = cells[2].replace("_", " ").strip()
            if expression and is_arabic(fold(expression)) == (language == "ar"):
                found[cells[0], source][language].append(expression)
    for (number, source), words in sorted(found.items()):
        other = "omw" if source == "wolf" else "wolf"
        joined = {key: list(dict.fromkeys(value)) for key, value in words.items()}
        # The French of one wordnet meets the Arabic of the other on the same number.
        if source == "wolf":
            arabic = found.get((number, other), {}).get("ar", [])
            joined["ar"] = list(dict.fromkeys([*joined.get("ar", []), *arabic]))
        yield Sense(source, joined, [], number[-1])


def health_terms(folder: Path) -> Iterator[Sense]:
    """Yield the terms of public health."""
    sides: list[dict[str, list[str]]] = []
    for language in ("fr", "ar"):
        side: dict[str, list[str]] = defaultdict(list)
        with (folder / f"tico19_terms_en_{language}.csv").open(
            encoding="utf-8", newline=""
        ) as stream:
            for row in csv.DictReader(stream):
                side[row["sourceString"].strip()].append(
                    _ROUND.sub(" ", row["targetString"]).strip()
                )
        sides.append(side)
    for english in sorted(sides[0].keys() | sides[1].keys()):
        words = {"fr": sides[0].get(english, []), "ar": sides[1].get(english, [])}
        yield Sense("health", words, [(english, 2.0)])


def centres(path: Path) -> Iterator[Sense]:
    """Yield the names of social centres and populations."""
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield Sense("centres", {"fr": [row["fr"]], "ar": [row["ar"]]})


def concepts() -> Iterator[Sense]:
    """Yield the concepts of the thesaurus; their identifiers are English wordings."""
    for row in read_rows("thesaurus.tsv"):
        words = {
            "fr": [row["label_fr"], *split_cell(row["terms_fr"])],
            "ar": [row["label_ar"], *split_cell(row["terms_ar"])],
            "ary": split_cell(row["terms_ary"]),
        }
        yield Sense("thesaurus", words, [(row["concept"].replace("-", " "), 2.0)])


def darija() -> Iterator[Sense]:
    """Yield the entries of the Darija list, with French and Arabic meanings."""
    for row in read_rows("darija.tsv"):
        words = {
            "ary": [*split_cell(row["latin"]), *split_cell(row["arabic"])],
            "fr": split_cell(row["fr"]),
            "ar": split_cell(row["ar"]),
        }
        yield Sense("darija", words, [], row.get("field", ""))


def places() -> Iterator[Sense]:
    """Yield the names of countries, languages and currencies of the Unicode locale data."""
    from babel import Locale

    french, arabic, english = Locale("fr"), Locale("ar"), Locale("en")
    for kind in ("territories", "languages", "currencies"):
        names = [getattr(locale, kind) for locale in (english, french, arabic)]
        for code in sorted(names[0]):
            if all(code in side for side in names) and not code.isdigit():
                en, fr, ar = (side[code] for side in names)
                yield Sense(
                    "places", {"fr": [fr], "ar": [ar]}, [(_ROUND.sub(" ", en).strip(), 2.0)]
                )


def all_senses(folder: Path) -> list[Sense]:
    """Read every source, in a fixed order."""
    return [
        *french_entries(folder / "wiktionary_fr_en.txt"),
        *arabic_entries(folder / "wiktionary_en_ar.txt"),
        *pivot_entries(folder / "wiktionary_fr_ar_pivot.csv"),
        *synsets(folder),
        *health_terms(folder),
        *centres(folder / "entraide_terms_fr_ar.csv"),
        *concepts(),
        *darija(),
        *places(),
    ]


def wordings(senses: list[Sense]) -> list[str]:
    """Return every English wording and French head word to be embedded, sorted."""
    found = {text for sense in senses for text, _ in sense.english}
    for sense in senses:
        if sense.source in ("wikt_fr", "wolf", "omw", "thesaurus"):
            found.update(word for word in sense.words.get("fr", ()) if " " not in word)
    return sorted(found)
