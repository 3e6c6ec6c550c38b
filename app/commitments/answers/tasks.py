"""The job that writes the letters of one change, batch by batch."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.commitments.answers.letters import write_some
from app.commitments.answers.telling import KIND
from app.core import clock
from app.core.db import db
from app.core.jobs import JobControl
from app.core.jobs.operations import handler


@handler(KIND)
def write_letters(control: JobControl) -> None:
    """Write to everybody concerned; begun again, it goes on after the last batch."""
    change = control.payload
    after: int | None = control.checkpoint.get("after", 0)
    while after is not None:
        with Session(db.engine) as session:
            control.secure(session)
            after = write_some(
                session,
                change["what"],
                change["id"],
                change["revision"],
                after=after,
                now=clock.now(),
            )
            session.commit()
        if after is not None:
            control.note(after=after)
            control.report("letters", 0.5)
