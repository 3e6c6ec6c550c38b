"""Seconds and SQL statements of letters by the thousand: ``make bench-letters``.

    python -m bench.letters [--url postgresql://...] [LETTERS ...]

Lays a review with so many contributors whose words are in one theme and who left an address (1,250
and 5,000 unless told otherwise) into a database of its own, SQLite in a temporary folder or the
empty one of ``--url``. The ministry answers the theme, then changes its answer; each time the
worker's own jobs write the letters into the outbox and send them to a mail server (aiosmtpd) in a
process beside, which counts connections. What grows faster than the letters shows between the rows.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Talk
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, func, insert, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.commitments.answers.content import Content
from app.commitments.answers.operations import save
from app.commitments.answers.queries import find_answer
from app.commitments.answers.telling import KIND
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import System
from app.core.db import Texts, db
from app.core.jobs import Job
from app.core.jobs.models import JobState
from app.core.jobs.operations import run
from app.core.jobs.queue import sweep
from app.core.mail import Letter
from app.core.mail.tasks import KIND as MAIL
from app.reports.models import Report
from app.submissions.models import Contact
from app.themes.models import Passage, PassageState, Placement, Theme
from bench.review_set import load_review
from config import MailSettings, Settings

STAFF = System("bench")
#: Passages a submission, as :mod:`bench.review_set` lays them, with some to spare.
_PASSAGES = 6
#: A report's body has its claims with their evidence; this stands for some megabytes of them.
_CLAIMS = [{"id": f"claim.{number}", "evidence": "0" * 1000} for number in range(2_000)]


class _Sink:
    """Takes every letter and keeps none."""

    def __init__(self, n_letters: Any) -> None:
        self.n_letters = n_letters

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Talk, _envelope: Envelope
    ) -> str:
        """Count a letter."""
        self.n_letters.value += 1
        return "250 Accepted"


class _Counting(Controller):
    """Counts the connections."""

    def __init__(self, port: int, n_letters: Any, n_connections: Any) -> None:
        super().__init__(_Sink(n_letters), hostname="127.0.0.1", port=port)
        self.n_connections = n_connections

    def factory(self) -> SMTP:
        """Make what speaks over one connection; the controller makes one to see that it answers."""
        self.n_connections.value += 1
        return super().factory()


def _serve(port: int, n_letters: Any, n_connections: Any) -> None:
    """Be the mail server until the process is ended."""
    _Counting(port, n_letters, n_connections).start()
    while True:
        time.sleep(3600)


@dataclass
class Office:
    """The mail server of a measurement."""

    port: int
    n_letters: Any
    n_connections: Any


@contextmanager
def mail_server() -> Iterator[Office]:
    """Open a mail server in a process of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    context = multiprocessing.get_context("spawn")
    office = Office(port, context.Value("i", 0), context.Value("i", 0))
    process = context.Process(
        target=_serve, args=(port, office.n_letters, office.n_connections), daemon=True
    )
    process.start()
    try:
        for _try in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield office
    finally:
        process.terminate()
        process.join()


@dataclass
class Figures:
    """What a stretch of work cost."""

    wall: float = 0.0
    cpu: float = 0.0
    n_statements: int = 0
    n_commits: int = 0


@contextmanager
def measuring() -> Iterator[Figures]:
    """Measure seconds, and statements and commits of every connection."""
    figures = Figures()

    def statement(_connection: Any, _cursor: Any, words: str, *_arguments: Any) -> None:
        """Count a statement; PostgreSQL's driver begins transactions unseen, so none counts."""
        figures.n_statements += not words.startswith("BEGIN")

    def commit(*_arguments: Any) -> None:
        """Count a commit."""
        figures.n_commits += 1

    event.listen(db.engine, "before_cursor_execute", statement)
    event.listen(db.engine, "commit", commit)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        yield figures
    finally:
        figures.wall, figures.cpu = time.perf_counter() - wall, time.process_time() - cpu
        event.remove(db.engine, "before_cursor_execute", statement)
        event.remove(db.engine, "commit", commit)


