"""Measures go into files and come back as they were; wrong rows are named and stay out."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.commitments.measures import columns
from app.commitments.measures.details import Step, as_values, details_of
from app.commitments.measures.exporting import csv_of, row_of, xlsx_of
from app.commitments.measures.importing import Outcome, import_measures
from app.commitments.models import Measure, MeasureEvent, MeasureKind, MeasureState
from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.db import Texts
from app.core.i18n import in_language
from app.core.tables import open_table
from tests import factories
from tests.conftest import NOW
from tests.pages import CheckedClient

ACTOR = System("test")
TODAY = date(2022, 1, 20)
EVERYTHING: dict[str, Any] = {
    "title": Texts(fr="=Centre | de « jour »", ar="مركز \\ نهاري"),
    "description": Texts(fr="Deux lignes,\nune ; virgule", ar="سطران\nاثنان"),
    "kind": MeasureKind.CONVENTION,
    "state": MeasureState.SIGNED,
    "parties": (Texts(fr="Conseil | régional", ar="مجلس الجهة"), Texts(fr="+Ligue", ar="العصبة")),
    "amount_mad": 10_000_000,
    "region": "08",
    "province": "08.401",
    "axis": "equality",
    "population": "street",
    "signed_on": date(2022, 1, 3),
    "starts_on": date(2022, 1, 4),
    "ends_on": date(2022, 12, 31),
    "milestones": (
        Step(Texts(fr="Plan", ar="تصميم"), date(2022, 1, 10), date(2022, 1, 9)),
        Step(Texts(fr="Fin", ar="نهاية"), date(2022, 12, 1)),
    ),
    "source": "Presse\nالصحافة",
    "source_url": "https://example.org/a?b=c",
    "is_public": False,
}


def n_events(session: Session) -> int:
    """Count the events."""
    return session.scalar(select(func.count()).select_from(MeasureEvent)) or 0


def bring_in(
    session: Session, consultation: Consultation, content: bytes, folder: Path, **more: Any
) -> Outcome:
    """Import a file's bytes."""
    path = folder / "file"
    path.write_bytes(content)
    given = {"actor": ACTOR, "now": NOW, "is_dry_run": False} | more
    actor = given.pop("actor")
    return import_measures(session, actor, consultation, open_table(path, limit=10**6), **given)


def of_rows(*rows: dict[str, str]) -> bytes:
    """Write rows as CSV."""
    buffer = io.StringIO()
    names = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(buffer, names)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


@pytest.mark.parametrize("write", [csv_of, xlsx_of])
def test_an_export_comes_back_the_same(
    session: Session, consultation: Consultation, tmp_path: Path, write: Callable[..., bytes]
) -> None:
    full = factories.measure(consultation, **EVERYTHING)
    bare = factories.measure(consultation)
    content = write([row_of(one, today=TODAY) for one in (full, bare)])
    wanted = {one.key: as_values(details_of(one)) for one in (full, bare)}
    other = factories.ConsultationFactory()
    other.axes, other.populations = (
        [type(row)(code=row.code, position=1, title=row.title) for row in rows]
        for rows in (consultation.axes, consultation.populations)
    )
    session.flush()

    same = bring_in(session, consultation, content, tmp_path)
    events = n_events(session)
    new = bring_in(session, other, content, tmp_path)
    again = bring_in(session, other, content, tmp_path)

    assert (same.n_same, same.n_refused, events) == (2, 0, 2)
    assert (new.n_added, again.n_same, n_events(session)) == (2, 2, 4)
    found = session.scalars(select(Measure).where(Measure.consultation_id == other.id))
    assert {one.key: as_values(details_of(one)) for one in found} == wanted


