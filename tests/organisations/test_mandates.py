"""Mandates: given, ended, renewed; links that work once; organisations that register themselves."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import WeakPasswordError
from app.accounts.models import User
from app.core.access import Role, System
from app.core.errors import ForbiddenError
from app.core.mail import Letter
from app.organisations import errors, mandates, tokens
from app.organisations.mandates import Term
from app.organisations.models import Mandate, MandateRole, Organisation
from app.organisations.operations import ensure_mandate
from tests.conftest import NOW
from tests.factories import OrganisationFactory, UserFactory, grant, mandate
from tests.pages import CheckedClient

SYSTEM = System("test")
TODAY = date(2022, 1, 20)
SECRET = "a key for tests"
PASSWORD = "quatre mots que je sais"


def enter(client: CheckedClient, user: User) -> None:
    """Sign a client in as somebody."""
    with client.session_transaction() as cookie:
        cookie["_user_id"] = user.fs_uniquifier
        cookie["_fresh"] = True


def invite(session: Session, organisation: Organisation, now: datetime, **term: Any) -> Mandate:
    """Invite Amina."""
    return mandates.invite(
        session,
        SYSTEM,
        organisation,
        email="Amina@Example.org",
        name="Amina",
        term=Term(**{"role": MandateRole.DELEGATE, "begins_on": TODAY} | term),
        now=now,
    )


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ({"ends_on": TODAY - timedelta(days=1)}, errors.MandateEndedError),
        ({"begins_on": TODAY + timedelta(days=1)}, errors.MandateEndedError),
        ({"revoked_at": NOW}, errors.MandateEndedError),
        ({"role": MandateRole.MEMBER}, errors.MandateTooNarrowError),
    ],
)
def test_a_mandate_that_does_not_hold_opens_nothing(
    session: Session, columns: dict[str, Any], error: type[Exception]
) -> None:
    organisation, user = OrganisationFactory(), UserFactory()
    mandate(organisation, user, **columns)

    with pytest.raises(error):
        ensure_mandate(session, user, organisation, MandateRole.DELEGATE, today=TODAY)


def test_without_a_mandate_nothing_is_said_of_the_organisation(session: Session) -> None:
    administrator = UserFactory()
    grant(administrator, Role.ADMINISTRATOR)

    with pytest.raises(errors.OrganisationNotFoundError):
        ensure_mandate(session, administrator, OrganisationFactory(), today=TODAY)


def test_nobody_acts_for_a_refused_organisation(session: Session) -> None:
    organisation, user = OrganisationFactory(state="refused"), UserFactory()
    mandate(organisation, user, MandateRole.SIGNATORY)

    with pytest.raises(errors.OrganisationRefusedError):
        ensure_mandate(session, user, organisation, today=TODAY)


def test_the_first_and_the_last_day_count(session: Session) -> None:
    organisation, user = OrganisationFactory(), UserFactory()

    mandate(organisation, user, begins_on=TODAY, ends_on=TODAY)

    assert ensure_mandate(session, user, organisation, today=TODAY)


def test_only_keepers_of_the_region_and_signatories_give_mandates(
    session: Session, now: datetime
) -> None:
    organisation = OrganisationFactory()
    signatory, delegate, elsewhere = UserFactory(), UserFactory(), UserFactory()
    mandate(organisation, signatory, MandateRole.SIGNATORY)
    mandate(organisation, delegate)
    grant(elsewhere, Role.COORDINATOR, region="01")

    for person in (delegate, elsewhere, UserFactory()):
        with pytest.raises((ForbiddenError, errors.OrganisationNotFoundError)):
            mandates.ensure_may_give(session, person, organisation, now=now)
    mandates.ensure_may_give(session, signatory, organisation, now=now)


def test_inviting_twice_gives_one_mandate_with_the_later_terms(
    session: Session, now: datetime
) -> None:
    organisation = OrganisationFactory()
    first = invite(session, organisation, now)
    mandates.revoke(session, SYSTEM, first, now=now)

    second = invite(session, organisation, now, role=MandateRole.SIGNATORY)

    assert second.id == first.id
    assert second.role == MandateRole.SIGNATORY
    assert second.holds_on(TODAY)
    assert len(session.scalars(select(User)).all()) == 1


def test_a_mandate_is_ended_and_renewed(session: Session, now: datetime) -> None:
    held = invite(session, OrganisationFactory(), now)

    mandates.revoke(session, SYSTEM, held, now=now)
    assert not held.holds_on(TODAY)
    mandates.change_mandate(
        session,
        SYSTEM,
        held,
        Term(role=MandateRole.MEMBER, begins_on=TODAY, ends_on=TODAY),
        now=now,
    )

    assert held.holds_on(TODAY)
    with pytest.raises(errors.DatesReversedError):
        mandates.change_mandate(
            session,
            SYSTEM,
            held,
            Term(role=MandateRole.MEMBER, begins_on=TODAY, ends_on=date(2021, 1, 1)),
            now=now,
        )


def test_a_link_holds_for_14_days_and_until_it_is_followed(session: Session, now: datetime) -> None:
    user = invite(session, OrganisationFactory(), now).user
    token = tokens.invitation_of(SECRET, user, now=now)

    def reads(token: str, *, days: int = 0, secret: str = SECRET) -> bool:
        """Tell whether a link still holds."""
        try:
            return (
                tokens.read_invitation(secret, session, token, now=now + timedelta(days=days))
                is user
            )
        except errors.InvitationGoneError:
            return False

    assert reads(token)
    assert reads(token, days=13)
    assert not reads(token, days=15)
    assert not reads(token, secret="another key")
    assert not reads(token[:-2])
    assert not reads("anything")
    mandates.accept(
        session, user, name="Amina B.", password=PASSWORD, password_hash="{plaintext}x", now=now
    )
    assert not reads(token)
    with pytest.raises(errors.InvitationGoneError):
        mandates.accept(
            session, user, name="B", password=PASSWORD, password_hash="{plaintext}y", now=now
        )


def test_a_short_password_leaves_the_link_good(session: Session, now: datetime) -> None:
    user = invite(session, OrganisationFactory(), now).user

    with pytest.raises(WeakPasswordError):
        mandates.accept(session, user, name="A", password="court", password_hash="x", now=now)

    assert user.password is None


# --- pages --------------------------------------------------------------------------------------


def link_in(session: Session) -> str:
    """Return the path of the link in the last letter."""
    session.rollback()
    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    assert letter is not None
    found = re.search(r"http://[^/]+(/\S+)", letter.body)
    assert found
    return found[1]


def test_a_signatory_invites_a_delegate_who_enters_by_the_letters_link(
    session: Session, client: CheckedClient
) -> None:
    organisation, signatory = OrganisationFactory(), UserFactory()
    mandate(organisation, signatory, MandateRole.SIGNATORY)
    session.commit()
    enter(client, signatory)

    sent = client.post(
        f"/fr/organisations/{organisation.id}/people",
        data={
            "name": "Driss",
            "email": "driss@example.org",
            "role": "delegate",
            "begins_on": "2022-01-20",
            "lang": "ar",
        },
    )

    assert sent.status_code == 303
    path = link_in(session)
    assert path.startswith("/ar/invitation/")
    with client.session_transaction() as cookie:
        cookie.clear()
    assert "driss@example.org" in client.get(path).text
    refused = client.post(path, data={"name": "Driss", "password": "court"})
    welcome = client.post(path, data={"name": "Driss Alami", "password": PASSWORD})
    assert refused.status_code == 422
    assert welcome.status_code == 303
    assert "numéro" in client.get("/fr/space").text
    assert client.get(path).status_code == 410
    assert client.get("/fr/staff").status_code == 403


def test_somebody_with_an_account_is_told_to_sign_in(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    organisation, known = OrganisationFactory(), UserFactory()
    sign_in(client, Role.COORDINATOR, region="06")

    client.post(
        f"/en/organisations/{organisation.id}/people",
        data={
            "name": "Known",
            "email": known.email,
            "role": "signatory",
            "begins_on": "2022-01-20",
            "lang": "fr",
        },
    )

    assert link_in(session).startswith("/fr/sign-in")
    assert session.scalars(select(Mandate)).one().user_id == known.id


def test_a_refused_invitation_keeps_what_was_typed(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    organisation = OrganisationFactory()
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.post(
        f"/en/organisations/{organisation.id}/people",
        data={
            "name": "Driss",
            "email": "driss@example.org",
            "role": "delegate",
            "begins_on": "2022-01-20",
            "ends_on": "2021-01-20",
            "lang": "fr",
        },
    )

    assert answer.status_code == 422
    assert 'value="driss@example.org"' in answer.text
    assert not session.scalars(select(Mandate)).all()


def test_ending_a_mandate_closes_the_space_at_once(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    organisation, person = OrganisationFactory(), UserFactory()
    held = mandate(organisation, person)
    sign_in(client, Role.ADMINISTRATOR)

    client.post(f"/en/organisations/{organisation.id}/people/{held.id}", data={"go": "revoke"})

    enter(client, person)
    assert "No mandate of yours stands today" in client.get("/en/space").text


def test_who_signs_in_is_led_to_the_right_first_page(
    app: Flask, session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    person = UserFactory()
    session.commit()
    enter(client, person)
    first = client.get("/fr/signed-in").headers["Location"]

    sign_in(client, Role.OBSERVER)

    assert first.endswith("/fr/space")
    assert client.get("/fr/signed-in").headers["Location"].endswith("/fr/staff")


DECLARATION = {
    "name_fr": "Coopérative Tifawin",
    "actor_type": "cooperative",
    "region": "09",
    "province": "",
    "commune": "",
    "person": "Fadma Aït",
    "email": "fadma@example.org",
    "lang": "fr",
    "go": "save",
}


def test_an_organisation_registers_itself_and_waits_for_verification(
    session: Session, client: CheckedClient
) -> None:
    page = client.post("/fr/organisations/register", data=DECLARATION)
    path = link_in(session)
    organisation = session.scalars(select(Organisation)).one()

    assert page.status_code == 200
    assert not organisation.mandates
    assert "Tifawin" in client.get(path).text
    entered = client.post(
        path, data={"name": "Fadma Aït", "title": "présidente", "password": PASSWORD}
    )
    assert entered.headers["Location"].endswith("/fr/space")
    session.rollback()
    held = session.scalars(select(Mandate)).one()
    assert (held.role, held.title) == ("signatory", "présidente")
    assert organisation.state == "declared"
    assert client.get(path).status_code == 410


def test_a_declaration_that_nobody_confirms_is_forgotten(session: Session, now: datetime) -> None:
    from tests.organisations.test_registry import details

    mandates.declare(session, details(), now=now)

    mandates.declare(session, details(region="02", province=None), now=now + timedelta(days=15))

    assert [one.region_code for one in session.scalars(select(Organisation))] == ["02"]


def test_an_incomplete_declaration_keeps_what_was_typed(
    session: Session, client: CheckedClient
) -> None:
    answer = client.post("/ar/organisations/register", data=DECLARATION | {"person": ""})

    assert answer.status_code == 422
    assert "Coopérative Tifawin" in answer.text
    assert not session.scalars(select(Organisation)).all()
