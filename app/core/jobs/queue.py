"""The queue that wakes workers: Huey, on SQLite beside the data or on the same PostgreSQL."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from huey import Huey, SqliteHuey
from huey.constants import WORKER_THREAD
from huey.consumer import Consumer
from huey.contrib.sql_huey import SqlHuey, SqlStorage
from playhouse.db_url import connect
from sqlalchemy.orm import Session

from app.core import clock
from app.core.db import db, reading_only
from app.core.jobs import chores
from app.core.jobs.operations import claimable, run

group = AppGroup("worker", help="The worker that does long jobs.")
log = logging.getLogger(__name__)

#: How often a worker looks for jobs whose holder has died, in seconds.
SWEEP_SECONDS = 5.0


def _make(app: Flask) -> Huey:
    """Return a Huey on the storage that fits the database."""
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    if url.startswith("postgresql"):
        # Tables are made at first use: building the application must not need the server.
        database = connect(url.replace("postgresql+psycopg://", "psycopg3://"))
        return SqlHuey("tachawor", database=database, create_tables=False)
    return SqliteHuey("tachawor", filename=str(app.config["INSTANCE"] / "queue.sqlite3"))


@contextmanager
def _opened(app: Flask) -> Iterator[Huey]:
    """Give the queue, its tables made, and close this thread's connection to it afterwards.

    Kept open, the connection of a server that was restarted would fail for good.
    """
    huey = app.extensions["huey"]
    if not isinstance(huey.storage, SqlStorage):
        yield huey
        return
    try:
        huey.storage.create_tables()
        yield huey
    finally:
        huey.storage.close()


def announce(job_id: int) -> None:
    """Tell the workers that a committed job waits.

    Losing the message only delays the job until the next sweep, so a queue that cannot be reached
    is logged and does not fail whoever asked for the job.
    """
    try:
        with _opened(current_app):
            current_app.extensions["announce"](job_id)
    except Exception:
        log.exception("job %s could not be announced", job_id)


def start_chores() -> None:
    """Make and announce the jobs of the chores whose time has come."""
    now = clock.now()
    with reading_only(), Session(db.engine) as session:
        waiting = chores.due(session, now=now)
    if not waiting:
        return
    with Session(db.engine) as session:
        made = chores.begin(session, waiting, now=now)
        session.commit()
    for job_id in made:
        announce(job_id)


def sweep() -> None:
    """Start the chores that are due, then announce the jobs that nobody holds, unless some wait."""
    start_chores()
    with _opened(current_app) as huey:
        if huey.pending_count():
            return
    with reading_only():
        waiting = db.session.scalars(claimable(clock.now())).all()
        db.session.remove()
    for job_id in waiting:
        announce(job_id)


def _keep_sweeping(app: Flask, stop: threading.Event) -> None:
    """Sweep at once, then again and again: a dead worker leaves no message behind."""
    while True:
        try:
            with app.app_context():
                sweep()
        except Exception:
            log.exception("sweep missed, trying again")
        if stop.wait(SWEEP_SECONDS):
            return


@group.command("run")
@click.option("--workers", default=1, show_default=True, help="Jobs done at the same time.")
def run_worker(workers: int) -> None:
    """Do the jobs that wait, until stopped."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    with _opened(app):
        pass
    stop = threading.Event()
    threading.Thread(target=_keep_sweeping, args=(app, stop), daemon=True, name="sweep").start()
    consumer = Consumer(
        app.extensions["huey"],
        workers=workers,
        worker_type=WORKER_THREAD,
        periodic=False,
        initial_delay=0.1,
        max_delay=1.0,
    )
    try:
        consumer.run()
    finally:
        stop.set()


def init_app(app: Flask) -> None:
    """Open the queue and register the one message it carries."""
    huey = _make(app)

    def do(job_id: int) -> None:
        """Run a job if nobody else does."""
        with app.app_context():
            try:
                run(app, job_id)
            except Exception:
                app.logger.exception("job %s failed", job_id)

    task: Any = huey.task(name="run_job")(do)
    app.extensions["huey"] = huey
    app.extensions["announce"] = task
    app.cli.add_command(group)
