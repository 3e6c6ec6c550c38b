"""The pages around an import: progress, stopping, saved mappings, groups of columns, receipts."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.audit import AuditEntry
from app.core.jobs import Job
from app.core.jobs import run as run_job
from app.submissions.imports import uploads
from app.submissions.models import ImportBatch, SavedMapping, Submission
from tests.pages import CheckedClient
from tests.submissions.import_files import write_csv
from tests.submissions.test_import_pages import FIELDS, ROWS, Clerk
from tests.submissions.test_import_sources import KOBO, KOBO_ROWS, ODK, ODK_ROW, archive
from tests.submissions.way import rich_consultation


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """A consultation with questions of several kinds."""
    return rich_consultation()


@pytest.fixture
def clerk(
    client: CheckedClient, sign_in: Callable[..., int], consultation: Consultation, tmp_path: Path
) -> Clerk:
    """An analyst."""
    sign_in(client, Role.ANALYST)
    return Clerk(client, consultation.slug, tmp_path)


@pytest.fixture
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave every file to a worker."""
    monkeypatch.setattr(uploads, "SMALL", 0)


def total(session: Session) -> int:
    """Count the submissions."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(Submission)) or 0


def work(app: Flask, session: Session) -> None:
    """Do as a worker does with the newest job."""
    session.rollback()
    job_id = session.scalar(select(func.max(Job.id)))
    session.rollback()
    assert job_id
    run_job(app, job_id)
    session.rollback()


@pytest.mark.usefixtures("_all_are_large")
def test_a_large_file_is_checked_and_imported_by_a_worker_while_pages_tell_how_far_it_is(
    clerk: Clerk, session: Session, app: Flask
) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    checking = clerk.client.get(f"{clerk.place}?step=check")
    assert checking.headers["Refresh"] == "5"
    assert "<progress" in checking.text
    assert "Un centre ouvert" in checking.text
    assert "Refresh" not in clerk.client.get(f"{clerk.place}?step=check&live=1").headers
    told = clerk.client.get(f"{clerk.place}/progress").json
    assert (told["state"], told["is_over"]) == ("queued", False)
    work(app, session)
    assert clerk.client.get(f"{clerk.place}/progress").json["is_over"]

    done = clerk.decide("confirm")

    page = clerk.client.get(done.location)
    assert (total(session), page.headers["Refresh"]) == (0, "5")
    assert clerk.client.get(f"{done.location}/progress").json["is_over"] is False
    work(app, session)
    assert total(session) == 2
    assert "Refresh" not in clerk.client.get(done.location).headers
    assert not list((app.config["INSTANCE"] / "jobs").glob("*/rows"))


@pytest.mark.usefixtures("_all_are_large")
def test_an_import_that_waits_can_be_stopped(clerk: Clerk, session: Session, app: Flask) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS)
    work(app, session)
    place = clerk.decide("confirm").location

    clerk.client.post(f"{place}/stop")

    job = session.scalars(select(Job).order_by(Job.id.desc())).first()
    assert job
    assert job.was_cancelled
    assert "flash-bad" in clerk.client.get(place).text
    assert run_job(app, job.id) is False
    assert total(session) == 0
    assert "submissions.import_stop" in session.scalars(select(AuditEntry.action)).all()


@pytest.mark.usefixtures("_all_are_large")
def test_a_second_import_waits_for_the_first(clerk: Clerk, session: Session, app: Flask) -> None:
    for number in range(2):
        clerk.send_rows([*ROWS, (9 + number, "ONG", "08", "Encore", "a", "")])
        clerk.columns(*FIELDS)
        work(app, session)
        answer = clerk.decide("confirm")

    assert answer.status_code == 409
    assert session.scalar(select(func.count()).select_from(ImportBatch)) == 1


def test_columns_of_one_question_are_sent_there_in_one_go(clerk: Clerk, session: Session) -> None:
    header = ("id", "who", "text", "Needs [option a (fr)]", "Needs [option c (fr)]", "Needs [?]")
    clerk.send_rows([header, (1, "citizen", "Un texte", "Oui", "Oui", "x")])
    page = clerk.client.get(clerk.place).text
    assert 'name="group_0"' in page

    clerk.columns("source_id", "actor_type", "story", group_0="many")
    clerk.decide("confirm")

    row = session.scalars(select(Submission)).one()
    said = {answer.question.key: answer.value for answer in row.answers if answer.text is None}
    assert said == {"many": ["a", "c"]}
    assert row.source_row["Needs [?]"] == "x"
    batch = session.scalars(select(ImportBatch)).one()
    assert batch.mapping["columns"]["Needs [option c (fr)]"] == "many.c"


def test_a_mapping_is_saved_offered_taken_renamed_and_deleted(
    clerk: Clerk, session: Session
) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS, save_as="  Mails   2022 ", default_actor="unknown")
    kept = session.scalars(select(SavedMapping)).one()
    identity = kept.id
    assert (kept.name, kept.source) == ("Mails 2022", "sheet")
    assert kept.mapping["defaults"] == {"actor_type": "unknown"}

    clerk.send_rows(ROWS)
    assert "Mails 2022" in clerk.client.get(clerk.place).text
    clerk.decide("saved", mapping=identity)
    page = clerk.client.get(clerk.place).text
    assert re.search(r'selected value="unknown"|value="unknown" selected', page)

    address = f"/fr/staff/imports/mappings/{identity}"
    assert clerk.client.get(address).status_code == 200
    assert clerk.client.post(address, data={"name": " "}).status_code == 422
    clerk.client.post(address, data={"name": "Mails"})
    assert "Mails 2022" not in clerk.client.get(clerk.list).text
    clerk.client.post(f"{address}/delete")
    session.rollback()
    assert session.scalars(select(SavedMapping)).all() == []


def test_another_program_has_the_columns_guessed_anew(clerk: Clerk) -> None:
    clerk.send_rows([KOBO, *KOBO_ROWS])
    page = clerk.client.get(clerk.place).text
    assert re.search(r'selected value="kobo"|value="kobo" selected', page)

    assert clerk.decide("columns", kind="sheet").location == clerk.place

    page = clerk.client.get(clerk.place).text
    assert re.search(r'selected value="sheet"|value="sheet" selected', page)


def test_an_archive_of_odk_says_what_is_not_read(clerk: Clerk, tmp_path: Path) -> None:
    path = archive(tmp_path / "form.csv.zip", {"f.csv": [ODK, ODK_ROW], "f-kids.csv": [("a",)]})
    path = archive(path, {"f.csv": [ODK, ODK_ROW], "f-kids.csv": [("PARENT_KEY",)]})

    assert clerk.send(path).status_code == 303

    page = clerk.client.get(clerk.place).text
    assert "f-kids.csv" in page
    assert re.search(r'selected value="odk"|value="odk" selected', page)


def test_the_receipts_of_an_import_can_be_handed_out_by_its_source(
    clerk: Clerk, session: Session
) -> None:
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS, source="=ateliers")
    place = clerk.decide("confirm").location

    answer = clerk.client.post(f"{place}/receipts.csv")

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    codes = {row.source_id: row.receipt for row in session.scalars(select(Submission))}
    assert [row[1:] for row in rows[1:]] == [["1", codes["1"]], ["2", codes["2"]]]
    assert rows[1][0] == "'=ateliers"
    assert "submissions.import_receipts" in session.scalars(select(AuditEntry.action)).all()
    assert clerk.client.get(f"{place}/receipts.csv").status_code == 405


def test_a_saved_mapping_serves_the_command(
    clerk: Clerk, session: Session, app: Flask, consultation: Consultation, tmp_path: Path
) -> None:
    slug = consultation.slug
    clerk.send_rows(ROWS)
    clerk.columns(*FIELDS, save_as="Mails")
    session.rollback()
    path = str(write_csv(tmp_path / "b.csv", ROWS))

    done = app.test_cli_runner().invoke(
        args=["submissions", "import", slug, path, "--mapping", "Mails"]
    )
    absent = app.test_cli_runner().invoke(
        args=["submissions", "import", slug, path, "--mapping", "Nothing"]
    )

    assert (done.exit_code, total(session)) == (0, 2), done.output
    assert (absent.exit_code, "Mails" in absent.stderr) == (2, True)
