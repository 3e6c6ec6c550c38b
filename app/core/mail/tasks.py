"""The job that sends the letters that wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db
from app.core.jobs import JobControl
from app.core.jobs.chores import chore
from app.core.mail.delivery import MailServer, send_due
from app.core.mail.queries import due

KIND = "core.mail"


def _waits(session: Session, now: datetime) -> bool:
    """Tell whether a letter is due and there is a server to give it to."""
    if MailServer.of(current_app.config) is None:
        return False
    return session.scalar(due(now).limit(1)) is not None


@chore(KIND, every=timedelta(), is_due=_waits)
def send_letters(control: JobControl) -> None:
    """Send what is due; each letter is taken by an update of its row, so two jobs do no harm."""
    server = MailServer.of(control.app.config)
    if server is None:
        return
    send_due(
        db.session(),
        server,
        now=clock.now,
        report=lambda done, of: control.report("letters", (done - 1) / of),
    )
