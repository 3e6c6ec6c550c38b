"""Configuration, instants, languages, headers, errors and the audit that cannot be forgotten."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import Session

from app.core.access import Role
from app.core.audit import AuditEntry
from app.core.db import Texts
from app.core.forms import clean_text
from app.core.i18n import arabic, spaced
from config import ConfigurationError, Settings
from tests.factories import ConsultationFactory
from tests.pages import CheckedClient


def test_production_does_not_start_without_a_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TACHAWOR_PROFILE", "production")
    monkeypatch.delenv("SECRET_KEY", raising=False)

    with pytest.raises(ConfigurationError, match="SECRET_KEY"):
        Settings.from_environment()


def test_the_demonstration_makes_a_key_and_keeps_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("TACHAWOR_PROFILE", "demo")
    monkeypatch.setenv("TACHAWOR_INSTANCE", str(tmp_path))
    monkeypatch.delenv("SECRET_KEY", raising=False)

    first, second = Settings.from_environment(), Settings.from_environment()

    assert len(first.secret_key) >= 32
    assert first.secret_key == second.secret_key


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_address_is_given_its_driver(scheme: str) -> None:
    settings = Settings(database_url=f"{scheme}://me@host/name", secret_key="x" * 32)

    assert settings.sqlalchemy_url == "postgresql+psycopg://me@host/name"


def test_sqlite_is_durable_and_strict(session: Session) -> None:
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("another database")
    values = {
        name: session.execute(text(f"PRAGMA {name}")).scalar()
        for name in ("journal_mode", "synchronous", "foreign_keys")
    }

    assert values == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_an_instant_comes_back_aware_and_in_utc(session: Session) -> None:
    rabat = timezone(timedelta(hours=1))
    consultation = ConsultationFactory(opens_at=datetime(2022, 1, 1, 1, tzinfo=rabat))
    session.expire(consultation)

    assert consultation.opens_at == datetime(2022, 1, 1, tzinfo=UTC)
    assert consultation.opens_at.tzinfo is UTC


def test_a_naive_instant_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="naive"):
        ConsultationFactory(opens_at=datetime(2022, 1, 1))  # noqa: DTZ001


def test_a_text_falls_back_to_a_language_that_has_it() -> None:
    assert Texts(fr="", ar="نعم").best("fr") == ("نعم", "ar")


def test_hidden_signs_are_taken_out_of_what_is_typed_and_joiners_stay() -> None:
    assert clean_text(" a\u202eb\u200bc\u0000 \u200cd\u200d\r\n") == "abc \u200cd\u200d"


def test_french_punctuation_gets_its_spaces() -> None:
    assert spaced("Quoi ? « Oui » : non") == "Quoi\u202f? «\u202fOui\u202f»\u00a0: non"


@pytest.mark.parametrize(
    ("header", "place"), [("ar-MA,ar;q=0.9", "/ar/"), ("en-GB", "/en/"), ("de", "/fr/")]
)
def test_the_entrance_leads_to_the_visitors_language(
    client: CheckedClient, header: str, place: str
) -> None:
    answer = client.get("/", headers={"Accept-Language": header})

    assert answer.location == place


def test_switching_language_keeps_the_page(session: Session, client: CheckedClient) -> None:
    consultation = ConsultationFactory()
    session.commit()

    page = client.get(f"/fr/consultations/{consultation.slug}").get_data(as_text=True)

    assert f"/ar/consultations/{consultation.slug}" in page
    assert f"/en/consultations/{consultation.slug}" in page


def test_switching_language_after_a_refused_form_leads_to_a_page_that_can_be_read(
    session: Session, client: CheckedClient
) -> None:
    consultation = ConsultationFactory()
    address = f"/consultations/{consultation.slug}/participate"
    client.post(f"/fr{address}")

    answer = client.post(f"/fr{address}/1", data={"go": "next"})

    assert answer.status_code == 422
    assert f'href="/ar{address}/1"' in answer.get_data(as_text=True)


def test_an_unknown_address_switches_to_the_home_page(client: CheckedClient) -> None:
    page = client.get("/fr/nowhere/at/all").get_data(as_text=True)

    assert 'href="/ar/"' in page


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_an_unknown_address_answers_with_a_page(client: CheckedClient, lang: str) -> None:
    answer = client.get(f"/{lang}/nowhere")

    assert answer.status_code == 404
    assert "<h1" in answer.get_data(as_text=True)


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed(client: CheckedClient) -> None:
    policy = client.get("/fr/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_a_staff_action_that_records_nothing_is_recorded_all_the_same(
    app: Flask, session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    client.post(
        "/fr/staff/password",
        data={
            "password": "a long enough password",
            "new_password": "another long password",
            "new_password_confirm": "another long password",
        },
    )

    assert "security.change_password" in session.scalars(select(AuditEntry.action)).all()


def test_arabic_words_in_a_french_text_are_marked_and_nothing_else_changes(app: Flask) -> None:
    with app.test_request_context("/fr/"):
        app.preprocess_request()
        marked = str(arabic("L'agent a dit: هادشي، ديال <الجماعة> 3 fois", "fr"))
        plain = re.sub(r"</?span[^>]*>", "", marked)

    assert plain == "L&#39;agent a dit: هادشي، ديال &lt;الجماعة&gt; 3 fois"
    assert marked.count('<span lang="ar">') == 1
    assert '<span lang="ar">هادشي، ديال &lt;الجماعة</span>' in marked


def test_a_text_in_arabic_is_left_as_it_is(app: Flask) -> None:
    with app.test_request_context("/ar/"):
        app.preprocess_request()
        assert arabic("نص مع word", "ar-MA") == "نص مع word"


def test_a_connection_to_elsewhere_is_refused_in_every_test() -> None:
    with pytest.raises(ConnectionRefusedError, match="left the machine"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
