"""From a word as written to rows of the space, exact form before derived forms."""

from collections import defaultdict
from collections.abc import Sequence

from nlp.space.forms import (
    arabic_bases,
    arabic_candidates,
    exact,
    folded,
    french_candidates,
    script,
)
from nlp.space.tamazight import is_tamazight, load_words

#: Tables in which a word is sought, by the language of the text; the script of the word decides
#: between the two columns (Arabic letters, Latin letters).
_ORDER = {
    "ar": (("ar", "ary"), ("fr", "ary")),
    "ar-MA": (("ary", "ar"), ("fr", "ary")),
    "ary-Latn": (("ary", "ar"), ("ary", "fr")),
}
_USUAL = (("ar", "ary"), ("fr", "ary"))

Rows = tuple[int, ...]


class WordTable:
    """The words of the space by language, single words and expressions.

    Parameters
    ----------
    languages : sequence of (str, int)
        Languages in the order of the rows with how many rows each has.
    words : sequence of str
        One key for each row: folded words separated by spaces (French keeps its accents).
    """

    def __init__(self, languages: Sequence[tuple[str, int]], words: Sequence[str]) -> None:
        """Index the single words; expressions wait until they are asked for."""
        self.words = words
        self.single: dict[str, dict[str, int]] = {}
        self.expressions: dict[str, list[tuple[str, int]]] = {}
        start = 0
        for language, size in languages:
            block = words[start : start + size]
            self.single[language] = {w: start + i for i, w in enumerate(block) if " " not in w}
            self.expressions[language] = [(w, start + i) for i, w in enumerate(block) if " " in w]
            start += size
        # The same words in two tables are one expression.
        self._expression = {w: row for pairs in self.expressions.values() for w, row in pairs}
        accents: dict[str, list[int]] = defaultdict(list)
        for word, row in self.single.get("fr", {}).items():
            if not word.isascii():
                accents[folded(word)].append(row)
        self._unaccented = {word: tuple(rows) for word, rows in accents.items()}
        self._found: dict[tuple[str, str], Rows] = {}

    def find(self, token: str, language: str) -> Rows:
        """Return the rows whose mean is the vector of a word; empty when it is unknown."""
        key = (token, language)
        rows = self._found.get(key)
        if rows is None:
            rows = self._found[key] = self._seek(token, language)
        return rows

    def _seek(self, token: str, language: str) -> Rows:
        """Look a word up in the tables its script and language call for."""
        if " " in token:
            row = self._expression.get(token)
            return () if row is None else (row,)
        if is_tamazight(token, language) and (rows := self._tamazight(token)) is not None:
            return rows
        written = script(token)
        if not written or len(token) < 2:
            return ()
        order = _ORDER.get(language, _USUAL)[0 if written == "ar" else 1]
        for name in order:
            rows = self._plain(token, name)
            if rows:
                return rows
        return self._arabic(token, order) if written == "ar" else self._french(token)

    def _tamazight(self, token: str) -> Rows | None:
        """Return the rows of a listed word's French words; None when it is not listed."""
        entry = load_words().find(token)
        if entry is None:
            return None
        found = (self._plain(word, "fr") or self._french(word) for word in entry.french)
        return tuple(dict.fromkeys(row for rows in found for row in rows))

    def _plain(self, token: str, name: str) -> Rows:
        """Return the rows of a word exactly as a table lists it."""
        table = self.single.get(name, {})
        if name != "fr":
            row = table.get(folded(token))
            return () if row is None else (row,)
        row = table.get(exact(token))
        if row is not None:
            return (row,)
        plain = folded(token)
        found = table.get(plain)
        return self._unaccented.get(plain, ()) if found is None else (found,)

    def _french(self, token: str) -> Rows:
        """Return the rows of the first French form a word may come from."""
        for candidate in french_candidates(token):
            rows = self._plain(candidate, "fr")
            if rows:
                return rows
        return ()

    def _arabic(self, token: str, order: Sequence[str]) -> Rows:
        """Return the rows of the first Arabic form a word may come from."""
        form = folded(token)
        for name in order:
            table = self.single.get(name, {})
            candidates = arabic_candidates(form) if name == "ar" else iter(arabic_bases(form))
            for candidate in candidates:
                row = table.get(candidate)
                if row is not None:
                    return (row,)
        return ()
