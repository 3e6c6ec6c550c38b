"""Pages, seconds and size of the report's files, in French and in Arabic: ``make bench-reports``.

    python -m bench.reports [--instance FOLDER] [--runs 3] [CONSULTATION]

Without ``--instance`` the demonstration is made anew in a temporary folder. A figure is the median
of the runs, all in this process: the first also makes ready what is kept afterwards (faces and
drawings of charts). The report is the newest published version, else the open draft, else one made
for the purpose. Seconds of the processor stand beside those of the clock, since a machine is seldom
alone.
"""

from __future__ import annotations

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pypdf import PdfReader


def body_of(slug: str | None) -> dict[str, Any]:
    """Return the body to print."""
    from sqlalchemy import select

    from app.consultations.models import Consultation
    from app.core.db import db
    from app.reports.body import build
    from app.reports.drafting.queries import find_open
    from app.reports.queries import newest_report

    selection = select(Consultation)
    if slug:
        selection = selection.where(Consultation.slug == slug)
    for consultation in db.session.scalars(selection):
        report = newest_report(db.session, consultation.id)
        draft = find_open(db.session, consultation.id)
        if report is not None or draft is not None:
            return dict((report or draft).body)  # type: ignore[union-attr]
    consultation = db.session.scalars(selection).first()
    if consultation is None:
        raise SystemExit("There is no such consultation.")
    return build(db.session, consultation).body


def measure(body: dict[str, Any], lang: str, runs: int) -> str:
    """Print a body some times and say what it took."""
    from app.reports.operations import Edition
    from app.reports.rendering import render_pdf

    edition = Edition(version=1, label="1.0", published_at=datetime.now(UTC), sha256="0" * 64)
    walls, cores, content = [], [], b""
    for _run in range(runs):
        wall, core = time.perf_counter(), time.process_time()
        content = render_pdf(body, edition, lang)
        walls.append(time.perf_counter() - wall)
        cores.append(time.process_time() - core)
    pages = len(PdfReader(io.BytesIO(content)).pages)
    wall = statistics.median(walls)
    return (
        f"{lang}  {pages:4d} pages  {wall:6.1f} s ({min(walls):.1f} to {max(walls):.1f}, "
        f"processor {statistics.median(cores):.1f} s)  {60 * wall / pages:5.1f} s for 60 pages  "
        f"{len(content) / 1e6:.2f} MB"
    )


def demonstration(folder: Path) -> None:
    """Make the demonstration in a folder."""
    environment = os.environ | {"TACHAWOR_INSTANCE": str(folder), "FLASK_APP": "wsgi"}
    for command in (["db", "upgrade"], ["demonstration", "prepare", "--out", str(folder / "out")]):
        subprocess.run(
            [sys.executable, "-m", "flask", *command],
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def main() -> None:
    """Measure both languages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("consultation", nargs="?", help="its short name; the first one without")
    parser.add_argument("--instance", type=Path, help="an instance that is there already")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    os.environ.setdefault("TACHAWOR_PROFILE", "demo")
    with tempfile.TemporaryDirectory() as folder:
        if given.instance is None:
            demonstration(Path(folder))
        os.environ["TACHAWOR_INSTANCE"] = str(given.instance or folder)
        from wsgi import app

        with app.app_context():
            body = body_of(given.consultation)
            for lang in ("fr", "ar"):
                print(measure(body, lang, given.runs))


if __name__ == "__main__":
    main()
