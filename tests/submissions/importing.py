"""Importing a file in a test: the job is begun as pages and the command do, and done at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core.access import Actor, System
from app.core.jobs import run as run_job
from app.core.jobs.folders import give_file
from app.core.tables import ReadingOptions, open_table
from app.submissions.imports.mapping import ColumnMapping
from app.submissions.imports.operations import begin_import
from app.submissions.models import ImportBatch
from tests.conftest import NOW

ACTOR = System("tests")


def import_file(
    session: Session,
    consultation: Consultation,
    path: Path,
    mapping: ColumnMapping,
    actor: Actor = ACTOR,
    on_progress: Any = None,
    **options: Any,
) -> ImportBatch:
    """Import a file by its job and return the record."""
    try:
        batch = begin_import(
            session,
            actor,
            consultation,
            open_table(path, limit=10**8),
            mapping,
            options=ReadingOptions(),
            file_name=path.name,
            now=NOW,
            **options,
        )
        batch_id, job_id = batch.id, batch.job_id or 0
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        give_file(app, job_id, path, "rows")
        session.commit()
        run_job(app, job_id, on_progress=on_progress)
    finally:
        session.rollback()
    return session.get_one(ImportBatch, batch_id)
