"""Selections of attached files."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from app.core.files.models import StoredFile
from app.core.files.operations import page_at
from app.submissions.models import Answer, Attachment, AttachmentRole


def _with_file() -> Select[Attachment]:
    """Select attachments with their files."""
    return (
        select(Attachment)
        .join(StoredFile, Attachment.file_id == StoredFile.id)
        .options(contains_eager(Attachment.file))
    )


def of_draft(draft_id: int, question_key: str) -> Select[Attachment]:
    """Select what is attached to a draft for a question."""
    return _with_file().where(
        Attachment.draft_id == draft_id, Attachment.question_key == question_key
    )


def of_submission(submission_id: int) -> Select[Attachment]:
    """Select what is attached to a submission, scans too, in the order in which it came."""
    return (
        _with_file()
        .where(Attachment.submission_id == submission_id, StoredFile.deleted_at.is_(None))
        .order_by(Attachment.id)
    )


def answering(submission_id: int, question_key: str) -> Select[Attachment]:
    """Select the file that stands as the answer to a question."""
    return of_submission(submission_id).where(
        Attachment.question_key == question_key, Attachment.role == AttachmentRole.ANSWER
    )


def with_token(token: str) -> Select[Attachment]:
    """Select an attachment by the random name of its file."""
    return _with_file().where(StoredFile.token == token)


def of_file(file_id: int) -> Select[Attachment]:
    """Select the attachment of a file."""
    return select(Attachment).where(Attachment.file_id == file_id)


def answered_by(session: Session, submission_id: int) -> dict[str, Attachment]:
    """Return the files that answer questions, by question key."""
    return {
        one.question_key: one
        for one in session.scalars(of_submission(submission_id))
        if one.role == AttachmentRole.ANSWER and one.question_key
    }


def page_of(session: Session, answer: Answer, offset: int) -> int | None:
    """Return the page of the attached file on which a place of an answer's text is.

    None for a text that somebody typed, and for a file of one page.
    """
    found = session.scalars(answering(answer.submission_id, answer.question.key)).first()
    return page_at(found.file, offset) if found else None
