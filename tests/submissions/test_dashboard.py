"""What the collection still wants: targets, drop-out, whom to call, and the letter about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.db import Texts
from app.core.jobs import chores
from app.core.mail import Letter
from app.organisations.models import Organisation, OrganisationContact
from app.submissions.dashboard.completion import load_completion
from app.submissions.dashboard.digest import send_digests
from app.submissions.dashboard.targets import proposed, set_targets, targets_of
from app.submissions.models import Attempt, Digest
from app.territories.models import Region
from tests import factories
from tests.conftest import NOW
from tests.pages import CheckedClient

STAFF = System("staff")
#: A Monday at noon.
MONDAY = NOW + timedelta(days=4)


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with one submission from Rabat-Salé-Kénitra's neighbour."""
    made: Consultation = factories.ConsultationFactory()
    factories.submission(made, "Une crèche.", region_code="08", province_code="08.401")
    session.commit()
    return made


def organisation(session: Session, province: str, **columns: Any) -> Organisation:
    """Add an organisation of a province with a telephone."""
    row = Organisation(
        **{
            "name": Texts(fr="Association Tafoukt", ar="جمعية تافوكت"),
            "actor_type": "association",
            "region_code": province[:2],
            "province_code": province,
            "created_at": NOW,
            "contact": OrganisationContact(
                person="Mme Idrissi", phone="0524 00 00 00", updated_at=NOW
            ),
        }
        | columns
    )
    session.add(row)
    session.commit()
    return row


def attempt(consultation: Consultation, furthest: int, **columns: Any) -> Attempt:
    """Return an attempt that got so far."""
    return Attempt(
        consultation_id=consultation.id,
        questionnaire_id=consultation.questionnaire.id,
        lang="fr",
        begun_at=NOW,
        furthest_position=furthest,
        **columns,
    )


# --- targets ------------------------------------------------------------------------------------


@given(st.integers(0, 20_000), st.lists(st.integers(1, 8_000_000), min_size=1, max_size=12))
def test_a_proposal_sums_to_its_total(total: int, people: list[int]) -> None:
    regions = [Region(code=f"{n:02}", population=number) for n, number in enumerate(people)]
    shares = proposed(total, regions, {"citizens": 0.7, "state": 0.3})

    assert sum(shares.values()) == total
    assert min(shares.values()) >= 0


def test_targets_are_replaced_as_a_whole_and_written_down(
    session: Session, consultation: Consultation
) -> None:
    set_targets(session, STAFF, consultation, {("08", "citizens"): 50, ("06", "state"): 5}, now=NOW)
    set_targets(session, STAFF, consultation, {("08", "citizens"): 40}, now=NOW)

    assert targets_of(session, consultation.id) == {("08", "citizens"): 40}
    logged = select(func.count(AuditEntry.id)).where(AuditEntry.action == "submissions.targets")
    assert session.scalar(logged) == 2


def test_the_dashboard_says_what_is_still_wanted(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, consultation: Consultation
) -> None:
    set_targets(session, STAFF, consultation, {("08", "citizens"): 41, ("06", "state"): 5}, now=NOW)
    sign_in(client, Role.ANALYST)
    page = client.get(f"/en/staff/consultations/{consultation.slug}/collection").text

    assert "still wanted, out of a target of" in page
    assert ">45</bdi>" in page.replace("\u202f", "")


