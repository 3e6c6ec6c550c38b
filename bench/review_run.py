"""Writing an analysis of 50,000 passages: ``python -m bench.review_run``.

On a database of its own, laid by :mod:`bench.review_set`: how long it takes to read what a new run
has to respect, and to write the run, after 5,000 decisions; then the same as a first run, all that
was found and decided being taken away. What the machine would find is drawn by lot.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app import create_app
from app.consultations.models import Consultation
from app.core import clock
from app.core.db import db
from app.core.jobs.models import Job, JobState
from app.themes.corpus import read_corpus
from app.themes.engine import Found
from app.themes.history import history_of, key_of_theme
from app.themes.ledger.settling import compare
from app.themes.models import (
    AnalysisRun,
    EventPassage,
    Passage,
    Placement,
    Proposal,
    Theme,
    ThemeEvent,
)
from app.themes.operations import ANALYSE
from app.themes.queries import newest_run, themes_of
from app.themes.writing import write_analysis
from bench.submitters import ROOT, environment
from bench.workbench import SLUG, database
from config import Settings
from nlp.model import Analysis, PassageResult, QuotationResult, ThemeResult


@dataclass(frozen=True)
class Piece:
    """A passage as the run before had it."""

    answer_id: int
    start: int
    end: int
    language: str
    state: str
    theme_id: int | None
    margin: float
    copy_of: int | None


def pieces_of(session: Session, run: AnalysisRun) -> list[Piece]:
    """Return the passages of a run, in the order of the texts."""
    rows = session.execute(
        select(
            Passage.id,
            Passage.answer_id,
            Passage.start,
            Passage.end,
            Passage.language,
            Placement.found_state,
            Placement.found_theme_id,
            Placement.margin,
            Placement.copy_of_id,
        )
        .join(Placement, Placement.passage_id == Passage.id)
        .where(Placement.run_id == run.id)
        .order_by(Passage.answer_id, Passage.start)
    ).all()
    index = {row.id: number for number, row in enumerate(rows)}
    return [
        Piece(*row[1:8], None if row.copy_of_id is None else index[row.copy_of_id]) for row in rows
    ]


def found(pieces: list[Piece], themes: dict[int, Theme], *, is_first: bool, seed: int) -> Found:
    """Return an analysis in which one passage in twenty is elsewhere, one in fifty cut anew."""
    chance = random.Random(seed)
    numbers = sorted(themes)
    index = {number: at for at, number in enumerate(numbers)}
    n_new = 0 if is_first else 2
    passages = []
    for piece in pieces:
        theme = None if piece.theme_id is None else index[piece.theme_id]
        is_free = not is_first and piece.copy_of is None
        if theme is not None and is_free and chance.random() < 0.05:
            theme = chance.randrange(len(numbers) + n_new)
        cut = 1 if is_free and chance.random() < 0.02 else 0
        passages.append(
            PassageResult(
                key=str(piece.answer_id),
                start=piece.start,
                end=piece.end - cut,
                language=piece.language,
                state=piece.state,
                theme=theme,
                margin=piece.margin,
                copy_of=piece.copy_of,
            )
        )
    keys = [f"m-{n}" if is_first else key_of_theme(n) for n in numbers]
    keys += [f"new-{n}" for n in range(n_new)]
    sizes = Counter(p.theme for p in passages if p.state == "in_theme")
    quoted: dict[int, list[QuotationResult]] = defaultdict(list)
    for one in passages:
        if one.theme is not None and one.state == "in_theme" and len(quoted[one.theme]) < 8:
            quoted[one.theme].append(QuotationResult(one.key, one.start, one.end, one.language))
    results = []
    for at, key in enumerate(keys):
        name = themes[numbers[at]].found_name if at < len(numbers) else {}
        results.append(
            ThemeResult(
                index=at,
                name_fr=name.get("fr") or f"Thème nouveau {at}",
                name_ar=name.get("ar") or f"موضوع جديد {at}",
                keywords_fr=["mot", "autre"],
                keywords_ar=["كلمة", "أخرى"],
                n_passages=sizes[at],
                n_signatories=sizes[at],
                languages={},
                quotations=quoted[at],
                stability=0.8,
                key=key,
                broad=None,
            )
        )
    return Found(Analysis(passages, results, fingerprint=f"{seed:064d}", engine="bench"))


def new_run(session: Session, consultation: Consultation) -> AnalysisRun:
    """Add a run that is under way."""
    now = clock.now() + timedelta(hours=1)
    job = Job(kind=ANALYSE, state=JobState.DONE, created_at=now, payload={})
    session.add(job)
    session.flush()
    run = AnalysisRun(
        consultation_id=consultation.id, job_id=job.id, options={"seed": 0}, started_at=now
    )
    session.add(run)
    session.flush()
    return run


def forget(session: Session) -> None:
    """Take away all that was found and decided; the texts stay."""
    session.execute(update(Placement).values(decided_id=None))
    session.execute(update(AnalysisRun).values(previous_id=None))
    tables: list[Any] = [EventPassage, Placement, Proposal]
    for table in tables:
        session.execute(delete(table))
    session.execute(delete(ThemeEvent.__table__))
    session.execute(
        update(Theme).values(parent_id=None, state="ended", merged_into_id=None, excluded_reason="")
    )
    session.execute(delete(Theme))
    session.execute(delete(AnalysisRun))
    session.execute(delete(Passage))
    session.commit()


def measure(settings: Settings) -> bool:
    """Write a further run and a first one; return whether the ledger is right after both."""
    app = create_app(settings)
    is_right = True
    with app.app_context():
        session = db.session()
        consultation = session.query(Consultation).filter_by(slug=SLUG).one()
        before = session.scalars(newest_run(consultation.id)).one()
        pieces = pieces_of(session, before)
        themes = {t.id: t for t in session.scalars(themes_of(consultation.id, "active"))}
        known = [
            piece if piece.theme_id in themes else Piece(*_without_theme(piece)) for piece in pieces
        ]
        n_events = session.query(ThemeEvent).count()
        print(f"  {len(pieces)} passages, {n_events} events")
        for is_first in (False, True):
            analysis = found(known, themes, is_first=is_first, seed=1)
            if is_first:
                forget(session)
                session.expunge_all()
                consultation = session.query(Consultation).filter_by(slug=SLUG).one()
            what = "writing a first run" if is_first else "writing a further run"
            wrong = write(session, consultation, analysis, what)
            is_right &= not wrong
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MB{'' if is_right else ', THE LEDGER IS WRONG'}")
    return is_right


def _without_theme(piece: Piece) -> tuple[Any, ...]:
    """Return a passage of a theme that is no more, to arbitrate."""
    state = "to_arbitrate" if piece.state == "in_theme" else piece.state
    return (
        piece.answer_id,
        piece.start,
        piece.end,
        piece.language,
        state,
        None,
        0.1,
        piece.copy_of,
    )


def write(session: Session, consultation: Consultation, analysis: Found, what: str) -> bool:
    """Write a run, as the worker does; return whether the ledger is wrong then."""
    timed("reading the history", lambda: history_of(session, consultation.id))
    corpus = timed("reading the corpus", lambda: read_corpus(session, consultation.id))
    run, now = new_run(session, consultation), clock.now()

    def whole() -> None:
        """Write and commit."""
        write_analysis(session, run, corpus, analysis, now=now)
        session.commit()

    timed(what, whole)
    return bool(timed("comparing", lambda: compare(session, consultation.id)))


def timed(what: str, do: Any) -> Any:
    """Do something and say how long it took."""
    began, worked = time.perf_counter(), time.process_time()
    result = do()
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    print(f"  {what:<24}{seconds:7.1f} s, of which {worked:5.1f} s computing", flush=True)
    return result


def main() -> int:
    """Measure both databases; 1 if the ledger is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", default="postgresql://postgres@127.0.0.1:5432/postgres")
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    parser.add_argument("--passages", type=int, default=50_000)
    parser.add_argument("--decisions", type=int, default=5_000)
    options = parser.parse_args()
    is_right = True
    for kind in [options.only] if options.only else ["sqlite", "postgresql"]:
        print(kind)
        with (
            database(kind, options.server) as url,
            tempfile.TemporaryDirectory(prefix="tachawor-bench-") as instance,
        ):
            env = environment(url, instance)
            sizes = ["--passages", str(options.passages), "--decisions", str(options.decisions)]
            load = [sys.executable, "-m", "bench.review_set", *sizes]
            subprocess.run(load, cwd=ROOT, env=env, check=True)
            os.environ.update(TACHAWOR_PROFILE="demo", DATABASE_URL=url, TACHAWOR_INSTANCE=instance)
            is_right &= measure(Settings.from_environment())
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
