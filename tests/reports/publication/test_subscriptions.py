"""Those who want to be told of new versions: they confirm, are told once, and are forgotten."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.access import System
from app.core.mail import Letter
from app.reports.models import Report, ReportSubscription
from app.reports.publishing.subscribing import operations
from app.reports.publishing.subscribing.letters import tell_version
from tests.mail_server import PostOffice, one_click_in, words
from tests.pages import CheckedClient
from tests.reports.corpus import Analysed
from tests.reports.publishing import publish

ADDRESS = "lectrice@example.org"


def letters(session: Session, kind: str) -> list[Letter]:
    """Return the letters of a kind."""
    return list(session.scalars(select(Letter).where(Letter.kind == kind).order_by(Letter.id)))


def subscribe(client: CheckedClient, report: Report, email: str = ADDRESS, lang: str = "fr") -> Any:
    """Send the form."""
    path = f"/en/consultations/{report.consultation.slug}/reports/subscribe"
    return client.post(path, data={"email": email, "lang": lang})


def path_in(letter: Letter) -> str:
    """Return the path of the page that a letter names last."""
    return re.findall(r"https?://[^/\s]+(/\S+)", letter.body)[-1]


@pytest.fixture
def subscribed(client: CheckedClient, session: Session, report: Report) -> ReportSubscription:
    """An address that confirmed."""
    subscribe(client, report)
    client.post(path_in(letters(session, "reports.confirm")[0]))
    session.expire_all()
    return session.scalars(select(ReportSubscription)).one()


def again(session: Session, corpus: Analysed, render: Any, now: Any) -> Report:
    """Publish another version."""
    corpus.says("Une voix de plus.", corpus.themes[0], region_code="08")
    return publish(session, System(), corpus.consultation, now=now, render=render)


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_an_address_is_asked_in_its_language_and_told_of_nothing_before_it_confirms(
    client: CheckedClient,
    session: Session,
    corpus: Analysed,
    report: Report,
    render: Any,
    now: Any,
    lang: str,
) -> None:
    answer = subscribe(client, report, lang=lang)
    assert answer.status_code == 302
    [letter] = letters(session, "reports.confirm")
    assert (letter.recipient, letter.lang) == (ADDRESS, lang)
    assert path_in(letter).startswith(f"/{lang}/")
    again(session, corpus, render, now)
    assert letters(session, "reports.version") == []


def test_looking_at_the_page_of_the_letter_confirms_nothing(
    client: CheckedClient, session: Session, report: Report
) -> None:
    subscribe(client, report)
    page = client.get(path_in(letters(session, "reports.confirm")[0]))
    assert ADDRESS in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert session.scalars(select(ReportSubscription)).one().confirmed_at is None


def test_a_new_version_is_told_once_to_each_address(
    session: Session, corpus: Analysed, subscribed: ReportSubscription, render: Any, now: Any
) -> None:
    second = again(session, corpus, render, now)
    [letter] = letters(session, "reports.version")
    tell_version(session, second, now=now)
    assert letters(session, "reports.version") == [letter]
    assert letter.recipient == ADDRESS
    assert f"/fr/consultations/{corpus.consultation.slug}/reports/{second.version}" in letter.body
    third = again(session, corpus, render, now)
    assert len(letters(session, "reports.version")) == 2
    assert third.version == 3


def test_a_publication_that_is_refused_tells_nobody(
    session: Session, corpus: Analysed, subscribed: ReportSubscription, render: Any, now: Any
) -> None:
    nested = session.begin_nested()
    again(session, corpus, render, now)
    nested.rollback()
    assert letters(session, "reports.version") == []


def test_ending_it_forgets_the_address_everywhere(
    client: CheckedClient,
    session: Session,
    corpus: Analysed,
    subscribed: ReportSubscription,
    render: Any,
    now: Any,
) -> None:
    again(session, corpus, render, now)
    path = path_in(letters(session, "reports.version")[0])
    session.commit()
    assert client.get(path).status_code == 200
    assert session.scalars(select(ReportSubscription)).all()
    assert client.post(path).status_code == 200
    session.expire_all()
    assert session.scalars(select(ReportSubscription)).all() == []
    assert session.scalars(select(Letter).where(Letter.recipient == ADDRESS)).all() == []
    assert client.get(path).status_code == 404
    again(session, corpus, render, now)
    assert letters(session, "reports.version") == []


def test_nobody_learns_which_addresses_are_known(
    client: CheckedClient, session: Session, report: Report, subscribed: ReportSubscription
) -> None:
    known, unknown = subscribe(client, report), subscribe(client, report, "autre@example.org")
    assert (known.status_code, known.location, known.data) == (
        unknown.status_code,
        unknown.location,
        unknown.data,
    )
    assert [letter.recipient for letter in letters(session, "reports.confirm")] == [
        ADDRESS,
        "autre@example.org",
    ]


def test_asking_over_and_over_writes_one_letter_a_day(
    session: Session, corpus: Analysed, report: Report, client: CheckedClient
) -> None:
    for email in (ADDRESS, ADDRESS.upper(), f" {ADDRESS} "):
        subscribe(client, report, email)
    assert len(letters(session, "reports.confirm")) == 1
    row = session.scalars(select(ReportSubscription)).one()
    later = row.asked_at + timedelta(days=2)
    assert operations.ask(session, corpus.consultation, ADDRESS, "ar", now=later) is row
    assert row.lang == "ar"


def test_an_address_that_never_confirms_is_forgotten(
    session: Session, corpus: Analysed, report: Report, client: CheckedClient
) -> None:
    subscribe(client, report)
    row = session.scalars(select(ReportSubscription)).one()
    operations.forget_unconfirmed(session, now=row.asked_at + timedelta(days=6))
    assert session.scalars(select(ReportSubscription)).all()
    operations.forget_unconfirmed(session, now=row.asked_at + timedelta(days=7))
    assert session.scalars(select(ReportSubscription)).all() == []


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "x" * 260 + "@example.org"])
def test_a_refused_form_says_why_and_keeps_what_was_typed(
    client: CheckedClient, session: Session, report: Report, email: str
) -> None:
    answer = subscribe(client, report, email, "ar")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert f'value="{email}"' in answer.text
    assert re.search(r'value="ar" checked', answer.text)
    assert session.scalars(select(ReportSubscription)).all() == []


def test_an_unknown_address_of_a_letter_opens_nothing(client: CheckedClient) -> None:
    for path in ("/fr/reports/subscriptions/unknown", "/fr/reports/subscriptions/unknown/end"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_a_mail_program_ends_it_by_one_click_without_a_session(
    app: Flask,
    client: CheckedClient,
    session: Session,
    corpus: Analysed,
    report: Report,
    office: PostOffice,
    unproven: CheckedClient,
    monkeypatch: pytest.MonkeyPatch,
    render: Any,
    now: Any,
    lang: str,
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://tachawor.example")
    row = operations.ask(session, corpus.consultation, ADDRESS, lang, now=now)
    assert row is not None
    operations.confirm(session, row, now=now)
    again(session, corpus, render, now)
    session.commit()
    app.test_cli_runner().invoke(args=["mail", "send"])
    [message] = office.to(ADDRESS)
    token = row.token
    path, form = one_click_in(message)
    assert words(message).endswith(f"https://tachawor.example{path}\n")

    first = unproven.post(path, data=form)
    second = unproven.post(path, data=form)
    wrong = unproven.post(path.replace(token, "x" * 43), data=form)

    session.expire_all()
    assert session.scalars(select(ReportSubscription)).all() == []
    assert session.scalars(select(Letter).where(Letter.recipient == ADDRESS)).all() == []
    assert {(one.status_code, one.data) for one in (first, second, wrong)} == {(200, first.data)}
    assert "Location" not in first.headers


def test_one_click_ends_one_subscription_and_no_other(
    session: Session, corpus: Analysed, report: Report, unproven: CheckedClient, now: Any
) -> None:
    one, other = (
        operations.ask(session, corpus.consultation, email, "fr", now=now)
        for email in (ADDRESS, "autre@example.org")
    )
    assert one is not None
    assert other is not None
    session.commit()
    path = f"/fr/reports/subscriptions/{one.token}/end"

    assert unproven.get(path).status_code == 200
    assert len(session.scalars(select(ReportSubscription)).all()) == 2
    unproven.post(path, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")

    session.expire_all()
    assert session.scalars(select(ReportSubscription.email)).all() == ["autre@example.org"]