def load(session: Session, n_letters: int) -> int:
    """Lay so many contributors with an address into one theme of a report; return its number."""
    loaded = load_review(session, n_passages=_PASSAGES * n_letters, n_decisions=0)
    theme, now = loaded.themes[0], clock.now()
    firsts = session.execute(
        select(Passage.submission_id, func.min(Passage.id)).group_by(Passage.submission_id)
    ).all()
    told = firsts[:n_letters]
    # Everybody else speaks of other themes.
    session.execute(
        update(Placement)
        .where(Placement.theme_id == theme.id)
        .values(theme_id=loaded.themes[1].id, found_theme_id=loaded.themes[1].id)
    )
    for begin in range(0, len(told), 500):
        some = [passage for _submission, passage in told[begin : begin + 500]]
        session.execute(
            update(Placement)
            .where(Placement.passage_id.in_(some))
            .values(state=PassageState.IN_THEME, theme_id=theme.id, found_theme_id=theme.id)
        )
    session.execute(
        insert(Contact.__table__),
        [
            {
                "submission_id": submission,
                "email": f"person{submission}@example.org",
                "lang": "ar" if number % 3 == 0 else "fr",
                "given_at": now,
            }
            for number, (submission, _passage) in enumerate(told)
        ],
    )
    session.add(
        Report(
            consultation_id=loaded.consultation.id,
            run_id=loaded.run.id,
            version=1,
            label="1.0",
            published_at=now,
            body={"themes": [{"id": one.id} for one in loaded.themes], "claims": _CLAIMS},
            sha256="0" * 64,
        )
    )
    session.commit()
    return theme.id


def answer(session: Session, theme_id: int, words: str) -> None:
    """Answer the theme, or change the answer, for everybody to read."""
    theme, known = session.get_one(Theme, theme_id), find_answer(session, theme_id)
    text = Texts(fr=words, ar=words)
    save(
        session,
        STAFF,
        session.get_one(Consultation, theme.consultation_id),
        theme,
        Content(state="taken_up", text=text, reason=Texts(), passed_to=Texts()),
        seen=known.revision if known else 0,
        publish=True,
        now=clock.now(),
    )
    session.commit()


def do_jobs(app: Flask, kind: str) -> None:
    """Do the jobs of a kind that wait, as a worker does."""
    waiting = select(Job.id).where(Job.kind == kind, Job.state == JobState.QUEUED)
    ids = list(db.session.scalars(waiting))
    db.session.commit()
    for job_id in ids:
        run(app, job_id)
    db.session.remove()


def measure(app: Flask, office: Office, n_letters: int) -> None:
    """Answer, then change the answer; print what the letters of each cost."""
    with app.app_context():
        upgrade()
        theme_id = load(db.session(), n_letters)
        for change in ("answered", "changed"):
            answer(db.session(), theme_id, f"Nous ouvrons vingt crèches ({change}).")
            before = db.session.scalar(select(func.count()).select_from(Letter)) or 0
            db.session.commit()
            with measuring() as written:
                do_jobs(app, KIND)
            n = (db.session.scalar(select(func.count()).select_from(Letter)) or 0) - before
            db.session.commit()
            connections, letters = office.n_connections.value, office.n_letters.value
            sweep()
            with measuring() as sent:
                do_jobs(app, MAIL)
            tell("queue", n_letters, n, change, written)
            n = office.n_letters.value - letters
            tell("send", n_letters, n, change, sent, office.n_connections.value - connections)
        db.engine.dispose()


def tell(
    what: str, asked: int, n: int, change: str, cost: Figures, connections: int | None = None
) -> None:
    """Print a row.

    :raises SystemExit: if there are not as many letters as contributors.
    """
    if n != asked:
        raise SystemExit(f"{what}: {n} letters of {asked}")
    print(
        f"{n:>8} {change:9} {what:6} {cost.wall:8.2f} {cost.cpu:8.2f} {1000 * cost.wall / n:10.2f} "
        f"{cost.n_statements / n:11.2f} {cost.n_commits / n:12.2f} "
        f"{'' if connections is None else connections:>11}",
        flush=True,
    )


def main() -> None:
    """Measure each number of letters."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("letters", type=int, nargs="*", default=[1_250, 5_000])
    parser.add_argument("--url", default="", help="an empty database; for one number of letters")
    options = parser.parse_args()
    print(
        f"{'letters':>8} {'the theme':9} {'':6} {'wall s':>8} {'cpu s':>8} {'ms/letter':>10} "
        f"{'SQL/letter':>11} {'commit/letter':>12} {'connections':>11}"
    )
    for n_letters in options.letters:
        with tempfile.TemporaryDirectory() as folder, mail_server() as office:
            settings = Settings(
                profile="demo",
                instance=Path(folder),
                database_url=options.url,
                secret_key="a key for one measurement, long enough",
                public_url="https://tachawor.example",
                mail=MailSettings(
                    host="127.0.0.1",
                    port=office.port,
                    sender="Tachawor <no-reply@tachawor.example>",
                ),
            )
            measure(create_app(settings), office, n_letters)


if __name__ == "__main__":
    main()
