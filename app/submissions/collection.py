"""What has come in so far: totals, days, regions by actor type, silent provinces; all in SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, String, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from app.core.clock import CIVIL_ZONE
from app.organisations.models import ActorType
from app.submissions.models import Submission
from app.submissions.queries import Scope
from app.territories.models import Province, Region

#: The columns of the table: kinds of actors that answer in a like capacity.
GROUPS: dict[str, tuple[ActorType, ...]] = {
    "citizens": (ActorType.CITIZEN,),
    "associations": (ActorType.ASSOCIATION, ActorType.COOPERATIVE),
    "elected": (
        ActorType.TERRITORIAL_COUNCIL,
        ActorType.CONSULTATIVE_BODY,
        ActorType.ELECTED_OFFICIAL,
    ),
    "state": (
        ActorType.LOCAL_AUTHORITY,
        ActorType.PUBLIC_SERVICE,
        ActorType.INDH,
        ActorType.JUDICIARY,
    ),
    "social": (ActorType.SOCIAL_INSTITUTION,),
    "academia": (ActorType.UNIVERSITY, ActorType.EXPERT),
    "private": (ActorType.PRIVATE_SECTOR,),
    "unknown": (ActorType.UNKNOWN,),
}
GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

#: Longest spans drawn by day and by week; beyond, by month.
_MOST_COLUMNS = 92

#: Share of what the region's population would give, below which each green stands.
_LEVELS = ((0.25, 0), (0.5, 1), (0.75, 2), (1.0, 3))


class utc_hour(FunctionElement[str]):  # noqa: N801  (written like the SQL function that it is)
    """The hour of an instant, ``2022-01-20 14``, in UTC."""

    type = String()
    inherit_cache = True
    name = "utc_hour"


@compiles(utc_hour, "sqlite")
def _sqlite_hour(element: Any, compiler: Any, **options: Any) -> str:
    """Write it for SQLite, which keeps instants in UTC."""
    return f"strftime('%Y-%m-%d %H', {compiler.process(element.clauses, **options)})"


@compiles(utc_hour, "postgresql")
def _postgresql_hour(element: Any, compiler: Any, **options: Any) -> str:
    """Write it for PostgreSQL, whatever the connection's zone."""
    instant = compiler.process(element.clauses, **options)
    return f"to_char({instant} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"


def counts_by(scope: Scope, *columns: Any) -> Select[Any]:
    """Select columns and how many submissions have each combination of their values."""
    return select(*columns, func.count(Submission.id)).where(scope.condition).group_by(*columns)


@dataclass(frozen=True)
class RegionRow:
    """A region's counts.

    :ivar cells: count and green, 0 to 6 or None, for each of the columns.
    :ivar wanted: the region's target, None where there is none.
    """

    region: Region | None
    cells: list[tuple[int, int | None]]
    total: int
    level: int | None
    wanted: int | None = None


@dataclass
class Collection:
    """The state of a collection.

    :ivar days: first day of each span, and how many came in it; no span is missing.
    :ivar span: ``day``, ``week`` or ``month``.
    :ivar silent: provinces of the regions concerned from which nothing came.
    """

    total: int = 0
    last_week: int = 0
    official: int = 0
    wanted: int = 0
    targets: Mapping[tuple[str, str], int] = field(default_factory=dict)
    organisations: int = 0
    days: list[tuple[date, int]] = field(default_factory=list)
    span: str = "day"
    groups: list[str] = field(default_factory=list)
    rows: list[RegionRow] = field(default_factory=list)
    group_totals: list[int] = field(default_factory=list)
    silent: list[Province] = field(default_factory=list)
    n_provinces: int = 0
    without_province: int = 0
    languages: list[tuple[str, int]] = field(default_factory=list)
    channels: list[tuple[str, int]] = field(default_factory=list)

    @property
    def n_heard(self) -> int:
        """Provinces from which something came."""
        return self.n_provinces - len(self.silent)

    @property
    def missing(self) -> int:
        """What the targets still want; a region that has more does not make up for another."""
        return sum(max((row.wanted or 0) - row.total, 0) for row in self.rows)

    def expected_by(self, closing: datetime, now: datetime) -> int:
        """Return the total at closing, if the days left bring what those of last week brought."""
        days = max((closing - now).total_seconds() / 86400, 0.0)
        return self.total + round(self.last_week / 7 * days)

    @property
    def silent_population(self) -> int:
        """Inhabitants of the silent provinces."""
        return sum(province.population for province in self.silent)


def load_collection(
    session: Session,
    scope: Scope,
    regions: list[Region],
    *,
    now: datetime,
    targets: Mapping[tuple[str, str], int] | None = None,
) -> Collection:
    """Count what has come in from ``regions``, as far as the scope reaches.

    :param targets: what is hoped for, by region and group; the greens then compare with it, and
        otherwise with what the population alone would give.
    """
    if scope.regions is not None:
        regions = [region for region in regions if region.code in scope.regions]
    codes = {region.code for region in regions}
    state = Collection(targets={cell: n for cell, n in (targets or {}).items() if cell[0] in codes})
    state.wanted = sum(state.targets.values())
    state.total = session.scalar(select(func.count(Submission.id)).where(scope.condition)) or 0
    state.organisations = _n_organisations(session, scope)
    official = (scope.condition, Submission.is_official)
    state.official = session.scalar(select(func.count(Submission.id)).where(*official)) or 0
    by_day = _by_day(session, scope)
    today = now.astimezone(CIVIL_ZONE).date()
    state.last_week = sum(by_day[today - timedelta(days=n)] for n in range(7))
    state.span, state.days = spans(by_day, until=today)
    _fill_table(session, scope, regions, state)
    _fill_provinces(session, scope, regions, state)
    state.languages = _ranked(session, scope, Submission.lang)
    state.channels = _ranked(session, scope, Submission.channel)
    return state


