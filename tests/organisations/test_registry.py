"""The registry: entering, verifying, finding, merging, and who may see what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.db import Texts
from app.core.errors import ForbiddenError
from app.core.mail import Letter
from app.organisations import errors, queries
from app.organisations.models import MandateRole, Organisation, OrganisationState
from app.organisations.operations import (
    Details,
    Reach,
    change,
    decide,
    find_registered,
    merge,
    register,
)
from app.submissions.models import Submission
from tests.factories import (
    ConsultationFactory,
    OrganisationFactory,
    UserFactory,
    grant,
    mandate,
    submission,
)
from tests.pages import CheckedClient

SYSTEM = System("test")
VERIFIED, REFUSED = OrganisationState.VERIFIED, OrganisationState.REFUSED


def details(**columns: Any) -> Details:
    """Return those of an association of Chefchaouen."""
    return Details(
        **{
            "name": Texts(fr="Association Chaml", ar="جمعية شمل"),
            "actor_type": "association",
            "region": "01",
            "province": "01.151",
            "registration": "RC 12/2019",
            "reach": Reach(person="Amina", email="amina@example.org", phone="0600000000"),
        }
        | columns
    )


def test_an_organisation_is_entered_once_whatever_the_spelling(
    session: Session, now: datetime
) -> None:
    register(session, SYSTEM, details(), now=now)

    with pytest.raises(errors.AlreadyKnownError):
        register(
            session,
            SYSTEM,
            details(name=Texts(fr="ASSOCIATION CHÂML", ar="جمعيّة شمل"), registration=""),
            now=now,
        )
    with pytest.raises(errors.RegistrationTakenError):
        register(session, SYSTEM, details(name=Texts(fr="Autre"), province=None), now=now)


def test_the_same_name_elsewhere_is_somebody_else(session: Session, now: datetime) -> None:
    register(session, SYSTEM, details(), now=now)

    other = register(session, SYSTEM, details(province=None, registration=""), now=now)

    assert other.id


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"name": Texts()}, errors.NameMissingError),
        ({"actor_type": "citizen"}, errors.NotAnOrganisationError),
        ({"actor_type": "unheard"}, errors.NotAnOrganisationError),
        ({"region": "02"}, errors.PlaceOutsideError),
        ({"commune": "08.401.01.01"}, errors.PlaceOutsideError),
        ({"region": "77"}, errors.PlaceOutsideError),
    ],
)
def test_details_that_do_not_hold_are_refused(
    session: Session, now: datetime, columns: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        register(session, SYSTEM, details(**columns), now=now)


def test_words_find_names_in_both_scripts_acronyms_and_numbers(
    session: Session, now: datetime
) -> None:
    made = register(session, SYSTEM, details(acronym="ACH"), now=now)
    OrganisationFactory()

    def found(words: str) -> list[int]:
        """Search the registry."""
        selection = queries.registry(None, queries.Filter(words=words))
        return [one.id for one in session.scalars(selection)]

    assert found("chaml") == [made.id]
    assert found("جَمعية شمل") == [made.id]
    assert found("ach") == [made.id]
    assert found("12/2019") == [made.id]
    assert found("chaml absent") == []


def test_the_coordinator_of_the_region_verifies_and_no_other(
    session: Session, now: datetime
) -> None:
    organisation = register(session, SYSTEM, details(), now=now)
    here, elsewhere, reader = UserFactory(), UserFactory(), UserFactory()
    grant(here, Role.COORDINATOR, region="01")
    grant(elsewhere, Role.COORDINATOR, region="02")
    grant(reader, Role.ANALYST)

    for person in (elsewhere, reader):
        with pytest.raises(ForbiddenError):
            decide(session, person, organisation, VERIFIED, reason="", now=now)
    decide(session, here, organisation, VERIFIED, reason="Récépissé vu", now=now)

    assert organisation.state == VERIFIED
    assert organisation.decided_by_id == here.id
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "organisations.decide")
    ).one()
    assert entry.detail["reason"] == "Récépissé vu"


def test_a_refusal_says_why_and_the_same_decision_is_not_taken_twice(
    session: Session, now: datetime
) -> None:
    organisation = register(session, SYSTEM, details(), now=now)

    with pytest.raises(errors.ReasonMissingError):
        decide(session, SYSTEM, organisation, REFUSED, reason="  ", now=now)
    decide(session, SYSTEM, organisation, REFUSED, reason="Introuvable", now=now)
    with pytest.raises(errors.AlreadyDecidedError):
        decide(session, SYSTEM, organisation, REFUSED, reason="Encore", now=now)
    decide(session, SYSTEM, organisation, OrganisationState.DECLARED, reason="", now=now)

    assert organisation.decided_at is None


def test_changing_an_organisation_into_another_ones_double_is_refused(
    session: Session, now: datetime
) -> None:
    register(session, SYSTEM, details(), now=now)
    other = register(session, SYSTEM, details(name=Texts(fr="Autre"), registration=""), now=now)

    with pytest.raises(errors.AlreadyKnownError):
        change(session, SYSTEM, other, details(registration=""), now=now)
    change(session, SYSTEM, other, details(name=Texts(fr="Tierce"), registration=""), now=now)

    assert other.folded_name == "tierce"


def test_a_double_passes_its_people_and_contact_over(session: Session, now: datetime) -> None:
    kept = OrganisationFactory()
    double = register(session, SYSTEM, details(region="06", province=None), now=now)
    both, one = UserFactory(), UserFactory()
    mandate(kept, both, MandateRole.SIGNATORY)
    mandate(double, both)
    mandate(double, one)
    gone = double.id

    merge(session, SYSTEM, kept, double, now=now)

    assert {held.user_id for held in kept.mandates} == {both.id, one.id}
    assert kept.contact is not None
    assert kept.contact.email == "amina@example.org"
    assert session.get(Organisation, gone) is None


def test_a_double_that_has_spoken_is_not_merged(session: Session, now: datetime) -> None:
    consultation = ConsultationFactory()
    kept, double = OrganisationFactory(), OrganisationFactory()
    submission(consultation, "Dit.", organisation_id=double.id)

    with pytest.raises(errors.MergeRefusedError):
        merge(session, SYSTEM, kept, double, now=now)
    with pytest.raises(errors.MergeRefusedError):
        merge(session, SYSTEM, kept, kept, now=now)

    assert session.get(Organisation, double.id) is not None
    assert session.scalars(select(Submission)).one().organisation_id == double.id


def test_a_name_written_in_an_answer_finds_the_one_verified_organisation(
    session: Session,
) -> None:
    one = OrganisationFactory(name=Texts(fr="Amal Jeunesse", ar="أمل الشباب"))

    found = [
        find_registered(session, name, kind, region)
        for name, kind, region in (
            ("amal JEUNESSE", "association", "06"),
            ("أمل الشباب", "association", None),
            ("Amal", "association", "06"),
            ("Amal Jeunesse", "cooperative", "06"),
            ("Amal Jeunesse", "association", "07"),
        )
    ]

    assert found == [one, one, None, None, None]
    OrganisationFactory(name=Texts(fr="Amal Jeunesse"), province_code="06.141")
    assert find_registered(session, "Amal Jeunesse", "association", "06") is None


# --- pages --------------------------------------------------------------------------------------

FORM = {
    "name_fr": "Association Chaml",
    "name_ar": "",
    "actor_type": "association",
    "region": "01",
    "province": "01.151",
    "commune": "",
    "email": "amina@example.org",
    "lang": "fr",
    "go": "save",
}


def test_the_list_shows_only_the_readers_regions_and_contacts_only_to_keepers(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any], now: datetime
) -> None:
    here = register(session, SYSTEM, details(), now=now)
    OrganisationFactory(name=Texts(fr="Ailleurs"))
    session.commit()

    sign_in(client, Role.OBSERVER, region="01")
    listed = client.get("/en/staff/organisations").text
    page = client.get(f"/en/staff/organisations/{here.id}").text

    assert "Association Chaml" in listed
    assert "Ailleurs" not in listed
    assert "amina@example.org" not in page
    sign_in(client, Role.COORDINATOR, region="01")
    assert "amina@example.org" in client.get(f"/en/staff/organisations/{here.id}").text


def test_a_coordinator_enters_an_organisation_of_their_region_and_no_other(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.COORDINATOR, region="01")

    made = client.post("/fr/staff/organisations/new", data=FORM)
    refused = client.post("/fr/staff/organisations/new", data=FORM | {"region": "02"})
    again = client.post("/fr/staff/organisations/new", data=FORM)

    assert made.status_code == 303
    assert refused.status_code == 422
    assert again.status_code == 422
    assert "amina@example.org" in again.text
    assert len(session.scalars(select(Organisation)).all()) == 1


def test_communes_are_shown_before_anything_is_saved(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)

    page = client.post("/fr/staff/organisations/new", data=FORM | {"go": "communes"})

    assert page.status_code == 200
    assert 'value="01.151.01' in page.text
    assert not session.scalars(select(Organisation)).all()


def test_signatories_are_told_what_was_decided(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any], now: datetime
) -> None:
    organisation = register(session, SYSTEM, details(), now=now)
    signatory = UserFactory()
    mandate(organisation, signatory, MandateRole.SIGNATORY)
    mandate(organisation, UserFactory())
    sign_in(client, Role.COORDINATOR, region="01")

    answer = client.post(
        f"/en/staff/organisations/{organisation.id}/decide",
        data={"state": "refused", "reason": "No receipt"},
    )

    assert answer.status_code == 303
    letter = session.scalars(select(Letter)).one()
    assert letter.recipient == signatory.email
    assert "No receipt" in letter.body


def test_suggestions_hide_what_nobody_has_looked_at(
    session: Session, client: CheckedClient
) -> None:
    OrganisationFactory(name=Texts(fr="Réseau Un"))
    OrganisationFactory(name=Texts(fr="Réseau Deux"), state="declared", decided_at=None)
    OrganisationFactory(name=Texts(fr="Réseau Trois"), state="refused")
    OrganisationFactory(
        name=Texts(fr="Réseau Quatre"),
        state="declared",
        decided_at=None,
        source=queries.DECLARED_ONLINE,
        source_id="x",
    )

    rows = client.get("/fr/organisations.json?words=reseau").json

    assert [(row["name"], row["verified"]) for row in rows] == [
        ("Réseau Un", True),
        ("Réseau Deux", False),
    ]
    assert client.get("/fr/organisations.json?words=re").json == []
