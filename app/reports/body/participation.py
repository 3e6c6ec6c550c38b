"""Who took part: the figures of the report's first part, and the sum of the states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.clock import CIVIL_ZONE
from app.organisations.models import ActorType
from app.reports.body.corpus import Corpus
from app.reports.body.telling import by_week
from app.reports.figures import largest_remainder
from app.themes.models import PassageState


def share(count: int, of: int) -> float:
    """Return a share with six decimals (0 of 0 is 0), the same on every machine."""
    return round(count / of, 6) if of else 0.0


def participation(corpus: Corpus) -> dict[str, Any]:
    """Return the participation figures."""
    people = list(corpus.contributors.values())
    days = [person.at.astimezone(CIVIL_ZONE).date() for person in people]
    regions = Counter(person.region for person in people if person.region)
    return {
        "submissions": len(people),
        "analysed": len(corpus.languages),
        "without_text": len(people) - len(corpus.with_text | corpus.languages.keys()),
        "waiting": len(corpus.with_text - corpus.languages.keys()),
        "passages": corpus.n_passages,
        "first_on": min(days).isoformat() if days else None,
        "last_on": max(days).isoformat() if days else None,
        "by_region": _regions(corpus, regions),
        "without_region": sum(person.region is None for person in people),
        "by_actor_type": [
            {"code": kind.value, "count": n, "share": share(n, len(people))}
            for kind, n in _ordered(Counter(ActorType(person.actor_type) for person in people))
        ],
        "by_channel": [
            {"code": channel, "count": n, "share": share(n, len(people))}
            for channel, n in _ordered(Counter(person.channel for person in people))
        ],
        "by_language": _languages(corpus),
        "by_week": _weeks(days),
    }


def _ordered(counts: Mapping[Any, int]) -> list[tuple[Any, int]]:
    """Return the counts, the largest first."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _regions(corpus: Corpus, counts: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return every region of the consultation, those without an answer too."""
    regions = corpus.consultation.regions
    inhabitants = sum(region.population for region in regions)
    located = sum(counts.values())
    return [
        {
            "code": region.code,
            "names": dict(region.names),
            "count": counts.get(region.code, 0),
            "share": share(counts.get(region.code, 0), located),
            "population": region.population,
            "population_share": share(region.population, inhabitants),
            "per_100k": round(counts.get(region.code, 0) * 100_000 / region.population, 2),
        }
        for region in regions
    ]


def _languages(corpus: Corpus) -> list[dict[str, Any]]:
    """Return the languages of the passages, with the contributors who wrote in each."""
    wrote = Counter(language for spoken in corpus.languages.values() for language in spoken)
    return [
        {
            "code": language,
            "passages": n,
            "share": share(n, corpus.n_passages),
            "contributors": wrote[language],
        }
        for language, n in _ordered(corpus.passages_by_language)
    ]


def _weeks(days: list[date]) -> list[dict[str, Any]]:
    """Return the submissions of each week, the silent ones too."""
    return [{"monday": monday, "count": n} for monday, n in by_week(days)]


def coverage(corpus: Corpus) -> dict[str, Any]:
    """Return every state with its passages; the printed decimals sum to 100.0 exactly."""
    counts = [corpus.states[state] for state in PassageState]
    tenths = largest_remainder(counts)
    return {
        "total": sum(counts),
        "states": [
            {"state": state.value, "count": count, "tenths": parts}
            for state, count, parts in zip(PassageState, counts, tenths, strict=True)
        ],
    }
