"""A division of a theme that somebody asks the machine for: a job whose result is proposals."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import audit
from app.core.access import Actor, System
from app.core.jobs import Job, JobOpenError, enqueue
from app.themes import errors
from app.themes.deciding.on_themes import must_be_active
from app.themes.ledger.recording import must_be_seen, newest_event_id, take_turn
from app.themes.models import (
    AnalysisRun,
    PassageState,
    Placement,
    Proposal,
    ProposalState,
    Theme,
)
from app.themes.queries import lock_decisions, newest_run, passages_with_words

if TYPE_CHECKING:
    from nlp.dividing import Division

#: Kind of the job; :mod:`app.themes.tasks` does it.
DIVIDE = "themes.divide"


@dataclass(frozen=True)
class Member:
    """A passage of the theme to be divided.

    :ivar is_free: nobody made it an example of the theme: it may leave.
    """

    passage_id: int
    language: str
    words: str
    is_free: bool


@dataclass(frozen=True)
class Asked:
    """A theme as it was when its division began.

    :ivar seen: the newest decision then: passages that were decided on since stay where they are.
    """

    theme_id: int
    run_id: int
    seen: int
    members: list[Member]


def ask(
    session: Session, actor: Actor, theme: Theme, *, seen: int | None = None, now: datetime
) -> Job:
    """Add the job that divides a theme, or return the one under way; the caller announces it.

    :raises ThemeNotActiveError: if the theme is not active.
    """
    take_turn(session, actor, theme.consultation_id)
    session.refresh(theme)
    must_be_active(theme)
    must_be_seen(session, theme, seen)
    name = f"{DIVIDE}:{theme.id}"
    try:
        job = enqueue(
            session,
            DIVIDE,
            {"consultation_id": theme.consultation_id, "theme_id": theme.id},
            actor=actor,
            now=now,
            exclusive=name,
        )
    except JobOpenError:
        open_job = select(Job).where(Job.exclusive == name, Job.state.in_(("queued", "running")))
        return session.scalars(open_job).one()
    audit.record(session, actor, "themes.divide", at=now, target=theme)
    return job


def read(session: Session, theme_id: int) -> Asked:
    """Return the passages that count for a theme, in the order of their numbers.

    :raises NoAnalysisError: if there is no analysis.
    """
    theme = session.get_one(Theme, theme_id)
    run = session.scalars(newest_run(theme.consultation_id)).first()
    if run is None:
        raise errors.NoAnalysisError
    facts, rows = passages_with_words(run)
    pinned = set(
        session.scalars(
            select(Placement.passage_id).where(Placement.run_id == run.id, Placement.is_pinned)
        )
    )
    wanted = rows.where(
        facts.c.theme_id == theme_id, facts.c.state == PassageState.IN_THEME
    ).order_by(facts.c.passage_id)
    members = [
        Member(row.passage_id, row.language, row.words, row.passage_id not in pinned)
        for row in session.execute(wanted)
    ]
    return Asked(theme_id, run.id, newest_event_id(session, theme.consultation_id), members)


@dataclass
class Written:
    """What came of a division.

    :ivar n_made: proposals made, or open already.
    :ivar n_decided: parts that people have decided on before, just so.
    """

    n_made: int = 0
    n_decided: int = 0


def write(session: Session, asked: Asked, division: Division | None, *, now: datetime) -> Written:
    """Write the parts of a division as proposals, flushed; the greatest part is the theme itself.

    Nothing is written if the theme is no longer active or another analysis came in between.
    """
    written = Written()
    theme = session.get_one(Theme, asked.theme_id)
    lock_decisions(session, theme.consultation_id)
    session.refresh(theme)
    run = session.scalars(newest_run(theme.consultation_id)).first()
    if division is None or theme.state != "active" or run is None or run.id != asked.run_id:
        return written
    for part in division.parts[1:]:
        ids = [asked.members[i].passage_id for i in part.indices if asked.members[i].is_free]
        if not ids:
            continue
        payload = {
            "name": {"fr": part.name_fr, "ar": part.name_ar},
            "passages": ids,
            "seeds": _seeds(asked, part.seeds, ids),
            "figures": {
                "share": len(part.indices) / len(asked.members),
                "n": float(len(ids)),
                "stability": part.stability,
                "quality": division.quality,
                "leak": division.leak,
            },
            "asked": True,
            "seen": asked.seen,
        }
        is_open = _propose(session, theme, run, payload, now=now)
        written.n_made += is_open
        written.n_decided += not is_open
    audit.record(
        session,
        System("analysis"),
        "themes.divided",
        at=now,
        target=theme,
        detail={"proposals": written.n_made},
    )
    session.flush()
    return written


def _seeds(asked: Asked, seeds: Sequence[int], ids: list[int]) -> list[int]:
    """Return the passages that speak best for a part, then some others of it."""
    first = [asked.members[i].passage_id for i in seeds]
    return [*first, *(number for number in ids if number not in set(first))][:12]


def _propose(
    session: Session, theme: Theme, run: AnalysisRun, payload: dict[str, Any], *, now: datetime
) -> bool:
    """Add a proposal, or open the same one again; false if people have decided on it."""
    same = json.dumps(["asked", theme.id, sorted(payload["passages"])])
    digest = hashlib.sha256(same.encode()).hexdigest()
    known = session.scalars(
        select(Proposal).where(
            Proposal.consultation_id == theme.consultation_id, Proposal.fingerprint == digest
        )
    ).first()
    if known is None:
        session.add(
            Proposal(
                consultation_id=theme.consultation_id,
                run_id=run.id,
                kind="split",
                theme_id=theme.id,
                payload=payload,
                fingerprint=digest,
                state=ProposalState.OPEN.value,
                created_at=now,
            )
        )
    elif known.state in {ProposalState.LAPSED, ProposalState.OPEN}:
        known.state, known.run_id, known.payload = ProposalState.OPEN.value, run.id, payload
    else:
        return False
    session.flush()
    return True
