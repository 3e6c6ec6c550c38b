"""The PDF files: their words, their language, and what they may open."""

import io

import pytest
from flask import g
from flask_babel import get_locale
from pypdf import PdfReader

from app.core.i18n import in_language, plain_number
from app.core.printing import LocalFetcher
from app.reports.body import build
from app.reports.operations import Edition
from app.reports.rendering import render_html, render_pdf
from tests.reports.corpus import ARABIC, FRENCH


@pytest.fixture
def edition(now):
    return Edition(version=3, published_at=now, sha256="e" * 64)


@pytest.mark.parametrize(("lang", "name"), [("fr", FRENCH), ("ar", ARABIC)])
def test_the_file_is_tagged_titled_and_holds_the_themes_names(session, corpus, edition, lang, name):
    body = build(session, corpus.consultation).body

    reader = PdfReader(io.BytesIO(render_pdf(body, edition, lang)))

    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert name in text
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == lang
    assert body["consultation"]["title"][lang] in reader.metadata.title
    assert len(reader.outline) >= 6


def test_each_quotation_keeps_its_language_and_direction(session, corpus, edition):
    body = build(session, corpus.consultation).body
    page = render_html(body, edition, "fr")
    assert '<blockquote lang="ar" dir="rtl">' in page
    assert '<html lang="fr" dir="ltr">' in page
    assert '<html lang="ar" dir="rtl">' in render_html(body, edition, "ar")


def test_the_files_language_is_not_the_requests(app, session, corpus, edition):
    body = build(session, corpus.consultation).body
    with app.test_request_context("/fr/consultations"):
        app.preprocess_request()
        page = render_html(body, edition, "ar")
        assert '<html lang="ar"' in page
        assert "يناير" in page
        assert "janvier" not in page
        assert g.lang == "fr"
        assert get_locale().language == "fr"


def test_figures_follow_the_language_asked_for(app):
    with app.app_context():
        with in_language("ar"):
            assert plain_number(4812.5, decimals=1) == "4\u202f812,5"
        with in_language("fr"):
            assert plain_number(4812.5, decimals=1) == "4\u202f812,5"
        assert g.get("lang") is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x.css",
        "http://127.0.0.1/x.css",
        "file:///etc/passwd",
        "data:text/css,a",
        "file:///srv/static/../secret.css",
    ],
)
def test_nothing_outside_the_static_folder_is_opened(tmp_path, url):
    fetch = LocalFetcher(tmp_path)
    with pytest.raises(PermissionError):
        fetch.fetch(url)


def test_a_static_file_is_opened(tmp_path):
    (tmp_path / "a.css").write_text("p {}", encoding="utf-8")
    response = LocalFetcher(tmp_path).fetch((tmp_path / "a.css").as_uri())
    assert response.read() == b"p {}"
