"""Keeping files, reading their words, deleting them: the row and the bytes together."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Select, and_, event, exists, select
from sqlalchemy.orm import Session

from app.core.db import Base
from app.core.files.errors import (
    FileGoneError,
    FileRefusedError,
    KindNotAllowedError,
)
from app.core.files.kinds import DOCUMENTS, FileKind, find_kind, kind_of_media
from app.core.files.models import StoredFile
from app.core.files.reading import IN_A_JOB, Reading, TakesTooLongError, read_text
from app.core.files.store import MEGABYTE, Incoming, store
from app.core.text import clean_text

#: Bytes of the largest file.
LIMIT = 20 * MEGABYTE
#: How long bytes or rows that nothing names may stay: somebody may be about to name them.
ORPHANS_STAY = timedelta(days=1)

_UNKEPT = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
#: Of a session: tokens whose bytes go once it has committed.
_TO_DELETE = "files to delete"


def keep(
    session: Session,
    source: IO[bytes],
    *,
    name: str,
    actor_id: int | None,
    now: datetime,
    allowed: Collection[FileKind] = DOCUMENTS,
    limit: int = LIMIT,
) -> StoredFile:
    """Keep a file that was sent and read its words, flushed.

    The bytes are on disk when this returns; if the transaction is given up, they are swept later.
    Where the words take too long to be read while somebody waits, the row's :func:`is_unread`.

    :param allowed: the kinds that are taken, by what the file holds.
    :raises FileRefusedError: if it is too large, broken, locked, or of another kind.
    """
    folder = store()
    incoming = folder.receive(source, limit=limit)
    try:
        kind, reading = _examined(incoming, allowed)
        folder.keep(incoming)
    except BaseException:
        folder.discard(incoming)
        raise
    row = StoredFile(
        token=incoming.token,
        name=clean_name(name, kind),
        media_type=kind.media_type,
        size=incoming.size,
        sha256=incoming.sha256,
        created_at=now,
        created_by_id=actor_id,
    )
    if reading is not None:
        write_reading(row, reading)
    session.add(row)
    session.flush()
    return row


def keep_for_a_day(
    session: Session,
    source: IO[bytes],
    *,
    name: str,
    media_type: str,
    actor_id: int | None,
    now: datetime,
    limit: int,
) -> StoredFile:
    """Keep bytes whatever they hold, flushed: no row names them, so the daily sweep deletes them.

    For what somebody is about to fetch, or has just sent to be looked at; never shown as it is.

    :raises FileRefusedError: if there are none, or more than the limit.
    """
    folder = store()
    incoming = folder.receive(source, limit=limit)
    try:
        folder.keep(incoming)
    except BaseException:
        folder.discard(incoming)
        raise
    row = StoredFile(
        token=incoming.token,
        name=" ".join(_UNKEPT.sub(" ", clean_text(name)).split())[-150:] or "file",
        media_type=media_type,
        size=incoming.size,
        sha256=incoming.sha256,
        created_at=now,
        created_by_id=actor_id,
    )
    session.add(row)
    session.flush()
    return row


def _examined(incoming: Incoming, allowed: Collection[FileKind]) -> tuple[FileKind, Reading | None]:
    """Return what has arrived is, and its words if it has any and they are read in time."""
    kind = find_kind(incoming.path)
    if kind is None or kind not in allowed:
        raise KindNotAllowedError(kinds=", ".join(sorted(one.upper() for one in allowed)))
    if not kind.has_text:
        return kind, None
    try:
        return kind, read_text(incoming.path, kind)
    except TakesTooLongError:
        return kind, None


def clean_name(name: str, kind: FileKind) -> str:
    """Return a name fit to be shown and offered: no path, no hidden signs, of a sane length."""
    last = re.split(r"[/\\]", clean_text(name))[-1]
    plain = " ".join(_UNKEPT.sub(" ", re.sub("[\u200e\u200f\u061c]", "", last)).split()).strip(". ")
    if len(plain) > 150:
        stem, dot, suffix = plain.rpartition(".")
        plain = f"{stem[:140]}{dot}{suffix}" if dot and len(suffix) < 10 else plain[:150]
    return plain or f"document.{kind}"


def is_unread(file: StoredFile) -> bool:
    """Tell whether a document's words are still to be read."""
    kind = kind_of_media(file.media_type)
    is_document = kind is not None and kind.has_text
    return is_document and file.text_state == "none" and file.deleted_at is None


def read_at_length(file: StoredFile) -> Reading | None:
    """Read the words that took too long while somebody waited; None if they cannot be read.

    Takes minutes: call it with no transaction open.
    """
    path, kind = open_file(file), kind_of_media(file.media_type)
    if kind is None:
        return None
    try:
        return read_text(path, kind, seconds=IN_A_JOB)
    except (TakesTooLongError, FileRefusedError):
        return None


def write_reading(file: StoredFile, reading: Reading | None) -> None:
    """Write down what was read, or that nothing can be."""
    if reading is None:
        file.text_state = "unreadable"
        return
    file.text_state = reading.state
    file.text = reading.text or None
    file.page_starts = reading.page_starts
    file.n_pages = reading.n_pages


def open_file(file: StoredFile) -> Path:
    """Return where a file's bytes are.

    :raises FileGoneError: if they were deleted.
    """
    path = store().path(file.token)
    if file.deleted_at is not None or not path.exists():
        raise FileGoneError
    return path


def page_at(file: StoredFile, offset: int) -> int | None:
    """Return the page on which a place of the text is, None for a document of one page."""
    if len(file.page_starts) < 2:
        return None
    return max(1, sum(start <= offset for start in file.page_starts))


def delete_file(session: Session, file: StoredFile, *, now: datetime) -> None:
    """Delete a file's words, and its bytes once this is committed; the row remembers it was."""
    file.deleted_at = file.deleted_at or now
    file.text, file.page_starts = None, []
    session.info.setdefault(_TO_DELETE, []).append(file.token)
    session.flush()


@event.listens_for(Session, "after_commit")
def _delete_bytes(session: Session) -> None:
    """Delete the bytes of rows that now say so."""
    if not session.in_nested_transaction():
        for token in session.info.pop(_TO_DELETE, []):
            store().delete(token)


@event.listens_for(Session, "after_rollback")
def _keep_bytes(session: Session) -> None:
    """Forget what was to be deleted: the rows still have it."""
    session.info.pop(_TO_DELETE, None)


# --- what nothing names any more ----------------------------------------------------------------


def unreferenced(before: datetime) -> Select[StoredFile]:
    """Select the files kept before an instant that no row of any table names."""
    columns: list[Any] = [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column is StoredFile.__table__.c.id
    ]
    return select(StoredFile).where(
        StoredFile.deleted_at.is_(None),
        StoredFile.created_at < before,
        and_(*(~exists().where(column == StoredFile.id) for column in columns)),
    )


def sweep(session: Session, *, now: datetime, disk_now: float) -> tuple[int, int]:
    """Delete files that no row names and bytes that no file names, flushed.

    :param disk_now: the present by the disk's clock, which a demonstration's is not.
    :returns: how many files, and how many stray bytes.
    """
    files = session.scalars(unreferenced(now - ORPHANS_STAY)).all()
    for file in files:
        delete_file(session, file, now=now)
    n_stray = 0
    for token, path in store().older_than(disk_now - ORPHANS_STAY.total_seconds()):
        kept = select(StoredFile.id).where(
            StoredFile.token == token, StoredFile.deleted_at.is_(None)
        )
        if path.parent.name == ".incoming" or session.scalar(kept) is None:
            path.unlink(missing_ok=True)
            n_stray += 1
    return len(files), n_stray
