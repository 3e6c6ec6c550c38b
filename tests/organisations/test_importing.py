"""Importing a spreadsheet into the registry: columns guessed, rows refused by number, once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.access import Role, System
from app.core.tables import Table, open_table
from app.organisations.importing import (
    FIELDS,
    LIMIT,
    Choices,
    Outcome,
    guess,
    import_registry,
)
from app.organisations.models import Organisation
from tests.factories import OrganisationFactory, UserFactory, grant
from tests.pages import CheckedClient

HEADER = "Nom de l’association,الاسم بالعربية,Type,Province,N° récépissé,Téléphone,ID"
ROWS = [
    "Association Amal,جمعية أمل,Association,Ouarzazate,R-1,0600000001,1",
    "Coopérative Tafoukt,,coopérative,Zagora,,0600000002,2",
    "Association Nour,,Association,Nulle part,,,3",
    ",,Association,Ouarzazate,,,4",
    "Chose,,Bazar,Ouarzazate,,,5",
    "Autre association,,Association,Ouarzazate,r-1,,6",
]
SYSTEM = System("test")


def table(tmp_path: Path, *rows: str) -> Table:
    """Write a CSV file and open it."""
    path = tmp_path / "rows.csv"
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return open_table(path, limit=LIMIT)


def run(
    session: Session, opened: Table, now: datetime, *, dry: bool = False, actor: Any = SYSTEM
) -> Outcome:
    """Import what was guessed."""
    choices = Choices(columns=guess(opened.header), source="liste", default_type="")
    return import_registry(session, actor, opened, choices, now=now, is_dry_run=dry)


def test_columns_are_guessed_in_both_languages(tmp_path: Path) -> None:
    found = guess(table(tmp_path, ROWS[0]).header)

    assert found == {
        "name_fr": "Nom de l’association",
        "name_ar": "الاسم بالعربية",
        "actor_type": "Type",
        "province": "Province",
        "registration": "N° récépissé",
        "phone": "Téléphone",
        "source_id": "ID",
    }


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=30), max_size=12, unique=True))
def test_no_two_fields_take_one_column(names: list[str]) -> None:
    found = guess(tuple(names))

    assert len(set(found.values())) == len(found)
    assert set(found.values()) <= set(names)


def test_a_dry_run_writes_nothing_and_the_import_adds_each_row_once(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    opened = table(tmp_path, *ROWS)

    dry = run(session, opened, now, dry=True)
    assert session.scalar(select(func.count(Organisation.id))) == 0
    first = run(session, opened, now)
    second = run(session, opened, now)

    for outcome in (dry, first):
        assert (outcome.n_rows, outcome.n_added, outcome.n_refused) == (6, 2, 4)
        assert [(one.row, type(one.error).__name__) for one in outcome.refused] == [
            (4, "PlaceUnknownError"),
            (5, "NameMissingInRowError"),
            (6, "TypeUnknownInRowError"),
            (7, "RegistrationTakenInRowError"),
        ]
    assert (second.n_added, second.n_known) == (0, 2)
    amal = session.scalars(select(Organisation).where(Organisation.source_id == "1")).one()
    assert (amal.province_code, amal.registration) == ("08.401", "R-1")
    assert amal.folded_name == "association amal جمعيه امل"
    assert amal.contact is not None
    assert amal.contact.phone == "0600000001"


def test_a_row_without_a_number_is_known_by_its_name_and_place(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    rows = [
        "Association Amal,,Association,Ouarzazate,,,",
        "ASSOCIATION ÂMAL,,association,08.401,,,",
    ]

    outcome = run(session, table(tmp_path, *rows), now)

    assert (outcome.n_added, outcome.n_known) == (1, 1)


def test_what_was_entered_by_hand_is_known(session: Session, tmp_path: Path, now: datetime) -> None:
    OrganisationFactory(
        name={"fr": "Association Amal", "ar": "جمعية أمل"},
        region_code="08",
        province_code="08.401",
        registration="R-1",
    )

    outcome = run(session, table(tmp_path, ROWS[0]), now)

    assert (outcome.n_added, outcome.n_known) == (0, 1)


def test_a_coordinator_imports_rows_of_their_region_only(
    session: Session, tmp_path: Path, now: datetime
) -> None:
    coordinator = UserFactory()
    grant(coordinator, Role.COORDINATOR, region="06")

    outcome = run(session, table(tmp_path, ROWS[0]), now, actor=coordinator)

    assert (outcome.n_added, outcome.n_refused) == (0, 1)
    assert type(outcome.refused[0].error).__name__ == "RegionOutOfScopeInRowError"


def test_ten_thousand_rows_enter_in_one_go(session: Session, tmp_path: Path, now: datetime) -> None:
    rows = [f"Association {n},,Association,Ouarzazate,,,{n}" for n in range(10_000)]

    assert run(session, table(tmp_path, *rows), now).n_added == 10_000


@pytest.mark.parametrize("lang", ["fr", "ar"])
def test_a_workbook_goes_through_the_pages(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any], lang: str
) -> None:
    book = Workbook()
    for row in (HEADER, *ROWS):
        book.active.append(row.split(","))
    content = BytesIO()
    book.save(content)
    content.seek(0)
    sign_in(client, Role.ADMINISTRATOR)

    sent = client.post(
        f"/{lang}/staff/organisations/import", data={"file": (content, "liste.xlsx")}
    )
    address = sent.headers["Location"]
    page = client.get(address)
    assert page.status_code == 200
    assert session.scalar(select(func.count(Organisation.id))) == 0
    session.rollback()
    guessed = guess(tuple(HEADER.split(",")))
    columns = {f"column_{key}": guessed.get(key, "") for key in FIELDS} | {"default_type": ""}
    done = client.post(address, data=columns | {"source": "liste", "go": "import"})

    assert done.status_code == 303
    assert session.scalar(select(func.count(Organisation.id))) == 2
    session.rollback()
    assert client.get(address).status_code == 404
    bad = client.post(
        f"/{lang}/staff/organisations/import", data={"file": (BytesIO(b"%PDF-1.7"), "x.csv")}
    )
    assert bad.status_code == 422


def test_a_kept_file_is_its_senders_alone(
    session: Session, client: CheckedClient, sign_in: Callable[..., Any]
) -> None:
    sign_in(client, Role.ADMINISTRATOR)
    data = {"file": (BytesIO("\n".join([HEADER, *ROWS]).encode()), "liste.csv")}
    address = client.post("/fr/staff/organisations/import", data=data).headers["Location"]

    sign_in(client, Role.ADMINISTRATOR)

    assert client.get(address).status_code == 404
