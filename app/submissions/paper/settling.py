"""Deciding between two readings of one copy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.consultations.models import Questionnaire
from app.core import audit
from app.core.access import Actor
from app.organisations.models import ActorType
from app.submissions import answers
from app.submissions.afterwards.applying import rewrite
from app.submissions.models import Channel, PaperForm, Submission
from app.submissions.paper import errors
from app.submissions.recording import Said


def settle(
    session: Session,
    actor: Actor,
    questionnaire: Questionnaire,
    copy: PaperForm,
    chosen: Mapping[str, str],
    *,
    now: datetime,
) -> Submission:
    """Decide each difference between two readings for one of them; correct the submission, flushed.

    What stood before is kept as a version of the submission.

    :param chosen: ``first`` or ``second`` for each key that differs.
    :raises NothingToSettleError: if nothing is left to be decided.
    :raises ChoiceNotMadeError: if a difference is left out, or the result is no answer.
    """
    if len(copy.entries) < 2 or copy.submission_id is None:
        raise errors.NothingToSettleError
    first, second = copy.entries
    waiting = [key for key, one in second.differences.items() if "kept" not in one]
    if not waiting:
        raise errors.NothingToSettleError
    if any(chosen.get(key) not in {"first", "second"} for key in waiting):
        raise errors.ChoiceNotMadeError
    decided = {
        key: one | {"kept": chosen[key], "by": actor.id, "at": now.isoformat()}
        for key, one in second.differences.items()
        if key in waiting
    }
    second.differences = {**second.differences, **decided}
    values = dict(first.values)
    values |= {
        key: second.values.get(key)
        for key, one in second.differences.items()
        if one["kept"] == "second"
    }
    row = session.get_one(Submission, copy.submission_id)
    if any(one["kept"] == "second" for one in decided.values()):
        _correct(session, actor, questionnaire, row, values, now=now)
    detail = {"fields": sorted(decided)}
    audit.record(session, actor, "paper.settle", at=now, target=copy, detail=detail)
    session.flush()
    return row


def _correct(
    session: Session,
    actor: Actor,
    questionnaire: Questionnaire,
    row: Submission,
    values: Mapping[str, Any],
    *,
    now: datetime,
) -> None:
    """Put the values that were decided for in the place of those of the first reading."""
    given = {key: value for key, value in values.items() if not answers.is_empty(value)}
    said = Said(
        questionnaire=questionnaire,
        values={q.key: given[q.key] for q in questionnaire.questions if q.key in given},
        actor_type=ActorType(values.get("actor_type") or row.actor_type),
        organisation=str(values.get("organisation") or ""),
        channel=Channel(row.channel),
        lang=row.lang,
        key=row.idempotency_key,
    )
    rewrite(session, row, said, by=actor, now=now)
