"""Keeping files: known by their content, outside the web root, gone when they are deleted."""

from __future__ import annotations

import io
import os
import stat
import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.files import errors, operations
from app.core.files.kinds import DOCUMENTS, SCANS, FileKind
from app.core.files.models import StoredFile
from app.core.files.serving import download
from app.core.files.store import store
from tests.files import made


def keep(
    session: Session, data: bytes, now: datetime, name: str = "memo.pdf", **more: Any
) -> StoredFile:
    """Keep some bytes as if they had been sent."""
    return operations.keep(session, io.BytesIO(data), name=name, actor_id=None, now=now, **more)


@pytest.mark.parametrize(
    ("data", "kind", "allowed"),
    [
        (made.pdf("Bonjour."), FileKind.PDF, DOCUMENTS),
        (made.docx("Bonjour."), FileKind.DOCX, DOCUMENTS),
        (made.odt("Bonjour."), FileKind.ODT, DOCUMENTS),
        ("Il y a de l’eau.".encode(), FileKind.TXT, DOCUMENTS),
        ("السلام عليكم ورحمة الله".encode("cp1256"), FileKind.TXT, DOCUMENTS),
        ("élève, été, forêt".encode("cp1252"), FileKind.TXT, DOCUMENTS),
        ("Bonjour à tous".encode("utf-16"), FileKind.TXT, DOCUMENTS),
        (made.picture("JPEG"), FileKind.JPEG, SCANS),
        (made.picture("PNG"), FileKind.PNG, SCANS),
    ],
)
def test_the_content_tells_the_kind_whatever_the_name_says(
    session: Session, now: datetime, data: bytes, kind: FileKind, allowed: frozenset[FileKind]
) -> None:
    file = keep(session, data, now, "holiday.mp3", allowed=allowed)
    assert (file.media_type, file.size) == (kind.media_type, len(data))
    assert operations.open_file(file).read_bytes() == data


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", errors.EmptyFileError),
        (made.program(), errors.KindNotAllowedError),
        (made.macro_docx(), errors.KindNotAllowedError),
        (made.archive({"xl/workbook.xml": b"<x/>"}), errors.KindNotAllowedError),
        (made.picture(), errors.KindNotAllowedError),
        (b"\0\1\2\3" * 100, errors.KindNotAllowedError),
        (made.bomb(), errors.InflatedFileError),
        (made.huge_picture(), errors.InflatedFileError),
        (made.locked_pdf("secret"), errors.LockedFileError),
        (made.docx("words")[:-40], errors.BrokenFileError),
        (b"%PDF-1.7\nnothing that follows\n", errors.BrokenFileError),
        (b"a" * (operations.LIMIT + 1), errors.FileTooLargeError),
        (b"word " * 500_000, errors.TooMuchTextError),
    ],
    # Some of the data are made anew each time: a name made of them would be another one.
    ids=lambda value: value.__name__ if isinstance(value, type) else "data",
)
def test_hostile_and_broken_files_are_refused_and_leave_nothing(
    session: Session, now: datetime, data: bytes, error: type[Exception]
) -> None:
    before = {path for _token, path in store().older_than(time.time() + 10)}
    with pytest.raises(error) as refused:
        keep(session, data, now)
    assert refused.value.text()  # type: ignore[attr-defined]
    assert session.scalars(select(StoredFile)).all() == []
    assert {path for _token, path in store().older_than(time.time() + 10)} == before


def test_bytes_are_readable_by_the_product_alone_under_a_name_that_tells_nothing(
    session: Session, now: datetime
) -> None:
    file = keep(session, b"words", now, "secret-name.txt")
    path = operations.open_file(file)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "secret" not in str(path)
    assert path.is_relative_to(store()._folder)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\mémoire.pdf", "mémoire.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("مذكرة الجمعية.pdf", "مذكرة الجمعية.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a b Set-Cookie x.pdf"),
        ("\u200f\u202e", "document.txt"),
        ("x" * 400 + ".docx", "x" * 140 + ".docx"),
    ],
)
def test_names_lose_their_tricks(session: Session, now: datetime, name: str, kept: str) -> None:
    assert keep(session, b"words", now, name).name == kept


def test_a_file_leaves_as_a_download_that_no_browser_runs(app: Any, now: datetime) -> None:
    with app.test_request_context():
        from app.core.db import db

        file = keep(db.session(), made.scripted_pdf("Bonjour."), now, "mémoire.pdf")
        answer = download(file)
        answer.direct_passthrough = False  # type: ignore[attr-defined]
        assert answer.get_data() == operations.open_file(file).read_bytes()
        answer.close()
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert file.text == "Bonjour."


def test_deleting_takes_the_words_at_once_and_the_bytes_with_the_commit(
    session: Session, now: datetime
) -> None:
    file = keep(session, b"words", now)
    session.commit()
    path = operations.open_file(file)
    operations.delete_file(session, file, now=now)
    assert path.exists()
    session.rollback()
    assert operations.open_file(file) == path
    operations.delete_file(session, file, now=now)
    with session.begin_nested():
        pass
    assert path.exists()
    session.commit()
    assert not path.exists()
    assert (file.text, file.deleted_at) == (None, now)
    with pytest.raises(errors.FileGoneError):
        operations.open_file(file)


def test_the_sweep_deletes_what_nothing_names_and_nothing_younger_than_a_day(
    session: Session, now: datetime
) -> None:
    file = keep(session, b"words", now)
    session.commit()
    path = operations.open_file(file)
    stray = path.parent / ("f" * 38)
    stray.write_bytes(b"left by a request that failed")
    old = time.time() - 3 * 24 * 3600
    os.utime(stray, (old, old))
    sweep = operations.sweep
    assert sweep(session, now=now + timedelta(hours=23), disk_now=time.time()) == (0, 1)
    session.commit()
    assert path.exists()
    assert not stray.exists()
    assert sweep(session, now=now + timedelta(days=2), disk_now=time.time()) == (1, 0)
    session.commit()
    assert not path.exists()


def test_a_document_that_takes_too_long_is_read_afterwards(
    session: Session, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def too_long(*_arguments: Any, **_more: Any) -> None:
        """Never end."""
        raise operations.TakesTooLongError

    with monkeypatch.context() as patch:
        patch.setattr(operations, "read_text", too_long)
        file = keep(session, made.pdf("Bonjour."), now)
    assert operations.is_unread(file)
    operations.write_reading(file, operations.read_at_length(file))
    assert (file.text_state, file.text) == ("read", "Bonjour.")
    assert not operations.is_unread(file)
