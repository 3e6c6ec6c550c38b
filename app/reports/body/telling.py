"""What a dataset's rows cannot tell, as sums: dates, ways in, inhabitants, the registry, measures.

:mod:`app.reports.claims.dataset` says what stands under each name.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.clock import CIVIL_ZONE
from app.organisations.models import Organisation, OrganisationState
from app.reports import queries
from app.reports.body.corpus import Contributor, Corpus
from app.reports.body.reliability import reliability
from app.reports.figures import DISCOVERY_RATE, SMALLEST_GROUP
from app.submissions.models import Submission
from app.themes.models import AnalysisRun


def told(session: Session, corpus: Corpus) -> dict[str, Any]:
    """Return all that is told; how many quotations were withheld is known once they are chosen."""
    people = list(corpus.contributors.values())
    weeks = by_week([_day(person) for person in people])
    channels: dict[str, int] = {}
    for person in people:
        channels[person.channel] = channels.get(person.channel, 0) + 1
    return {
        "populations": {region.code: region.population for region in corpus.consultation.regions},
        "days": _ends(people),
        "weeks": weeks,
        "channels": channels,
        "texts": {
            "without": len(people) - len(corpus.with_text | corpus.languages.keys()),
            "waiting": len(corpus.with_text - corpus.languages.keys()),
        },
        "registry": registry(session, corpus),
        "trend": trend(corpus, weeks),
        "set_aside": {
            "themes": {
                str(theme.id): corpus.said[theme.id].n_excluded if theme.id in corpus.said else 0
                for theme in corpus.themes.values()
                if theme.state == "excluded"
            },
            "reasons": [
                [row.reason, row.n] for row in session.execute(queries.set_aside_of(corpus.run))
            ],
        },
        "method": _method(corpus.run),
        "reliability": reliability(session, corpus.run),
    }


def _day(person: Contributor) -> date:
    """Return the day on which somebody took part, in Rabat."""
    return person.at.astimezone(CIVIL_ZONE).date()


def _monday(day: date) -> date:
    """Return the first day of a week."""
    return day - timedelta(days=day.weekday())


def _ends(people: list[Contributor]) -> list[str] | None:
    """Return the first and the last day of the collection."""
    days = [_day(person) for person in people]
    return [min(days).isoformat(), max(days).isoformat()] if days else None


def by_week(days: list[date]) -> list[list[Any]]:
    """Return ``[monday, count]`` of each week, the silent ones too."""
    if not days:
        return []
    mondays = [_monday(day) for day in days]
    monday, last = min(mondays), max(mondays)
    weeks: list[list[Any]] = []
    while monday <= last:
        weeks.append([monday.isoformat(), mondays.count(monday)])
        monday += timedelta(days=7)
    return weeks


def trend(corpus: Corpus, weeks: list[list[Any]]) -> dict[str, Any] | None:
    """Return voices of each theme in the first and in the second half of the weeks.

    The first half has the week more of an odd number. None where the collection was shorter than
    two weeks, or where fewer than five people spoke in one of the halves.
    """
    if len(weeks) < 2:
        return None
    border = date.fromisoformat(weeks[(len(weeks) + 1) // 2][0])
    half = {person.id: int(_day(person) >= border) for person in corpus.analysed}
    everyone = [list(half.values()).count(0), list(half.values()).count(1)]
    if min(everyone) < SMALLEST_GROUP:
        return None
    return {
        "until": (border - timedelta(days=1)).isoformat(),
        "everyone": everyone,
        "themes": {
            str(theme.id): [
                sum(half[i] == side for i in corpus.said[theme.id].voices) for side in (0, 1)
            ]
            for theme in corpus.ranked()
        },
    }


def registry(session: Session, corpus: Corpus) -> dict[str, list[int]]:
    """Return, by region, the organisations verified, and how many of them took part."""
    spoke = (
        select(Submission.organisation_id)
        .where(
            Submission.consultation_id == corpus.consultation.id,
            Submission.is_standing,
            Submission.organisation_id.is_not(None),
        )
        .scalar_subquery()
    )
    took_part = func.count().filter(Organisation.id.in_(spoke))
    rows = session.execute(
        select(Organisation.region_code, func.count(), took_part)
        .where(Organisation.state == OrganisationState.VERIFIED)
        .group_by(Organisation.region_code)
    )
    counted = {code: [n, active] for code, n, active in rows}
    return {r.code: counted.get(r.code, [0, 0]) for r in corpus.consultation.regions}


def _method(run: AnalysisRun) -> dict[str, Any]:
    """Return how the figures were made."""
    return {
        "engine": run.engine,
        "seed": run.options.get("seed"),
        "n_themes": run.options.get("n_themes"),
        "analysed_at": run.finished_at.isoformat() if run.finished_at else None,
        "smallest_group": SMALLEST_GROUP,
        "discovery_rate": DISCOVERY_RATE,
        "withheld": 0,
    }
