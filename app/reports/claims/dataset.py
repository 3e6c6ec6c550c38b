"""Who said what, as rows: what every claim is asked of, from the tables or from the open data.

Measures, with the keys that narrow them:

``submissions``   those who took part: ``region``, ``actor_type``
``analysed``      those with a passage: ``region``, ``actor_type``, ``language``
``voices``        those with a passage of their own in one of ``theme``: ``region``, ``actor_type``,
                  ``language``, ``nature``, ``stance``
``signatories``   those who only sent a copy of a text of one of ``theme``
``passages``      passages: ``theme`` (in it), ``state``, ``language``, ``nature``, ``region``
``texts``         texts of which there are copies
``regions``       regions described in which ``theme`` has a voice; without it, all of them
``languages``     languages known in which ``theme`` is said; without it, all that were heard
``ranking``       ``[[theme, voices], ...]``, most voices first: ``region``, ``actor_type``, ``top``
``place``         the place of ``theme`` in the ranking of all, 1 for the first
``themes``        how many themes there are
``unsurpassed``   regions described in which no theme has more voices than ``theme``
``spoken``        ``[[language, passages], ...]``, most first: ``theme``, ``region``, ``top``
``kinds``         ``[[actor type, submissions], ...]``, most first: ``region`` (only those that
                  rows show), ``top``
``located``       those who took part and said in which region they are
``heard``         regions from which somebody took part
``busiest``       regions with most submissions: ``for_population`` counts them by inhabitant
``crossed``       those whose region and actor type are both shown
``effective``     the effective sample size once weighted by the population of the regions;
                  ``value``: ``of``, the size itself, or ``regions``, how many are weighted
``n_regions``     regions of the consultation
``registered``    organisations verified in the registry; those that ``took_part``
``tenths``        the share of a ``state`` in tenths of a percent; those of all sum to 1000
``weighted``      of ``theme``: ``value`` is ``share``, ``low`` or ``high``, None if it cannot be
``positions``     voices of ``theme`` that are ``stance``: ``for``, ``against``, ``mixed`` or
                  ``silent``; without it, those that take any position
``trend``         ``value`` ``before``, ``after`` (voices of ``theme`` in each half of the
                  collection, everybody without it) or ``differs`` (``more``, ``less``, None)
``words``         the hash of the words at ``number``, ``question``, ``start``, ``end``
``told``          what the source itself tells under ``name``: measures that rows do not hold;
                  ``path`` leads inside
``differs``       ``more``, ``less`` or None: a group against the rest, all tests taken together

``region`` is ``""`` for those who did not say where they are. ``theme`` is a list of identifiers;
merged themes count under the theme that holds them.

Rows have no dates, no organisations and no inhabitants. What follows from these is told as sums
(:mod:`app.reports.body.telling`), under names that are strings, so that JSON holds it::

    populations   {region: inhabitants}
    days, weeks   [first, last]; [[monday, submissions], ...]
    channels      {channel: submissions}
    texts         {"without": submissions without a text, "waiting": with one not analysed yet}
    registry      {region: [verified organisations, those that took part]}
    trend         {"until", "everyone": [before, after], "themes": {theme: [before, after]}} or None
    set_aside     {"themes": {theme: passages}, "reasons": [[reason, passages], ...]}
    method        engine, seed, n_themes, analysed_at, smallest_group, withheld
    reliability   round and accuracy, as in the body
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from typing import Any

from app.reports.figures import differing, suppressed

Query = dict[str, Any]

#: The dimensions that people are described by.
DIMENSIONS = ("region", "actor_type")
#: Languages that have a name.
LANGUAGES = frozenset({"fr", "ar", "ar-MA", "ary-Latn", "zgh"})
#: Codes of those who did not state a dimension; they belong to the rest, and are no group.
UNSTATED = frozenset({"", "unknown"})


@dataclass(frozen=True)
class Person:
    """A submission that stands.

    :ivar region: empty where not stated; None where the open data withhold it.
    :ivar actor_type: None where the open data withhold it.
    :ivar shown: region and actor type as the open data show them; evidence is drawn by these, so
        that it is the same from either source.
    """

    number: str
    region: str | None
    actor_type: str | None
    shown: tuple[str | None, str | None]

    def stated(self, dimension: str) -> str | None:
        """Return the region or the actor type."""
        return self.region if dimension == "region" else self.actor_type


@dataclass(frozen=True)
class Said:
    """A passage, where it is after all decisions.

    :ivar theme: the theme it counts under; None for those in no theme of the report.
    :ivar sha256: hash of the words as they are shown; empty where they are withheld.
    :ivar copy_of: for a copy, which text it is a copy of.
    """

    number: str
    question: str
    start: int
    end: int
    sha256: str
    language: str
    state: str
    theme: int | None
    nature: str | None = None
    stance: str | None = None
    copy_of: str = ""

    @property
    def place(self) -> tuple[str, str, int, int]:
        """Return where its words are."""
        return self.number, self.question, self.start, self.end

    @property
    def line(self) -> str:
        """Return what evidence is hashed over."""
        return f"{self.number} {self.question} {self.start} {self.end} {self.sha256}"


@dataclass
class Dataset:
    """All the rows of a report.

    :ivar themes: identifiers of the themes of the report.
    :ivar residuals: what rows do not show, by ``(measure, theme or 0, dimension, code)``: counts to
        be added to those of the rows; empty for the tables, where rows show everything
        (:func:`app.reports.claims.residuals.residuals`).

    A value: nothing in it is changed once it was asked, for answers are remembered.
    """

    people: dict[str, Person]
    said: list[Said]
    themes: list[int]
    residuals: Mapping[tuple[str, int, str, str], int] = field(default_factory=dict)
    #: Answers kept by the source itself, for measures that rows do not tell (``reliability`` ...).
    told: Mapping[str, Any] = field(default_factory=dict)

    def ask(self, query: Query) -> Any:
        """Answer a query.

        :raises KeyError: if the measure is not known.
        """
        from app.reports.claims.measures import MEASURES

        key = json.dumps(query, sort_keys=True)
        if key not in self._answers:
            self._answers[key] = MEASURES[query["measure"]](self, query)
        return self._answers[key]

    @cached_property
    def _answers(self) -> dict[str, Any]:
        """What was asked already."""
        return {}

    @cached_property
    def _proofs(self) -> dict[str, dict[str, Any]]:
        """The evidence that was asked for already."""
        return {}

    @cached_property
    def ordered(self) -> list[Said]:
        """All passages, by submission, question and place."""
        return sorted(self.said, key=lambda said: (said.number, said.question, said.start))

    @cached_property
    def by_theme(self) -> dict[int, list[Said]]:
        """The passages in each theme, copies among them, in order."""
        found: dict[int, list[Said]] = defaultdict(list)
        for said in self.ordered:
            if said.theme is not None and said.state in {"in_theme", "copy"}:
                found[said.theme].append(said)
        return found

    @cached_property
    def by_place(self) -> dict[tuple[str, str, int, int], Said]:
        """The passages by where their words are."""
        return {said.place: said for said in self.said}

    @cached_property
    def analysed(self) -> set[str]:
        """Numbers of those with a passage."""
        return {said.number for said in self.said}

    @cached_property
    def _voices(self) -> dict[int, set[str]]:
        """Numbers of those with a passage of their own in each theme."""
        return {
            theme: {said.number for said in rows if said.state == "in_theme"}
            for theme, rows in self.by_theme.items()
        }

    def voices_of(self, theme: int) -> set[str]:
        """Return the numbers of those with a passage of their own in a theme."""
        return self._voices.get(theme, set())

    @cached_property
    def positions(self) -> dict[int, Counter[str]]:
        """How many voices of each theme are for, against, both (mixed), or do not say (silent)."""
        found: dict[int, Counter[str]] = {}
        for theme, rows in self.by_theme.items():
            held: dict[str, set[str]] = defaultdict(set)
            for said in rows:
                if said.state == "in_theme":
                    held[said.number] |= {said.stance} if said.stance else set()
            found[theme] = Counter(
                "silent" if not some else min(some) if len(some) == 1 else "mixed"
                for some in held.values()
            )
        return found

    def passages(self, query: Query) -> list[Said]:
        """Return the passages that a query is about, wherever their authors are."""
        themes = query.get("theme")
        if themes:
            rows: Iterable[Said] = (s for t in themes for s in self.by_theme.get(t, ()))
        else:
            rows = self.ordered
        state = query.get("state", "in_theme" if themes else None)
        wanted = [(n, query[n]) for n in ("language", "nature", "stance") if n in query]
        return [
            said
            for said in rows
            if (state is None or said.state == state)
            and all(getattr(said, name) == value for name, value in wanted)
        ]

    def takes(self, number: str, query: Query) -> bool:
        """Tell whether somebody is in the region and of the actor type that a query asks for."""
        person = self.people[number]
        return all(d not in query or person.stated(d) == query[d] for d in DIMENSIONS)

    def residual(self, query: Query) -> int:
        """Return what the rows do not show of a count over people."""
        dimensions = [d for d in DIMENSIONS if d in query]
        if len(dimensions) != 1 or any(n in query for n in ("language", "nature", "stance")):
            return 0
        themes = query.get("theme") or [0]
        if len(themes) > 1:
            return 0
        key = (query["measure"], themes[0], dimensions[0], query[dimensions[0]])
        return self.residuals.get(key, 0)

    def sizes(self, dimension: str) -> dict[str, int]:
        """Return how many of those analysed are of each group."""
        counts = Counter(self.people[number].stated(dimension) for number in self.analysed)
        counts.pop(None, None)
        for (measure, theme, of, code), n in self.residuals.items():
            if measure == "analysed" and not theme and of == dimension:
                counts[code] += n
        return {str(code): n for code, n in counts.items()}

    @cached_property
    def described(self) -> dict[str, list[str]]:
        """The groups of each dimension that are large enough to be described."""
        found = {}
        for dimension in DIMENSIONS:
            sizes = self.sizes(dimension)
            hidden = suppressed(sizes)
            found[dimension] = sorted(code for code in sizes if code not in hidden)
        return found

    @cached_property
    def differences(self) -> dict[tuple[str, int, str], str | None]:
        """Which groups speak of a theme more or less than the rest, by dimension, theme, code."""
        found: dict[tuple[str, int, str], str | None] = {}
        everyone = len(self.analysed)
        for dimension in DIMENSIONS:
            keys, tables = [], []
            for theme in self.themes:
                voices = self.ask({"measure": "voices", "theme": [theme]})
                for code in self.described[dimension]:
                    if code in UNSTATED:
                        continue
                    part = {dimension: code}
                    count = self.ask({"measure": "voices", "theme": [theme], **part})
                    of = self.ask({"measure": "analysed", **part})
                    keys.append((dimension, theme, code))
                    tables.append((count, of, voices - count, everyone - of))
            for key, (count, of, rest, rest_of), differs in zip(
                keys, tables, differing(tables), strict=True
            ):
                more = count * rest_of > rest * of
                found[key] = ("more" if more else "less") if differs else None
        return found

    def evidence(self, query: Query, most: int = 3) -> dict[str, Any]:
        """Return what proves the answer to a query: how many passages, their hash, and some."""
        key = json.dumps([query, most], sort_keys=True)
        if key not in self._proofs:
            self._proofs[key] = self._evidence(query, most)
        return self._proofs[key]

    def proof(self, query: Query) -> list[Said]:
        """Return the passages that prove an answer, as far as rows show whose they are."""
        asked = [(i, query[d]) for i, d in enumerate(DIMENSIONS) if d in query]
        rows = [
            said
            for said in self.passages(query)
            if all(self.people[said.number].shown[i] == code for i, code in asked)
        ]
        if len(query.get("theme") or ()) > 1:
            rows.sort(key=lambda said: (said.number, said.question, said.start))
        return rows

    def _evidence(self, query: Query, most: int) -> dict[str, Any]:
        """Gather it."""
        rows = self.proof(query)
        digest = sha256("\n".join(said.line for said in rows).encode()).hexdigest()
        sample = (
            [said.number, said.question, said.start, said.end, said.sha256]
            for said in rows
            if said.sha256
        )
        return {
            "query": query,
            "passages": len(rows),
            "sha256": digest,
            "sample": list(islice(sample, most)),
        }