def _n_organisations(session: Session, scope: Scope) -> int:
    """Count the organisations by name, case and accents aside."""
    names = func.count(Submission.folded_organisation.distinct())
    condition = (scope.condition, Submission.folded_organisation != "")
    return session.scalar(select(names).where(*condition)) or 0


def _ranked(session: Session, scope: Scope, column: Any) -> list[tuple[str, int]]:
    """Count by one column, the most frequent value first."""
    rows = session.execute(counts_by(scope, column)).all()
    return sorted(((str(value), count) for value, count in rows), key=lambda row: (-row[1], row[0]))


def _by_day(session: Session, scope: Scope) -> Counter[date]:
    """Count by civil day of Rabat: the database groups by hour, which a civil day is made of."""
    days: Counter[date] = Counter()
    for hour, count in session.execute(counts_by(scope, utc_hour(Submission.submitted_at))):
        instant = datetime.strptime(hour, "%Y-%m-%d %H").replace(tzinfo=UTC)
        days[instant.astimezone(CIVIL_ZONE).date()] += count
    return days


def spans(by_day: Counter[date], *, until: date) -> tuple[str, list[tuple[date, int]]]:
    """Return counts by day, week or month, whichever fits, from the first to the last or ``until``.

    A long silence after the last submission is not drawn further than it takes to be seen.
    """
    if not by_day:
        return "day", []
    first, last = min(by_day), max(by_day)
    last = max(last, min(until, last + timedelta(days=14)))
    length = (last - first).days + 1
    fitting = (("day", _MOST_COLUMNS), ("week", 7 * _MOST_COLUMNS))
    span = next((name for name, most in fitting if length <= most), "month")
    counts = Counter({start_of(first + timedelta(days=n), span): 0 for n in range(length)})
    for day, count in by_day.items():
        counts[start_of(day, span)] += count
    return span, sorted(counts.items())


def start_of(day: date, span: str) -> date:
    """Return the first day of the span that ``day`` is in; weeks begin on Monday."""
    if span == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span == "month" else day


def _fill_table(session: Session, scope: Scope, regions: list[Region], state: Collection) -> None:
    """Count by region and group of actors."""
    cells: Counter[tuple[str | None, str]] = Counter()
    columns = (Submission.region_code, Submission.actor_type)
    for code, kind, count in session.execute(counts_by(scope, *columns)):
        cells[code, GROUP_OF[ActorType(kind)]] += count
    used = {group for _code, group in cells}
    state.groups = [group for group in GROUPS if group != "unknown" or group in used]
    state.group_totals = [_sum(cells, group=group) for group in state.groups]
    known: dict[str | None, Region] = {region.code: region for region in regions}
    extra = _other_regions(session, {code for code, _group in cells} - set(known))
    population = sum(region.population for region in regions)
    for region in [*regions, *extra]:
        share = region.population / population if region.code in known and len(known) > 1 else None
        state.rows.append(_row(cells, state, region, share))
    if any(code is None for code, _group in cells):
        state.rows.append(_row(cells, state, None, None))


def _other_regions(session: Session, codes: set[str | None]) -> list[Region]:
    """Return the regions that were not asked and from which something came all the same."""
    named = [code for code in codes if code]
    return list(session.scalars(select(Region).where(Region.code.in_(named)).order_by(Region.code)))


def _row(
    cells: Counter[tuple[str | None, str]],
    state: Collection,
    region: Region | None,
    share: float | None,
) -> RegionRow:
    """Make a row; ``share`` is the region's part of the population, None for no colour."""
    code = region.code if region else None
    counts = [cells[code, group] for group in state.groups]
    if state.targets and code is not None:
        return _row_by_targets(region, counts, state)
    levels = [
        green(count, total * share) if share is not None else None
        for count, total in zip(counts, state.group_totals, strict=True)
    ]
    total = sum(counts)
    level = green(total, state.total * share) if share is not None else None
    return RegionRow(region, list(zip(counts, levels, strict=True)), total, level)


def _row_by_targets(region: Region | None, counts: list[int], state: Collection) -> RegionRow:
    """Make the row of a region whose greens compare with its targets."""
    code = region.code if region else ""
    wanted = [state.targets.get((code, group)) for group in state.groups]
    levels = [
        None if target is None else green(count, target)
        for count, target in zip(counts, wanted, strict=True)
    ]
    total, whole = sum(counts), sum(target or 0 for target in wanted)
    level = green(total, whole) if whole else None
    return RegionRow(region, list(zip(counts, levels, strict=True)), total, level, whole)


def green(count: int, expected: float) -> int:
    """Return the green of a count beside what the population alone would give."""
    ratio = count / expected if expected else 0.0
    return next((level for limit, level in _LEVELS if ratio < limit), 5)


def _sum(cells: Counter[tuple[str | None, str]], *, group: str) -> int:
    """Sum a column."""
    return sum(count for (_code, other), count in cells.items() if other == group)


def _fill_provinces(
    session: Session, scope: Scope, regions: Iterable[Region], state: Collection
) -> None:
    """Find the provinces that nothing came from, the most populous first."""
    counted = session.execute(counts_by(scope, Submission.province_code))
    heard: dict[str | None, int] = dict(counted.all())
    codes = [region.code for region in regions]
    provinces = session.scalars(select(Province).where(Province.region_code.in_(codes))).all()
    state.n_provinces = len(provinces)
    state.without_province = heard.get(None, 0)
    state.silent = sorted(
        (province for province in provinces if province.code not in heard),
        key=lambda province: -province.population,
    )