def test_broken_rows_are_named_and_the_others_enter(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    good = {"key": "good", "title_fr": "Bon", "title_ar": "جيد"}
    content = of_rows(
        good | {"amount_mad": "10 000 000 MAD", "region": "Drâa-Tafilalet", "state": "en cours"},
        good | {"key": "a", "amount_mad": "12,5"},
        good | {"key": "b", "state": "presque"},
        good | {"key": "c", "signed_on": "31/02/2022"},
        good | {"key": "d", "region": "Atlantide"},
        good | {"key": "e", "title_ar": ""},
        good | {"key": "f", "axis": "nothing"},
        good,
    )

    outcome = bring_in(session, consultation, content, tmp_path)

    assert (outcome.n_rows, outcome.n_added, outcome.n_refused) == (8, 1, 7)
    assert [one.row for one in outcome.refused] == [3, 4, 5, 6, 7, 8, 9]
    [made] = session.scalars(select(Measure))
    assert (made.amount_mad, made.region_code, made.state) == (10_000_000, "08", "under_way")


@pytest.mark.parametrize(("lang", "words"), [("fr", "n’est pas"), ("ar", "ليس")])
def test_refusals_are_in_the_readers_language(
    app: Flask, session: Session, consultation: Consultation, tmp_path: Path, lang: str, words: str
) -> None:
    content = of_rows({"key": "a", "title_fr": "A", "title_ar": "أ", "region": "Atlantide"})

    with app.test_request_context(), in_language(lang):
        outcome = bring_in(session, consultation, content, tmp_path)
        text = outcome.refused[0].error.text()

    assert "Atlantide" in text
    assert text.isascii() is False


def test_a_dry_run_writes_nothing_and_says_the_same(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    factories.measure(consultation)
    content = of_rows(
        {"key": "une-mesure", "title_fr": "Autre", "title_ar": "آخر"},
        {"key": "new", "title_fr": "Neuf", "title_ar": "جديد"},
    )
    events = n_events(session)

    dry = bring_in(session, consultation, content, tmp_path, is_dry_run=True)
    between = n_events(session)
    real = bring_in(session, consultation, content, tmp_path)

    assert (dry.n_added, dry.n_changed) == (real.n_added, real.n_changed) == (1, 1)
    assert between == events


def test_what_has_no_column_stays_and_an_empty_cell_empties(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    made = factories.measure(consultation, **EVERYTHING)
    before = as_values(details_of(made))
    content = of_rows({"key": made.key, "amount_mad": "", "parties": ""})

    bring_in(session, consultation, content, tmp_path)

    after = as_values(details_of(made))
    assert {name for name in after if after[name] != before[name]} == {"amount_mad", "parties"}


def test_columns_are_known_by_french_and_arabic_headings(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    content = of_rows(
        {"Clé": "k", "Intitulé": "Un", "العنوان": "واحد", "Montant": "5", "État": "Réalisé"}
    )

    outcome = bring_in(session, consultation, content, tmp_path)

    assert outcome.columns == ["amount_mad", "key", "state", "title_ar", "title_fr"]
    [made] = session.scalars(select(Measure))
    assert (made.key, made.amount_mad, made.state) == ("k", 5, "done")


def test_a_regional_analyst_imports_the_own_region_alone(
    session: Session, consultation: Consultation, staff: Any, tmp_path: Path
) -> None:
    row = {"title_fr": "Un", "title_ar": "واحد"}
    content = of_rows(row | {"key": "own", "region": "08"}, row | {"key": "other", "region": "06"})

    outcome = bring_in(session, consultation, content, tmp_path, actor=staff(Role.ANALYST, "08"))

    assert (outcome.n_added, outcome.n_refused) == (1, 1)


@given(st.lists(st.text(alphabet="ab|\\\n é", max_size=8).map(str.strip), min_size=1, max_size=4))
def test_pieces_of_a_line_come_back_whatever_they_hold(pieces: list[str]) -> None:
    assert columns.pieces_of(columns.joined(pieces)) == pieces


def test_the_file_is_looked_at_before_it_is_imported(
    session: Session,
    consultation: Consultation,
    client: CheckedClient,
    sign_in: Callable[..., Any],
) -> None:
    content = of_rows(
        {"key": "new", "title_fr": "Neuf", "title_ar": "جديد", "state": "prévu"},
        {"key": "bad", "title_fr": "Seul", "title_ar": "", "state": ""},
    )
    slug, identity = consultation.slug, consultation.id
    sign_in(client, Role.ANALYST)
    base = f"/fr/staff/consultations/{slug}/commitments"

    sent = client.post(f"{base}/import", data={"file": (io.BytesIO(content), "m.csv")})
    plan = client.get(sent.location)
    before = session.scalars(select(Measure)).all()
    done = client.post(sent.location)
    again = client.get(sent.location)

    assert plan.status_code == 200
    assert before == []
    assert done.status_code == 303
    assert again.status_code == 404
    [made] = session.scalars(select(Measure).where(Measure.consultation_id == identity))
    assert made.key == "new"
