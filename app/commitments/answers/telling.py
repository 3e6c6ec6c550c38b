"""Marking that people are to be told; a worker writes the letters (:mod:`.tasks`).

The mark is a job's row in the transaction of what is to be told: it is lost with it, or kept with
it, and thousands of letters keep nobody's request waiting. The worker's sweep finds it in seconds.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.commitments.models import Measure, ThemeAnswer
from app.core.access import Actor
from app.core.jobs import Job, JobOpenError, enqueue

KIND = "commitments.letters"


def tell_of_answer(
    session: Session, actor: Actor, answer: ThemeAnswer, *, now: datetime
) -> Job | None:
    """Have those who spoke of a theme told of its answer as it stands, flushed.

    :returns: the job, None if there is nothing to tell or it waits already.
    """
    if answer.published_at is None:
        return None
    return _mark(session, actor, "answer", answer.id, answer.revision, now=now)


def tell_of_measure(
    session: Session, actor: Actor, measure: Measure, *, now: datetime
) -> Job | None:
    """Have those whose words a measure answers told how it stands, flushed.

    It is called after the measure's event is added: its revision makes the letter another one.

    :returns: the job, None if there is nothing to tell or it waits already.
    """
    if not measure.is_public:
        return None
    return _mark(session, actor, "measure", measure.id, measure.revision, now=now)


def _mark(
    session: Session, actor: Actor, what: str, identity: int, revision: int, *, now: datetime
) -> Job | None:
    """Add the job, unless it waits already."""
    payload = {"what": what, "id": identity, "revision": revision}
    name = f"{KIND}:{what}:{identity}:{revision}"
    try:
        return enqueue(session, KIND, payload, actor=actor, now=now, exclusive=name)
    except JobOpenError:
        return None
