"""Every route, for every method and every role, against the declared table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.core.access import Role, rule_of
from tests import factories
from tests.architecture.access_table import EVERYONE, TABLE
from tests.architecture.things import arguments_for
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
                expected = passes == EVERYONE or role in passes
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


@pytest.mark.parametrize(("endpoint", "method"), DECLARED)
def test_visitors_pass_where_the_table_says(
    app: Flask, session: Session, client: CheckedClient, endpoint: str, method: str
) -> None:
    address = _address(app, endpoint)

    status = client.open(address, method=method).status_code

    if TABLE[endpoint][method] == EVERYONE:
        assert status not in {401, 403}, (endpoint, status)
    else:
        assert status == (302 if method == "GET" else 401), (endpoint, method, status)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("endpoint", "method"), DECLARED)
def test_roles_pass_where_the_table_says(
    app: Flask, session: Session, client: CheckedClient, sign_in: Callable[..., Any],
    endpoint: str, method: str, role: Role,
) -> None:
    address = _address(app, endpoint)
    sign_in(client, role)

    status = client.open(address, method=method).status_code

    passes = TABLE[endpoint][method]
    if passes == EVERYONE or role in passes:
        assert status not in {401, 403}, (endpoint, method, role, status)
    else:
        assert status == 403, (endpoint, method, role, status)


def _address(app: Flask, endpoint: str) -> str:
    """Return an address of the endpoint that leads to things which exist."""
    with app.test_request_context("/fr/"):
        return app.url_for(endpoint, **arguments_for(app, endpoint, factories))
