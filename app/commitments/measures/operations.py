"""Writing measures down: each change is an event, and none is written over unseen.

Every function takes its turn on the measure's row, compares the revision that its author has seen
with the one that stands, and appends one event that says what was and what is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.commitments.answers.telling import tell_of_measure
from app.commitments.measures import errors
from app.commitments.measures.checking import Ties, check
from app.commitments.measures.details import Details, as_values, details_of, differences
from app.commitments.measures.lateness import civil_day
from app.commitments.measures.queries import EDITORS, FOLLOWERS, with_key
from app.commitments.models import (
    Measure,
    MeasureEvent,
    MeasurePassage,
    MeasureState,
    Milestone,
)
from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, ensure
from app.core.text import fold

_UNKEYED = re.compile(r"[^a-z0-9]+")
#: Longest key.
KEY = 80


@dataclass(frozen=True)
class Saved:
    """What saving did.

    :ivar event: None where nothing differed.
    """

    measure: Measure
    event: MeasureEvent | None


def key_from(title: str) -> str:
    """Return the key that a title makes: ``convention-indh``."""
    plain = _UNKEYED.sub("-", fold(title)).strip("-")
    return plain[: KEY - 10].strip("-") or "mesure"


def free_key(session: Session, consultation_id: int, title: str) -> str:
    """Return the key that a title makes, with a number if it is taken."""
    begins = key_from(title)
    taken = set(
        session.scalars(
            select(Measure.key).where(
                Measure.consultation_id == consultation_id, Measure.key.startswith(begins)
            )
        )
    )
    number, key = 1, begins
    while key in taken:
        number += 1
        key = f"{begins}-{number}"
    return key


def create(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    details: Details,
    *,
    now: datetime,
    note: str = "",
    key: str = "",
    kind: str = "create",
) -> Saved:
    """Write a new measure down, flushed.

    :param kind: of the event, ``create`` or ``import``.
    :raises ForbiddenError: if ``actor`` writes no measures of that region.
    :raises DomainError: if what is said cannot stand, or the key is taken.
    """
    ensure(actor, *EDITORS, region=details.region, consultation=consultation.id)
    ties = check(session, consultation, details, today=civil_day(now))
    key = key or free_key(session, consultation.id, details.title["fr"])
    measure = Measure(consultation_id=consultation.id, key=key, created_at=now, updated_at=now)
    _write(measure, details, ties)
    # Two clicks can both find the key free, so the unique key decides.
    try:
        with session.begin_nested():
            session.add(measure)
            session.flush()
    except IntegrityError as error:
        if session.scalars(with_key(consultation.id, key)).first() is None:
            raise
        raise errors.KeyTakenError(key=key) from error
    return Saved(measure, append(session, actor, measure, {}, kind=kind, note=note, now=now))


def take_turn(session: Session, measure: Measure, seen: int | None) -> dict[str, Any]:
    """Lock a measure's row and return all that is said of it.

    :param seen: the revision that the author has seen, None for one who reads it here and now.
    :raises MeasureChangedError: if another one stands.
    """
    session.refresh(measure, with_for_update=True)
    if seen is not None and seen != measure.revision:
        raise errors.MeasureChangedError
    return snapshot(session, measure)


def change(
    session: Session,
    actor: Actor,
    measure: Measure,
    details: Details,
    *,
    seen: int | None,
    now: datetime,
    note: str = "",
    kind: str = "change",
) -> Saved:
    """Write a measure anew, flushed; where nothing differs nothing is written.

    :raises ForbiddenError: if ``actor`` does not write measures of the region it had or gets.
    :raises MeasureChangedError: if somebody saved it since it was seen.
    :raises DomainError: if what is said cannot stand.
    """
    for region in (measure.region_code, details.region):
        ensure(actor, *EDITORS, region=region, consultation=measure.consultation_id)
    before = take_turn(session, measure, seen)
    ties = check(session, measure.consultation, details, today=civil_day(now))
    _write(measure, details, ties)
    session.flush()
    return Saved(measure, append(session, actor, measure, before, kind=kind, note=note, now=now))


def follow(
    session: Session,
    actor: Actor,
    measure: Measure,
    *,
    state: str,
    done: Mapping[int, date | None],
    seen: int | None,
    now: datetime,
    note: str = "",
) -> Saved:
    """Say how far a measure is: its state, and when its milestones were done; flushed.

    :param done: the day of each milestone, by its number; those left out stay.
    :raises ForbiddenError: if ``actor`` does not follow measures of its region.
    :raises MeasureChangedError: if somebody saved it since it was seen.
    :raises DoneInTheFutureError: if a milestone is done on a day that has not come.
    """
    ensure(actor, *FOLLOWERS, region=measure.region_code, consultation=measure.consultation_id)
    before = take_turn(session, measure, seen)
    details = details_of(measure)
    steps = tuple(
        replace(step, done_on=done.get(row.id, row.done_on))
        for step, row in zip(details.milestones, measure.milestones, strict=True)
    )
    details = replace(details, state=MeasureState(state), milestones=steps)
    _write(measure, details, check(session, measure.consultation, details, today=civil_day(now)))
    session.flush()
    return Saved(
        measure, append(session, actor, measure, before, kind="change", note=note, now=now)
    )


def snapshot(session: Session, measure: Measure) -> dict[str, Any]:
    """Return all that is said of a measure and tied to it, as its history holds it."""
    passages = select(MeasurePassage.passage_id).where(MeasurePassage.measure_id == measure.id)
    return as_values(details_of(measure)) | {
        "documents": [
            {
                "title": dict(one.title),
                "url": one.url,
                "file": one.file.name if one.file else "",
            }
            for one in measure.documents
        ],
        "themes": sorted(theme.id for theme in measure.themes),
        "passages": sorted(session.scalars(passages)),
    }


def append(
    session: Session,
    actor: Actor,
    measure: Measure,
    before: dict[str, Any],
    *,
    kind: str,
    note: str,
    now: datetime,
) -> MeasureEvent | None:
    """Add the event that says what differs, flushed; none where nothing does.

    Those whose words the measure answers are told when it is in another state.

    :raises MeasureChangedError: if another event took its number meanwhile.
    """
    changes = differences(before, snapshot(session, measure))
    if not changes:
        return None
    event = MeasureEvent(
        measure_id=measure.id,
        revision=measure.revision + 1,
        kind=kind,
        changes=changes,
        note=note,
        at=now,
        actor_id=actor.id,
        actor_label=actor.label,
    )
    try:
        with session.begin_nested():
            session.add(event)
            session.flush()
    except IntegrityError as error:
        raise errors.MeasureChangedError from error
    measure.revision, measure.updated_at = event.revision, now
    session.flush()
    audit.record(
        session,
        actor,
        f"measures.{kind}",
        at=now,
        target=measure,
        detail={"fields": sorted(changes), "revision": event.revision},
    )
    if "state" in changes and (measure.themes or _has_passages(session, measure)):
        tell_of_measure(session, actor, measure, now=now)
    return event


def _has_passages(session: Session, measure: Measure) -> bool:
    """Tell whether a measure answers passages."""
    tied = select(MeasurePassage.passage_id).where(MeasurePassage.measure_id == measure.id)
    return session.scalars(tied.limit(1)).first() is not None


def _write(measure: Measure, details: Details, ties: Ties) -> None:
    """Set a row's columns and milestones."""
    measure.title, measure.description = details.title, details.description
    measure.kind, measure.state = str(details.kind), str(details.state)
    measure.parties = [dict(party) for party in details.parties]
    measure.amount_mad = details.amount_mad
    measure.region_code, measure.province_code = details.region, details.province
    measure.commune_code = details.commune
    measure.axis, measure.population = ties.axis, ties.population
    measure.signed_on, measure.starts_on = details.signed_on, details.starts_on
    measure.ends_on = details.ends_on
    measure.source, measure.source_url = details.source, details.source_url
    measure.is_public = details.is_public
    # Rows stay at their positions and get other words: no two are ever at one.
    for position, step in enumerate(details.milestones, 1):
        if position > len(measure.milestones):
            measure.milestones.append(Milestone(position=position))
        row = measure.milestones[position - 1]
        row.title, row.due_on, row.done_on = step.title, step.due_on, step.done_on
    del measure.milestones[len(details.milestones) :]
