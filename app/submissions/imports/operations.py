"""Importing a table: every row checked, then the new ones added by a job, chunk after chunk."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor
from app.core.jobs import Job, JobOpenError, cancel, enqueue
from app.core.tables import ReadingOptions, Table
from app.submissions.imports import errors
from app.submissions.imports.examination import Chunk, Examination
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.queries import known_fingerprints
from app.submissions.imports.reasons import Refusal
from app.submissions.imports.scope import ensure_may_import
from app.submissions.models import ImportBatch

#: Kinds of the jobs; :mod:`app.submissions.imports.tasks` does them.
IMPORT = "submissions.import"
CHECK = "submissions.check"
#: Reasons that are listed; rows beyond are refused and counted all the same.
LISTED = 100_000

#: Called with the share of the file that was read.
Progress = Callable[[float], None]


@dataclass
class Outcome:
    """What an import would do.

    :ivar n_added: rows that are new.
    :ivar n_known: rows that were there already.
    :ivar n_refused: rows that cannot enter (each has one reason or several).
    :ivar unknown: values that no field recognised, by field, with how often each stands.
    """

    n_rows: int = 0
    n_added: int = 0
    n_known: int = 0
    n_refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, chunk: Chunk) -> None:
        """Add what a settled chunk found."""
        self.n_rows += chunk.n_rows
        self.n_added += len(chunk.candidates)
        self.n_known += chunk.n_known
        self.n_refused += chunk.n_refused
        self.refusals += chunk.refusals[: max(0, LISTED - len(self.refusals))]


def check_table(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    mapping: ColumnMapping,
    *,
    now: datetime,
    limit: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Say what importing a table would do; nothing is written.

    The transaction ends with every chunk, so that a long file keeps nobody from writing: give a
    session whose objects outlive it.

    :param limit: largest number of rows.
    :raises ImportRefusedError: if the mapping does not hold or the table cannot be read to its end.
    """
    ensure_may_import(actor, consultation)
    examination = Examination.of(
        session, consultation, table, mapping, actor=actor, now=now, limit=limit
    )
    session.commit()
    outcome = Outcome(unknown=examination.unknown)
    for chunk in examination.chunks():
        keys = [candidate.key for candidate in chunk.candidates]
        examination.settle(chunk, known_fingerprints(session, keys))
        session.commit()
        outcome.count(chunk)
        if on_progress is not None:
            on_progress(chunk.share)
    return outcome


def begin_check(session: Session, actor: Actor, token: str, *, now: datetime) -> Job:
    """Add the job that checks an uploaded file, flushed; the caller commits, then announces it."""
    return enqueue(session, CHECK, {"token": token, "owner_id": actor.id}, actor=actor, now=now)


def begin_import(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    mapping: ColumnMapping,
    *,
    options: ReadingOptions,
    file_name: str,
    accept_valid: bool = False,
    limit: int | None = None,
    now: datetime,
) -> ImportBatch:
    """Add the record of an import and its job, flushed.

    The caller gives the job its file (``folders.give_file(..., "rows")``), commits, announces it.

    :param accept_valid: add the other rows when some are refused; else nothing is written then.
    :raises MappingError: if the mapping does not fit the file or the consultation.
    :raises ImportUnderWayError: if another file is being written into the consultation.
    """
    ensure_may_import(actor, consultation)
    Examination.of(session, consultation, table, mapping, actor=actor, now=now)
    batch = ImportBatch(
        consultation_id=consultation.id,
        file_name=file_name[-255:],
        sha256=table.sha256,
        mapping=mapping.as_json(),
        n_rows=0,
        n_added=0,
        n_known=0,
        n_refused=0,
        created_at=now,
        created_by_id=actor.id,
    )
    session.add(batch)
    session.flush()
    payload = {
        "batch_id": batch.id,
        "actor_id": actor.id,
        "options": [options.encoding, options.delimiter, options.sheet],
        "accept_valid": accept_valid,
        "limit": limit,
    }
    try:
        # One at a time in a consultation: what the check found then still holds for the writing.
        exclusive = f"{IMPORT}:{consultation.id}"
        job = enqueue(session, IMPORT, payload, actor=actor, now=now, exclusive=exclusive)
    except JobOpenError as error:
        raise errors.ImportUnderWayError from error
    batch.job_id = job.id
    detail: dict[str, Any] = {"file": batch.file_name, "sha256": batch.sha256}
    audit.record(session, actor, "submissions.import", at=now, target=batch, detail=detail)
    session.flush()
    return batch


def stop_import(session: Session, actor: Actor, batch: ImportBatch, *, now: datetime) -> bool:
    """Stop an import that waits or runs; the rows that are in stay. True if it was one."""
    if batch.job_id is None or not cancel(session, batch.job_id, now=now):
        return False
    audit.record(session, actor, "submissions.import_stop", at=now, target=batch)
    return True


def outcome_as_json(outcome: Outcome) -> str:
    """Write an outcome as text."""
    known: dict[str, Any] = {
        "counts": [outcome.n_rows, outcome.n_added, outcome.n_known, outcome.n_refused],
        "unknown": [[*key, count] for key, count in outcome.unknown.most_common()],
        "refusals": [
            [one.row, one.column, one.value, one.reason, dict(one.values)]
            for one in outcome.refusals
        ],
    }
    return json.dumps(known, ensure_ascii=False)


def outcome_from_json(text: str) -> Outcome:
    """Read an outcome back."""
    known = json.loads(text)
    n_rows, n_added, n_known, n_refused = known["counts"]
    return Outcome(
        n_rows,
        n_added,
        n_known,
        n_refused,
        refusals=[Refusal(*one) for one in known["refusals"]],
        unknown=Counter({(key, value): count for key, value, count in known["unknown"]}),
    )