def test_a_total_fills_the_table_and_saving_keeps_it(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, consultation: Consultation
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    path = f"/ar/staff/consultations/{consultation.slug}/targets"
    filled = client.post(path, data={"total": "4000", "go": "propose"})
    assert filled.status_code == 200
    assert targets_of(session, consultation.id) == {}

    refused = client.post(path, data={"n-08-citizens": "-3", "go": "save"})
    assert refused.status_code == 422
    saved = client.post(path, data={"n-08-citizens": "120", "n-08-state": "", "go": "save"})

    assert saved.status_code == 303
    assert targets_of(session, consultation.id) == {("08", "citizens"): 120}


# --- completion ---------------------------------------------------------------------------------


def test_completion_tells_where_people_stop(session: Session, consultation: Consultation) -> None:
    session.add_all(
        [
            attempt(consultation, 1),
            attempt(consultation, 2),
            attempt(consultation, 2, has_checked=True),
            attempt(consultation, 2, has_checked=True, is_sent=True),
        ]
    )
    session.flush()

    found = load_completion(session, consultation.questionnaire)

    assert (found.n_begun, found.n_checked, found.n_sent, found.share) == (4, 2, 1, 0.25)
    assert [(one.n_reached, one.n_stopped) for one in found.sections] == [(4, 1), (3, 1)]


# --- whom to call -------------------------------------------------------------------------------


def test_a_coordinator_calls_in_the_silent_provinces_of_the_region_alone(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, consultation: Consultation
) -> None:
    organisation(session, "08.201")
    organisation(session, "06.371", name=Texts(fr="Ailleurs"))
    organisation(session, "08.401", name=Texts(fr="Déjà entendue"))
    sign_in(client, Role.COORDINATOR, region="08")
    path = f"/fr/staff/consultations/{consultation.slug}/calls"

    page = client.get(path).text
    file = client.post(path)

    assert "Association Tafoukt" in page
    assert "0524 00 00 00" in page
    assert "Ailleurs" not in page
    assert "Déjà entendue" not in page
    assert "Mme Idrissi" in file.text
    logged = select(AuditEntry).where(AuditEntry.action == "submissions.calls")
    assert session.scalars(logged).one().detail == {"organisations": 1}


def test_an_analyst_reads_no_telephone(
    client: CheckedClient, sign_in: Callable[..., Any], session: Session, consultation: Consultation
) -> None:
    organisation(session, "08.201")
    sign_in(client, Role.ANALYST)

    page = client.get(f"/fr/staff/consultations/{consultation.slug}/collection")
    assert "0524 00 00 00" not in page.text
    path = f"/fr/staff/consultations/{consultation.slug}/calls"
    assert client.get(path).status_code == 403


# --- the digest ---------------------------------------------------------------------------------


def coordinator(session: Session, region: str) -> None:
    """Add a coordinator of a region."""
    user = factories.UserFactory(email=f"coordination-{region}@example.org")
    factories.grant(user, Role.COORDINATOR, region=region)
    session.commit()


def test_a_coordinator_is_written_to_once_a_day_in_both_languages(
    session: Session, consultation: Consultation
) -> None:
    coordinator(session, "08")
    set_targets(session, STAFF, consultation, {("08", "citizens"): 41}, now=NOW)

    assert send_digests(session, now=NOW) == 1
    assert send_digests(session, now=NOW + timedelta(hours=3)) == 0

    letter = session.scalars(select(Letter)).one()
    assert letter.recipient == "coordination-08@example.org"
    assert "41" in letter.body
    assert "/ar/staff/consultations/" in letter.body
    assert "/fr/staff/consultations/" in letter.body
    assert letter.body.index("/ar/") < letter.body.index("/fr/")


def test_closed_consultations_are_told_of_no_more(
    session: Session, consultation: Consultation
) -> None:
    coordinator(session, "08")

    assert send_digests(session, now=consultation.closes_at) == 0


def test_the_chore_is_due_on_monday_mornings(session: Session, consultation: Consultation) -> None:
    def kinds(now: Any) -> set[str]:
        """Return what is due."""
        return {one.kind for one in chores.due(session, now=now)}

    assert "submissions.digest" not in kinds(NOW)
    assert "submissions.digest" not in kinds(MONDAY.replace(hour=4))
    assert "submissions.digest" in kinds(MONDAY)


def test_a_chore_begun_by_two_workers_is_one_job(
    session: Session, consultation: Consultation
) -> None:
    found = [one for one in chores.due(session, now=MONDAY) if one.kind == "submissions.digest"]

    first = chores.begin(session, found, now=MONDAY)
    second = chores.begin(session, found, now=MONDAY)

    assert (len(first), second) == (1, [])


def test_the_command_counts_without_writing(
    app: Any, session: Session, consultation: Consultation
) -> None:
    coordinator(session, "08")
    result = app.test_cli_runner().invoke(args=["submissions", "digest", "--dry-run"])

    assert "1 letters would be written" in result.output
    assert session.scalar(select(func.count(Digest.id))) == 0
