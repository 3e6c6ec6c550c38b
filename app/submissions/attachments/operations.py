"""Attaching files to drafts, taking them off, and what becomes of them once they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.consultations.models import Question, QuestionKind
from app.core.access import System
from app.core.files import operations as files
from app.core.files.kinds import DOCUMENTS, FileKind
from app.core.files.models import StoredFile
from app.core.files.store import MEGABYTE
from app.core.jobs import enqueue
from app.core.text import fold
from app.submissions.attachments import queries
from app.submissions.models import Answer, Attachment, AttachmentRole, Draft, Submission

#: Name of the job that reads what took too long while somebody waited.
READ = "submissions.read_file"


def kinds_for(question: Question) -> frozenset[FileKind]:
    """Return the kinds of files that a question takes: documents, unless its rules say which."""
    named = {str(name).casefold().lstrip(".") for name in question.rules.get("types") or ()}
    named |= {"jpg"} if "jpeg" in named else set()
    return frozenset(kind for kind in FileKind if kind in named) or DOCUMENTS


def limit_of(question: Question) -> int:
    """Return the most bytes that a question takes; its rules say megabytes."""
    megabytes = question.rules.get("max_size")
    return min(files.LIMIT, int(float(megabytes) * MEGABYTE)) if megabytes else files.LIMIT


def attach(
    session: Session,
    draft: Draft,
    question: Question,
    source: IO[bytes],
    *,
    name: str,
    now: datetime,
) -> tuple[dict[str, str], int | None]:
    """Keep a file as a draft's answer to a question, flushed, in place of the one before.

    :returns: the value that the draft keeps, and the job that will read the file, if it takes one.
    :raises FileRefusedError: if it cannot be kept.
    """
    file = files.keep(
        session,
        source,
        name=name,
        actor_id=None,
        now=now,
        allowed=kinds_for(question),
        limit=limit_of(question),
    )
    detach(session, draft, question.key, now=now)
    session.add(
        Attachment(file_id=file.id, draft_id=draft.id, question_key=question.key, created_at=now)
    )
    session.flush()
    job = read_later(session, file, now=now)
    return {"file": file.token, "name": file.name}, job


def read_later(session: Session, file: StoredFile, *, now: datetime) -> int | None:
    """Add the job that reads a file whose words took too long; the caller commits, announces it."""
    if not files.is_unread(file):
        return None
    return enqueue(session, READ, {"file": file.id}, actor=System("upload"), now=now).id


def detach(session: Session, draft: Draft, question_key: str, *, now: datetime) -> None:
    """Delete what is attached to a draft for a question; a file sent before stays, flushed."""
    for attachment in session.scalars(queries.of_draft(draft.id, question_key)).all():
        session.delete(attachment)
        files.delete_file(session, attachment.file, now=now)
    session.flush()


def said_by_files(
    session: Session, questions: list[Question], values: Mapping[str, Any]
) -> dict[str, Any]:
    """Return validated values with the words of attached files in the place of their tokens.

    A file without words (a scan, or one that is still being read) is kept by its name.
    """
    said = dict(values)
    for question in questions:
        if question.kind == QuestionKind.FILE and isinstance(values.get(question.key), Mapping):
            value = values[question.key]
            file = session.scalars(
                select(StoredFile).where(StoredFile.token == value.get("file")).with_for_update()
            ).one_or_none()
            words = file.text if file is not None else None
            said[question.key] = words or {"file": file.name if file else str(value.get("name"))}
    return said


def belongs(session: Session, draft: Draft, value: Mapping[str, Any]) -> bool:
    """Tell whether a draft's value names a file that was attached to it, or to what it corrects."""
    found = session.scalars(queries.with_token(str(value.get("file")))).one_or_none()
    if found is None or found.file.deleted_at is not None:
        return False
    is_corrected = draft.corrects_id is not None and found.submission_id == draft.corrects_id
    return found.draft_id == draft.id or is_corrected


def hand_over(
    session: Session, draft: Draft, submission: Submission, values: Mapping[str, Any]
) -> None:
    """Give a draft's files to the submission that it has become, flushed.

    A file that a correction has replaced stays with the version that it answered, and answers
    nothing any more.

    :param values: the draft's validated values, with the tokens.
    """
    tokens = {
        key: value["file"]
        for key, value in values.items()
        if isinstance(value, Mapping) and isinstance(value.get("file"), str)
    }
    own = select(Attachment).where(
        (Attachment.draft_id == draft.id) | (Attachment.submission_id == submission.id),
        Attachment.role == AttachmentRole.ANSWER,
    )
    for attachment in session.scalars(own).all():
        key = next((key for key, one in tokens.items() if one == attachment.file.token), "")
        attachment.question_key = key
        attachment.submission_id, attachment.draft_id = submission.id, None
    session.flush()


def write_words(session: Session, file_id: int) -> None:
    """Give the words that a job has read to the answer that the file is, flushed."""
    file = session.scalars(
        select(StoredFile).where(StoredFile.id == file_id).with_for_update()
    ).one()
    attachment = session.scalars(queries.of_file(file_id)).one_or_none()
    if attachment is None or attachment.submission_id is None or not file.text:
        return
    asked = (
        select(Question.id)
        .join(Submission, Submission.questionnaire_id == Question.questionnaire_id)
        .where(Submission.id == attachment.submission_id, Question.key == attachment.question_key)
    )
    answer = session.scalars(
        select(Answer).where(
            Answer.submission_id == attachment.submission_id,
            Answer.question_id.in_(asked),
            Answer.text.is_(None),
        )
    ).one_or_none()
    if answer is not None:
        session.execute(
            update(Answer)
            .where(Answer.id == answer.id)
            .values(text=file.text, value=None, folded=fold(file.text))
        )
    session.flush()
