"""Names of themes: a concept of the thesaurus where one marks the theme, else its own phrase.

A concept gives the name in both languages at once. A theme that no concept marks is named by the
noun phrase that marks it in each language; a language without evidence of its own gets the
dictionary's words for the other's keywords. Names differ between themes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import NamedTuple

from nlp.lexicon import Concept, Lexicon
from nlp.naming.terms import ARABIC, LATIN, TermTable, distinct
from nlp.text.normalise import words

#: Keywords of a theme in each language.
N_KEYWORDS = 8
#: Share of a theme's passages that must speak of a concept for it to name the theme.
LEAST_COVERAGE = 0.12
#: How many times more often than elsewhere they must.
LEAST_LIFT = 1.5
#: Characters of a name at most.
LONGEST_NAME = 70


class NamedTheme(NamedTuple):
    """Names and keywords of a theme."""

    name_fr: str
    name_ar: str
    keywords_fr: list[str]
    keywords_ar: list[str]


class _Marked(NamedTuple):
    """A concept that marks a theme."""

    score: float
    coverage: float
    lift: float
    number: int


class _Names(NamedTuple):
    """A pair of names."""

    fr: str
    ar: str


def _marking_concepts(
    concepts: Sequence[Sequence[int]], labels: Sequence[int], n_themes: int
) -> list[list[_Marked]]:
    """Return for each theme the concepts that mark it, the most telling first."""
    inside: list[Counter[int]] = [Counter() for _ in range(n_themes)]
    overall: Counter[int] = Counter()
    sizes = Counter(labels)
    for found, label in zip(concepts, labels, strict=True):
        inside[label].update(set(found))
        overall.update(set(found))
    total = len(labels)
    marked = []
    for theme in range(n_themes):
        rows = []
        for number, count in inside[theme].items():
            coverage = count / sizes[theme]
            lift = coverage / (overall[number] / total)
            score = count * log((count + 0.5) / (overall[number] * sizes[theme] / total + 0.5))
            rows.append(_Marked(score, coverage, lift, number))
        marked.append(sorted(rows, key=lambda row: (-round(row.score, 9), row.number)))
    return marked


def _fits(marked: _Marked, n_themes: int) -> bool:
    """Whether a concept marks a theme strongly enough to name it."""
    is_special = marked.lift >= LEAST_LIFT or n_themes == 1
    return marked.score > 0 and marked.coverage >= LEAST_COVERAGE and is_special


def _fits_at_need(marked: _Marked) -> bool:
    """Whether a concept may name a theme that no concept marks strongly."""
    return marked.score > 0 and marked.coverage >= LEAST_COVERAGE / 2


def _joined_fr(first: str, second: str) -> str:
    """Join two French labels, the second without its capital unless it is an acronym."""
    word = second.split(maxsplit=1)[0] if second.split() else second
    small = second if word.isupper() or len(word) < 2 else second[0].lower() + second[1:]
    return f"{first} et {small}"


def _would_stutter(first: Concept, second: Concept) -> bool:
    """Whether naming both would stutter: a word in common, or an "and" in one of them."""
    if any(" et " in c.label_fr or " و" in c.label_ar for c in (first, second)):
        return True
    stems = [{w.stem for w in words(c.label_fr) if len(w.form) > 2} for c in (first, second)]
    return bool(stems[0] & stems[1])


#: Name of a theme whose passages hold no word that could name it.
NAMELESS = _Names("Autres propos", "أقوال أخرى")


class Namer:
    """Names the themes of a corpus.

    Parameters
    ----------
    texts, languages, labels : sequences of length n_passages
        The passages of the themes, their language codes and theme numbers.
    concepts : sequence of length n_passages
        Numbers of the thesaurus concepts each passage speaks of.
    n_themes : int
    lexicon : Lexicon
    progress : callable
        Told the share done, in [0, 1].
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[int],
        concepts: Sequence[Sequence[int]],
        n_themes: int,
        lexicon: Lexicon,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Count terms and concepts."""
        self.lexicon = lexicon
        self.n_themes = n_themes
        self.progress = progress
        self.table = TermTable(texts, labels, lexicon, lambda done: progress(done / 2))
        self.marked = _marking_concepts(concepts, labels, n_themes)
        self.concepts = lexicon.thesaurus.concepts
        self._order = [theme for theme, _ in Counter(sorted(labels)).most_common()]

    def name(self) -> list[NamedTheme]:
        """Return names and keywords of the themes, by number."""
        firsts = self._first_concepts()
        keywords = []
        for theme in range(self.n_themes):
            self.progress(0.5 + 0.25 * theme / self.n_themes)
            keywords.append(self._keywords(theme))
        names: dict[int, _Names] = {}
        for at, theme in enumerate(self._order):
            self.progress(0.75 + 0.25 * at / self.n_themes)
            taken = set(names.values())
            names[theme] = self._name_of(theme, firsts, keywords[theme], taken)
        return [NamedTheme(*names[theme], *keywords[theme]) for theme in range(self.n_themes)]

    def _first_concepts(self) -> dict[int, int]:
        """Give each theme the concept that marks it most, each concept to one theme only."""
        pairs = sorted(
            (
                (marked, theme)
                for theme in range(self.n_themes)
                for marked in self.marked[theme][:12]
            ),
            key=lambda pair: (-round(pair[0].score, 9), pair[1], pair[0].number),
        )
        firsts: dict[int, int] = {}
        for marked, theme in pairs:
            is_free = theme not in firsts and marked.number not in firsts.values()
            if is_free and _fits(marked, self.n_themes):
                firsts[theme] = marked.number
        for marked, theme in pairs:
            is_free = theme not in firsts and marked.number not in firsts.values()
            if is_free and _fits_at_need(marked):
                firsts[theme] = marked.number
        return firsts

    def _name_of(
        self,
        theme: int,
        firsts: dict[int, int],
        keywords: tuple[list[str], list[str]],
        taken: set[_Names],
    ) -> _Names:
        """Return the first pair of names that no other theme has."""
        options: list[_Names] = []
        if theme in firsts:
            options = self._concept_names(theme, firsts)
        options += self._phrase_names(theme, keywords)
        used_fr, used_ar = {name.fr for name in taken}, {name.ar for name in taken}
        for option in options:
            if option.fr not in used_fr and option.ar not in used_ar:
                return option
        return _without_clash(options, used_fr, used_ar)

    def _concept_names(self, theme: int, firsts: dict[int, int]) -> list[_Names]:
        """Return names by concept: with a second one where the first tells only part."""
        first = self.concepts[firsts[theme]]
        single = _Names(first.label_fr, first.label_ar)
        by_number = {marked.number: marked for marked in self.marked[theme]}
        main = by_number[firsts[theme]]
        pairs = []
        for second in self.marked[theme][:6]:
            concept = self.concepts[second.number]
            is_other = second.number != main.number and second.number not in firsts.values()
            if is_other and _fits(second, self.n_themes) and not _would_stutter(first, concept):
                pair = _Names(
                    _joined_fr(first.label_fr, concept.label_fr),
                    f"{first.label_ar} و{concept.label_ar}",
                )
                if max(len(pair.fr), len(pair.ar)) <= LONGEST_NAME:
                    pairs.append((second, pair))
        if pairs and main.coverage < 0.5 and pairs[0][0].score >= 0.6 * main.score:
            return [pairs[0][1], single, *(pair for _, pair in pairs[1:])]
        return [single, *(pair for _, pair in pairs)]

    def _phrase_names(self, theme: int, keywords: tuple[list[str], list[str]]) -> list[_Names]:
        """Return names by the theme's own phrases, and by its keywords."""
        fr, ar = self._phrases(theme, LATIN), self._phrases(theme, ARABIC)
        fr += [self._pair(keywords[0], " et ")]
        ar += [self._pair(keywords[1], " و")]
        fr, ar = [name for name in fr if name], [name for name in ar if name]
        if not fr or not ar:
            # Words of neither language: the theme is named by what there is.
            fr, ar = fr or ar or [NAMELESS.fr], ar or fr or [NAMELESS.ar]
        count = max(len(fr), len(ar))
        return [
            _Names(_capital(fr[min(i, len(fr) - 1)]), ar[min(i, len(ar) - 1)]) for i in range(count)
        ]

    def _phrases(self, theme: int, script: str) -> list[str]:
        """Return the phrases of two and three words that mark a theme in its own texts."""
        if self.table.sizes[script][theme] < 3:
            return []
        ranked = [
            key for key in self.table.ranked(theme, script)[:60] if self.table.kinds[key][0] > 1
        ]
        surfaces = [self.table.surface(key) for key in ranked[:6]]
        return [surface for surface in surfaces if len(surface) <= LONGEST_NAME]

    def _pair(self, keywords: list[str], joint: str) -> str:
        """Join the first two keywords that differ."""
        return joint.join(keywords[:2])

    def _keywords(self, theme: int) -> tuple[list[str], list[str]]:
        """Return the keywords of a theme in French and in Arabic."""
        own = {script: self._own_keywords(theme, script) for script in (LATIN, ARABIC)}
        fr = _filled(
            own[LATIN], self._concept_terms(theme, LATIN), self._translated(own[ARABIC], LATIN)
        )
        ar = _filled(
            own[ARABIC], self._concept_terms(theme, ARABIC), self._translated(own[LATIN], ARABIC)
        )
        return fr or ar or [NAMELESS.fr], ar or fr or [NAMELESS.ar]

    def _own_keywords(self, theme: int, script: str) -> list[str]:
        """Return the terms that mark a theme in the texts of one script."""
        size = self.table.sizes[script][theme]
        if size == 0:
            return []
        least = 2 if size >= 6 else 1
        ranked = self.table.ranked(theme, script, least=least)[:60]
        return distinct(((key, self.table.surface(key)) for key in ranked), N_KEYWORDS)

    def _concept_terms(self, theme: int, script: str) -> list[str]:
        """Return the labels, in one language, of the concepts that mark a theme."""
        fitting = [m for m in self.marked[theme][:12] if m.score > 0 and m.coverage >= 0.05]
        labels = [self.concepts[m.number] for m in fitting]
        return [c.label_fr.lower() if script == LATIN else c.label_ar for c in labels]

    def _translated(self, keywords: list[str], script: str) -> list[str]:
        """Return a dictionary's words for keywords of the other language, the commonest sense."""
        found = []
        for keyword in keywords:
            for word in words(keyword):
                choice = self._translation(word.form, script)
                if choice:
                    found.append(choice)
        return list(dict.fromkeys(found))

    def _translation(self, form: str, script: str) -> str:
        """Return the word that most senses of a word share in the other language."""
        votes: Counter[str] = Counter()
        for word in words(form):
            if self.lexicon.is_stop(word):
                continue
            for number in self.lexicon.senses.of(word):
                sense = self.lexicon.senses.senses[number]
                for other in sense.fr if script == LATIN else sense.ar:
                    votes[other] += 1
        best = sorted(votes.items(), key=lambda item: (-item[1], len(item[0]), item[0]))
        return best[0][0] if best else ""


