"""Files that come in: kept for a day, looked at by a job, done once somebody has confirmed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor, ensure
from app.core.errors import DomainError
from app.core.files.models import StoredFile
from app.core.files.operations import delete_file, keep_for_a_day
from app.core.jobs import Job, enqueue
from app.themes.codebook import errors
from app.themes.codebook.applying import apply_plan
from app.themes.codebook.exporting import file_language, file_of, get_run
from app.themes.codebook.planning import plan_codebook
from app.themes.codebook.plans import MOST_LISTED, Outcome, Plan, Problem, plan_from_json
from app.themes.codebook.reading import LIMIT, Held, read_file
from app.themes.codebook.recoding import plan_passages
from app.themes.exchange.errors import RowsRefusedError
from app.themes.ledger.recording import DECIDERS

#: Kind of the job that says what a file would do.
CHECK = "themes.codebook.check"
#: Files up to this size, in bytes, are looked at while their sender waits.
SMALL = 512 * 1024


def read_or_refuse(path: Path, *, name: str, lang: str) -> Held | Plan:
    """Return what a file holds, or the plan that says why it cannot be taken; asks no database."""
    try:
        return read_file(path, language=file_language(lang))
    except RowsRefusedError as error:
        return _refused(error, name, lang)
    except DomainError as error:
        return Plan("refused", lang, file_name=name, refusal=error.text())


def plan_import(
    session: Session, consultation: Consultation, held: Held, *, name: str, lang: str
) -> Plan:
    """Return what importing would do; only reads."""
    run = get_run(session, consultation)
    if held.passages is not None:
        plan = plan_passages(session, consultation, run, held.passages, held.book, lang=lang)
    else:
        assert held.book is not None  # noqa: S101  a file without passages is a codebook
        plan = plan_codebook(session, consultation, held.book, lang=lang)
    plan.file_name = name
    plan.remarks = [remark.text() for remark in held.remarks][:MOST_LISTED]
    return plan


def rehearse(
    session: Session, actor: Actor, consultation: Consultation, plan: Plan, *, now: datetime
) -> None:
    """Take the decisions on themes and take them back, so that the plan says what is refused."""
    run = get_run(session, consultation)
    tried = apply_plan(session, actor, consultation, run, plan, also_changed=True, now=now)
    session.rollback()
    for problem in tried.problems:
        plan.blame(problem)


def _refused(error: RowsRefusedError, name: str, lang: str) -> Plan:
    """Return the plan of a file with wrong rows: nothing, and why."""
    plan = Plan("refused", lang, file_name=name, refusal=error.text())
    for one in error.problems:
        plan.blame(Problem(one.error.text(), row=one.row, column=one.column, sheet=one.sheet))
    plan.n_problems = int(str(error.values["count"]))
    return plan


def begin_check(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    source: IO[bytes],
    *,
    name: str,
    lang: str,
    now: datetime,
) -> tuple[Job, StoredFile]:
    """Keep a file and ask what it would do; the caller commits, then has the job done.

    :raises ForbiddenError: if ``actor`` may not decide on the whole consultation.
    :raises NoAnalysisError: before the first analysis.
    """
    ensure(actor, *DECIDERS, consultation=consultation.id)
    get_run(session, consultation)
    file = keep_for_a_day(
        session,
        source,
        name=name,
        media_type="application/octet-stream",
        actor_id=actor.id,
        now=now,
        limit=LIMIT,
    )
    payload = {"consultation_id": consultation.id, "file_id": file.id, "lang": lang}
    return enqueue(session, CHECK, payload, actor=actor, now=now), file


def confirm(
    session: Session, actor: Actor, job: Job, *, also_changed: bool, now: datetime
) -> Outcome:
    """Do what the plan of a checked file says, once; the file is deleted.

    :raises ImportOverError: if it was done already, or the file is gone.
    """
    job = session.scalars(select(Job).where(Job.id == job.id).with_for_update()).one()
    session.refresh(job, ["checkpoint"])
    file = file_of(session, job)
    if file is None or "plan" not in job.checkpoint:
        raise errors.ImportOverError
    consultation = session.get_one(Consultation, job.payload["consultation_id"])
    plan = plan_from_json(job.checkpoint["plan"])
    outcome = apply_plan(
        session,
        actor,
        consultation,
        get_run(session, consultation),
        plan,
        also_changed=also_changed,
        now=now,
    )
    job.checkpoint = {"outcome": outcome.as_json(), "file_name": plan.file_name, "lang": plan.lang}
    delete_file(session, file, now=now)
    return outcome


def discard(session: Session, job: Job, *, now: datetime) -> None:
    """Delete a file and what was found in it."""
    file = file_of(session, job)
    if file is not None:
        delete_file(session, file, now=now)
    job.checkpoint = {}
    session.flush()
