"""Importing: all or nothing unless told otherwise, and nothing twice, not even in parallel."""

from __future__ import annotations

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Role, System
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.errors import ForbiddenError
from app.core.tables import open_table
from app.submissions import receipts
from app.submissions.imports import errors
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import Outcome, check_table, import_table
from app.submissions.models import Answer, ImportBatch, ImportRefusal, Submission
from tests import factories
from tests.conftest import NOW
from tests.factories import ConsultationFactory, UserFactory
from tests.submissions.import_files import write_csv, write_xlsx

ACTOR = System("tests")
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
    actor: Any = ACTOR,
    **options: Any,
) -> Outcome:
    """Import a file and commit."""
    table = open_table(path, limit=10**8)
    try:
        outcome = import_table(
            session, actor, consultation, table, mapping, now=NOW, file_name=path.name, **options
        )
        session.commit()
    finally:
        session.rollback()
    return outcome


def counts(outcome: Outcome) -> tuple[int, int, int, int]:
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

    with pytest.raises(errors.RowsRefusedError) as refused:
        run(session, consultation, path)

    assert refused.value.values == {"refused": 1, "rows": 602}
    assert [total(session, model) for model in (Submission, Answer, ImportBatch, AuditEntry)] == [
        0,
        0,
        0,
        0,
    ]


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
    assert (entry.action, entry.target_id, entry.detail["n_added"]) == (
        "submissions.import",
        str(batch.id),
        2,
    )


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
    assert (total(session), total(session, Answer), total(session, ImportBatch)) == (700, 1400, 1)


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
    assert [(r.row, r.reason, r.values) for r in outcome.refusals] == [
        (4, "IdentityConflictError", {"row": 2})
    ]


def test_a_row_that_comes_back_changed_is_a_conflict(
    session: Session, consultation: Consultation, tmp_path: Path
) -> None:
    run(session, consultation, write_csv(tmp_path / "a.csv", [HEADER, row(1), row(2)]), NAMED)

    changed = write_csv(tmp_path / "b.csv", [HEADER, row(1), row(2, "changed")])

    with pytest.raises(errors.RowsRefusedError):
        run(session, consultation, changed, NAMED)
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

    def work(mapping: ColumnMapping) -> tuple[int, int, int, int]:
        """Import in a thread with a session of its own."""
        with app.app_context():
            start.wait()
            here = db.session.get_one(Consultation, consultation_id)
            return counts(run(db.session, here, path, mapping))  # type: ignore[arg-type]

    with ThreadPoolExecutor(3) as pool:
        outcomes = list(pool.map(work, [NAMED] * 3))

    assert sorted(outcomes) == [(300, 0, 300, 0), (300, 0, 300, 0), (300, 300, 0, 0)]
    assert (total(session), total(session, ImportBatch)) == (300, 1)


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
    assert {(r.column, r.reason) for r in outcome.refusals} >= {("where", "PlaceOutOfScopeError")}


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

    outcome = run(session, consultation, path, NAMED, on_progress=shares.append)

    assert counts(outcome) == (2000, 2000, 0, 0)
    assert time.process_time() - started < 12  # ten thousand in a minute
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # in kilobytes
    assert shares == sorted(shares)
    assert shares[-1] == 1
