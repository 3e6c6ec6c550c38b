"""The OpenAPI document against the application: whatever is sent, the answer is as described.

A few examples of each operation run with the other tests. ``make bench-api`` asks for many more
(``TACHAWOR_API_EXAMPLES``).
"""

from __future__ import annotations

import os
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from sqlalchemy.orm import Session

from app.api import operations
from app.api.rest import document
from app.core.access import System
from tests.architecture.things import things
from tests.conftest import NOW
from tests.submissions.way import rich_consultation

N_EXAMPLES = int(os.environ.get("TACHAWOR_API_EXAMPLES", "12"))
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)


def paths() -> list[tuple[str, str]]:
    """Return each operation of the document."""
    found = [
        ("GET", f"/api/v1/consultations{rest}")
        for rest in (
            "",
            "/{slug}",
            "/{slug}/questionnaires",
            "/{slug}/questionnaires/{version}",
            "/{slug}/results",
            "/{slug}/results/themes",
            "/{slug}/open-data",
            "/{slug}/open-data.csv",
        )
    ]
    return [
        *found,
        ("GET", "/api/v1/openapi.json"),
        ("POST", "/api/v1/consultations/{slug}/submissions"),
    ]


def test_the_document_has_these_operations_and_no_other(app: Flask) -> None:
    described = {
        (method.upper(), path)
        for path, operations_of in document(app)["paths"].items()
        for method in operations_of
        if method in {"get", "post", "put", "patch", "delete"}
    }

    assert described == set(paths())


@pytest.mark.parametrize(("method", "path"), paths())
def test_every_answer_is_as_described(app: Flask, session: Session, method: str, path: str) -> None:
    load_all_checks()
    checks = [CHECKS.get_one(name) for name in CHECKED]
    made = things()
    published, version = made["consultation"].slug, made["consultation"].questionnaire.version
    open_one = rich_consultation(slug="what")
    _partner, token = operations.create_partner(
        session, System("tests"), open_one, "A program", now=NOW
    )
    session.commit()
    session.remove()  # type: ignore[attr-defined]
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    slugs = st.sampled_from([published, "what", "absent"])

    @given(
        case=schema[path][method].as_strategy(),
        slug=slugs,
        has_token=st.sampled_from([True, True, True, False]),
        is_whole=st.booleans(),
    )
    @settings(
        max_examples=N_EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any, slug: str, *, has_token: bool, is_whole: bool) -> None:
        """Ask once: with the names that exist more often than not, else with whatever comes."""
        if case.path_parameters:
            case.path_parameters["slug"] = slug
            if is_whole and "version" in case.path_parameters:
                case.path_parameters["version"] = version
        # The checker reads bodies as they come: it must not be given packed ones.
        headers = {"Accept-Encoding": "identity"}
        if has_token:
            headers["Authorization"] = f"Bearer {token}"
        if method == "POST" and is_whole and isinstance(case.body, dict):
            case.body |= {"lang": "fr", "consent": {"notice_version": 1}}
            case.body |= {"actor": {"type": "citizen", "organisation": ""}}
        response = case.call(headers=headers)
        case.validate_response(response, checks=checks, headers=headers)

    ask()
