"""When answers are erased, files that may hold their words go at once, not with the day's sweep."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock
from app.core.files.operations import delete_file
from app.core.jobs import Job
from app.submissions.afterwards.applying import before_forgetting
from app.submissions.models import Answer, Submission
from app.themes.codebook.exporting import EXPORT, file_of
from app.themes.codebook.importing import CHECK


@before_forgetting
def delete_files(session: Session, answer_ids: Collection[int]) -> None:
    """Delete the files prepared from, and sent to, the consultations of some answers."""
    concerned = set(
        session.scalars(
            select(Submission.consultation_id)
            .join(Answer, Answer.submission_id == Submission.id)
            .where(Answer.id.in_(list(answer_ids)))
            .distinct()
        )
    )
    for job in session.scalars(select(Job).where(Job.kind.in_((EXPORT, CHECK)))):
        if job.payload.get("consultation_id") not in concerned:
            continue
        file = file_of(session, job)
        if file is not None:
            # The hook is not told the hour, and the row only remembers when its bytes went.
            delete_file(session, file, now=clock.now())
        # What a look at a file found quotes it.
        job.checkpoint = {}
    session.flush()
