"""Names of themes: a concept of the thesaurus where one marks the theme, else its own phrase.

A concept gives the name in both languages at once. Concepts are weighed by what they hold of the
theme, by what the theme holds of them, and by nearness in meaning; each names one theme, so that
names together fit best. A theme that no concept marks is named by the noun phrase that marks it in
each language; a language without evidence of its own gets the dictionary's words for the other's
keywords. Names differ between themes.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from nlp.broad import Broad, axis_meanings, broad_themes, read_axes
from nlp.clustering.kmeans import Dense
from nlp.lexicon import Concept, Lexicon
from nlp.naming.concepts import ConceptCounts
from nlp.naming.meaning import ThemeMeanings
from nlp.naming.sample import Sample
from nlp.naming.terms import ARABIC, LATIN, TermTable, distinct
from nlp.text.normalise import words
from nlp.text.table import Integers

#: Keywords of a theme in each language.
N_KEYWORDS = 8
#: Share and number of a theme's passages that must speak of a concept for it to name the theme.
LEAST_COVERAGE, LEAST_COUNT = 0.06, 2
#: How many times more often than elsewhere they must.
LEAST_LIFT = 1.5
#: Weight of nearness in meaning beside what is counted.
MEANING_WEIGHT = 0.5
#: Worth under which a concept does not name a theme.
LEAST_WORTH = 0.15
#: Share of all passages from which a concept is too common to name a theme by itself.
COMMON_SHARE = 0.04
#: Characters of a name at most.
LONGEST_NAME = 70


#: French and Arabic name of a theme that has them already.
GivenNames = tuple[str | None, str | None]


class NamedTheme(NamedTuple):
    """Names and keywords of a theme."""

    name_fr: str
    name_ar: str
    keywords_fr: list[str]
    keywords_ar: list[str]


class _Marked(NamedTuple):
    """A concept that marks a theme: worth, shares held, how many times more than usual."""

    worth: float
    coverage: float
    lift: float
    share: float
    number: int


class _Taken(NamedTuple):
    """Names that no other theme may get."""

    fr: set[str]
    ar: set[str]


class _Names(NamedTuple):
    """A pair of names."""

    fr: str
    ar: str


def _marking_concepts(counts: ConceptCounts, nearness: Dense) -> list[list[_Marked]]:
    """Return for each theme the concepts that mark it, the best name first.

    The worth of a concept is the geometric mean of its share of the theme's passages and of the
    theme's share of its passages (Ochiai's coefficient), and its nearness in meaning.
    """
    n = max(1, len(counts.labels))
    marked = []
    for theme, size in enumerate(counts.sizes):
        rows = []
        for number in np.flatnonzero(counts.inside[theme]).tolist():
            count, overall = counts.inside[theme, number], counts.overall[number]
            coverage, share = float(count / size), float(overall / n)
            # A concept met once or twice must not seem to belong to one theme alone.
            held = float(count / (overall + 2))
            worth = (coverage * held) ** 0.5 + MEANING_WEIGHT * max(0, nearness[theme, number])
            rows.append(_Marked(round(worth, 6), coverage, coverage / share, share, number))
        marked.append(sorted(rows, key=lambda row: (-row.worth, row.number)))
    return marked


def _fits(marked: _Marked, n_themes: int, size: int) -> bool:
    """Whether a concept marks a theme strongly enough to name it, or a part of it."""
    is_special = marked.lift >= LEAST_LIFT or n_themes == 1
    is_spoken_of = marked.coverage >= LEAST_COVERAGE and marked.coverage * size >= LEAST_COUNT - 0.5
    return is_special and (is_spoken_of or size < 12) and marked.worth >= LEAST_WORTH


def _is_common(marked: _Marked) -> bool:
    """Whether a concept is spoken of in so many themes that it tells little by itself."""
    return marked.share >= COMMON_SHARE and marked.lift < 4 and marked.coverage < 0.5


def _joined_fr(first: str, second: str) -> str:
    """Join two French labels, the second without its capital unless it is an acronym."""
    word = second.split(maxsplit=1)[0] if second.split() else second
    small = second if word.isupper() or len(word) < 2 else second[0].lower() + second[1:]
    return f"{first} : {small}"


def _would_stutter(first: Concept, second: Concept) -> bool:
    """Whether naming both would stutter: a word in common, in French or in Arabic."""
    for one, other in ((first.label_fr, second.label_fr), (first.label_ar, second.label_ar)):
        stems = [{w.stem for w in words(label) if len(w.form) > 2} for label in (one, other)]
        if stems[0] & stems[1]:
            return True
    return False


#: Name of a theme whose passages hold no word that could name it.
NAMELESS = _Names("Autres propos", "أقوال أخرى")


class Namer:
    """Names the themes of a corpus.

    Parameters
    ----------
    sample : Sample
        Some passages of each theme.
    counts : ConceptCounts
        What all of their passages speak of.
    given : sequence of (str or None, str or None)
        Names that themes already have.
    lexicon : Lexicon
    progress : callable
        Told the share done, in [0, 1].
    """

    def __init__(
        self,
        sample: Sample,
        counts: ConceptCounts,
        given: Sequence[GivenNames],
        lexicon: Lexicon,
        progress: Callable[[float], None] = lambda _: None,
    ) -> None:
        """Count terms and concepts."""
        self.lexicon = lexicon
        self.given = given
        self.n_themes = len(counts.sizes)
        self.progress = progress
        self.table = TermTable(sample, lexicon, lambda done: progress(done / 2))
        self.concepts = lexicon.thesaurus.concepts
        self.meanings = ThemeMeanings(sample, self.n_themes)
        self.counts = counts
        self.sizes = counts.sizes
        nearness = self.meanings.of_concepts(self.concepts)
        self.marked = _marking_concepts(counts, nearness)
        self._order = sorted(range(self.n_themes), key=lambda theme: (-self.sizes[theme], theme))

    def name(self) -> list[NamedTheme]:
        """Return names and keywords of the themes, by number."""
        firsts = self._first_concepts()
        keywords = []
        for theme in range(self.n_themes):
            self.progress(0.5 + 0.25 * theme / self.n_themes)
            keywords.append(self._keywords(theme))
        taken = _Taken({fr for fr, _ in self.given if fr}, {ar for _, ar in self.given if ar})
        names: dict[int, _Names] = {}
        for at, theme in enumerate(self._order):
            self.progress(0.75 + 0.25 * at / self.n_themes)
            found = self._name_of(theme, firsts, keywords[theme], taken)
            fr, ar = self.given[theme]
            names[theme] = _Names(fr or found.fr, ar or found.ar)
            taken.fr.add(names[theme].fr)
            taken.ar.add(names[theme].ar)
        return [NamedTheme(*names[theme], *keywords[theme]) for theme in range(self.n_themes)]

    def _first_concepts(self) -> dict[int, int]:
        """Give each theme one concept, so that names together are worth most."""
        worths = np.zeros((self.n_themes, max(1, len(self.concepts))))
        for theme, rows in enumerate(self.marked):
            for marked in rows:
                if _fits(marked, self.n_themes, self.sizes[theme]):
                    worths[theme, marked.number] = marked.worth * (
                        0.35 if _is_common(marked) else 1
                    )
        themes, numbers = linear_sum_assignment(-worths)
        return {
            int(theme): int(number)
            for theme, number in zip(themes, numbers, strict=True)
            if worths[theme, number] > 0
        }

    def _name_of(
        self,
        theme: int,
        firsts: dict[int, int],
        keywords: tuple[list[str], list[str]],
        taken: _Taken,
    ) -> _Names:
        """Return the first pair of names that no other theme has."""
        options: list[_Names] = []
        if theme in firsts:
            options = self._concept_names(theme, firsts)
        options += self._phrase_names(theme, keywords)
        for option in options:
            if option.fr not in taken.fr and option.ar not in taken.ar:
                return option
        return _without_clash(options, taken.fr, taken.ar)

    def _concept_names(self, theme: int, firsts: dict[int, int]) -> list[_Names]:
        """Return names by concept: with a second one where the first tells only part."""
        first = self.concepts[firsts[theme]]
        single = _Names(first.label_fr, first.label_ar)
        by_number = {marked.number: marked for marked in self.marked[theme]}
        main = by_number[firsts[theme]]
        pairs = [
            _Names(
                _joined_fr(first.label_fr, self.concepts[second.number].label_fr),
                f"{first.label_ar}: {self.concepts[second.number].label_ar}",
            )
            for second in self.marked[theme][:8]
            if self._may_join(theme, main, second, firsts)
        ]
        pairs = [pair for pair in pairs if max(map(len, pair)) <= LONGEST_NAME]
        return [*pairs, single] if _is_common(main) else [single, *pairs]

    def _may_join(self, theme: int, main: _Marked, second: _Marked, firsts: dict[int, int]) -> bool:
        """Whether a second concept completes a name: it marks the theme and goes with the first."""
        if second.number == main.number or second.number in firsts.values() or _is_common(second):
            return False
        is_marking = _fits(second, self.n_themes, self.sizes[theme]) and second.lift >= 2
        goes_along = self.counts.together(theme, main.number, second.number) >= 2
        one, other = self.concepts[main.number], self.concepts[second.number]
        return is_marking and goes_along and not _would_stutter(one, other)

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
        ranked = [key for key in ranked if self.table.may_stand_alone(key)]
        surfaces = [self.table.surface(key) for key in ranked]
        nearness = self.meanings.of_words(surfaces, script, theme)
        scores = [self.table.score(key, theme) for key in ranked]
        worths = [
            score * (0.4 + max(0.0, near)) for score, near in zip(scores, nearness, strict=True)
        ]
        order = sorted(range(len(ranked)), key=lambda i: (-round(worths[i], 6), ranked[i]))
        return distinct(((ranked[i], surfaces[i]) for i in order), N_KEYWORDS)

    def _concept_terms(self, theme: int, script: str) -> list[str]:
        """Return the labels, in one language, of the concepts that mark a theme."""
        fitting = [m for m in self.marked[theme][:12] if m.lift > 1 and m.coverage >= 0.05]
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
    sample: Sample,
    concepts: Any,
    labels: Integers,
    given: Sequence[GivenNames],
    lexicon: Lexicon,
    progress: Callable[[float], None] = lambda _: None,
) -> tuple[list[NamedTheme], Broad]:
    """Return names and keywords of themes, by number, and the broad themes they are in.

    Parameters
    ----------
    sample : Sample
        Some passages of each theme, by whose words it is named.
    concepts : sparse matrix, shape (n_passages, n_concepts)
        How often each passage of the themes speaks of each concept of the thesaurus.
    labels : array, shape (n_passages,)
        Theme of each of these passages.
    given : sequence of (str or None, str or None), length n_themes
        French and Arabic names that themes already have; no other theme gets one of them.
    """
    counts = ConceptCounts(concepts, labels, len(given))
    namer = Namer(sample, counts, given, lexicon, progress)
    axes = read_axes(namer.concepts)
    broad = broad_themes(
        namer.meanings.means,
        namer.sizes,
        namer.counts.inside,
        axes=axes,
        meanings=axis_meanings(axes, namer.concepts),
        concepts=namer.concepts,
    )
    return namer.name(), broad
