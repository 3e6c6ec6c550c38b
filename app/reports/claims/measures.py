"""How each measure is counted: see :mod:`app.reports.claims.dataset` for what they mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from app.reports.claims import weighting
from app.reports.claims.dataset import LANGUAGES, UNSTATED, Dataset, Query
from app.reports.figures import SMALLEST_GROUP, differing, largest_remainder

#: The states of a passage, in the order in which the sum is printed.
STATES = ("in_theme", "copy", "to_arbitrate", "off_topic", "unreadable", "excluded")

Measure = Callable[[Dataset, Query], Any]


def _submissions(data: Dataset, query: Query) -> int:
    """Count those who took part."""
    return sum(data.takes(number, query) for number in data.people) + data.residual(query)


def _analysed(data: Dataset, query: Query) -> int:
    """Count those with a passage."""
    numbers = data.analysed
    if "language" in query:
        numbers = {said.number for said in data.passages(query)}
    return sum(data.takes(number, query) for number in numbers) + data.residual(query)


def _voices(data: Dataset, query: Query) -> int:
    """Count those with a passage of their own in a theme."""
    spoke = {said.number for said in data.passages(query)}
    return sum(data.takes(number, query) for number in spoke) + data.residual(query)


def _signatories(data: Dataset, query: Query) -> int:
    """Count those who only signed."""
    voices = {said.number for said in data.passages(query)}
    signed = {said.number for said in data.passages(query | {"state": "copy"})}
    return len(signed - voices)


def _passages(data: Dataset, query: Query) -> int:
    """Count passages."""
    return sum(data.takes(said.number, query) for said in data.passages(query))


def _texts(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count the texts of which there are copies."""
    return len({said.copy_of for said in data.said if said.state == "copy" and said.copy_of})


def _regions(data: Dataset, query: Query) -> int:
    """Count the regions described, or those of them in which a theme has a voice."""
    codes = [code for code in data.described["region"] if code not in UNSTATED]
    if not query.get("theme"):
        return len(codes)
    asked = {"measure": "voices", "theme": query["theme"]}
    return sum(data.ask(asked | {"region": code}) > 0 for code in codes)


def _languages(data: Dataset, query: Query) -> int:
    """Count the languages known that were heard, in a theme or at all."""
    return len({said.language for said in data.passages(query)} & LANGUAGES)


def _ranking(data: Dataset, query: Query) -> list[list[int]]:
    """Rank the themes by voices; equal ones by passages, then by identifier."""
    part: Query = {name: query[name] for name in ("region", "actor_type") if name in query}
    counts: Counter[int] = Counter()
    for theme in data.themes:
        counts[theme] = data.ask({"measure": "voices", "theme": [theme], **part})
    sizes = {theme: len(data.passages({"theme": [theme]})) for theme in data.themes}
    order = sorted(data.themes, key=lambda t: (-counts[t], -sizes[t], t))
    return [[theme, counts[theme]] for theme in order][: query.get("top")]


def _differs(data: Dataset, query: Query) -> str | None:
    """Tell how a group differs from the rest."""
    dimension = "region" if "region" in query else "actor_type"
    return data.differences.get((dimension, query["theme"][0], query[dimension]))


def _place(data: Dataset, query: Query) -> int:
    """Return the place of a theme in the ranking."""
    order = [theme for theme, _voices in data.ask({"measure": "ranking"})]
    return order.index(query["theme"][0]) + 1


