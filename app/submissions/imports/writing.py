"""Writing the new rows of an import: submissions with their receipts, and their answers."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.submissions import receipts
from app.submissions.answers import is_text
from app.submissions.imports.reasons import Refusal
from app.submissions.imports.rows import Candidate
from app.submissions.models import Answer, Channel, ImportBatch, ImportRefusal, Submission

#: New receipt codes are drawn this often before giving up; once is nearly always enough.
_CODE_ATTEMPTS = 5


def write_rows(
    session: Session, batch: ImportBatch, questionnaire_id: int, new: list[Candidate]
) -> None:
    """Insert submissions and their answers."""
    if not new:
        return
    ids = _insert_submissions(session, batch, questionnaire_id, new)
    rows: list[dict[str, Any]] = []
    for submission_id, candidate in zip(ids, new, strict=True):
        for question, value in candidate.answers:
            said = {"text": value, "value": None}
            if not is_text(question):
                said = {"text": None, "value": value}
            rows.append({"submission_id": submission_id, "question_id": question.id} | said)
    session.execute(insert(Answer), rows)


def _insert_submissions(
    session: Session, batch: ImportBatch, questionnaire_id: int, new: list[Candidate]
) -> list[int]:
    """Insert submissions and return their ids in order; codes already given are drawn again."""
    shared = {
        "consultation_id": batch.consultation_id,
        "questionnaire_id": questionnaire_id,
        "channel": Channel.IMPORT.value,
        "batch_id": batch.id,
    }
    # In no order: in that of the rows SQLite would be sent one statement for each of them.
    statement = insert(Submission).returning(Submission.idempotency_key, Submission.id)
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
                ids = dict(session.execute(statement, rows).all())
                return [ids[candidate.key] for candidate in new]
        except IntegrityError:
            if attempt == _CODE_ATTEMPTS - 1:
                raise
    raise AssertionError


def write_refusals(session: Session, batch: ImportBatch, refusals: list[Refusal]) -> None:
    """Keep why rows were left out."""
    if not refusals:
        return
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
            for refusal in refusals
        ],
    )
