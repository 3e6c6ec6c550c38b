"""Reading, as a job, the files that take too long while somebody waits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.core.db import db, reading_only
from app.core.files import operations as files
from app.core.files.models import StoredFile
from app.core.jobs import JobControl, handler
from app.submissions.attachments.operations import READ, write_words


@handler(READ)
def read_file(control: JobControl) -> None:
    """Read one file and give its words to the answer that it is; no transaction waits meanwhile."""
    file_id = control.payload["file"]
    with reading_only(), Session(db.engine, expire_on_commit=False) as session:
        file = session.get(StoredFile, file_id)
    if file is None or not files.is_unread(file):
        return
    control.report("reading", 0.1)
    reading = files.read_at_length(file)
    with Session(db.engine) as session:
        control.secure(session)
        row = session.get_one(StoredFile, file_id)
        files.write_reading(row, reading)
        session.flush()
        write_words(session, file_id)
        session.commit()
