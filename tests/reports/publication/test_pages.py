"""Versions, files, evidence and feeds, as readers find them."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from sqlalchemy.orm import Session

from app.core.access import System
from app.reports.claims.measures import MEASURES
from app.reports.models import Report
from app.reports.publishing import asking
from tests import factories
from tests.pages import CheckedClient
from tests.reports.corpus import Analysed
from tests.reports.publication.conftest import content
from tests.reports.publishing import publish

SPACE = "{http://www.w3.org/2005/Atom}"


def base(report: Report, lang: str = "en") -> str:
    """Return the beginning of the addresses of a consultation's reports."""
    return f"/{lang}/consultations/{report.consultation.slug}/reports"


@pytest.fixture
def second(session: Session, corpus: Analysed, report: Report, render: Any, now: Any) -> Report:
    """A second version: two contributions more."""
    for number in range(2):
        corpus.says(f"Une voix de plus, {number}.", corpus.themes[0], region_code="08")
    made = publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    return made


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_version_is_listed_with_its_files_and_their_checksums(
    client: CheckedClient, second: Report, report: Report, lang: str
) -> None:
    page = client.get(base(report, lang))
    assert page.status_code == 200
    for version in (report, second):
        assert f'href="{base(report, lang)}/{version.version}"' in page.text
        for file in version.files:
            assert (file.sha256 in page.text) is (file.kind != "cells")


def test_what_a_version_changed_is_said_in_one_sentence(
    client: CheckedClient, second: Report
) -> None:
    page = client.get(base(second)).text
    assert "First version." in page
    assert "contributions more" in page


def test_before_anything_is_published_the_list_says_so(
    client: CheckedClient, session: Session
) -> None:
    slug = factories.ConsultationFactory().slug
    session.commit()
    page = client.get(f"/en/consultations/{slug}/reports")
    assert page.status_code == 200
    assert "Nothing is published yet" in page.text
    assert client.get(f"/en/consultations/{slug}/reports/latest").status_code == 404


def test_the_newest_version_has_an_address_that_leads_to_it(
    client: CheckedClient, second: Report
) -> None:
    answer = client.get(f"{base(second)}/latest")
    assert answer.status_code == 302
    assert answer.location == f"{base(second)}/2"


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("open-data.zip", "application/zip"),
        ("claims.json", "application/json"),
        ("dcat.jsonld", "application/ld+json"),
        ("data/passages.csv", "text/csv"),
        ("data/SHA256SUMS", "text/plain"),
        ("data/README.ar.txt", "text/plain"),
    ],
)
def test_files_are_downloads_that_can_be_kept(
    client: CheckedClient, report: Report, path: str, media: str
) -> None:
    answer = client.get(f"{base(report)}/1/{path}")
    assert answer.status_code == 200
    assert answer.mimetype == media
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Link"].endswith('rel="license"')
    again = client.get(
        f"{base(report)}/1/{path}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    "path", ["data/nothing.csv", "data/dcat.jsonld", "data/..%2Fconfig.py", "claims/nothing"]
)
def test_what_is_not_there_is_not_found(client: CheckedClient, report: Report, path: str) -> None:
    assert client.get(f"{base(report)}/1/{path}").status_code == 404
    assert client.get(f"{base(report)}/2/open-data.zip").status_code == 404


def test_the_served_catalogue_tells_the_archive_too(client: CheckedClient, report: Report) -> None:
    entry = json.loads(client.get(f"{base(report)}/1/dcat.jsonld").data)
    stated = {
        one["dcat:mediaType"]["@id"].rpartition("/")[2]: one["spdx:checksum"]["spdx:checksumValue"][
            "@value"
        ]
        for one in entry["dcat:distribution"]
    }
    assert stated["zip"] == sha256(content(report, "zip")).hexdigest()


# --- evidence ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_every_claim_has_a_page_with_its_sentence_and_its_answers(
    client: CheckedClient, report: Report, lang: str
) -> None:
    for claim in report.body["claims"]:
        page = client.get(f"{base(report, lang)}/1/claims/{claim['id']}")
        assert page.status_code == 200, claim["id"]
        if claim["evidence"]:
            assert claim["evidence"]["sha256"] in page.text


def test_the_page_of_a_claim_tells_question_denominator_and_words(
    client: CheckedClient, report: Report
) -> None:
    page = client.get(f"{base(report)}/1/claims/summary.first").text
    assert "Contributors who speak of it in their own words" in page
    assert "(denominator)" in page
    assert '<bdi dir="ltr">12</bdi> passages' in page
    assert '<blockquote lang="ar" dir="rtl">' in page
    assert "flask reports verify" in page


def test_words_that_the_notice_does_not_publish_are_told_by_their_place_and_hash(
    client: CheckedClient, publish_it: Callable[..., Report]
) -> None:
    report = publish_it(whole=False)
    page = client.get(f"{base(report)}/1/claims/summary.open").text
    assert "Peut-être" not in page
    assert "does not provide for it" in page


def test_many_passages_are_paged(
    client: CheckedClient, corpus: Analysed, publish_it: Callable[..., Report]
) -> None:
    for number in range(30):
        corpus.says(f"Une crèche encore, {number}.", corpus.themes[0], region_code="08")
    report = publish_it()
    first = client.get(f"{base(report)}/1/claims/summary.first")
    last = client.get(f"{base(report)}/1/claims/summary.first?page=3")
    assert first.text.count("<blockquote") == 20
    assert last.text.count("<blockquote") == 2
    assert client.get(f"{base(report)}/1/claims/summary.first?page=9").status_code == 404


def test_the_report_leads_to_the_evidence_of_its_sentences(
    client: CheckedClient, report: Report
) -> None:
    page = client.get(f"{base(report)}/1").text
    assert f'href="{base(report)}/1/claims/summary.first"' in page
    assert f'href="{base(report)}"' in page


# --- feeds ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
@pytest.mark.parametrize("everywhere", [False, True])
def test_a_feed_lists_the_versions_the_newest_first(
    client: CheckedClient, second: Report, lang: str, everywhere: bool
) -> None:
    path = f"/{lang}/reports.atom" if everywhere else f"{base(second, lang)}.atom"
    answer = client.get(path)
    assert answer.mimetype == "application/atom+xml"
    feed = Xml.fromstring(answer.data)
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    for name in ("title", "id", "updated", "author"):
        assert feed.find(f"{SPACE}{name}") is not None
    entries = feed.findall(f"{SPACE}entry")
    known = [entry.findtext(f"{SPACE}id") or "" for entry in entries]
    assert [one.rpartition("/")[2] for one in known] == ["2", "1"]
    assert all("/fr/consultations/" in one for one in known)
    links = [entry.find(f"{SPACE}link") for entry in entries]
    assert all(link is not None and f"/{lang}/" in (link.get("href") or "") for link in links)


def test_a_feed_of_nothing_is_a_feed(client: CheckedClient, session: Session) -> None:
    slug = factories.ConsultationFactory().slug
    session.commit()
    for path in (f"/fr/consultations/{slug}/reports.atom", "/fr/reports.atom"):
        assert Xml.fromstring(client.get(path).data).findall(f"{SPACE}entry") == []


def test_every_measure_that_can_be_asked_has_words() -> None:
    assert MEASURES.keys() <= asking.WHAT.keys()
