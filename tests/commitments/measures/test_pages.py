"""Pages of measures: what the public and the staff see, in both languages, and what they do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import unescape
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy.orm import Session

from app.commitments.measures import operations, tying
from app.commitments.measures.details import Step, details_of
from app.commitments.models import Measure, MeasureState
from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.db import Texts, db
from app.submissions.models import Submission
from app.themes.models import Passage
from tests import factories
from tests.architecture.things import WORDS, analysed, published
from tests.conftest import NOW
from tests.pages import CheckedClient

ACTOR = System("test")
LATE = {"state": MeasureState.UNDER_WAY, "ends_on": date(2022, 1, 10)}


def words(html: str) -> str:
    """Return a page's words."""
    return unescape(" ".join(re.sub("<[^>]+>", " ", html).split()))


def public(
    client: CheckedClient, consultation: Consultation, rest: str = "", lang: str = "fr"
) -> str:
    """Return a public page."""
    answer = client.get(f"/{lang}/consultations/{consultation.slug}/commitments{rest}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def typed(measure: Measure, **changed: Any) -> dict[str, Any]:
    """Return what the form of a measure sends."""
    data = {
        "revision": str(measure.revision),
        "title_fr": measure.title["fr"],
        "title_ar": measure.title["ar"],
        "kind": measure.kind,
        "state": measure.state,
        "region": measure.region_code or "",
        "is_public": "y",
    }
    return data | changed


# --- for the public -----------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["fr", "ar"])
@pytest.mark.parametrize("view", ["table", "map", "calendar"])
def test_each_way_shows_every_public_measure_and_no_other(
    session: Session, consultation: Consultation, client: CheckedClient, view: str, lang: str
) -> None:
    shown = [
        factories.measure(
            consultation,
            title=Texts(fr=f"Mesure {region}", ar=f"تدبير {region}"),
            region=region,
            signed_on=date(2022, 1, 3),
        )
        for region in (None, "06", "08")
    ]
    hidden = factories.measure(consultation, title=Texts(fr="Caché", ar="خفي"), is_public=False)
    addresses = [f"/commitments/{one.id}" for one in (*shown, hidden)]
    titles = [one.title[lang] for one in shown]
    session.commit()

    page = public(client, consultation, f"?view={view}", lang)

    assert [f'{address}"' in page for address in addresses] == [True, True, True, False]
    assert all(title in words(page) for title in titles)


def test_the_map_counts_as_the_list_beside_it(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    for region in ("06", "06", "08", None):
        factories.measure(consultation, region=region)
    session.commit()

    page = public(client, consultation, "?view=map")

    coloured = set(re.findall(r'<a href="#region-(\d\d)"', page))
    sections = re.findall(
        r'<section class="m-region" id="region-(\w+)"(.*?)</section>', page, re.DOTALL
    )
    listed = {code: part.count("/commitments/") for code, part in sections}
    assert listed == {"national": 1, "06": 2, "08": 1}
    assert coloured == {"06", "08"}
    shades = dict(re.findall(r'<a href="#region-(\d\d)"[^>]*><path class="m(\d)"', page))
    assert int(shades["06"]) > int(shades["08"]) > 0


@pytest.mark.parametrize(("lang", "word"), [("fr", "En retard"), ("ar", "متأخر")])
def test_a_late_measure_is_told_by_a_word(
    session: Session, consultation: Consultation, client: CheckedClient, lang: str, word: str
) -> None:
    made = factories.measure(consultation, **LATE)
    session.commit()

    page = public(client, consultation, f"/{made.id}", lang)
    listed = public(client, consultation, "?late=yes", lang)
    others = public(client, consultation, "?late=no", lang)

    assert "is-late" in page
    assert f"/commitments/{made.id}" in listed
    assert f"/commitments/{made.id}" not in others
    assert word in words(page) or "Late" in words(page)


def test_an_amount_that_is_not_public_is_never_nought(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    without = factories.measure(consultation)
    factories.measure(consultation, amount_mad=10_000_000)
    session.commit()

    page = public(client, consultation, f"/{without.id}")
    total = words(public(client, consultation))

    assert "fig-xl" not in page
    assert "10 000 000" in total


def test_a_measure_that_is_not_public_is_not_found(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    made = factories.measure(consultation, is_public=False)
    session.commit()

    answer = client.get(f"/fr/consultations/{consultation.slug}/commitments/{made.id}")

    assert answer.status_code == 404


def test_a_measure_of_another_consultation_is_not_found(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    made = factories.measure(factories.ConsultationFactory())
    session.commit()

    answer = client.get(f"/fr/consultations/{consultation.slug}/commitments/{made.id}")

    assert answer.status_code == 404


def test_a_measure_shows_what_the_report_prints_of_its_themes(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    said = factories.submission(consultation, WORDS)
    _run, theme = analysed(consultation, said)
    made = factories.measure(consultation)
    tying.add_theme(session, ACTOR, made, theme.id, seen=1, now=NOW)
    session.commit()
    before = words(public(client, consultation, f"/{made.id}"))

    published(consultation)
    session.commit()
    after = words(public(client, consultation, f"/{made.id}"))

    assert "La distance" not in before
    assert WORDS not in before
    assert "La distance" in after
    assert WORDS in after


def test_words_that_may_not_be_shown_are_not(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    said = factories.submission(consultation, WORDS)
    _run, theme = analysed(consultation, said)
    made = factories.measure(consultation)
    passage = session.query(Passage).one()
    tying.add_theme(session, ACTOR, made, theme.id, seen=1, now=NOW)
    tying.add_passage(session, ACTOR, made, passage.id, seen=2, now=NOW)
    published(consultation)
    session.get_one(Submission, said.id).hidden_reason = "insult"
    session.commit()

    page = words(public(client, consultation, f"/{made.id}"))

    assert "La distance" in page
    assert WORDS not in page


def test_filters_look_in_both_scripts_and_without_accents(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    one = factories.measure(consultation, title=Texts(fr="Hébergement", ar="إيواء"))
    other = factories.measure(consultation, title=Texts(fr="Formation", ar="تكوين"))
    session.commit()

    for asked in ("hebergement", "ايواء"):
        page = public(client, consultation, f"?words={asked}")
        assert f"/commitments/{one.id}" in page
        assert f"/commitments/{other.id}" not in page


def test_files_and_feed_hold_the_public_measures(
    session: Session, consultation: Consultation, client: CheckedClient
) -> None:
    made = factories.measure(consultation, amount_mad=7, **LATE)
    factories.measure(consultation, title=Texts(fr="Caché", ar="خفي"), is_public=False)
    session.commit()
    base = f"/fr/consultations/{consultation.slug}/commitments"

    data = json.loads(client.get(f"{base}.json").data)["measures"]
    table = client.get(f"{base}.csv").get_data(as_text=True)
    feed = ET.fromstring(client.get(f"{base}.atom").data)

    assert [(row["id"], row["amount_mad"], row["late"]) for row in data] == [(made.id, 7, True)]
    assert table.count("\r\n") == 2
    assert "Caché" not in table
    assert len(feed.findall("{http://www.w3.org/2005/Atom}entry")) == 1


# --- for the staff ------------------------------------------------------------------------------


def test_the_form_makes_a_measure(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    slug = consultation.slug
    sign_in(client, Role.ANALYST)
    data = {
        "revision": "0",
        "title_fr": "Un centre",
        "title_ar": "مركز",
        "kind": "convention",
        "state": "signed",
        "amount": "10 000 000",
        "region": "08",
        "province": "08.401",
        "axis": "equality",
        "parties-0-name_fr": "Conseil régional",
        "parties-0-name_ar": "مجلس الجهة",
        "milestones-0-title_fr": "Plan",
        "milestones-0-title_ar": "تصميم",
        "milestones-0-due_on": "2022-03-01",
        "is_public": "y",
        "note": "From the press",
    }

    answer = client.post(f"/fr/staff/consultations/{slug}/commitments/new", data=data)

    assert answer.status_code == 303
    [made] = session.query(Measure).all()
    assert (made.amount_mad, made.province_code, made.axis.code) == (
        10_000_000,
        "08.401",
        "equality",
    )
    assert made.parties == [{"fr": "Conseil régional", "ar": "مجلس الجهة"}]
    assert made.milestones[0].due_on == date(2022, 3, 1)
    assert made.events[0].note == "From the press"
    assert client.get(answer.location).status_code == 200


def test_a_refused_form_keeps_what_was_typed(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation)
    address = f"/fr/staff/consultations/{consultation.slug}/commitments/{made.id}/edit"
    wrong = typed(made, title_fr="Un autre titre", title_ar="", amount="douze", source="Ici")
    sign_in(client, Role.ADMINISTRATOR)

    answer = client.post(address, data=wrong)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'href="#title_ar"' in page
    assert 'href="#amount"' in page
    for kept in ("Un autre titre", "douze", "Ici"):
        assert kept in page


def test_rows_are_added_and_removed_without_a_script(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation)
    address = f"/fr/staff/consultations/{consultation.slug}/commitments/{made.id}/edit"
    data = typed(made, title_fr="Nouveau") | {
        "parties-0-name_fr": "Première",
        "parties-1-name_fr": "Seconde",
    }
    sign_in(client, Role.ADMINISTRATOR)

    more = client.post(address, data=data | {"go": "add-party"}).get_data(as_text=True)
    less = client.post(address, data=data | {"go": "remove-party-0"}).get_data(as_text=True)

    assert 'name="parties-2-name_fr"' in more
    assert 'value="Nouveau"' in more
    assert "Première" not in less
    assert "Seconde" in less
    assert made.title["fr"] != "Nouveau"


def test_a_conflict_loses_nothing_typed_and_shows_what_changed(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation)
    address = f"/fr/staff/consultations/{consultation.slug}/commitments/{made.id}/edit"
    mine = typed(made, title_fr="Mon titre", note="Ma note")
    theirs = replace(details_of(made), source="Leur source")
    operations.change(session, ACTOR, made, theirs, seen=1, now=NOW)
    sign_in(client, Role.ADMINISTRATOR)

    first = client.post(address, data=mine)
    page = first.get_data(as_text=True)
    second = client.post(address, data=mine | {"revision": "2"})

    assert first.status_code == 409
    for told in ("Mon titre", "Ma note", "Leur source", 'value="2"'):
        assert told in page
    assert second.status_code == 303
    session.expire_all()
    assert session.get_one(Measure, made.id).title["fr"] == "Mon titre"


def test_a_coordinator_notes_a_milestone_of_the_own_region(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    step = Step(Texts(fr="Plan", ar="تصميم"), date(2022, 1, 10))
    made = factories.measure(consultation, region="08", milestones=(step,))
    other = factories.measure(consultation, region="06")
    base = f"/fr/staff/consultations/{consultation.slug}/commitments"
    number, elsewhere, row = made.id, other.id, made.milestones[0].id
    sign_in(client, Role.COORDINATOR, region="08")
    data = {"revision": "1", "state": "under_way", f"done_{row}": "2022-01-12"}

    done = client.post(f"{base}/{number}/follow", data=data)
    stale = client.post(f"{base}/{number}/follow", data=data | {"note": "Encore"})
    refused = client.post(f"{base}/{elsewhere}/follow", data={"revision": "1", "state": "done"})
    page = client.get(f"{base}/{elsewhere}")

    assert (done.status_code, stale.status_code, refused.status_code) == (303, 409, 403)
    assert "Encore" in stale.get_data(as_text=True)
    assert page.status_code == 200
    assert 'id="follow"' not in page.get_data(as_text=True)
    session.expire_all()
    assert session.get_one(Measure, number).milestones[0].done_on == date(2022, 1, 12)


def test_an_observer_reads_and_changes_nothing(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation, is_public=False)
    base = f"/fr/staff/consultations/{consultation.slug}/commitments"
    number = made.id
    sign_in(client, Role.OBSERVER)

    assert f"/commitments/{number}" in client.get(base).get_data(as_text=True)
    assert "<form" in client.get(base).get_data(as_text=True)
    assert 'method="post"' not in main_of(client.get(f"{base}/{number}").get_data(as_text=True))


def main_of(page: str) -> str:
    """Return the main part of a page."""
    return page.partition("<main")[2]


def test_staff_of_a_region_do_not_see_what_is_not_public_elsewhere(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation, region="06", is_public=False)
    base = f"/fr/staff/consultations/{consultation.slug}/commitments"
    number = made.id
    sign_in(client, Role.COORDINATOR, region="08")

    assert f"/commitments/{number}" not in client.get(base).get_data(as_text=True)
    assert client.get(f"{base}/{number}").status_code == 403
    assert "une-mesure" not in client.get(f"{base}/export.csv").get_data(as_text=True)


def test_themes_are_found_by_their_words_and_tied(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    _run, theme = analysed(consultation, factories.submission(consultation, WORDS))
    made = factories.measure(consultation)
    theme.key_fr = "la distance"
    base = f"/fr/staff/consultations/{consultation.slug}/commitments/{made.id}"
    number, tied = made.id, theme.id
    sign_in(client, Role.ANALYST)

    found = client.get(f"{base}?themes=المسافه").get_data(as_text=True)
    added = client.post(f"{base}/themes", data={"revision": "1", "add": str(tied)})
    stale = client.post(f"{base}/themes", data={"revision": "1", "remove": str(tied)})
    wrong = client.post(f"{base}/passages", data={"revision": "2", "passage": "999999"})
    right = client.post(f"{base}/passages", data={"revision": "2", "passage": "1"})

    assert f'name="add" value="{tied}"' in found
    assert (added.status_code, stale.status_code) == (303, 409)
    assert (wrong.status_code, right.status_code) == (422, 303)
    assert "999999" in wrong.get_data(as_text=True)
    session.expire_all()
    assert [one.id for one in session.get_one(Measure, number).themes] == [tied]


def test_a_refused_document_keeps_its_title(
    session: Session, consultation: Consultation, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    made = factories.measure(consultation)
    base = f"/fr/staff/consultations/{consultation.slug}/commitments/{made.id}/documents"
    number = made.id
    sign_in(client, Role.ANALYST)
    data = {"revision": "1", "title_fr": "Le texte", "title_ar": "النص", "url": ""}

    wrong = client.post(base, data=data)
    right = client.post(base, data=data | {"url": "https://example.org/texte"})

    assert wrong.status_code == 422
    assert "Le texte" in wrong.get_data(as_text=True)
    assert right.status_code == 303
    db.session.expire_all()
    assert len(session.get_one(Measure, number).documents) == 1
