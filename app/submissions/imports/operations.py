"""Importing a table: every row checked, the new ones added, by default all or nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor
from app.core.tables import Table
from app.submissions import receipts
from app.submissions.answers import is_text
from app.submissions.imports import errors
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.queries import known_fingerprints
from app.submissions.imports.reasons import Refusal
from app.submissions.imports.rows import Candidate, RowReader
from app.submissions.imports.scope import ensure_may_import
from app.submissions.models import Answer, Channel, ImportBatch, ImportRefusal, Submission
from app.territories.naming import PlaceIndex

_BATCH = 500
#: Reasons that are listed; rows beyond are refused and counted all the same.
LISTED = 100_000
#: New receipt codes are drawn this often before giving up; once is nearly always enough.
_CODE_ATTEMPTS = 5

#: Called with the share of the file that was read.
Progress = Callable[[float], None]


@dataclass
class Outcome:
    """What an import does, or would do.

    :ivar n_added: rows that are new.
    :ivar n_known: rows that were there already.
    :ivar n_refused: rows that cannot enter (each has one reason or several).
    :ivar unknown: values that no field recognised, by field, with how often each stands.
    :ivar batch: what was written, if anything was.
    """

    n_rows: int = 0
    n_added: int = 0
    n_known: int = 0
    n_refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    batch: ImportBatch | None = None

    def refuse(self, reasons: list[Refusal]) -> None:
        """Count a refused row."""
        self.n_refused += 1
        if len(self.refusals) < LISTED:
            self.refusals += reasons


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

    :param limit: largest number of rows.
    :raises ImportRefusedError: if the mapping does not hold or the table cannot be read to its end.
    """
    ensure_may_import(actor, consultation)
    examination = _Examination(session, actor, consultation, table, mapping, now=now, limit=limit)
    for new in examination.run(on_progress):
        examination.outcome.n_added += len(new)
    return examination.outcome


def import_table(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    mapping: ColumnMapping,
    *,
    now: datetime,
    file_name: str,
    accept_valid: bool = False,
    limit: int | None = None,
    on_progress: Progress | None = None,
) -> Outcome:
    """Add the rows of a table that are new, flushed; the same table again adds nothing.

    :param accept_valid: add the others when some rows are refused.
    :raises RowsRefusedError: if some are and it is not set: the transaction must be rolled back.
    :raises ImportRefusedError: as :func:`check_table` does.
    """
    ensure_may_import(actor, consultation)
    # Two imports into one consultation take turns; answers from the site go on meanwhile.
    lock = select(Consultation.id).where(Consultation.id == consultation.id)
    session.execute(lock.with_for_update(key_share=True))
    examination = _Examination(session, actor, consultation, table, mapping, now=now, limit=limit)
    outcome = examination.outcome
    for new in examination.run(on_progress):
        if outcome.n_refused and not accept_valid:
            continue
        if outcome.batch is None:
            outcome.batch = _begin_batch(session, actor, consultation, table, file_name, now=now)
        _add(session, consultation, outcome.batch, new)
        outcome.n_added += len(new)
    if outcome.n_refused and not accept_valid:
        raise errors.RowsRefusedError(refused=outcome.n_refused, rows=outcome.n_rows)
    if outcome.batch is not None:
        _finish_batch(session, actor, outcome, examination.reader.mapping, now=now)
    return outcome


