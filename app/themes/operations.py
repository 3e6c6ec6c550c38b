"""Start analyses; what people decide on their themes is in :mod:`app.themes.deciding`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.consultations.models import ANALYSED, Consultation
from app.core import audit
from app.core.access import Actor, ensure
from app.core.jobs import JobOpenError, enqueue
from app.themes import errors
from app.themes.ledger.recording import DECIDERS
from app.themes.models import AnalysisRun
from app.themes.queries import long_texts, open_run

#: Kind of the job; :mod:`app.themes.tasks` does it.
ANALYSE = "themes.analyse"


def start_analysis(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    *,
    n_themes: int | None = None,
    seed: int = 0,
    now: datetime,
) -> AnalysisRun:
    """Add a run and its job, flushed; the caller commits, then announces the job.

    :param n_themes: number of themes, or None to let the data choose.
    :raises AnalysisUnderWayError: if an analysis of this consultation waits or runs.
    :raises NothingToAnalyseError: if no submission has a text.
    """
    ensure(actor, *DECIDERS, consultation=consultation.id)
    texts = long_texts(consultation.id, *ANALYSED)
    if session.execute(texts.limit(1)).first() is None:
        raise errors.NothingToAnalyseError
    options = {"n_themes": n_themes, "unit": "passage", "seed": seed}
    try:
        job = enqueue(
            session,
            ANALYSE,
            {"consultation_id": consultation.id},
            actor=actor,
            now=now,
            exclusive=f"{ANALYSE}:{consultation.id}",
        )
    except JobOpenError as error:
        under_way = session.scalars(open_run(consultation.id)).first()
        raise errors.AnalysisUnderWayError(under_way.id if under_way else None) from error
    run = AnalysisRun(
        consultation_id=consultation.id, job_id=job.id, options=options, started_at=now
    )
    session.add(run)
    session.flush()
    audit.record(session, actor, "themes.start", at=now, target=run, detail=options)
    return run
