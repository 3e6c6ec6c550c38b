"""A worker is killed in the middle of a real analysis; another one goes on to the same result."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from sqlalchemy import create_engine, select

from app import create_app
from app.core import clock
from app.core.access import System
from app.core.db import db
from app.core.jobs.models import Job
from app.core.jobs.queue import announce
from app.territories.operations import load_territories
from app.themes.models import Passage, Placement, Theme
from app.themes.operations import start_analysis
from config import Settings
from tests.factories import ConsultationFactory, submission

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "app" / "demonstration" / "data" / "corpus"
SERVER = os.environ.get("TACHAWOR_TEST_DATABASE", "")
#: Longest wait for anything, on a machine that does other things too.
PATIENCE = 240.0


class Instance:
    """An instance of the product on a database of its own, whose commands are real processes."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder = folder
        self.name = database
        self.processes: list[subprocess.Popen[bytes]] = []
        folder.mkdir()

    @property
    def settings(self) -> Settings:
        """The instance's settings."""
        address = f"{SERVER.rsplit('/', 1)[0]}/{self.name}" if SERVER else ""
        return Settings(
            profile="demo",
            instance=self.folder,
            database_url=address,
            secret_key="a key for tests that is long enough, and known",
            serve_over_https=False,
        )

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a command in a process of its own."""
        settings = self.settings
        environment = os.environ | {
            "TACHAWOR_PROFILE": settings.profile,
            "TACHAWOR_INSTANCE": str(self.folder),
            "DATABASE_URL": settings.database_url,
            "SECRET_KEY": settings.secret_key,
        }
        command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self.processes.append(process)
        return process

    def said(self) -> str:
        """Return what the instance's processes have written."""
        return "".join(log.read_text() for log in sorted(self.folder.glob("*.log")))

    def query(self, selection: Any) -> list[Any]:
        """Read the database."""
        engine = create_engine(self.settings.sqlalchemy_url)
        try:
            with engine.connect() as connection:
                return list(connection.execute(selection))
        finally:
            engine.dispose()

    def wait(self, what: str, until: Callable[[], bool]) -> None:
        """Wait for something to be so."""
        deadline = time.monotonic() + PATIENCE
        while not until():
            alive = any(process.poll() is None for process in self.processes)
            assert alive, f"no {what}, and nobody is at work:\n{self.said()}"
            assert time.monotonic() < deadline, f"no {what}:\n{self.said()}"
            time.sleep(0.05)

    def job(self) -> Any:
        """Return the job's state, attempts and error."""
        of_analyses = Job.kind == "themes.analyse"
        [row] = self.query(select(Job.state, Job.attempts, Job.error).where(of_analyses))
        return row

    def placements(self) -> list[Any]:
        """Return everything that the analysis wrote, in order."""
        return self.query(
            select(
                Passage.answer_id, Passage.start, Passage.end, Passage.language, Passage.sha256,
                Placement.state, Placement.theme_id, Placement.margin, Placement.copy_of_id,
                Placement.quotation_rank, Theme.name, Theme.keywords, Theme.stability,
            )
            .join(Placement, Placement.passage_id == Passage.id)
            .outerjoin(Theme, Placement.theme_id == Theme.id)
            .order_by(Passage.answer_id, Passage.start)
        )  # fmt: skip


def on_server(statement: str) -> None:
    """Run a statement on the PostgreSQL server, where there is one."""
    if SERVER:
        import psycopg

        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture
def instances(tmp_path: Path, worker_id: str) -> Iterator[tuple[Instance, Instance]]:
    """Two instances with the same submissions and an analysis that waits."""
    first = Instance(tmp_path / "killed", f"tachawor_killed_{worker_id}")
    second = Instance(tmp_path / "steady", f"tachawor_steady_{worker_id}")
    for instance in (first, second):
        on_server(f'DROP DATABASE IF EXISTS "{instance.name}" WITH (FORCE)')
    on_server(f'CREATE DATABASE "{first.name}"')
    fill(first)
    on_server(f'CREATE DATABASE "{second.name}" TEMPLATE "{first.name}"')
    if not SERVER:
        source = sqlite3.connect(first.folder / "tachawor.sqlite3")
        copy = sqlite3.connect(second.folder / "tachawor.sqlite3")
        source.backup(copy)
        source.close()
        copy.close()
    yield first, second
    for instance in (first, second):
        for process in instance.processes:
            process.kill()
            process.wait()
        on_server(f'DROP DATABASE IF EXISTS "{instance.name}" WITH (FORCE)')
        shutil.rmtree(instance.folder)


def fill(instance: Instance) -> None:
    """Make the database, add answers of the demonstration's corpus, start an analysis."""
    app = create_app(instance.settings)
    with app.app_context():
        upgrade()
        load_territories(db.session)
        consultation = ConsultationFactory(slug="big-enough")
        for name in ("fr", "ar", "darija"):
            lines = (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            for line in lines[:40]:
                answers = json.loads(line)["answers"].values()
                parts = [part["text"] for answer in answers for part in answer]
                submission(consultation, " ".join(parts))
        db.session.flush()
        run = start_analysis(db.session, System(), consultation, now=clock.now())
        db.session.commit()
        announce(run.job_id)
        db.session.remove()
        db.engine.dispose()


def test_another_worker_takes_up_a_killed_ones_analysis_within_a_minute_and_ends_like_it_would_have(
    instances: tuple[Instance, Instance],
) -> None:
    killed, steady = instances
    worker = killed.start("worker", "run")
    killed.wait("checkpoint", lambda: any(killed.folder.glob("jobs/*/copies.npz")))

    worker.send_signal(signal.SIGKILL)
    worker.wait()
    killed_at = time.monotonic()
    assert killed.job()[:2] == ("running", 1)
    assert killed.placements() == []
    killed.start("worker", "run")
    # Meanwhile, the same analysis without any interruption.
    uninterrupted = steady.start("themes", "analyse", "big-enough")
    killed.wait("second attempt", lambda: killed.job().attempts == 2)
    taken_up_after = time.monotonic() - killed_at
    killed.wait("end", lambda: killed.job().state in {"done", "failed"})
    uninterrupted.wait(PATIENCE)

    assert killed.job() == ("done", 2, "")
    assert taken_up_after < 60
    assert steady.job() == ("done", 1, ""), steady.said()
    rows = killed.placements()
    assert len(rows) > 150
    assert len({row.theme_id for row in rows}) > 3
    assert rows == steady.placements()
    assert not any(killed.folder.glob("jobs/*"))
