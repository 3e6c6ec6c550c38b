"""Results, themes and reports as pages, for everyone and for staff."""

import csv
import io

import pytest
from markupsafe import Markup

from app.core.access import Role, System
from tests import factories
from tests.reports.corpus import ARABIC, FRENCH
from tests.reports.publishing import publish


@pytest.fixture
def published(session, corpus, render, now):
    report = publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    return corpus, report


def address(corpus, path, lang="fr"):
    return f"/{lang}/consultations/{corpus.consultation.slug}/{path}"


def ranking(page):
    """Return the list of ranked themes of a results page."""
    start = page.index('<ol class="rank">')
    return page[start : page.index("</ol>", start)]


def test_before_anything_is_published_the_results_page_says_so(client, session):
    slug = factories.ConsultationFactory().slug
    session.commit()
    page = client.get(f"/en/consultations/{slug}/results")
    assert page.status_code == 200
    assert "Nothing is published yet" in page.text


@pytest.mark.parametrize(("lang", "name"), [("fr", FRENCH), ("ar", ARABIC), ("en", FRENCH)])
def test_results_rank_the_themes_in_the_readers_language(client, published, lang, name):
    corpus, _report = published
    page = client.get(address(corpus, "results", lang))
    assert page.status_code == 200
    assert name in page.text.partition("</h1>")[0]
    assert page.text.index("rank-n") < page.text.index('class="note"')


def test_the_sentences_under_the_headline_are_those_of_the_summary(client, published):
    corpus, report = published
    page = " ".join(Markup(client.get(address(corpus, "results")).text).striptags().split())
    told = {c["id"]: " ".join(c["sentence"]["fr"].split()) for c in report.body["claims"]}
    lead = page[: page.index(told["summary.second"])]
    assert told["summary.spread"] in lead
    others = {told[name] for name in told if name.startswith("theme.")} - {told["summary.spread"]}
    assert not [sentence for sentence in others if sentence in lead]


def test_results_show_all_six_states(client, published):
    corpus, _report = published
    page = client.get(address(corpus, "results", "en")).text
    for state in ("in a theme", "off topic", "unreadable", "left out, reason published"):
        assert state in page


def test_a_filter_recounts_and_stays_visible(client, published):
    corpus, _report = published
    page = client.get(address(corpus, "results?region=06", "en")).text
    assert '<option value="06" selected>' in page
    ranks = ranking(page)
    assert ranks.index("Des routes") < ranks.index(FRENCH)
    assert '<bdi dir="ltr">75.0%</bdi>' in ranks


def test_a_filter_of_fewer_than_five_people_shows_no_theme(client, published):
    corpus, _report = published
    page = client.get(address(corpus, "results?region=12", "en")).text
    assert "Too few people to say" in page
    assert '<ol class="rank">' not in page


def test_an_unknown_filter_is_no_filter(client, published):
    corpus, _report = published
    plain = client.get(address(corpus, "results", "en")).text
    odd = client.get(address(corpus, "results?region=99&actor_type=x&language=%22", "en")).text
    assert ranking(odd) == ranking(plain)
    assert "selected" not in odd


def test_a_theme_has_a_page_and_a_merged_one_leads_there(client, published):
    corpus, _report = published
    page = client.get(address(corpus, f"results/themes/{corpus.themes[1].id}", "ar"))
    assert page.status_code == 200
    assert "الطرق" in page.text
    merged = client.get(address(corpus, f"results/themes/{corpus.themes[2].id}"))
    assert merged.status_code == 302
    assert merged.location.endswith(f"/results/themes/{corpus.themes[1].id}")
    excluded = client.get(address(corpus, f"results/themes/{corpus.themes[3].id}"))
    assert excluded.status_code == 404


@pytest.mark.parametrize("lang", ["fr", "ar", "en"])
def test_the_report_page_has_proofs_and_quotations_in_their_own_direction(client, published, lang):
    corpus, report = published
    page = client.get(address(corpus, "reports/1", lang))
    assert page.status_code == 200
    told = [c for c in report.body["claims"] if c["kind"] != "quotation"]
    # A theme's rank stands beside its name, and opens nothing.
    assert page.text.count('<details class="claim') == sum(c["template"] != "rank" for c in told)
    assert '<blockquote lang="ar" dir="rtl">' in page.text
    assert '<blockquote lang="fr" dir="ltr">' in page.text
    assert client.get(address(corpus, "reports/2", lang)).status_code == 404


def test_what_was_written_is_escaped(client, session, corpus, render, now):
    corpus.ranks[corpus.themes[0].id] = -1
    corpus.says("<script>alert('crèche')</script>", corpus.themes[0], quoted=True, region_code="02")
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    for path in ("results", "reports/1", f"results/themes/{corpus.themes[0].id}"):
        assert "<script>alert" not in client.get(address(corpus, path)).text


def test_files_are_downloaded_as_they_were_rendered(client, published):
    corpus, report = published
    response = client.get(address(corpus, "reports/1/ar.pdf"))
    assert response.mimetype == "application/pdf"
    assert response.data == next(f.content for f in report.files if f.lang == "ar")
    again = client.get(
        address(corpus, "reports/1/ar.pdf"), headers={"If-None-Match": response.headers["ETag"]}
    )
    assert again.status_code == 304
    assert client.get(address(corpus, "reports/1/en.pdf")).status_code == 404


def test_the_table_of_figures_hides_what_is_too_small(client, published):
    corpus, _report = published
    response = client.get(address(corpus, "reports/1/themes.csv"))
    rows = list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))
    first = [row for row in rows if row["rank"] == "1"]
    assert next(row for row in first if row["dimension"] == "all")["voices"] == "12"
    small = next(row for row in first if (row["dimension"], row["group"]) == ("region", "12"))
    assert (small["voices"], small["share"], small["contributors"]) == ("", "", "2")


def test_a_name_that_looks_like_a_formula_stays_a_text(client, session, corpus, render, now):
    corpus.themes[0].name = {"fr": "=HYPERLINK(1)", "ar": "+1"}
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    text = client.get(address(corpus, "reports/1/themes.csv")).text
    assert "'=HYPERLINK(1)" in text
    assert ",=HYPERLINK" not in text


def test_an_analyst_of_another_consultation_is_refused(client, session, corpus, sign_in):
    other = factories.ConsultationFactory()
    slug, scope = corpus.consultation.slug, other.id
    session.commit()
    sign_in(client, Role.ANALYST, consultation=scope)
    base = f"/fr/staff/consultations/{slug}/reports"
    assert client.get(base).status_code == 403
    assert client.get(f"{base}/preview").status_code == 403
    assert client.post(base).status_code == 403


def test_words_of_an_official_position_are_marked_as_such(client, session, corpus, render, now):
    organisation = factories.OrganisationFactory()
    corpus.says(
        "Ouvrir une crèche par commune.",
        corpus.themes[0],
        quoted=True,
        region_code="02",
        organisation_id=organisation.id,
        is_official=True,
    )
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()

    page = client.get(address(corpus, f"results/themes/{corpus.themes[0].id}")).text

    assert "Ouvrir une crèche par commune." in page
    assert page.count("(position officielle)") == 1


def test_links_lead_to_the_kind_of_file_that_they_name(app):
    from flask import url_for

    with app.test_request_context("/fr/"):
        place = {"slug": "x", "version": 2, "language": "ar"}
        assert url_for("reports.download", **place).endswith("/reports/2/ar.pdf")
        assert url_for("reports.download", kind="docx", **place).endswith("/reports/2/ar.docx")
