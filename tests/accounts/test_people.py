"""People, their roles and scopes, sign-in, and the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import EmailTakenError, LastAdministratorError, WeakPasswordError
from app.accounts.models import User
from app.accounts.operations import Scope, change_person, check_password, create_person
from app.core.access import Role, System
from app.core.audit import AppendOnlyError, AuditEntry
from tests.factories import ConsultationFactory, UserFactory, grant
from tests.pages import CheckedClient

SYSTEM = System("test")


def _make(session: Session, now: datetime, email: str, *scopes: Scope) -> User:
    """Make a person."""
    return create_person(
        session,
        SYSTEM,
        email=email,
        name="Nadia",
        password_hash="{plaintext}secret enough",
        scopes=scopes,
        now=now,
    )


def test_an_address_serves_one_person_whatever_its_case(session: Session, now: datetime) -> None:
    _make(session, now, "nadia@example.org", Scope(Role.ANALYST))

    with pytest.raises(EmailTakenError):
        _make(session, now, "Nadia@Example.org", Scope(Role.OBSERVER))


def test_a_role_reaches_only_its_region_and_its_consultation(session: Session) -> None:
    one, other = ConsultationFactory(), ConsultationFactory()
    user = UserFactory()
    grant(user, Role.COORDINATOR, region="08")
    grant(user, Role.ANALYST, consultation=one.id)
    coordinator, analyst = {Role.COORDINATOR}, {Role.ANALYST}

    assert user.may(coordinator, region="08", consultation=other.id)
    assert not user.may(coordinator, region="07", consultation=one.id)
    assert not user.may(coordinator, region=None)
    assert user.may(analyst, region="07", consultation=one.id)
    assert not user.may(analyst, consultation=other.id)
    assert not user.may({Role.ADMINISTRATOR}, region="08")


def test_a_deactivated_person_may_nothing(session: Session) -> None:
    user = UserFactory(active=False)
    grant(user, Role.ADMINISTRATOR)

    assert not user.may({Role.ADMINISTRATOR})


def test_the_last_administrator_stays(session: Session, now: datetime) -> None:
    user = _make(session, now, "admin@example.org", Scope(Role.ADMINISTRATOR))

    with pytest.raises(LastAdministratorError):
        change_person(
            session, SYSTEM, user, name="N", is_active=True, scopes=[Scope(Role.OBSERVER)], now=now
        )


def test_deactivating_ends_the_sessions(session: Session, now: datetime) -> None:
    _make(session, now, "admin@example.org", Scope(Role.ADMINISTRATOR))
    user = _make(session, now, "leaves@example.org", Scope(Role.OBSERVER))
    before = user.fs_uniquifier

    change_person(session, SYSTEM, user, name="L", is_active=False, scopes=[], now=now)

    assert user.fs_uniquifier != before


@pytest.mark.parametrize("password", ["", "short", "eleven char"])
def test_short_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_password(password)


def test_making_an_account_by_page_signs_it_in_and_is_logged(
    app: Flask, session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    answer = client.post(
        "/fr/staff/people/new",
        data={
            "name": "Hassan",
            "email": "hassan@example.org",
            "password": "a long enough one",
            "is_active": "y",
            "scopes-0-role": "coordinator",
            "scopes-0-region": "08",
            "scopes-0-consultation": "",
        },
    )
    visitor = app.test_client()
    signed = visitor.post(
        "/fr/sign-in", data={"email": "hassan@example.org", "password": "a long enough one"}
    )

    assert answer.status_code == 302
    assert signed.status_code == 302
    actions = session.scalars(select(AuditEntry.action)).all()
    assert {"accounts.create", "accounts.sign_in"} <= set(actions)


def test_a_refused_account_keeps_what_was_typed(
    client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.post("/ar/staff/people/new", data={"name": "Hassan", "email": "not an address"})

    assert answer.status_code == 422
    assert "not an address" in answer.get_data(as_text=True)


def test_a_wrong_password_does_not_sign_in(
    app: Flask, session: Session, client: CheckedClient
) -> None:
    user = UserFactory()
    session.commit()

    answer = client.post("/fr/sign-in", data={"email": user.email, "password": "something else"})

    assert answer.status_code == 200
    assert client.get("/fr/staff/people").status_code == 302


def test_the_audit_log_only_grows(session: Session, now: datetime) -> None:
    _make(session, now, "nadia@example.org", Scope(Role.ANALYST))
    entry = session.scalars(select(AuditEntry)).one()

    entry.action = "something.else"

    with pytest.raises(AppendOnlyError):
        session.flush()


def test_the_log_shows_who_did_what_and_only_what_the_filter_asks(
    client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    client.post(
        "/fr/staff/people/new",
        data={
            "name": "Hassan",
            "email": "hassan@example.org",
            "password": "a long enough one",
            "scopes-0-role": "observer",
            "scopes-0-region": "",
            "scopes-0-consultation": "",
        },
    )

    everything = client.get("/fr/staff/audit-log").get_data(as_text=True)
    others = client.get("/fr/staff/audit-log?action=themes").get_data(as_text=True)

    assert "accounts.create" in everything
    assert "hassan@example.org" in everything
    assert "accounts.create" not in others