def _filled(own: list[str], *more: list[str]) -> list[str]:
    """Fill a list of keywords up from others, without repeating one."""
    found = dict.fromkeys(own)
    for others in more:
        for other in others:
            if len(found) >= N_KEYWORDS:
                break
            found.setdefault(other)
    return list(found)[:N_KEYWORDS]


def _capital(name: str) -> str:
    """Return a name with a capital first letter."""
    return name[:1].upper() + name[1:]


def _without_clash(options: list[_Names], used_fr: set[str], used_ar: set[str]) -> _Names:
    """Return a pair of names, each the first free one of its language, made longer if none is."""
    fr = next((o.fr for o in options if o.fr not in used_fr), "")
    ar = next((o.ar for o in options if o.ar not in used_ar), "")
    others_fr, others_ar = fr or options[0].fr, ar or options[0].ar
    while others_fr in used_fr:
        others_fr = f"{others_fr} (autres aspects)"
    while others_ar in used_ar:
        others_ar = f"{others_ar} (جوانب أخرى)"
    return _Names(others_fr, others_ar)


def name_themes(
    texts: Sequence[str],
    labels: Sequence[int],
    concepts: Sequence[Sequence[int]],
    n_themes: int,
    lexicon: Lexicon,
    progress: Callable[[float], None] = lambda _: None,
) -> list[NamedTheme]:
    """Return names and keywords of themes numbered 0 to ``n_themes`` - 1, none of them empty.

    Parameters
    ----------
    texts, labels : sequences of length n_passages
        The passages that are in themes, and their theme.
    concepts : sequence of length n_passages
        Numbers of the thesaurus concepts each passage speaks of.
    """
    return Namer(texts, labels, concepts, n_themes, lexicon, progress).name()
