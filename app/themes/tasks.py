"""The analysis as a durable job."""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit, clock
from app.core.access import System
from app.core.db import db, reading_only
from app.core.jobs import Job, JobControl, JobLostError, handler
from app.themes import engine, forgetting, searchable
from app.themes.codebook import forgetting as codebook_forgetting
from app.themes.codebook import tasks as codebook_tasks
from app.themes.corpus import Corpus, read_corpus, read_frozen_corpus
from app.themes.exploring.extras import extras_of, pieces_of
from app.themes.history import history_of
from app.themes.models import AnalysisRun
from app.themes.operations import ANALYSE
from app.themes.passages import unread_of
from app.themes.proposals import dividing
from app.themes.stages import DIVIDING, MAP, READING, WRITING, overall
from app.themes.writing import write_analysis

__all__ = ["analyse_consultation", "checkpoint_folder", "forgetting", "searchable"]
__all__ = ["analyse_consultation", "checkpoint_folder", "divide_theme", "forgetting"]
__all__ = [
    "analyse_consultation",
    "checkpoint_folder",
    "codebook_forgetting",
    "codebook_tasks",
    "forgetting",
]


@handler(ANALYSE)
def analyse_consultation(control: JobControl) -> None:
    """Read the corpus, find its themes, write them; resumable at any point.

    No transaction is open while the themes are sought, so that everybody else can write meanwhile.
    """
    with reading_only(), Session(db.engine, expire_on_commit=False) as session:
        run = session.scalars(select(AnalysisRun).where(AnalysisRun.job_id == control.job_id)).one()
    folder = checkpoint_folder(control, control.job_id)
    if run.finished_at is None:
        try:
            _analyse(control, run, folder)
        except JobLostError:
            # The files are now another worker's.
            raise
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    shutil.rmtree(folder, ignore_errors=True)


def _analyse(control: JobControl, run: AnalysisRun, folder: Path) -> None:
    """Do the work of a run that is not finished."""
    control.report(READING, overall(READING, 0.0))
    _forget_old_checkpoints(control)
    corpus = _freeze(control, run.consultation_id)
    with reading_only(), Session(db.engine) as session:
        history = history_of(session, run.consultation_id)
    found = engine.analyse(
        corpus,
        run.options,
        history=history,
        folder=folder,
        progress=lambda stage, done: control.report(stage, overall(stage, done)),
    )
    control.report(MAP, overall(MAP, 0.0))
    with reading_only(), Session(db.engine) as session:
        unread = unread_of(session, run.consultation_id, found.analysis)
    extras = extras_of(
        pieces_of(corpus, found.analysis),
        unread=unread,
        seed=run.options["seed"],
        progress=lambda done: control.report(MAP, overall(MAP, done)),
    )
    control.report(WRITING, overall(WRITING, 0.0))
    with Session(db.engine) as session:
        control.secure(session)
        # The offsets were computed long ago: they are written only on the very same texts.
        read_frozen_corpus(session, run.consultation_id, corpus.answer_ids, corpus.sha256)
        row = session.get_one(AnalysisRun, run.id)
        write_analysis(session, row, corpus, found, extras=extras, now=clock.now())
        audit.record(
            session,
            System(),
            "themes.analysed",
            at=clock.now(),
            target=row,
            detail={"passages": row.n_passages, "themes": len(found.analysis.themes)},
        )
        # Writing may have outlasted the lease; whoever waits for the row must find it renewed.
        control.secure(session)
        session.commit()


def _freeze(control: JobControl, consultation_id: int) -> Corpus:
    """Return the corpus that the first worker of this job found, noting it if that is us."""
    kept = control.checkpoint
    with reading_only(), Session(db.engine) as session:
        if "sha256" in kept:
            return read_frozen_corpus(session, consultation_id, kept["answers"], kept["sha256"])
        corpus = read_corpus(session, consultation_id)
    control.note(answers=corpus.answer_ids, sha256=corpus.sha256)
    return corpus


@handler(dividing.DIVIDE)
def divide_theme(control: JobControl) -> None:
    """Divide a theme and write the parts as proposals; done again from the start if interrupted."""
    if "n_made" in control.checkpoint:
        return
    control.report(READING, 0.05)
    with reading_only(), Session(db.engine) as session:
        asked = dividing.read(session, control.payload["theme_id"])
    control.report(DIVIDING, 0.2)
    division = engine.divide(
        [member.words for member in asked.members], [member.language for member in asked.members]
    )
    control.report(WRITING, 0.95)
    with Session(db.engine) as session:
        control.secure(session)
        written = dividing.write(session, asked, division, now=clock.now())
        control.write(
            session,
            checkpoint={"n_made": written.n_made, "n_decided": written.n_decided},
        )
        session.commit()


def checkpoint_folder(control: JobControl, job_id: int) -> Path:
    """Return the folder of a job's checkpoint files."""
    return Path(control.app.config["INSTANCE"]) / "jobs" / str(job_id)


def _forget_old_checkpoints(control: JobControl) -> None:
    """Remove the files of jobs that ended without being able to (the last worker was killed)."""
    parent = checkpoint_folder(control, control.job_id).parent
    found = (
        {int(f.name): f for f in parent.glob("*") if f.name.isdigit()} if parent.is_dir() else {}
    )
    with reading_only(), Session(db.engine) as session:
        jobs = session.scalars(select(Job).where(Job.id.in_(found)))
        over = [found[job.id] for job in jobs if job.is_over]
    for folder in over:
        shutil.rmtree(folder, ignore_errors=True)
