"""Charts at their own addresses, for everyone and for staff."""

import pytest

from app.core.access import Role, System
from app.reports.charts import rendering
from tests import factories
from tests.reports.publishing import publish


@pytest.fixture
def published(session, corpus, render, now):
    publish(session, System(), corpus.consultation, now=now, render=render)
    session.commit()
    return f"consultations/{corpus.consultation.slug}/reports"


def test_a_chart_is_a_picture_in_the_language_of_its_address(client, published):
    french = client.get(f"/fr/{published}/1/charts/participation.regions.svg")
    arabic = client.get(f"/ar/{published}/1/charts/participation.regions.svg")
    assert french.mimetype == arabic.mimetype == "image/svg+xml"
    assert "Drâa-Tafilalet" in french.text
    assert "درعة-تافيلالت" in arabic.text
    pixels = client.get(f"/ar/{published}/1/charts/participation.regions.png")
    assert pixels.mimetype == "image/png"
    assert pixels.data.startswith(b"\x89PNG")


def test_a_phone_gets_a_narrower_drawing(client, published):
    path = f"/fr/{published}/1/charts/participation.regions.svg"
    assert client.get(path).text != client.get(f"{path}?narrow=1").text


def test_a_chart_is_kept_long_and_not_drawn_again_for_who_has_it(client, published, monkeypatch):
    path = f"/fr/{published}/1/charts/participation.weeks.svg"
    first = client.get(path)
    assert "max-age=604800" in first.headers["Cache-Control"]
    assert "script-src" not in first.headers["Content-Security-Policy"]
    rendering._kept.clear()
    monkeypatch.setattr(rendering, "convert", lambda _spec: pytest.fail("drawn again"))
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize(
    "path", ["1/charts/nothing.svg", "2/charts/participation.weeks.svg", "1/charts/x.gif"]
)
def test_what_is_not_there_is_not_found(client, published, path):
    assert client.get(f"/fr/{published}/{path}").status_code == 404


def test_staff_see_the_charts_of_what_would_be_published(client, session, corpus, sign_in):
    slug, other = corpus.consultation.slug, factories.ConsultationFactory().slug
    session.commit()
    path = f"/fr/staff/consultations/{slug}/reports/preview/charts/participation.regions.svg"
    assert client.get(path).status_code in {302, 403}
    sign_in(client, Role.ANALYST, consultation=corpus.consultation.id)
    drawn = client.get(path)
    assert "Drâa-Tafilalet" in drawn.text
    assert drawn.headers["Cache-Control"] == "no-store"
    assert client.get(path.replace(slug, other)).status_code == 403
