"""What the home page says of a consultation: who was heard where, and words that were published."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.calendar import Meeting, meetings
from app.consultations.models import Consultation, Stage
from app.consultations.queries import all_consultations
from app.core.db import Texts
from app.organisations.models import ActorType
from app.reports.queries import newest_report
from app.reports.withheld import body_shown
from app.site.queries import submissions_by_region
from app.territories.models import Region

#: Levels of the map that are not "nobody": the scale has seven greens, text stays readable on six.
N_LEVELS = 5

#: Longest quotation that can be set at the size of the home page, in characters.
LONGEST = 220

ARABIC_SCRIPT = frozenset({"ar", "ar-MA"})


@dataclass(frozen=True)
class RegionRow:
    """A region in the table beside the map.

    :ivar level: 0 where nobody answered, then 1 to 5 by submissions for 100,000 inhabitants.
    """

    region: Region
    n_submissions: int
    level: int
    meeting: Meeting | None


@dataclass(frozen=True)
class Collected:
    """Who was heard, by region.

    :ivar step: width of a level of the map, in submissions for 100,000 inhabitants.
    """

    rows: list[RegionRow]
    n_unplaced: int
    step: float

    @property
    def n_submissions(self) -> int:
        """All submissions, placed or not."""
        return sum(row.n_submissions for row in self.rows) + self.n_unplaced

    @property
    def n_heard(self) -> int:
        """Regions from which at least one submission came."""
        return sum(row.n_submissions > 0 for row in self.rows)

    @property
    def levels(self) -> dict[str, int]:
        """Level by region code."""
        return {row.region.code: row.level for row in self.rows}

    @property
    def groups(self) -> list[list[RegionRow]]:
        """The rows in two groups: regions that have met, then those that have not."""
        held = [row for row in self.rows if row.meeting is not None and row.meeting.is_held]
        others = [row for row in self.rows if row not in held]
        return [group for group in (held, others) if group]

    @property
    def has_meetings(self) -> bool:
        """Whether any region has a meeting."""
        return any(row.meeting is not None for row in self.rows)

    @property
    def classes(self) -> list[tuple[int, float, float]]:
        """Each level above 0 with the rates it stands between."""
        return [(k, self.step * (k - 1), self.step * k) for k in range(1, N_LEVELS + 1)]

    @property
    def decimals(self) -> int:
        """Decimals with which the rates between levels are written."""
        return max(0, -math.floor(math.log10(self.step) + 1e-9))


@dataclass(frozen=True)
class Voice:
    """Words that a published report quotes, and who said them where, as far as it is published.

    :ivar pen: the words among them that the report marks as evidence, if it marks any.
    """

    text: str
    pen: str
    language: str
    actor: Texts
    region: Texts


def featured(session: Session, now: datetime) -> Consultation | None:
    """Return the consultation that the home page is about.

    The open one that closes first, else the one that opens next, else the last that closed.
    """
    stages: dict[Stage, list[Consultation]] = {stage: [] for stage in Stage}
    for consultation in session.scalars(all_consultations()):
        stages[consultation.stage_at(now)].append(consultation)
    if stages[Stage.OPEN]:
        return min(stages[Stage.OPEN], key=lambda one: (one.closes_at, one.id))
    if stages[Stage.COMING]:
        return min(stages[Stage.COMING], key=lambda one: (one.opens_at, one.id))
    return max(stages[Stage.CLOSED], key=lambda one: (one.closes_at, one.id), default=None)


def collected(session: Session, consultation: Consultation, now: datetime) -> Collected:
    """Count the submissions of each region, in the order of the calendar's meetings."""
    counts = dict(session.execute(submissions_by_region(consultation.id)).all())
    held = {one.event.region_code: one for one in meetings(consultation, now)}
    order = {code: place for place, code in enumerate(held)}
    regions = sorted(consultation.regions, key=lambda one: (order.get(one.code, 99), one.code))
    rates = {one.code: counts.get(one.code, 0) * 100_000 / one.population for one in regions}
    step = nice_step(max(rates.values(), default=0))
    rows = [
        RegionRow(one, counts.get(one.code, 0), _level(rates[one.code], step), held.get(one.code))
        for one in regions
    ]
    placed = {one.code for one in regions}
    return Collected(rows, sum(n for code, n in counts.items() if code not in placed), step)


def nice_step(most: float) -> float:
    """Return the round number (1, 2 or 5 times a power of ten) of which five cover ``most``."""
    if most <= 0:
        return 1.0
    least = most / N_LEVELS
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def _level(rate: float, step: float) -> int:
    """Return the level of a rate on the map."""
    return 0 if rate <= 0 else min(N_LEVELS, max(1, math.ceil(rate / step - 1e-9)))


def published_voices(
    session: Session, consultation: Consultation, *, arabic_first: bool
) -> list[Voice]:
    """Return words of the newest report, its first theme's if possible: one text in each script.

    Bodies of reports are frozen, so an old one may lack what newer ones have: it is then left out.
    """
    report = newest_report(session, consultation.id)
    found: dict[bool, Voice] = {}
    body = body_shown(session, report) if report else {}
    for theme in body.get("themes") or []:
        for quotation in theme.get("quotations") or []:
            voice = _voice(quotation, {one.code: one.names for one in consultation.regions})
            if voice is not None:
                found.setdefault(voice.language in ARABIC_SCRIPT, voice)
        if len(found) == 2:
            break
    return [found[script] for script in (arabic_first, not arabic_first) if script in found]


def _voice(quotation: Mapping[str, Any], regions: Mapping[str, Texts]) -> Voice | None:
    """Read a quotation of a report, if it is short enough to be set large."""
    text = str(quotation.get("text") or "")
    if not 20 <= len(text) <= LONGEST:
        return None
    actor = str(quotation.get("actor_type") or "")
    region = quotation.get("region")
    start, end = quotation.get("pen") or (0, 0)
    return Voice(
        text=text,
        pen=text[start:end],
        language=str(quotation.get("language") or "und"),
        actor=ActorType(actor).texts if actor in set(ActorType) else Texts(),
        region=regions.get(region, Texts()) if isinstance(region, str) else Texts(),
    )