def _themes(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count the themes."""
    return len(data.themes)


def _unsurpassed(data: Dataset, query: Query) -> int:
    """Count the regions described in which no theme has more voices."""
    count = 0
    for code in data.described["region"]:
        if code not in UNSTATED:
            voices = dict(data.ask({"measure": "ranking", "region": code}))
            count += voices[query["theme"][0]] == max(voices.values())
    return count


def _ordered(counts: Counter[str], query: Query) -> list[list[Any]]:
    """Return counts as rows, the largest first."""
    rows = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [[code, n] for code, n in rows][: query.get("top")]


def _spoken(data: Dataset, query: Query) -> list[list[Any]]:
    """Rank languages by passages; of a region, only those in which enough people wrote."""
    rows = [said for said in data.passages(query) if data.takes(said.number, query)]
    counts = Counter(said.language for said in rows)
    if "region" in query:
        authors = Counter(language for _n, language in {(s.number, s.language) for s in rows})
        counts = Counter({c: n for c, n in counts.items() if authors[c] >= SMALLEST_GROUP})
    return _ordered(counts, query)


def _kinds(data: Dataset, query: Query) -> list[list[Any]]:
    """Rank actor types by submissions; of a region, those of which rows show it."""
    if "region" in query:
        shown = Counter(
            str(person.shown[1])
            for person in data.people.values()
            if person.shown[0] == query["region"] and person.shown[1] is not None
        )
        return _ordered(shown, query)
    counts = Counter(
        person.actor_type for person in data.people.values() if person.actor_type is not None
    )
    for (measure, _theme, dimension, code), n in data.residuals.items():
        if (measure, dimension) == ("submissions", "actor_type"):
            counts[code] += n
    return _ordered(counts, query)


def _by_region(data: Dataset) -> dict[str, int]:
    """Count those who took part by region, those who did not say left out."""
    codes = data.told.get("populations") or {}
    return {code: data.ask({"measure": "submissions", "region": code}) for code in codes}


def _located(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count those who said where they are."""
    return sum(_by_region(data).values())


def _heard(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count the regions from which somebody took part."""
    return sum(n > 0 for n in _by_region(data).values())


def _busiest(data: Dataset, query: Query) -> list[str]:
    """Return the regions with most submissions, or with most for their inhabitants."""
    counts: dict[str, float] = dict(_by_region(data))
    if query.get("for_population"):
        counts = {code: n / data.told["populations"][code] for code, n in counts.items()}
    most = max(counts.values(), default=0)
    return sorted(code for code, n in counts.items() if n == most and n)


def _crossed(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count those whose region and actor type are shown."""
    return sum(None not in person.shown for person in data.people.values())


def _effective(data: Dataset, query: Query) -> float:
    """Return the effective sample size, the size itself (``of``), or the number of ``regions``."""
    if query.get("value") == "regions":
        return len(weighting.strata(data))
    return weighting.effective(data)[query.get("value") == "of"]


def _n_regions(data: Dataset, query: Query) -> int:  # noqa: ARG001
    """Count the regions of the consultation."""
    return len(data.told["populations"])


def _registered(data: Dataset, query: Query) -> int:
    """Count the organisations verified, or those of them that took part."""
    return sum(row[bool(query.get("took_part"))] for row in data.told["registry"].values())


def _tenths(data: Dataset, query: Query) -> int:
    """Return the share of a state in tenths of a percent; those of all states sum to 1000."""
    counts = Counter(said.state for said in data.said)
    parts = largest_remainder([counts[state] for state in STATES])
    return parts[STATES.index(query["state"])]


def _weighted(data: Dataset, query: Query) -> float | None:
    """Return a weighted share, or an end of its interval."""
    found = weighting.weighted(data, query["theme"][0])
    return found[query["value"]] if found else None


def _positions(data: Dataset, query: Query) -> int:
    """Count the voices that take a position."""
    counts = data.positions.get(query["theme"][0], Counter())
    if "stance" in query:
        return counts[query["stance"]]
    return sum(counts.values()) - counts["silent"]


def _trend(data: Dataset, query: Query) -> Any:
    """Return what is told of a half, or whether the second differs from the first."""
    told = data.told.get("trend")
    if not told:
        return None
    if query["value"] == "differs":
        return data.ask({"measure": "trends"}).get(query["theme"][0])
    half = ("before", "after").index(query["value"])
    if "theme" not in query:
        return told["everyone"][half]
    return told["themes"].get(str(query["theme"][0]), [0, 0])[half]


def _trends(data: Dataset, query: Query) -> dict[int, str | None]:  # noqa: ARG001
    """Tell of each theme whether it is raised more or less in the second half, tests together."""
    of, rest_of = data.told["trend"]["everyone"]
    halves = data.told["trend"]["themes"]
    pairs = [halves.get(str(theme), [0, 0]) for theme in data.themes]
    tables = [(after, rest_of, before, of) for before, after in pairs]
    return {
        theme: ("more" if after * of > before * rest_of else "less") if differs else None
        for theme, (before, after), differs in zip(
            data.themes, pairs, differing(tables), strict=True
        )
    }


def _words(data: Dataset, query: Query) -> str | None:
    """Return the hash of the words at a place, as they may be shown; None if nothing is there."""
    said = data.by_place.get((query["number"], query["question"], query["start"], query["end"]))
    return said.sha256 or None if said else None


def _told(data: Dataset, query: Query) -> Any:
    """Return what the source itself tells."""
    found: Any = data.told.get(query["name"])
    for step in query.get("path", ()):
        found = found[step]
    return found


MEASURES: dict[str, Measure] = {
    "submissions": _submissions,
    "analysed": _analysed,
    "voices": _voices,
    "signatories": _signatories,
    "passages": _passages,
    "texts": _texts,
    "regions": _regions,
    "languages": _languages,
    "ranking": _ranking,
    "differs": _differs,
    "place": _place,
    "themes": _themes,
    "unsurpassed": _unsurpassed,
    "spoken": _spoken,
    "kinds": _kinds,
    "located": _located,
    "heard": _heard,
    "busiest": _busiest,
    "crossed": _crossed,
    "effective": _effective,
    "n_regions": _n_regions,
    "registered": _registered,
    "tenths": _tenths,
    "weighted": _weighted,
    "positions": _positions,
    "trend": _trend,
    "trends": _trends,
    "words": _words,
    "told": _told,
}
