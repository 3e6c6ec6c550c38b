"""The daily sweep of what nothing names any more."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.core.files.operations import sweep
from app.core.jobs import JobControl
from app.core.jobs.chores import chore


@chore("files.sweep", every=timedelta(hours=24))
def sweep_files(control: JobControl) -> None:
    """Delete files of drafts that were given up, and bytes left by requests that failed."""
    with Session(db.engine) as session:
        control.secure(session)
        sweep(session, now=clock.now(), disk_now=time.time())
        session.commit()
