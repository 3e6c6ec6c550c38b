"""Checking a file and importing it, as durable jobs: after a killed worker another goes on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import Actor, System
from app.core.db import db, reading_only
from app.core.errors import ForbiddenError
from app.core.jobs import Job, JobControl, JobLostError, handler
from app.core.jobs.folders import job_folder, remove_folder
from app.core.tables import ReadingOptions, Table, open_table
from app.submissions.imports.examination import Chunk, Examination
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import (
    CHECK,
    IMPORT,
    Outcome,
    check_table,
    outcome_as_json,
)
from app.submissions.imports.queries import known_fingerprints
from app.submissions.imports.uploads import MAX_ROWS, UploadStore
from app.submissions.imports.writing import write_refusals, write_rows
from app.submissions.models import ImportBatch

#: Stages, as pages name them.
CHECKING, WRITING = "checking", "writing"
#: The command takes files of any size that the disk holds: they are read row by row.
_ANY_SIZE = 1 << 40


def _actor(session: Session, user_id: int | None) -> Actor:
    """Return who asked for a job, with what they may do today.

    :raises ForbiddenError: if the account is gone.
    """
    if user_id is None:
        return System("command line")
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise ForbiddenError
    list(user.grants)  # read now, to be asked when the session is closed
    return user


@handler(CHECK)
def check_upload(control: JobControl) -> None:
    """Say what importing an uploaded file would do; the answer is kept beside the file."""
    payload = control.payload
    store = UploadStore(control.app.config["INSTANCE"] / "uploads")
    upload = store.get(payload["token"], owner_id=payload["owner_id"], now=clock.now())
    with reading_only(), Session(db.engine, expire_on_commit=False) as session:
        consultation = session.get_one(Consultation, upload.consultation_id)
        outcome = check_table(
            session,
            _actor(session, payload["owner_id"]),
            consultation,
            open_table(upload.path, upload.options, limit=_ANY_SIZE),
            upload.mapping or ColumnMapping(),
            now=clock.now(),
            limit=MAX_ROWS,
            on_progress=lambda share: control.report(CHECKING, share),
        )
    store.keep_outcome(upload, outcome_as_json(outcome))


class _Import:
    """One import in the hands of a worker."""

    def __init__(self, control: JobControl) -> None:
        self.control, self.payload = control, control.payload
        self.accept_valid: bool = self.payload["accept_valid"]
        options = ReadingOptions(*self.payload["options"])
        path = job_folder(control.app, control.job_id) / "rows"
        self.table: Table = open_table(path, options, limit=_ANY_SIZE)
        with reading_only(), Session(db.engine, expire_on_commit=False) as session:
            job = session.get_one(Job, control.job_id)
            self.batch = session.get_one(ImportBatch, self.payload["batch_id"])
            self.actor = _actor(session, self.payload["actor_id"])
            self.consultation = session.get_one(Consultation, self.batch.consultation_id)
            self.mapping = ColumnMapping.from_json(self.batch.mapping)
            #: The same for every worker that takes the job: rows without a date get it.
            self.now: datetime = job.created_at
            self.questionnaire_id = self.consultation.questionnaire.id
            self.examination = self._examination(session)

    def _examination(self, session: Session) -> Examination:
        """Return a pass over the table."""
        return Examination.of(
            session,
            self.consultation,
            self.table,
            self.mapping,
            actor=self.actor,
            now=self.now,
            limit=self.payload["limit"],
        )

    def check(self) -> bool:
        """Read the whole table; false if rows are refused, which are then kept with the record."""
        with reading_only(), Session(db.engine, expire_on_commit=False) as session:
            outcome = check_table(
                session,
                self.actor,
                self.consultation,
                self.table,
                self.mapping,
                now=self.now,
                limit=self.payload["limit"],
                on_progress=lambda share: self.control.report(CHECKING, share / 2),
            )
        if not outcome.n_refused:
            self.control.note(is_checked=True)
            return True
        self._write(lambda session, batch: _keep_refused(session, batch, outcome), is_over=True)
        return False

    def write(self, *, after: int) -> None:
        """Write the table's rows, chunk after chunk."""
        begun = 0.0 if self.accept_valid else 0.5
        for chunk in self.examination.chunks(after=after):
            self._write_chunk(chunk)
            self.control.report(WRITING, begun + chunk.share * (1 - begun))

    def _write_chunk(self, chunk: Chunk) -> None:
        """Write one chunk, and in the same transaction that it is written."""

        def write(session: Session, batch: ImportBatch) -> None:
            """Add what is new, keep what is refused, count all."""
            keys = [candidate.key for candidate in chunk.candidates]
            self.examination.settle(chunk, known_fingerprints(session, keys))
            write_rows(session, batch, self.questionnaire_id, chunk.candidates)
            write_refusals(session, batch, chunk.refusals)
            batch.n_rows += chunk.n_rows
            batch.n_added += len(chunk.candidates)
            batch.n_known += chunk.n_known
            batch.n_refused += chunk.n_refused

        self._write(write, row=chunk.last_row, is_checked=True)

    def _write(self, write: Callable[[Session, ImportBatch], None], **checkpoint: Any) -> None:
        """Write in a transaction of its own that proves the lease and leaves a checkpoint."""
        with Session(db.engine) as session:
            self.control.secure(session)
            write(session, session.get_one(ImportBatch, self.batch.id))
            session.flush()
            self.control.write(session, checkpoint=checkpoint)
            session.commit()


def _keep_refused(session: Session, batch: ImportBatch, outcome: Outcome) -> None:
    """Keep why nothing was written."""
    batch.n_rows, batch.n_refused = outcome.n_rows, outcome.n_refused
    batch.n_known = outcome.n_known
    write_refusals(session, batch, outcome.refusals)


@handler(IMPORT)
def import_file(control: JobControl) -> None:
    """Import a file: by default all of its rows or none, then chunk after chunk.

    Every chunk is written with the number of its last row. Whoever takes the job after a worker
    died reads the rows up to there without writing them, for the identifiers that they bear.
    """
    kept = control.checkpoint
    try:
        if not kept.get("is_over"):
            work = _Import(control)
            if work.accept_valid or kept.get("is_checked") or work.check():
                work.write(after=kept.get("row", 0))
    except JobLostError:
        # The file is now another worker's, or nobody's.
        raise
    except BaseException:
        remove_folder(control.app, control.job_id)
        raise
    remove_folder(control.app, control.job_id)
