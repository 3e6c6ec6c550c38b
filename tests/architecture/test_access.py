"""Every route, for every method and every role, against the declared table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import Role, rule_of
from tests.architecture.access_table import BY_TOKEN, EVERYONE, TABLE
from tests.architecture.things import arguments_for, things
from tests.pages import CheckedClient


def routes(app: Flask) -> set[tuple[str, str]]:
    """Return every endpoint with each of its methods (HEAD and OPTIONS follow GET)."""
    return {
        (rule.endpoint, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


DECLARED = sorted((endpoint, method) for endpoint, row in TABLE.items() for method in row)


def test_every_route_is_declared_and_nothing_else(application: Flask) -> None:
    assert routes(application) == set(DECLARED)


def test_every_view_states_the_rule_of_the_table(application: Flask) -> None:
    for endpoint, row in TABLE.items():
        rule = rule_of(application, endpoint)
        assert rule is not None, endpoint
        for role in Role:
            for method, passes in row.items():
                expected = passes in {EVERYONE, BY_TOKEN} or role in passes
                assert rule.admits({role}) is expected, (endpoint, method, role)


def test_an_endpoint_that_states_no_rule_answers_nobody(app: Flask, client: CheckedClient) -> None:
    application = app
    rules = application.extensions["access"]
    rules["site.method"] = None
    try:
        status = client.get("/fr/method").status_code
    finally:
        del rules["site.method"]

    assert status == 403


def test_visitors_pass_where_the_table_says(
    app: Flask, session: Session, client: CheckedClient
) -> None:
    wrong = []
    for endpoint, method, address in addresses(app):
        with client.open(address, method=method) as answer:
            status = answer.status_code
        if TABLE[endpoint][method] == BY_TOKEN:
            expected = status == 401
        elif TABLE[endpoint][method] == EVERYONE:
            expected = status not in {401, 403}
        else:
            expected = status == (302 if method == "GET" else 401)
        if not expected:
            wrong.append((endpoint, method, status))

    assert not wrong


@pytest.mark.parametrize("role", list(Role))
def test_roles_pass_where_the_table_says(
    app: Flask, session: Session, client: CheckedClient, sign_in: Callable[..., Any], role: Role
) -> None:
    wrong = []
    for endpoint, method, address in addresses(app):
        if TABLE[endpoint][method] == EVERYONE:
            continue  # a visitor passes: the test above
        sign_in(client, role)
        with client.open(address, method=method) as answer:
            status = answer.status_code
        passes = TABLE[endpoint][method]
        if passes == BY_TOKEN:
            expected = status == 401
        elif role in passes:
            expected = status not in {401, 403}
        else:
            expected = status == 403
        if not expected:
            wrong.append((endpoint, method, status))

    assert not wrong


def addresses(app: Flask) -> list[tuple[str, str, str]]:
    """Return each endpoint and method with an address of things which exist, reading first."""
    made = things()
    with app.test_request_context("/fr/"):
        found = [
            (endpoint, method, app.url_for(endpoint, **arguments_for(app, endpoint, made)))
            for endpoint, method in DECLARED
        ]
    return sorted(found, key=lambda row: (row[1] != "GET", row[0]))
