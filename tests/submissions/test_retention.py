"""The purge: what has been kept long enough goes, nothing else, as often as it is run."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import System
from app.core.audit import AuditEntry
from app.core.db import db
from app.core.files.models import StoredFile
from app.core.jobs import Job, chores
from app.core.jobs.operations import run
from app.submissions.afterwards.operations import withdraw
from app.submissions.models import Attachment, Contact, Draft, Submission
from app.submissions.operations import DRAFT_LIFE, begin_draft
from app.submissions.retention import operations
from app.submissions.retention.operations import Purged, count, purge_some
from app.submissions.tasks import PURGE
from tests.conftest import NOW
from tests.factories import LATER, ConsultationFactory, submission

NEVER = Purged()
DAY = timedelta(days=1)


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """An open consultation that keeps contacts 30 days."""
    found: Consultation = ConsultationFactory(contacts_kept_days=30)
    return found


def purge(session: Session, now: object) -> Purged:
    """Purge at an instant, having checked that the dry run says the same."""
    foretold = count(session, now=now)  # type: ignore[arg-type]
    done = purge_some(session, System("test"), now=now)  # type: ignore[arg-type]
    assert foretold == done
    return done


def reach(session: Session, row: Submission) -> None:
    """Leave a contact."""
    session.add(Contact(submission_id=row.id, email="a@example.org", lang="fr", given_at=NOW))
    session.flush()


def test_an_expired_draft_goes_with_its_file(session: Session, consultation: Consultation) -> None:
    draft = begin_draft(session, consultation, lang="fr", now=NOW)
    kept = begin_draft(session, consultation, lang="fr", now=NOW + DAY)
    file = StoredFile(
        token="t" * 20, name="memo.pdf", media_type="application/pdf", size=3, sha256="0" * 64,
        text="Un nom", created_at=NOW,
    )
    session.add(file)
    session.flush()
    session.add(Attachment(file_id=file.id, draft_id=draft.id, created_at=NOW))
    session.flush()
    done = purge(session, NOW + DRAFT_LIFE)
    session.expire_all()

    assert done == Purged(drafts=1)
    assert session.scalars(select(Draft.id)).all() == [kept.id]
    assert (file.text, file.name, file.deleted_at) == (None, "", NOW + DRAFT_LIFE)


def test_contacts_go_when_their_days_after_closing_are_over(
    session: Session, consultation: Consultation
) -> None:
    row = submission(consultation, "x", organisation="Mme Zqx")
    union = submission(consultation, "y", organisation="Union", actor_type="association")
    reach(session, row)
    over = LATER + timedelta(days=30)

    assert purge(session, over - timedelta(seconds=1)) == NEVER
    assert purge(session, over) == Purged(contacts=1, names=1)
    assert purge(session, over) == NEVER
    assert (row.organisation, union.organisation) == ("", "Union")
    assert row.is_standing


def test_a_withdrawal_is_erased_after_thirty_days_and_what_stands_is_not(
    session: Session, consultation: Consultation
) -> None:
    gone, stays = submission(consultation, "x"), submission(consultation, "y")
    withdraw(session, gone, now=NOW)

    assert purge(session, NOW + timedelta(days=29, hours=23)) == NEVER
    assert purge(session, NOW + timedelta(days=30)) == Purged(withdrawn=1)
    assert (gone.state, stays.state) == ("erased", "received")
    assert [answer.text for answer in stays.answers] == ["y"]


def test_the_log_says_how_many_went_and_only_when_some_did(
    session: Session, consultation: Consultation
) -> None:
    reach(session, submission(consultation, "x"))
    purge(session, NOW)
    purge(session, LATER + timedelta(days=31))
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "submissions.purge")
    ).one()
    assert entry.detail == {"drafts": 0, "contacts": 1, "names": 0, "withdrawn": 0, "letters": 0}


def test_the_command_takes_all_batches_and_its_dry_run_none(
    app: Flask, session: Session, consultation: Consultation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations, "BATCH", 2)
    for _ in range(5):
        withdraw(session, submission(consultation, "x"), now=NOW)
    session.commit()
    app.extensions["clock"] = lambda: NOW + timedelta(days=31)
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["submissions", "purge", "--dry-run"])
    left = session.scalar(select(func.count()).where(Submission.state == "withdrawn"))
    session.rollback()
    wet = runner.invoke(args=["submissions", "purge"])
    session.expire_all()

    assert "withdrawn: 5" in dry.output
    assert left == 5
    assert "withdrawn: 5" in wet.output
    assert session.scalar(select(func.count()).where(Submission.state == "erased")) == 5


def test_the_worker_purges_once_a_day(
    app: Flask, session: Session, consultation: Consultation
) -> None:
    withdraw(session, submission(consultation, "x"), now=NOW - timedelta(days=40))
    session.commit()
    def sweep_at(instant: datetime) -> None:
        """Make the purge's row if its time has come."""
        due = [one for one in chores.due(db.session(), now=instant) if one.kind == PURGE]
        chores.begin(db.session(), due, now=instant)
        db.session.commit()

    for later in (timedelta(0), timedelta(minutes=1), timedelta(hours=23)):
        sweep_at(NOW + later)
    jobs = db.session.scalars(select(Job).where(Job.kind == PURGE)).all()
    assert len(jobs) == 1
    assert run(app, jobs[0].id)
    assert db.session.scalars(select(Submission.state)).one() == "erased"
    sweep_at(NOW + DAY)
    states = db.session.scalars(select(Job.state).where(Job.kind == PURGE)).all()
    assert states == ["queued"]
