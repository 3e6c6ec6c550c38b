"""Public pages: what they show of what is in the database, in each language."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from app.consultations.models import CalendarEvent, Document, Stage
from app.core.db import Texts, db
from app.core.jobs.models import Job
from app.reports.models import Report
from app.site.home import collected, featured, nice_step
from app.themes.models import AnalysisRun
from tests.factories import ConsultationFactory, submission, texts

LANGUAGES = ("fr", "ar", "en")
STATIC = Path(__file__).resolve().parents[2] / "app" / "static"


def text_of(response) -> str:
    """The page."""
    return response.get_data(as_text=True)


def publish(consultation, *quotations, at: datetime):
    """Add a report whose first theme has these quotations."""
    job = Job(kind="themes.analyse", created_at=at)
    db.session.add(job)
    db.session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id, job_id=job.id, options={}, started_at=at, finished_at=at
    )
    db.session.add(run)
    db.session.flush()
    body = {"themes": [{"quotations": list(quotations)}]}
    report = Report(
        consultation_id=consultation.id,
        run_id=run.id,
        version=1,
        label="1.0",
        published_at=at,
        body=body,
        sha256="0" * 64,
    )
    db.session.add(report)
    db.session.flush()
    return report


def quotation(text: str, language: str = "fr", **more):
    """A quotation as the body of a report holds it."""
    return {
        "text": text,
        "language": language,
        "region": "08",
        "actor_type": "association",
        "pen": None,
    } | more


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "path", ["/", "/consultations", "/method", "/privacy", "/accessibility", "/sign-in"]
)
def test_every_page_stands_in_every_language_on_an_empty_database(client, lang, path):
    response = client.get(f"/{lang}{path}")
    assert response.status_code == 200
    assert response.headers["Content-Language"] == lang


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_consultation_and_its_document_stand_in_every_language(client, session, lang):
    consultation = ConsultationFactory()
    consultation.documents.append(
        Document(
            position=1,
            title=texts("Note"),
            body=texts("First.\n\nSecond."),
            published_on=date(2021, 12, 18),
        )
    )
    session.commit()
    page = text_of(client.get(f"/{lang}/consultations/{consultation.slug}"))
    link = re.search(r'href="([^"]+/documents/\d+)"', page).group(1)
    document = client.get(link)
    assert f"What solidarity ({lang})" in page
    assert f"Notice ({lang})" in page
    assert text_of(document).count("<p>") >= 2
    assert f'lang="{lang}"' in text_of(document)


def test_the_language_switch_keeps_the_page_and_its_filters(client, session):
    consultation = ConsultationFactory()
    session.commit()
    page = text_of(client.get(f"/fr/consultations/{consultation.slug}?region=08&page=2"))
    for code in ("ar", "en"):
        assert (
            f'href="/{code}/consultations/{consultation.slug}?region=08&amp;page=2"'
            f' hreflang="{code}"' in page
        )
    assert re.search(r'<span aria-current="true" lang="fr"', page)


def test_a_document_of_another_consultation_is_not_found(client, session):
    here, there = ConsultationFactory(), ConsultationFactory()
    there.documents.append(
        Document(
            position=1, title=texts("Note"), body=texts("Body"), published_on=date(2021, 12, 18)
        )
    )
    session.commit()
    number = there.documents[0].id
    assert client.get(f"/fr/consultations/{there.slug}/documents/{number}").status_code == 200
    assert client.get(f"/fr/consultations/{here.slug}/documents/{number}").status_code == 404


def test_a_document_in_one_language_only_says_which(client, session):
    consultation = ConsultationFactory()
    consultation.documents.append(
        Document(
            position=1,
            title=texts("Note"),
            body=Texts(ar="نص الوثيقة"),
            published_on=date(2021, 12, 18),
        )
    )
    session.commit()
    page = text_of(
        client.get(
            f"/fr/consultations/{consultation.slug}/documents/{consultation.documents[0].id}"
        )
    )
    assert re.search(r'<div class="main prose" lang="ar" dir="rtl">', page)


def test_the_home_page_counts_every_submission_once_by_region(client, session):
    consultation = ConsultationFactory()
    for region in ("08", "08", "12", None):
        submission(consultation, "text", region_code=region)
    session.commit()
    page = text_of(client.get("/fr/"))
    rows = dict(
        re.findall(
            r'id="region-(\d\d)".*?<td class="r"><bdi dir="ltr">(\d+)</bdi>', page, re.DOTALL
        )
    )
    total = re.search(r'<tfoot>.*?<td class="r"><bdi dir="ltr">(\d+)</bdi>', page, re.DOTALL).group(
        1
    )
    assert rows["08"] == "2"
    assert rows["12"] == "1"
    assert sum(map(int, rows.values())) == 3
    assert total == "4"


def test_the_map_is_darker_where_more_answered_for_their_number(session, now):
    consultation = ConsultationFactory()
    for region in ["12"] * 9 + ["06"] * 9:  # Dakhla is about fifty times smaller than Casablanca
        submission(consultation, "text", region_code=region)
    levels = collected(session, consultation, now).levels
    assert levels["12"] == 5
    assert levels["06"] == 1
    assert levels["01"] == 0


@pytest.mark.parametrize(
    ("most", "step"), [(0, 1), (4.9, 1), (5, 1), (5.1, 2), (49, 10), (0.3, 0.1), (100, 20)]
)
def test_the_steps_of_the_map_are_round_and_five_of_them_cover_all(most, step):
    assert nice_step(most) == pytest.approx(step)
    assert nice_step(most) * 5 >= most


@pytest.mark.parametrize(
    ("instant", "shown"),
    [
        (datetime(2022, 1, 24, 12, tzinfo=UTC), "25"),
        (datetime(2022, 2, 18, 20, tzinfo=UTC), "0"),
    ],
)
def test_the_days_left_are_those_until_the_last_day(client, app, session, instant, shown):
    consultation = ConsultationFactory(
        closes_at=datetime(2022, 2, 18, 23, tzinfo=UTC)
    )  # midnight in Rabat
    session.commit()
    app.extensions["clock"] = lambda: instant
    page = text_of(client.get(f"/en/consultations/{consultation.slug}"))
    assert re.search(r'fig-n"><bdi dir="ltr">(\d+)', page).group(1) == shown
    assert "18 février 2022" in text_of(client.get(f"/fr/consultations/{consultation.slug}"))


def test_the_home_page_is_about_the_open_consultation_that_closes_first(session, now):
    ConsultationFactory(opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=9))
    soonest = ConsultationFactory(
        opens_at=now - timedelta(days=9), closes_at=now + timedelta(days=2)
    )
    ConsultationFactory(opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=2))
    ConsultationFactory(opens_at=now - timedelta(days=9), closes_at=now - timedelta(days=1))
    assert featured(session, now) is soonest


@pytest.mark.parametrize("stage", [Stage.COMING, Stage.CLOSED])
def test_a_consultation_that_is_not_open_offers_no_way_to_answer(client, app, session, stage):
    consultation = ConsultationFactory()
    session.commit()
    day = timedelta(days=1)
    when = consultation.opens_at - day if stage is Stage.COMING else consultation.closes_at + day
    app.extensions["clock"] = lambda: when
    for path in ("/", "/consultations", f"/consultations/{consultation.slug}"):
        page = text_of(client.get(f"/en{path}"))
        assert "What solidarity (en)" in page
        assert "/participate" not in page


def test_published_words_open_the_home_page_in_the_script_of_the_reader(client, session, now):
    consultation = ConsultationFactory()
    publish(
        consultation,
        quotation("Personne ne m’avait appris à louer une chambre.", pen=[0, 8]),
        quotation("ما عندي لا فين نمشي ولا شكون نسوّل.", "ar-MA"),
        at=now,
    )
    session.commit()
    french, arabic = text_of(client.get("/fr/")), text_of(client.get("/ar/"))
    assert re.findall(r"<blockquote lang=\"([\w-]+)\"", french) == ["fr", "ar-MA"]
    assert re.findall(r"<blockquote lang=\"([\w-]+)\"", arabic) == ["ar-MA", "fr"]
    assert '<mark class="hl">Personne</mark> ne m’avait' in french
    assert "<b>Association</b>, Drâa-Tafilalet" in french


def test_a_report_of_another_shape_leaves_the_home_page_standing(client, session, now):
    consultation = ConsultationFactory()
    report = publish(consultation, at=now)
    # As an earlier version of the program could have written it: a report itself never changes.
    shape = {"themes": [{"quotations": [{}, {"text": "x" * 900}, {"text": None}]}, {}]}
    session.execute(update(Report).where(Report.id == report.id).values(body=shape))
    session.commit()
    page = text_of(client.get("/fr/"))
    assert "<blockquote" not in page
    assert "What solidarity (fr)" in page


def test_results_lead_to_the_last_published_ones(client, session, now):
    older, newer = ConsultationFactory(), ConsultationFactory()
    publish(newer, at=now)
    publish(older, at=now - timedelta(days=3))
    session.commit()
    page = text_of(client.get("/fr/method"))
    assert f'href="/fr/consultations/{newer.slug}/results"' in page


def test_before_any_report_results_lead_to_the_consultations(client):
    menu = re.search(r"<nav.*?</nav>", text_of(client.get("/en/method")), re.DOTALL).group()
    assert re.findall(r'<a href="([^"]+)"', menu)[:2] == ["/en/consultations", "/en/consultations"]


@pytest.mark.parametrize("is_fictional", [True, False])
def test_pages_of_an_invented_consultation_say_so(client, session, is_fictional):
    consultation = ConsultationFactory(is_fictional=is_fictional)
    session.commit()
    for path in ("/", f"/consultations/{consultation.slug}", "/consultations"):
        assert ("are invented." in text_of(client.get(f"/en{path}"))) is is_fictional


def test_meetings_stand_in_the_order_of_their_dates_and_say_whether_they_were_held(client, session):
    consultation = ConsultationFactory()
    for day, region in ((date(2022, 2, 4), "01"), (date(2021, 12, 18), "12")):
        consultation.events.append(
            CalendarEvent(on=day, region_code=region, title=texts("Meeting"), place=texts("Room"))
        )
    session.commit()
    page = text_of(client.get(f"/en/consultations/{consultation.slug}"))
    assert re.findall(r'<li class="(held|coming)">', page) == ["held", "coming"]


def test_an_unknown_address_is_answered_in_the_language_of_the_visitor(client):
    client.get("/ar/method")
    response = client.get("/ar/nothing-here")
    assert response.status_code == 404
    assert '<html lang="ar" dir="rtl">' in text_of(response)


def test_the_health_check_answers_outside_the_languages(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "database": "ok"}


def test_the_health_check_fails_with_the_database(client, monkeypatch):
    from sqlalchemy.exc import OperationalError

    def refuse(*_arguments):
        raise OperationalError("select 1", {}, Exception("away"))

    monkeypatch.setattr("app.site.views.db.session.execute", refuse)
    assert client.get("/health").status_code == 503


def test_public_pages_set_no_tracker_and_let_the_browser_call_nobody(client):
    response = client.get("/fr/method")
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    names = {cookie.split("=")[0] for cookie in response.headers.getlist("Set-Cookie")}
    assert names <= {"lang", "session"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_first_page_weighs_less_than_100_kilobytes(client, session, now, lang):
    consultation = ConsultationFactory()
    publish(consultation, quotation("Personne ne m’avait appris à louer une chambre."), at=now)
    session.commit()
    page = client.get(f"/{lang}/")
    sheets = [
        (STATIC / "css" / name).read_bytes()
        for name in ("tokens.css", "base.css", "components.css")
    ]
    packed = sum(len(gzip.compress(data, 6)) for data in [page.data, *sheets])
    faces = sum(path.stat().st_size for path in (STATIC / "fonts").glob("*.woff2")) or 60 * 1024
    assert packed + faces < 100 * 1024
