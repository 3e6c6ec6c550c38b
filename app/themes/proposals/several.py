"""Decide on several proposals at once; those that cannot be decided on stay as they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from app.core.access import Actor
from app.core.errors import DomainError
from app.themes import deciding
from app.themes.models import Proposal


@dataclass
class Outcome:
    """What came of it.

    :ivar failed: proposals that stay open, with why.
    """

    n_done: int = 0
    failed: list[tuple[int, str]] = field(default_factory=list)


def decide_all(
    session: Session,
    actor: Actor,
    proposals: Sequence[Proposal],
    *,
    accept: bool,
    reason: str = "",
    now: datetime,
) -> Outcome:
    """Accept proposals under the machine's names, or refuse them; flushed.

    :raises ForbiddenError: if ``actor`` may not decide.
    """
    outcome = Outcome()
    for proposal in proposals:
        number = proposal.id
        try:
            with session.begin_nested():
                if accept:
                    deciding.accept(session, actor, proposal, now=now)
                else:
                    deciding.refuse(session, actor, proposal, reason=reason, now=now)
        except DomainError as error:
            if error.status == 403:
                raise
            outcome.failed.append((number, error.text()))
        else:
            outcome.n_done += 1
    return outcome
