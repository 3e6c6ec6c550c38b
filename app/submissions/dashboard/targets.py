"""How many submissions are hoped for, by region and group of actors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.consultations.models import Consultation
from app.core import audit
from app.core.access import Actor, Role, ensure
from app.submissions.models import Target
from app.territories.models import Region

#: Those who say what is hoped for.
SETTERS = (Role.ADMINISTRATOR, Role.ANALYST)

#: By ``(region code, group)``.
Targets = dict[tuple[str, str], int]

#: No target is greater; a typing error would be.
MOST = 1_000_000


def targets_of(session: Session, consultation_id: int) -> Targets:
    """Return the targets of a consultation; a cell without one is not in it."""
    rows = session.scalars(select(Target).where(Target.consultation_id == consultation_id))
    return {(row.region_code, row.actor_group): row.n_wanted for row in rows}


def set_targets(
    session: Session,
    actor: Actor,
    consultation: Consultation,
    wanted: Mapping[tuple[str, str], int],
    *,
    now: datetime,
) -> None:
    """Put targets in the place of those there were, flushed.

    :raises ForbiddenError: unless ``actor`` is an analyst or administrator of the consultation.
    """
    ensure(actor, *SETTERS, consultation=consultation.id)
    before = targets_of(session, consultation.id)
    if before == dict(wanted):
        return
    # Two people may save at once: the second waits for the row, then replaces the first's.
    session.execute(
        select(Consultation.id).where(Consultation.id == consultation.id).with_for_update()
    )
    session.execute(delete(Target).where(Target.consultation_id == consultation.id))
    session.add_all(
        Target(
            consultation_id=consultation.id, region_code=region, actor_group=group, n_wanted=number
        )
        for (region, group), number in wanted.items()
    )
    session.flush()
    detail = {"total": sum(wanted.values()), "before": sum(before.values())}
    audit.record(session, actor, "submissions.targets", at=now, target=consultation, detail=detail)


def proposed(total: int, regions: Iterable[Region], groups: Mapping[str, float]) -> Targets:
    """Share a total among regions by their population, and in each among groups by weight.

    Shares are rounded by the largest remainder, so that they sum to ``total`` exactly.
    """
    rows = list(regions)
    people, weight = sum(row.population for row in rows), sum(groups.values())
    if not people or not weight:
        return {}
    exact = {
        (row.code, group): total * row.population / people * share / weight
        for row in rows
        for group, share in groups.items()
    }
    whole = {cell: int(value) for cell, value in exact.items()}
    left = total - sum(whole.values())
    for cell in sorted(exact, key=lambda one: (whole[one] - exact[one], one))[:left]:
        whole[cell] += 1
    return whole
