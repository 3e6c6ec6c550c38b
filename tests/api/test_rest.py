"""The interface for programs: what is read, what is sent, and every refusal with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import create_app
from app.api import operations
from app.api.models import Partner
from app.consultations.models import Consultation, QuestionnaireState
from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.db import db
from app.submissions.models import Answer, Consent, Submission
from config import Settings
from tests.architecture.things import things
from tests.conftest import NOW
from tests.factories import ConsultationFactory
from tests.pages import CheckedClient
from tests.submissions.way import rich_consultation

BASE = "/api/v1/consultations"
RATINGS = {"x": 4, "y": 0}


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with questions of several kinds."""
    return rich_consultation(slug="what")


class Program:
    """A partner's program."""

    def __init__(self, client: CheckedClient, token: str) -> None:
        self.client, self.token = client, token

    def send(
        self, body: Any = None, *, key: str = "key-1", slug: str = "what", **changes: Any
    ) -> TestResponse:
        """Send a submission, whole unless something is changed."""
        whole: dict[str, Any] = {
            "actor": {"type": "association", "organisation": "Jeunes du Rif"},
            "lang": "fr",
            "consent": {"notice_version": 1},
            "answers": {
                "place": {"region": "08"},
                "story": "Un centre ouvert",
                "ease": RATINGS,
                "members": 12,
            },
            "source_id": "42",
        }
        return self.client.post(
            f"{BASE}/{slug}/submissions",
            json=body if body is not None else whole | changes,
            headers={"Authorization": f"Bearer {self.token}", "Idempotency-Key": key},
        )


@pytest.fixture
def program(session: Session, client: CheckedClient, consultation: Consultation) -> Program:
    """A partner of the consultation."""
    _partner, token = operations.create_partner(
        session, System("tests"), consultation, "A federation", now=NOW
    )
    session.commit()
    return Program(client, token)


