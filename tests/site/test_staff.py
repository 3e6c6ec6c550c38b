"""The staff area: who sees what in the menu, the first page, signing in and out."""

from __future__ import annotations

import re

import pytest
from flask_security.utils import hash_password

from app.core.access import Role
from app.site.navigation import ENTRIES
from tests.factories import ConsultationFactory, UserFactory, grant, submission


def text_of(response) -> str:
    """The page."""
    return response.get_data(as_text=True)


def menu(page: str) -> list[str]:
    """Addresses of the staff menu."""
    return re.findall(r'<a href="([^"]+)"', re.search(r"<nav.*?</nav>", page, re.DOTALL).group())


def test_a_visitor_is_led_to_the_sign_in_page(client):
    response = client.get("/ar/staff")
    assert response.status_code == 302
    assert response.location.startswith("/ar/sign-in?next=")


def test_the_sign_in_page_has_its_labels_and_says_what_went_wrong(client):
    page = text_of(client.get("/en/sign-in"))
    refused = client.post("/en/sign-in", data={"email": "nobody@example.org", "password": "wrong"})
    assert 'for="email"' in page
    assert 'autocomplete="current-password"' in page
    assert 'role="alert"' in text_of(refused)
    assert "Sign in" in text_of(refused)


def test_signing_in_leads_to_the_first_page_and_signing_out_is_a_form(client, app, session):
    user = UserFactory(
        email="analyst@example.org", password=hash_password("a long enough password")
    )
    grant(user, Role.ANALYST)
    session.commit()
    client.post(
        "/en/sign-in", data={"email": "analyst@example.org", "password": "a long enough password"}
    )
    page = text_of(client.get("/en/staff"))
    assert user.name in page
    assert re.search(r'<form class="me-out" action="/en/sign-out" method="post">', page)
    client.post("/en/sign-out")
    assert client.get("/en/staff").status_code == 302


def test_the_menu_shows_a_page_to_those_whom_its_rule_admits(client, app, session, sign_in):
    ConsultationFactory(slug="one")
    session.commit()
    sign_in(client, Role.OBSERVER)
    observer = menu(text_of(client.get("/en/staff")))
    for address in observer:
        assert client.get(address, unchecked=True).status_code != 403
    assert "/en/staff/people" not in observer


def test_an_administrator_finds_people_and_the_log_in_the_menu(client, session, sign_in):
    sign_in(client, Role.ADMINISTRATOR)
    addresses = menu(text_of(client.get("/en/staff")))
    assert {"/en/staff/people", "/en/staff/audit-log"} <= set(addresses)


def test_every_entry_of_the_menu_is_a_page_that_exists(app):
    missing = [entry.endpoint for entry in ENTRIES if entry.endpoint not in app.view_functions]
    assert missing == []


def test_the_first_page_shows_the_consultations_entrusted_to_the_person(client, session, sign_in):
    mine = ConsultationFactory(slug="mine")
    ConsultationFactory(slug="theirs")
    submission(mine, "text")
    number = mine.id
    session.commit()
    sign_in(client, Role.ANALYST, consultation=number)
    page = text_of(client.get("/en/staff"))
    assert "/en/consultations/mine" in page
    assert "/en/consultations/theirs" not in page
    assert re.search(r'<bdi dir="ltr">1</bdi> contribution\b', page)


def test_someone_without_any_role_is_refused(client, sign_in):
    sign_in(client)
    assert client.get("/en/staff").status_code == 403


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_page_to_change_the_password_wears_the_look(client, sign_in, lang):
    sign_in(client, Role.ANALYST)
    page = text_of(client.get(f"/{lang}/staff/password"))
    assert page.count('type="password"') == 3
    assert 'autocomplete="new-password"' in page