class _Examination:
    """One pass over a table: rows read, refused, recognised as known, or new."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        consultation: Consultation,
        table: Table,
        mapping: ColumnMapping,
        *,
        now: datetime,
        limit: int | None,
    ) -> None:
        self.reader = RowReader(
            consultation,
            mapping,
            table.header,
            places=PlaceIndex.load(session),
            actor=actor,
            now=now,
        )
        self.outcome = Outcome(unknown=self.reader.unknown)
        self._session, self._table, self._limit = session, table, limit
        #: Row and fingerprint of each key met in this file.
        self._met: dict[str, tuple[int, str]] = {}

    def run(self, on_progress: Progress | None) -> Iterator[list[Candidate]]:
        """Yield the new rows, some hundreds at a time; the outcome grows on the way."""
        rows = self._table.rows()
        while batch := list(islice(rows, _BATCH)):
            self.outcome.n_rows += len(batch)
            if self._limit is not None and self.outcome.n_rows > self._limit:
                raise errors.TooManyRowsError(limit=self._limit)
            candidates = []
            for row in batch:
                read = self.reader.read(row)
                if isinstance(read, Candidate):
                    candidates.append(read)
                else:
                    self.outcome.refuse(read)
            new = self._not_known(self._not_met(candidates))
            if new:
                yield new
            if on_progress is not None:
                on_progress(self._table.share_read())

    def _not_met(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out rows whose identifier stood higher up in the file."""
        new = []
        for candidate in candidates:
            first = self._met.setdefault(candidate.key, (candidate.row, candidate.fingerprint))
            if first[0] == candidate.row:
                new.append(candidate)
            elif first[1] == candidate.fingerprint:
                self.outcome.n_known += 1
            else:
                self._refuse(candidate, errors.IdentityConflictError(row=first[0]))
        return new

    def _not_known(self, candidates: list[Candidate]) -> list[Candidate]:
        """Leave out rows that were imported before."""
        if not candidates:
            return []
        known = known_fingerprints(self._session, (candidate.key for candidate in candidates))
        new = []
        for candidate in candidates:
            if candidate.key not in known:
                new.append(candidate)
            elif known[candidate.key] in {None, candidate.fingerprint}:
                self.outcome.n_known += 1
            else:
                self._refuse(candidate, errors.AlreadyDifferentError())
        return new

    def _refuse(self, candidate: Candidate, error: errors.RowRefusedError) -> None:
        """Refuse a row for what another one says."""
        column = " | ".join(self.reader.mapping.identity)
        column = column or self.reader.mapping.column_of("source_id") or ""
        value = candidate.columns["source_id"] or ""
        self.outcome.refuse([Refusal.of(candidate.row, column, value, error)])


def _begin_batch(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    table: Table,
    file_name: str,
    *,
    now: datetime,
) -> ImportBatch:
    """Add the record of an import, to be completed at its end."""
    batch = ImportBatch(
        consultation_id=consultation.id,
        file_name=file_name[-255:],
        sha256=table.sha256,
        mapping={},
        n_rows=0,
        n_added=0,
        n_known=0,
        n_refused=0,
        created_at=now,
        created_by_id=actor.id,
    )
    session.add(batch)
    session.flush()
    return batch


def _finish_batch(
    session: Session, actor: Actor, outcome: Outcome, mapping: ColumnMapping, *, now: datetime
) -> None:
    """Complete the record with counts and what was left out; write it into the audit log."""
    batch = outcome.batch
    if batch is None:
        return
    batch.mapping = mapping.as_json()
    counts = {
        "n_rows": outcome.n_rows,
        "n_added": outcome.n_added,
        "n_known": outcome.n_known,
        "n_refused": outcome.n_refused,
    }
    for name, count in counts.items():
        setattr(batch, name, count)
    if outcome.refusals:
        session.execute(
            insert(ImportRefusal),
            [
                {
                    "batch_id": batch.id,
                    "row": refusal.row,
                    "column": refusal.column,
                    "value": refusal.value,
                    "reason": refusal.reason,
                    "values": dict(refusal.values),
                }
                for refusal in outcome.refusals
            ],
        )
    session.flush()
    detail: dict[str, Any] = {"file": batch.file_name, "sha256": batch.sha256} | counts
    audit.record(session, actor, "submissions.import", at=now, target=batch, detail=detail)


def _add(
    session: Session, consultation: Consultation, batch: ImportBatch, new: list[Candidate]
) -> None:
    """Insert submissions and their answers."""
    ids = _insert_submissions(session, consultation, batch, new)
    rows: list[dict[str, Any]] = []
    for submission_id, candidate in zip(ids, new, strict=True):
        for question, value in candidate.answers:
            said = (
                {"text": value, "value": None}
                if is_text(question)
                else {
                    "text": None,
                    "value": value,
                }
            )
            rows.append({"submission_id": submission_id, "question_id": question.id} | said)
    session.execute(insert(Answer), rows)


def _insert_submissions(
    session: Session, consultation: Consultation, batch: ImportBatch, new: list[Candidate]
) -> list[int]:
    """Insert submissions and return their ids in order; codes already given are drawn again."""
    shared = {
        "consultation_id": consultation.id,
        "questionnaire_id": consultation.questionnaire.id,
        "channel": Channel.IMPORT.value,
        "batch_id": batch.id,
    }
    statement = insert(Submission).returning(Submission.id, sort_by_parameter_order=True)
    for attempt in range(_CODE_ATTEMPTS):
        rows = [
            shared
            | candidate.columns
            | {
                "idempotency_key": candidate.key,
                "fingerprint": candidate.fingerprint,
                "receipt_code": receipts.new_code(),
            }
            for candidate in new
        ]
        try:
            with session.begin_nested():
                return list(session.scalars(statement, rows))
        except IntegrityError:
            if attempt == _CODE_ATTEMPTS - 1:
                raise
    raise AssertionError
