"""The job that sends the letters that wait."""

from __future__ import annotations

from flask import Flask, current_app

from app.core import clock
from app.core.access import System
from app.core.db import db, reading_only
from app.core.jobs import JobControl, JobOpenError, enqueue, handler
from app.core.jobs.queue import on_sweep
from app.core.mail.delivery import MailServer, send_due
from app.core.mail.queries import due

KIND = "core.mail"


@handler(KIND)
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


def enqueue_due() -> None:
    """Add the job if a letter is due, there is a server, and no such job waits or runs."""
    if MailServer.of(current_app.config) is None:
        return
    now = clock.now()
    with reading_only():
        waiting = db.session.scalar(due(now).limit(1))
        db.session.remove()
    if waiting is None:
        return
    try:
        enqueue(db.session(), KIND, {}, actor=System("worker"), now=now, exclusive=KIND)
        db.session.commit()
    except JobOpenError:
        db.session.rollback()
    finally:
        db.session.remove()


def init_app(app: Flask) -> None:
    """Let workers look for due letters."""
    on_sweep(app, enqueue_due)
