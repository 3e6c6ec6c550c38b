"""Erasing: what tells who somebody is, or everything that they said."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.consultations.models import QuestionKind
from app.core import audit
from app.core.access import Actor
from app.core.files.models import StoredFile
from app.core.files.operations import delete_file
from app.organisations.models import ActorType
from app.submissions.afterwards.applying import forget_answers, locked
from app.submissions.afterwards.contacts import delete_contact
from app.submissions.afterwards.operations import AUTHOR
from app.submissions.models import (
    Attachment,
    DataRequest,
    Draft,
    EntryRecord,
    ModerationCase,
    PaperEntry,
    PaperForm,
    Position,
    PositionComment,
    PositionEdit,
    Submission,
    SubmissionState,
    SubmissionVersion,
)


def erase_personal(
    session: Session, submission: Submission, *, actor: Actor = AUTHOR, now: datetime
) -> None:
    """Erase what tells who the author is and keep what was said, flushed.

    The contact, the organisation's name wherever it stands, who was said to have spoken, and the
    columns of an imported row that no question takes. An official position keeps the name of the
    organisation that signed it: it speaks in that name.

    :raises ErasedError: if nothing is left of it.
    """
    row = locked(session, submission.id)
    delete_contact(session, row)
    row.source_row = {}
    if not row.is_official:
        _unname(session, row)
    session.execute(
        update(EntryRecord).where(EntryRecord.submission_id == row.id).values(said_by="")
    )
    row.changed_at = now
    audit.record(session, actor, "submissions.erase_personal", at=now, target=row)


def _unname(session: Session, row: Submission) -> None:
    """Take the organisation's name out of a submission, its answers, versions and drafts."""
    row.organisation = row.folded_organisation = ""
    row.organisation_id = None
    naming = [a for a in row.answers if a.question.kind == QuestionKind.ORGANISATION]
    keys = {answer.question.key for answer in naming}
    forget_answers(session, naming)
    versions: list[Any] = list(_versions(session, row))
    drafts = session.scalars(select(Draft).where(Draft.corrects_id == row.id))
    for one in [*versions, *drafts]:
        kept = {key: value for key, value in one.values.items() if key not in keys}
        one.values = kept | {"organisation": ""}
    session.flush()


def _versions(session: Session, row: Submission) -> Iterable[SubmissionVersion]:
    """Return the earlier versions of a submission."""
    return session.scalars(
        select(SubmissionVersion).where(SubmissionVersion.submission_id == row.id)
    )


def erase_everything(
    session: Session, submission: Submission, *, actor: Actor = AUTHOR, now: datetime
) -> None:
    """Erase all that a submission said and every trace of who said it, flushed.

    The row stays, with its code and its date, so that the code can say what became of it and an
    import does not bring it back.

    :raises ErasedError: if it was done before.
    """
    row = locked(session, submission.id)
    delete_contact(session, row)
    forget_files(session, _files_of(session, row), now=now)
    forget_answers(session, list(row.answers))
    _forget_ways_in(session, row)
    session.execute(delete(SubmissionVersion).where(SubmissionVersion.submission_id == row.id))
    session.execute(delete(Draft).where(Draft.corrects_id == row.id))
    session.execute(delete(ModerationCase).where(ModerationCase.submission_id == row.id))
    session.execute(
        update(DataRequest)
        .where(DataRequest.submission_id == row.id, DataRequest.state == "open")
        .values(state="granted", decided_at=now)
    )
    session.execute(
        update(DataRequest)
        .where(DataRequest.submission_id == row.id)
        .values(message="", answer="", detail={})
    )
    _blank(row, now=now)
    session.flush()
    audit.record(session, actor, "submissions.erase", at=now, target=row)


def _blank(row: Submission, *, now: datetime) -> None:
    """Empty the row of all that says something of someone."""
    row.consent = None
    row.state, row.changed_at, row.version = SubmissionState.ERASED, now, 1
    row.actor_type, row.lang = ActorType.UNKNOWN, "und"
    row.organisation = row.folded_organisation = row.hidden_reason = ""
    row.organisation_id = row.batch_id = row.fingerprint = None
    row.region_code = row.province_code = row.commune_code = None
    row.is_official = False
    row.source_row = {}


def _forget_ways_in(session: Session, row: Submission) -> None:
    """Erase what was typed before it became the submission: paper copies, the common draft."""
    copies = select(PaperForm.id).where(PaperForm.submission_id == row.id)
    session.execute(
        update(PaperEntry)
        .where(PaperEntry.form_id.in_(copies))
        .values(values={}, differences={})
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(EntryRecord)
        .where(EntryRecord.submission_id == row.id)
        .values(said_by="", scan_id=None)
    )
    positions = select(Position.id).where(Position.submission_id == row.id)
    unsynchronised = {"synchronize_session": False}
    session.execute(
        update(PositionEdit)
        .where(PositionEdit.position_id.in_(positions))
        .values(changes={})
        .execution_options(**unsynchronised)
    )
    session.execute(
        delete(PositionComment)
        .where(PositionComment.position_id.in_(positions))
        .execution_options(**unsynchronised)
    )


def _files_of(session: Session, row: Submission) -> list[StoredFile]:
    """Return the files of a submission, its scans among them."""
    attached = session.scalars(
        select(StoredFile)
        .join(Attachment, Attachment.file_id == StoredFile.id)
        .where(Attachment.submission_id == row.id)
    ).all()
    scanned = session.scalars(
        select(StoredFile)
        .join(EntryRecord, EntryRecord.scan_id == StoredFile.id)
        .where(EntryRecord.submission_id == row.id)
    ).all()
    return list({file.id: file for file in [*attached, *scanned]}.values())


def forget_files(session: Session, files: Collection[StoredFile], *, now: datetime) -> None:
    """Delete the bytes, the text and the name of files; their rows remember that they were."""
    for file in files:
        delete_file(session, file, now=now)
        file.name = ""
    session.flush()