def total(session: Session) -> int:
    """Count the submissions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Submission)) or 0


def problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Return a problem, once checked that it is one."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    found = json.loads(answer.text)
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return dict(found)


def pointers(found: dict[str, Any]) -> set[str]:
    """Return the places that a problem names."""
    return {place.get("pointer") or place["parameter"] for place in found["errors"]}


# --- reading ------------------------------------------------------------------------------------


def test_consultations_are_read_page_by_page(session: Session, client: CheckedClient) -> None:
    slugs = [ConsultationFactory().slug for _ in range(5)]
    hidden = ConsultationFactory()
    hidden.questionnaire.state = QuestionnaireState.DRAFT
    hidden.questionnaires[0].published_at = None
    read: list[str] = []
    address: str | None = f"{BASE}?limit=2"

    while address:
        page = json.loads(client.get(address).text)
        read += [item["slug"] for item in page["items"]]
        address = page["next"] and f"{BASE}?limit=2&cursor={page['next']}"

    assert read == slugs[::-1]


@pytest.mark.parametrize("query", ["cursor=x", "cursor=99999999999", "limit=0", "limit=1000"])
def test_a_page_that_does_not_exist_is_refused(
    session: Session, client: CheckedClient, query: str
) -> None:
    found = problem(client.get(f"{BASE}?{query}"), 422)

    assert pointers(found) == {query.split("=", maxsplit=1)[0]}


def test_a_questionnaire_is_read_with_its_conditions(
    client: CheckedClient, consultation: Consultation
) -> None:
    one = json.loads(client.get(f"{BASE}/what").text)
    version = one["questionnaire_version"]

    read = json.loads(client.get(f"{BASE}/what/questionnaires/{version}").text)

    asked = {q["key"]: q for section in read["sections"] for q in section["questions"]}
    assert asked["members"]["visible_if"] == {"actor_type": ["association"]}
    assert asked["many"]["options"][0]["label"]["ar"] == "option a (ar)"
    assert one["notice"]["version"] == 1
    problem(client.get(f"{BASE}/what/questionnaires/99"), 404)


def test_results_are_those_of_the_published_report(session: Session, client: CheckedClient) -> None:
    made = things()
    slug, body = made["consultation"].slug, made["report"].body
    session.commit()

    results = json.loads(client.get(f"{BASE}/{slug}/results").text)
    themes = json.loads(client.get(f"{BASE}/{slug}/results/themes").text)
    figures = json.loads(client.get(f"{BASE}/{slug}/open-data").text)
    table = client.get(f"{BASE}/{slug}/open-data.csv")

    assert results["coverage"] == body["coverage"]
    assert [theme["name"] for theme in themes["items"]] == [t["name"] for t in body["themes"]]
    assert len(table.text.strip().splitlines()) == len(figures["rows"]) + 1
    assert table.mimetype == "text/csv"
    assert results["licence"]["url"].startswith("https://")


def test_nothing_is_said_of_results_before_they_are_published(
    client: CheckedClient, consultation: Consultation
) -> None:
    for path in ("results", "results/themes", "open-data", "open-data.csv"):
        problem(client.get(f"{BASE}/what/{path}"), 404)


@pytest.mark.parametrize("packing", ["identity", "br", "gzip"])
def test_what_has_not_changed_is_not_sent_again(
    client: CheckedClient, consultation: Consultation, packing: str
) -> None:
    accepted = {"Accept-Encoding": packing}
    first = client.get(f"{BASE}/what", headers=accepted)
    tag = first.headers["ETag"]
    again = client.get(f"{BASE}/what", headers=accepted | {"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    assert "Set-Cookie" not in first.headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2", 404),
        ("DELETE", BASE, 405),
        ("GET", f"{BASE}/absent", 404),
        ("GET", f"{BASE}/%00", 404),
        ("GET", f"{BASE}/what/submissions", 405),
        ("GET", f"{BASE}/what/questionnaires/99999999999999999999", 404),
    ],
)
def test_errors_are_problems_in_the_readers_language(
    client: CheckedClient, consultation: Consultation, method: str, path: str, status: int
) -> None:
    french, arabic = (
        problem(client.open(path, method=method, headers={"Accept-Language": lang}), status)
        for lang in ("fr", "ar")
    )

    assert french["title"] != arabic["title"]


# --- sending ------------------------------------------------------------------------------------


def test_a_submission_is_written_with_its_consent_and_its_receipt(
    program: Program, session: Session
) -> None:
    answer = program.send()

    receipt = json.loads(answer.text)
    assert (answer.status_code, receipt["is_new"]) == (201, True)
    assert answer.headers["Cache-Control"] == "no-store"
    row = session.scalars(select(Submission)).one()
    assert (row.channel, row.actor_type, row.organisation, row.region_code) == (
        "api",
        "association",
        "Jeunes du Rif",
        "08",
    )
    assert (row.source, row.source_id, row.receipt) == ("A federation", "42", receipt["code"])
    assert session.scalar(select(func.count()).select_from(Answer)) == 4
    assert session.scalars(select(Consent)).one().lang == "fr"
    assert session.scalars(select(Partner)).one().last_used_at == NOW


def test_the_same_key_writes_nothing_twice(program: Program, session: Session) -> None:
    first, second = program.send(), program.send()

    assert (first.status_code, second.status_code) == (201, 200)
    assert json.loads(first.text)["code"] == json.loads(second.text)["code"]
    assert total(session) == 1


def test_the_same_key_gives_its_receipt_even_after_closing(
    program: Program, session: Session, app: Flask
) -> None:
    code = json.loads(program.send().text)["code"]
    app.extensions["clock"] = lambda: NOW + timedelta(days=300)

    again = program.send()

    assert (again.status_code, json.loads(again.text)["code"]) == (200, code)
    found = problem(program.send(key="other"), 409)
    assert found["type"] == "urn:tachawor:problem:consultation-not-open"


def test_the_same_key_with_another_body_is_refused(program: Program, session: Session) -> None:
    program.send()

    found = problem(program.send(lang="ar"), 422)

    assert pointers(found) == {"Idempotency-Key"}
    assert total(session) == 1


def test_ten_at_once_with_one_key_are_one(program: Program, session: Session, app: Flask) -> None:
    def send(_number: int) -> int:
        """Send in a thread."""
        return Program(app.test_client(), program.token).send().status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(5) as pool:
        statuses = sorted(pool.map(send, range(10)))

    assert statuses == [200] * 9 + [201]
    assert total(session) == 1


def test_the_same_number_in_the_source_under_another_key_is_a_conflict(
    program: Program, session: Session
) -> None:
    program.send()

    problem(program.send(key="key-2"), 409)

    assert total(session) == 1


@pytest.mark.parametrize(
    ("changes", "places"),
    [
        ({"answers": {"nothing": 1}}, {"/answers/nothing", "/answers/place", "/answers/ease/x"}),
        ({"answers": {"place": {"region": "99"}, "ease": RATINGS}}, {"/answers/place"}),
        (
            {"answers": {"place": {"region": "08"}, "ease": RATINGS, "one": "z", "other": "?"}},
            {"/answers/one", "/answers/other"},
        ),
        ({"answers": []}, {"/answers"}),
        ({"actor": {"type": "martian"}}, {"/actor/type"}),
        ({"actor": {"type": "association"}}, {"/actor/organisation"}),
        ({"lang": "de"}, {"/lang"}),
        ({"consent": {}}, {"/consent/notice_version"}),
        ({"more": 1}, {"/more"}),
        ({"source_id": ""}, {"/source_id"}),
    ],
)
def test_a_refusal_names_every_place(
    program: Program, session: Session, changes: dict[str, Any], places: set[str]
) -> None:
    found = problem(program.send(**changes), 422)

    assert pointers(found) >= places
    assert total(session) == 0


def test_a_consent_to_another_notice_is_refused(program: Program, session: Session) -> None:
    answer = program.send(consent={"notice_version": 2})

    assert problem(answer, answer.status_code)["type"].endswith("notice-changed")
    assert answer.status_code in {409, 422}
    assert total(session) == 0


def test_text_with_half_a_sign_is_refused(program: Program, session: Session) -> None:
    problem(program.send(answers={"place": {"region": "08"}, "story": "\ud800"}), 422)

    assert total(session) == 0


def test_a_body_that_is_not_json_is_refused(program: Program) -> None:
    headers = {"Authorization": f"Bearer {program.token}", "Idempotency-Key": "k"}
    address = f"{BASE}/what/submissions"

    problem(program.client.post(address, data={"a": "b"}, headers=headers), 415)
    headers["Content-Type"] = "application/json"
    problem(program.client.post(address, data="{", headers=headers), 400)
    problem(program.client.post(address, data="[]", headers=headers), 422)


def test_a_key_is_required(program: Program) -> None:
    answer = program.client.post(
        f"{BASE}/what/submissions", json={}, headers={"Authorization": f"Bearer {program.token}"}
    )

    assert pointers(problem(answer, 422)) == {"Idempotency-Key"}


def test_a_body_that_is_too_large_is_refused(program: Program, app: Flask) -> None:
    problem(program.send(more="x" * (app.config["MAX_CONTENT_LENGTH"] + 1)), 413)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic eDp5", "Bearer tcw_x"])
def test_without_a_token_nobody_sends(
    client: CheckedClient, consultation: Consultation, header: str
) -> None:
    answer = client.post(
        f"{BASE}/what/submissions",
        json={},
        headers={"Authorization": header, "Idempotency-Key": "k"},
    )

    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_administrator_is_no_partner(
    client: CheckedClient, sign_in: Callable[..., int], consultation: Consultation
) -> None:
    sign_in(client, Role.ADMINISTRATOR)

    problem(client.post(f"{BASE}/what/submissions", json={}), 401)


def test_a_token_is_for_one_consultation(program: Program, session: Session) -> None:
    ConsultationFactory(slug="other")
    session.commit()

    problem(program.send(slug="other"), 403)


def test_a_token_that_sends_too_much_is_told_to_wait(
    program: Program, settings: Settings, session: Session
) -> None:
    from app.accounts.security import limiter

    limited = replace(settings, extra=settings.extra | {"RATELIMIT_ENABLED": True})
    other = create_app(limited)
    try:
        with other.app_context():
            there = Program(other.test_client(), program.token)  # type: ignore[arg-type]
            statuses = [there.send({}).status_code for _ in range(121)]
            answer = there.send({})
            db.session.remove()
            db.engine.dispose()
    finally:
        limiter.enabled = False

    assert statuses == [422] * 120 + [429]
    problem(answer, 429)
    assert answer.headers["Retry-After"] == "60"


# --- partners -----------------------------------------------------------------------------------


def test_a_partner_is_made_and_its_token_is_shown_once(
    client: CheckedClient,
    sign_in: Callable[..., int],
    consultation: Consultation,
    session: Session,
) -> None:
    identity = consultation.id
    sign_in(client, Role.ADMINISTRATOR)

    made = client.post(
        "/fr/staff/partners", data={"name": "A federation", "consultation": identity}
    )

    token = made.text.split("<code>")[1].split("</code>")[0]
    assert token.startswith("tcw_")
    assert made.headers["Cache-Control"] == "no-store"
    assert token not in client.get("/fr/staff/partners").text
    partner = session.scalars(select(Partner)).one()
    assert token not in {partner.token_hash, partner.token_start}
    assert Program(client, token).send().status_code == 201
    client.post(f"/fr/staff/partners/{partner.id}/revoke")
    problem(Program(client, token).send(key="k2"), 401)
    actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert {"api.partner_create", "api.partner_revoke"} <= set(actions)


def test_two_partners_do_not_share_a_name(
    program: Program, sign_in: Callable[..., int], session: Session, consultation: Consultation
) -> None:
    identity = consultation.id
    sign_in(program.client, Role.ADMINISTRATOR)

    again = program.client.post(
        "/fr/staff/partners", data={"name": "A federation", "consultation": identity}
    )

    assert again.status_code == 422
    assert session.scalar(select(func.count()).select_from(Partner)) == 1


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_page_about_the_interface_names_every_operation(
    client: CheckedClient, app: Flask, lang: str
) -> None:
    page = client.get(f"/{lang}/api").text.replace("<wbr>", "")
    described = json.loads(client.get("/api/v1/openapi.json").text)

    assert described["openapi"] == "3.1.0"
    for path in described["paths"]:
        assert path.removeprefix("/api/v1") in page
