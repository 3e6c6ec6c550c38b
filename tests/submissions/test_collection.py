"""The state of the collection says what is in the tables and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Role
from app.organisations.models import ActorType
from app.submissions.collection import (
    GROUP_OF,
    GROUPS,
    Collection,
    green,
    load_collection,
    spans,
    start_of,
)
from app.submissions.queries import Scope
from app.territories.models import Province, Region
from tests.conftest import NOW
from tests.factories import ConsultationFactory, submission
from tests.pages import CheckedClient


@pytest.fixture
def state(session: Session) -> Collection:
    """The state after five submissions of two regions, one without place."""
    consultation = ConsultationFactory()
    province = {"region_code": "08", "province_code": "08.401"}
    for columns in (
        province, province | {"lang": "ar"},
        province | {"actor_type": "association", "organisation": "Tafoukt"},
        {"region_code": "01", "actor_type": "cooperative", "organisation": "TAFOUKT"},
        {"region_code": None, "actor_type": "unknown", "channel": "import", "lang": "und"},
    ):
        submission(consultation, "x", **columns)
    regions = list(session.scalars(select(Region).order_by(Region.code)))
    return load_collection(session, Scope(consultation.id), regions, now=NOW)


def test_every_sum_of_the_table_is_the_total(state: Collection) -> None:
    assert state.total == 5
    assert sum(row.total for row in state.rows) == 5
    assert sum(state.group_totals) == 5
    for place, total in enumerate(state.group_totals):
        assert sum(row.cells[place][0] for row in state.rows) == total
    assert sum(count for _day, count in state.days) == 5
    assert sum(count for _lang, count in state.languages) == 5
    assert sum(count for _channel, count in state.channels) == 5


def test_regions_without_anything_stay_in_the_table(state: Collection) -> None:
    codes = [row.region.code for row in state.rows if row.region]
    assert codes == [f"{n:02}" for n in range(1, 13)]
    assert state.rows[-1].region is None
    assert state.rows[-1].total == 1


def test_every_actor_type_is_in_exactly_one_column() -> None:
    kinds = [kind for group in GROUPS.values() for kind in group]
    assert sorted(kinds) == sorted(ActorType)
    assert set(GROUP_OF) == set(ActorType)


def test_provinces_are_silent_until_something_comes(state: Collection, session: Session) -> None:
    every = session.scalars(select(Province)).all()
    assert state.n_provinces == len(every) == 75
    assert state.n_heard == 1
    assert "08.401" not in {province.code for province in state.silent}
    assert state.without_province == 2
    assert state.silent_population == sum(p.population for p in every if p.code != "08.401")


def test_an_organisation_is_counted_once_however_its_name_is_written(state: Collection) -> None:
    assert state.organisations == 1


def test_a_day_is_a_day_of_rabat(session: Session) -> None:
    consultation = ConsultationFactory()
    submission(consultation, "x", submitted_at=datetime(2022, 1, 19, 23, 30, tzinfo=UTC))
    regions = list(session.scalars(select(Region)))
    state = load_collection(session, Scope(consultation.id), regions, now=NOW)
    assert state.days[0] == (date(2022, 1, 20), 1)
    assert state.last_week == 1


def test_a_coordinator_s_state_is_of_the_region_alone(
    session: Session, client: CheckedClient, sign_in: Callable[..., int]
) -> None:
    consultation = ConsultationFactory()
    submission(consultation, "x", region_code="08")
    submission(consultation, "x", region_code="01")
    session.commit()
    sign_in(client, Role.COORDINATOR, region="08")
    page = client.get(f"/en/staff/consultations/{consultation.slug}/collection").text
    assert "1</bdi> submission" in page
    assert "Drâa-Tafilalet" in page
    assert "Tanger-Tétouan-Al Hoceima" not in page


@pytest.mark.parametrize("days", [1, 40, 200, 900])
def test_the_page_draws_any_length_of_time(
    session: Session, client: CheckedClient, sign_in: Callable[..., int], days: int
) -> None:
    consultation = ConsultationFactory()
    for n in (0, days):
        submission(consultation, "x", submitted_at=NOW - timedelta(days=n))
    session.commit()
    sign_in(client, Role.OBSERVER)
    page = client.get(f"/ar/staff/consultations/{consultation.slug}/collection")
    assert page.status_code == 200


def test_an_empty_collection_says_so(
    session: Session, client: CheckedClient, sign_in: Callable[..., int]
) -> None:
    consultation = ConsultationFactory()
    session.commit()
    sign_in(client, Role.OBSERVER)
    page = client.get(f"/en/staff/consultations/{consultation.slug}/collection").text
    assert "Nothing has come in yet." in page


DAYS = st.dates(date(2019, 1, 1), date(2022, 12, 31))


@given(st.dictionaries(DAYS, st.integers(1, 9), min_size=1, max_size=12), DAYS)
def test_spans_lose_nothing_leave_no_gap_and_stay_few(by_day: dict[date, int], until: date) -> None:
    span, counts = spans(Counter(by_day), until=until)
    starts = [start for start, _count in counts]
    assert sum(count for _start, count in counts) == sum(by_day.values())
    assert starts == sorted(set(starts))
    assert all(start == start_of(start, span) for start in starts)
    longest = {"day": 1, "week": 7, "month": 31}[span]
    assert all((b - a).days <= longest for a, b in pairwise(starts))
    assert len(counts) <= 94


@pytest.mark.parametrize(("count", "expected", "level"), [
    (0, 10.0, 0), (2, 10.0, 0), (3, 10.0, 1), (5, 10.0, 2), (9, 10.0, 3), (10, 10.0, 5),
    (99, 10.0, 5), (0, 0.0, 0),
])
def test_the_green_follows_what_the_population_would_give(
    count: int, expected: float, level: int
) -> None:
    assert green(count, expected) == level
