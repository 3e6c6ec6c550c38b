"""Importing: all or nothing unless told otherwise, and nothing twice, not even in parallel."""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import ForbiddenError
from app.core.jobs import Job
from app.core.jobs import operations as jobs
from app.core.jobs import run as run_job
from app.core.tables import open_table
from app.submissions import receipts
from app.submissions.imports import errors, tasks
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, check_table, stop_import
from app.submissions.models import Answer, ImportBatch, ImportRefusal, Submission
from tests import factories
from tests.conftest import NOW
from tests.factories import ConsultationFactory, UserFactory
from tests.submissions.import_files import write_csv, write_xlsx
from tests.submissions.importing import ACTOR, import_file

HEADER = ("source", "id", "topic", "who", "where", "text")
MAPPING = ColumnMapping(columns={"who": "actor_type", "where": "territory", "text": "story"})
NAMED = ColumnMapping(
    columns={"source": "source", "who": "actor_type", "where": "territory", "text": "story"},
    identity=("source", "id", "topic"),
)


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation with a territory and a long text."""
    consultation: Consultation = ConsultationFactory()
    session.commit()
    return consultation


def row(
    number: int, text: str = "", who: str = "citizen", where: str = "08", topic: str = "a"
) -> tuple[str, ...]:
    """Return a row of the file."""
    return ("mail", str(number), topic, who, where, text or f"text {number}")


def run(
    session: Session,
    consultation: Consultation,
    path: Path,
    mapping: ColumnMapping = MAPPING,
    **options: Any,
) -> ImportBatch:
    """Import a file."""
    return import_file(session, consultation, path, mapping, **options)


def reasons(session: Session, batch: ImportBatch) -> list[tuple[int, str, str]]:
    """Return row, column and reason of what was left out."""
    rows = session.scalars(select(ImportRefusal).where(ImportRefusal.batch_id == batch.id))
    return [(row.row, row.column, row.reason) for row in rows]


def counts(outcome: Outcome | ImportBatch) -> tuple[int, int, int, int]:
    """Return rows, added, known, refused."""
    return outcome.n_rows, outcome.n_added, outcome.n_known, outcome.n_refused


def total(session: Session, model: type[Any] = Submission) -> int:
    """Count rows."""
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_nothing_is_written_when_a_row_is_refused(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(
        tmp_path / "a.csv", [HEADER, *map(row, range(600)), row(601, who="martian"), row(602)]
    )

    batch = run(session, consultation, path)

    assert counts(batch) == (602, 0, 0, 1)
    assert reasons(session, batch) == [(602, "who", "ActorTypeUnknownError")]
    assert [total(session, model) for model in (Submission, Answer)] == [0, 0]


def test_the_valid_rows_enter_when_asked_and_the_refused_ones_are_kept_with_their_reasons(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(
        tmp_path / "a.csv", [HEADER, row(1), row(2, who="martian", where="Mars"), row(3)]
    )

    outcome = run(session, consultation, path, accept_valid=True)

    assert counts(outcome) == (3, 2, 0, 1)
    batch = session.scalars(select(ImportBatch)).one()
    assert (batch.n_rows, batch.n_added, batch.n_known, batch.n_refused) == (3, 2, 0, 1)
    kept = session.scalars(select(ImportRefusal).order_by(ImportRefusal.id)).all()
    assert [(r.row, r.column, r.value, r.reason) for r in kept] == [
        (3, "who", "martian", "ActorTypeUnknownError"),
        (3, "where", "Mars", "PlaceUnknownError"),
    ]
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.target_id) == ("submissions.import", str(batch.id))
    assert entry.detail == {"file": "a.csv", "sha256": batch.sha256}


def test_checking_writes_nothing(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2)])

    outcome = check_table(
        session, ACTOR, consultation, open_table(path, limit=10**8), MAPPING, now=NOW
    )
    session.commit()

    assert counts(outcome) == (2, 2, 0, 0)
    assert total(session) == total(session, AuditEntry) == 0


@pytest.mark.parametrize("mapping", [MAPPING, NAMED], ids=["by content", "by columns"])
def test_the_same_file_again_adds_nothing(
    session: Session, consultation: Consultation, tmp_path: Path, mapping: ColumnMapping
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *map(row, range(700))])

    first, second = (run(session, consultation, path, mapping) for _ in range(2))

    assert (counts(first), counts(second)) == ((700, 700, 0, 0), (700, 0, 700, 0))
    assert (total(session), total(session, Answer), total(session, ImportBatch)) == (700, 1400, 2)


def test_the_same_rows_as_csv_and_as_a_workbook_are_the_same_rows(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    rows = [HEADER, row(1), row(2, text="ثلاثة أسطر\nهنا")]
    run(session, consultation, write_csv(tmp_path / "a.csv", rows, delimiter=";"))

    again = run(session, consultation, write_xlsx(tmp_path / "a.xlsx", rows))

    assert counts(again) == (2, 0, 2, 0)


def test_two_identical_rows_without_identifier_are_two_submissions(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1), row(1), row(2)])

    assert counts(run(session, consultation, path)) == (3, 3, 0, 0)
    assert counts(run(session, consultation, path)) == (3, 0, 3, 0)


def test_a_file_that_has_grown_adds_its_new_rows(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    run(session, consultation, write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2)]), NAMED)

    longer = write_csv(tmp_path / "b.csv", [HEADER, row(3), row(1), row(2)])

    assert counts(run(session, consultation, longer, NAMED)) == (3, 1, 2, 0)


def test_one_identifier_with_two_contents_is_a_conflict(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    rows = [
        HEADER,
        row(1, "first"),
        row(1, "first"),
        row(1, "second"),
        row(1, "other topic", topic="b"),
    ]

    outcome = run(
        session, consultation, write_csv(tmp_path / "a.csv", rows), NAMED, accept_valid=True
    )

    assert counts(outcome) == (4, 2, 1, 1)
    kept = session.scalars(select(ImportRefusal)).one()
    assert (kept.row, kept.reason, kept.values) == (4, "IdentityConflictError", {"row": 2})


def test_a_row_that_comes_back_changed_is_a_conflict(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    run(session, consultation, write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2)]), NAMED)

    changed = write_csv(tmp_path / "b.csv", [HEADER, row(1), row(2, "changed")])

    batch = run(session, consultation, changed, NAMED)

    assert reasons(session, batch) == [(3, "source | id | topic", "AlreadyDifferentError")]
    outcome = check_table(
        session, ACTOR, consultation, open_table(changed, limit=10**8), NAMED, now=NOW
    )
    assert [(r.row, r.reason) for r in outcome.refusals] == [(3, "AlreadyDifferentError")]
    assert sorted(session.scalars(select(Answer.text).where(Answer.text.is_not(None)))) == [
        "text 1",
        "text 2",
    ]


def test_long_identifiers_are_shortened_without_being_confused(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    topics = ["a very long question " * 10 + end for end in ("one", "two")]
    path = write_csv(tmp_path / "a.csv", [HEADER, *[row(1, topic=topic) for topic in topics]])

    assert counts(run(session, consultation, path, NAMED)) == (2, 2, 0, 0)
    identifiers = session.scalars(select(Submission.source_id)).all()
    assert len(set(identifiers)) == 2
    assert all(len(name or "") == 120 for name in identifiers)
    assert [kept["topic"] for kept in session.scalars(select(Submission.source_row))] == topics


def test_other_consultations_have_their_own_rows(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    other = ConsultationFactory()
    session.commit()
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1)])

    assert [counts(run(session, each, path, NAMED)) for each in (consultation, other)] == [
        (1, 1, 0, 0)
    ] * 2


def test_a_receipt_code_that_exists_is_drawn_again(
    session: Session, consultation: Consultation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.submission(consultation, receipt_code="AAAAAAAA")
    session.commit()
    codes = iter(["BBBBBBBB", "AAAAAAAA", "CCCCCCCC", "DDDDDDDD"])
    monkeypatch.setattr(receipts, "new_code", lambda: next(codes))

    run(session, consultation, write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2)]))

    imported = (
        select(Submission.receipt_code)
        .where(Submission.channel == "import")
        .order_by(Submission.id)
    )
    assert session.scalars(imported).all() == ["CCCCCCCC", "DDDDDDDD"]


def test_two_people_who_import_one_file_at_once_add_it_once(
    app: Flask, session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *map(row, range(300))])
    consultation_id, start = consultation.id, Barrier(3)
    session.rollback()

    def work(mapping: ColumnMapping) -> int:
        """Import in a thread with a session of its own; the others may have to wait."""
        with app.app_context():
            start.wait()
            here = db.session.get_one(Consultation, consultation_id)
            try:
                return run(db.session, here, path, mapping).n_added  # type: ignore[arg-type]
            except errors.ImportUnderWayError:
                return 0

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(work, [NAMED] * 3))

    assert sorted(outcomes) == [0, 0, 300]
    assert total(session) == 300


def test_the_page_takes_a_limited_number_of_rows(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *map(row, range(501))])

    with pytest.raises(errors.TooManyRowsError):
        run(session, consultation, path, limit=500)
    assert total(session) == 0


def test_a_person_for_some_regions_brings_in_those_only(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    agent = UserFactory()
    factories.grant(agent, Role.DATA_ENTRY, region="08")
    session.commit()
    path = write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2, where="09"), row(3, where="")])

    outcome = run(session, consultation, path, actor=agent, accept_valid=True)

    assert counts(outcome) == (3, 1, 0, 2)
    assert (3, "where", "PlaceOutOfScopeError") in reasons(session, outcome)


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.MODERATOR, Role.COORDINATOR])
def test_the_others_bring_in_nothing(
    session: Session, consultation: Consultation, tmp_path: Path, role: Role
) -> None:
    person = UserFactory()
    factories.grant(person, role)
    session.commit()

    with pytest.raises(ForbiddenError):
        run(session, consultation, write_csv(tmp_path / "a.csv", [HEADER, row(1)]), actor=person)


def test_rows_are_imported_fast_and_without_being_held_in_memory(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    text = "Les familles éloignées demandent un centre ouvert. نحتاج إلى مركز قريب. " * 6
    path = write_csv(tmp_path / "a.csv", [HEADER, *[row(n, f"{n} {text}") for n in range(2000)]])
    shares: list[float] = []
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    outcome = run(
        session, consultation, path, NAMED, on_progress=lambda _stage, share: shares.append(share)
    )

    assert counts(outcome) == (2000, 2000, 0, 0)
    assert time.process_time() - started < 12  # ten thousand in a minute
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # in kilobytes
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_an_import_whose_worker_died_goes_on_without_doubles(
    app: Flask,
    session: Session,
    consultation: Consultation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows = [*map(row, range(1200)), row(3), row(7, "changed")]
    path = write_csv(tmp_path / "a.csv", [HEADER, *rows])
    whole = tasks._Import._write_chunk
    n_chunks = iter(range(10))

    def dying(self: Any, chunk: Any) -> None:
        """Write the first chunk, and die in the second one once it is written but for its end."""
        if next(n_chunks) == 1:
            raise KeyboardInterrupt
        whole(self, chunk)

    monkeypatch.setattr(tasks._Import, "_write_chunk", dying)
    monkeypatch.setattr(
        jobs, "_fail", lambda _control, _error: None
    )  # a killed worker says nothing
    monkeypatch.setattr(tasks, "remove_folder", lambda _app, _id: None)
    with pytest.raises(KeyboardInterrupt):
        run(session, consultation, path, NAMED, accept_valid=True)
    monkeypatch.undo()
    session.rollback()
    assert total(session) == 500
    job = session.scalars(select(Job)).one()
    job.lease_expires_at = NOW - timedelta(minutes=1)
    session.commit()

    assert run_job(app, job.id)

    session.rollback()
    batch = session.scalars(select(ImportBatch)).one()
    assert counts(batch) == (1202, 1200, 1, 1)
    assert reasons(session, batch) == [(1203, "source | id | topic", "IdentityConflictError")]
    assert (total(session), total(session, Answer)) == (1200, 2400)


def test_an_import_that_is_stopped_writes_nothing_more(
    session: Session, consultation: Consultation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *map(row, range(1200))])

    def stop(_stage: str, share: float) -> None:
        """Press "stop" after the first chunk."""
        with Session(db.engine) as other:
            batch = other.scalars(select(ImportBatch)).one()
            stop_import(other, ACTOR, batch, now=NOW)
            other.commit()

    batch = run(session, consultation, path, NAMED, accept_valid=True, on_progress=stop)

    assert (batch.n_added, total(session)) == (500, 500)
    job = session.get_one(Job, batch.job_id)
    assert job.was_cancelled
    assert counts(run(session, consultation, path, NAMED)) == (1200, 700, 500, 0)


def test_others_write_while_a_long_import_is_under_way(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    path = write_csv(tmp_path / "a.csv", [HEADER, *map(row, range(1100))])
    written: list[int] = []

    def answer(_stage: str, _share: float) -> None:
        """Write between two chunks: were the database locked, nobody would unlock it meanwhile."""
        with Session(db.engine) as other:
            other.execute(update(Consultation).values(contacts_kept_days=30 + len(written)))
            other.commit()
        written.append(len(written))

    run(session, consultation, path, NAMED, on_progress=answer)

    assert len(written) >= 6
