"""Jobs: a large file that leaves, and the look at one that comes in."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.consultations.models import Consultation
from app.core import clock
from app.core.access import Actor, System
from app.core.db import db, reading_only
from app.core.errors import ForbiddenError
from app.core.files.models import StoredFile
from app.core.files.operations import keep_for_a_day, open_file
from app.core.i18n import in_language
from app.core.jobs import Job, JobControl, handler
from app.themes.codebook.coded import Progress, silent
from app.themes.codebook.exporting import (
    EXPORT,
    FORMATS,
    LIMIT,
    Export,
    exportable_part,
    file_name,
    regions_of,
    write_kept,
)
from app.themes.codebook.importing import CHECK, plan_import, read_or_refuse, rehearse
from app.themes.codebook.plans import Plan

#: Stages, as pages name them.
WRITING, CHECKING = "codebook_writing", "codebook_checking"


def actor_of(session: Session, user_id: int | None) -> Actor:
    """Return who asked for a job, with what they may do today.

    :raises ForbiddenError: if the account is gone.
    """
    if user_id is None:
        return System("command line")
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise ForbiddenError
    list(user.grants)  # read now, to be asked when the session is closed
    return user


@handler(EXPORT)
def write_export(control: JobControl) -> None:
    """Write a file of passages, and keep it for a day for whoever asked for it."""
    payload = control.payload
    if "file_id" in control.checkpoint:
        return
    with TemporaryDirectory(prefix="codebook-") as folder:
        path = Path(folder) / "export"
        with reading_only(), Session(db.engine) as session, in_language(payload["lang"]):
            job = session.get_one(Job, control.job_id)
            consultation = session.get_one(Consultation, payload["consultation_id"])
            part = exportable_part(session, actor_of(session, job.created_by_id), consultation.id)
            export = Export(
                session,
                consultation,
                part,
                payload["lang"],
                on_progress=lambda share: control.report(WRITING, share),
            )
            words, remarks = write_kept(session, export, payload["kind"], path, consultation.id)
            said = [remark.text() for remark in remarks]
            name = file_name(consultation, payload["kind"], payload["lang"])
            user_id, n_passages = job.created_by_id, export.n_passages
        with Session(db.engine) as session, path.open("rb") as source:
            control.secure(session)
            file = keep_for_a_day(
                session,
                source,
                name=name,
                media_type=FORMATS[payload["kind"]].media_type,
                actor_id=user_id,
                now=clock.now(),
                limit=LIMIT,
            )
            kept = {
                "file_id": file.id,
                "words": words,
                "regions": regions_of(part),
                "n": n_passages,
                "remarks": said,
            }
            control.write(session, checkpoint=kept)
            session.commit()


@handler(CHECK)
def check_import(control: JobControl) -> None:
    """Say what importing a file would do, and change nothing."""
    payload = control.payload
    if "plan" in control.checkpoint:
        return
    control.report(CHECKING, 0.1)
    with reading_only(), Session(db.engine, expire_on_commit=False) as session:
        file = session.get_one(StoredFile, payload["file_id"])
        actor = actor_of(session, session.get_one(Job, control.job_id).created_by_id)
    plan = look_at(
        actor,
        payload["consultation_id"],
        open_file(file),
        name=file.name,
        lang=payload["lang"],
        on_progress=lambda share: control.report(CHECKING, share),
    )
    control.note(plan=plan.as_json())


def look_at(
    actor: Actor,
    consultation_id: int,
    path: Path,
    *,
    name: str,
    lang: str,
    on_progress: Progress = silent,
) -> Plan:
    """Say what importing a file would do; no transaction is open while the file is read."""
    with in_language(lang):
        held = read_or_refuse(path, name=name, lang=lang)
        if isinstance(held, Plan):
            return held
        on_progress(0.5)
        with reading_only(), Session(db.engine) as session:
            consultation = session.get_one(Consultation, consultation_id)
            plan = plan_import(session, consultation, held, name=name, lang=lang)
        on_progress(0.9)
        if plan.changes:
            with Session(db.engine) as session:
                consultation = session.get_one(Consultation, consultation_id)
                rehearse(session, actor, consultation, plan, now=clock.now())
    return plan
